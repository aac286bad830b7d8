/** What was concluded before from the same numbers: a million records show a few thousand combinations of them. */
import type { ConsentInput, ConsentOutcome } from './consent-judge.ts'
import type { Choice } from './permission-table.ts'

/** What a pair adds up to takes six bits: eight pairs are one number, still exact. */
const codeBase = 64
const pairsPerLane = 8
/** More than the square of any number of gates that a policy has. */
const maxGateCode = 100_000
const maxKept = 4_000

type Known = { readonly lanes: readonly number[]; readonly reach: number; readonly gates: number; readonly outcome: ConsentOutcome }

/** `codes`: by pair, below `codeBase`. */
export function createKnownOutcomes(
  conclude: (codes: Uint8Array, input: ConsentInput) => ConsentOutcome,
): (codes: Uint8Array, input: ConsentInput) => ConsentOutcome {
  const known = new Map<readonly Choice[], Map<number, Known[]>>()
  const lanes: number[] = []
  let kept = 0
  return (codes, input) => {
    pack(codes, lanes)
    const hash = hashOf(lanes, input)
    if (kept > maxKept) {
      known.clear()
      kept = 0
    }
    let byHash = known.get(input.choices)
    if (byHash === undefined) known.set(input.choices, (byHash = new Map()))
    const candidates = byHash.get(hash) ?? []
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i]
      if (candidate !== undefined && isSame(candidate, lanes, input)) return candidate.outcome
    }
    const outcome = conclude(codes, input)
    kept++
    byHash.set(hash, [...candidates, { lanes: [...lanes], reach: input.reach, gates: input.gates.code, outcome }])
    return outcome
  }
}

function pack(codes: Uint8Array, lanes: number[]): void {
  for (let lane = 0, i = 0; i < codes.length; lane++) {
    let packed = 0
    for (const end = Math.min(i + pairsPerLane, codes.length); i < end; i++) packed = packed * codeBase + (codes[i] ?? 0)
    lanes[lane] = packed
  }
}

function hashOf(lanes: readonly number[], input: ConsentInput): number {
  let hash = input.reach * maxGateCode + input.gates.code
  for (let i = 0; i < lanes.length; i++) {
    const packed = lanes[i] ?? 0
    hash = (Math.imul(hash, 31) + packed + Math.floor(packed / 2 ** 24)) | 0
  }
  return hash
}

function isSame(known: Known, lanes: readonly number[], input: ConsentInput): boolean {
  if (known.reach !== input.reach || known.gates !== input.gates.code) return false
  for (let i = 0; i < lanes.length; i++) if (known.lanes[i] !== lanes[i]) return false
  return true
}
