/**
 * What is remembered of one person's acts and words, as bytes: the day of the last act in three (epoch day; see below), then eight for each consent fact, its
 * kind in two and epoch milliseconds in six (0: unknown).
 */
import type { ConsentFact } from '../core/consent/consent.ts'
import type { ActDay } from '../core/judge/judge.ts'

export const ACT = 3
export const FACT = 8
/** No day, nor what comes behind it. */
const NO_ACT = 0xff_ff_fe
const UNKNOWN = 0xff_ff_ff
export const noAct = Buffer.from(NO_ACT.toString(16), 'hex')

export function packFacts(facts: readonly ConsentFact[], kindOf: (fact: ConsentFact) => number, lastAct: ActDay = null): Buffer | null {
  // A day before 1970 restarts no clock that still runs.
  const act = lastAct === 'unknown' ? UNKNOWN : lastAct !== null && lastAct >= 0 ? lastAct : NO_ACT
  if (facts.length === 0 && act === NO_ACT) return null
  const bytes = Buffer.allocUnsafe(ACT + facts.length * FACT)
  bytes.writeUIntBE(act, 0, ACT)
  const rows = facts.map((fact) => ({ kind: kindOf(fact), at: Math.max(0, fact.at ?? 0) }))
  rows.sort((a, b) => a.kind - b.kind || a.at - b.at)
  rows.forEach(({ kind, at }, index) => {
    bytes.writeUInt16BE(kind, ACT + index * FACT)
    bytes.writeUIntBE(at, ACT + index * FACT + 2, 6)
  })
  return bytes
}

export function unpackFacts(bytes: Buffer | null, kinds: ReadonlyMap<number, Omit<ConsentFact, 'at'>>): ConsentFact[] {
  const facts: ConsentFact[] = []
  for (let offset = ACT; bytes && offset < bytes.length; offset += FACT) {
    const id = bytes.readUInt16BE(offset)
    const kind = kinds.get(id)
    if (!kind) throw new Error(`consent fact of unknown kind ${id}: the fact_kind table is incomplete; restore it from a backup`)
    facts.push({ ...kind, at: bytes.readUIntBE(offset + 2, 6) || null })
  }
  return facts
}

/** The facts of these kinds alone, without the last act. */
export function keepFacts(bytes: Buffer | null, kinds: ReadonlySet<number>): Buffer | null {
  const kept: Buffer[] = []
  for (let offset = ACT; bytes && offset < bytes.length; offset += FACT)
    if (kinds.has(bytes.readUInt16BE(offset))) kept.push(bytes.subarray(offset, offset + FACT))
  return kept.length === 0 ? null : Buffer.concat([noAct, ...kept])
}

export function unpackLastAct(bytes: Buffer | null): ActDay {
  const day = bytes?.readUIntBE(0, ACT) ?? NO_ACT
  return day === UNKNOWN ? 'unknown' : day === NO_ACT ? null : day
}
