/** What was concluded lately from the same numbers: of a million records five in six show what others have shown. */
import type { ConsentInput, ConsentOutcome } from '../consent/judge.ts'
import type { Choices } from '../policy/permission-table.ts'
import { mixed } from '../text/text-hash.ts'

/** What a pair adds up to takes six bits: five pairs make a small integer, which needs no memory of its own. */
const bitsPerPair = 6
const pairsPerLane = 5
/** Bounded, as the combinations are not: one record in thirteen shows one that no other of a hundred thousand does. */
const slots = 4_096

type Known = {
  readonly lanes: readonly number[]
  readonly choices: Choices
  readonly reach: number
  readonly gates: number
  readonly outcome: ConsentOutcome
}

/** `codes`: by pair, below 64. */
export function createKnownOutcomes(
  conclude: (codes: Uint8Array, input: ConsentInput) => ConsentOutcome,
): (codes: Uint8Array, input: ConsentInput) => ConsentOutcome {
  /** Two slots for each hash: what has come again stands in the first, what comes once takes the second. */
  const known: (Known | null)[] = Array.from({ length: slots }, () => null)
  const lanes: number[] = []
  return (codes, input) => {
    pack(codes, lanes)
    const slot = hashOf(lanes, input) & (slots - 2)
    const first = known[slot] ?? null
    if (first !== null && isSame(first, lanes, input)) return first.outcome
    const second = known[slot + 1] ?? null
    if (second !== null && isSame(second, lanes, input)) {
      known[slot] = second
      known[slot + 1] = first
      return second.outcome
    }
    const { choices, reach, gates } = input
    const outcome = conclude(codes, input)
    known[first === null ? slot : slot + 1] = { lanes: lanes.slice(), choices, reach, gates: gates.code, outcome }
    return outcome
  }
}

function pack(codes: Uint8Array, lanes: number[]): void {
  for (let lane = 0, i = 0; i < codes.length; lane++) {
    let packed = 0
    for (const end = Math.min(i + pairsPerLane, codes.length); i < end; i++) packed = (packed << bitsPerPair) | (codes[i] ?? 0)
    lanes[lane] = packed
  }
}

function hashOf(lanes: readonly number[], { choices, reach, gates }: ConsentInput): number {
  let hash = mixed(mixed(mixed(0, choices.number), reach), gates.code)
  for (let i = 0; i < lanes.length; i++) hash = mixed(hash, lanes[i] ?? 0)
  return hash
}

function isSame(known: Known, lanes: readonly number[], { choices, reach, gates }: ConsentInput): boolean {
  if (known.choices !== choices || known.reach !== reach || known.gates !== gates.code) return false
  for (let i = 0; i < lanes.length; i++) if (known.lanes[i] !== lanes[i]) return false
  return true
}
