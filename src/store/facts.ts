/**
 * What is remembered of one record, as bytes: eight each, a 2-byte kind and a 6-byte number. The last act of the person comes first, as kind 0
 * (epoch day; all bits set: unknown); then the consent facts, their kinds from 1 on (epoch milliseconds; 0: unknown).
 */
import type { ConsentFact } from '../core/consent.ts'
import type { ActDay } from '../core/judge.ts'

const BYTES = 8
const ACT = 0
const UNKNOWN = 2 ** 48 - 1

export function packFacts(facts: readonly ConsentFact[], kindOf: (fact: ConsentFact) => number, lastAct: ActDay = null): Buffer | null {
  const rows = facts.map((fact) => ({ kind: kindOf(fact), at: Math.max(0, fact.at ?? 0) }))
  // A day before 1970 restarts no clock that still runs.
  if (lastAct === 'unknown' || (lastAct !== null && lastAct >= 0)) rows.push({ kind: ACT, at: lastAct === 'unknown' ? UNKNOWN : lastAct })
  if (rows.length === 0) return null
  const bytes = Buffer.allocUnsafe(rows.length * BYTES)
  rows.sort((a, b) => a.kind - b.kind || a.at - b.at)
  rows.forEach(({ kind, at }, index) => {
    bytes.writeUInt16BE(kind, index * BYTES)
    bytes.writeUIntBE(at, index * BYTES + 2, 6)
  })
  return bytes
}

export function unpackFacts(bytes: Buffer | null, kinds: ReadonlyMap<number, Omit<ConsentFact, 'at'>>): ConsentFact[] {
  const facts: ConsentFact[] = []
  for (let offset = 0; bytes && offset < bytes.length; offset += BYTES) {
    const id = bytes.readUInt16BE(offset)
    if (id === ACT) continue
    const kind = kinds.get(id)
    if (!kind) throw new Error(`consent fact of unknown kind ${id}: the fact_kind table is incomplete; restore it from a backup`)
    facts.push({ ...kind, at: bytes.readUIntBE(offset + 2, 6) || null })
  }
  return facts
}

/** The facts of these kinds alone, without the last act. */
export function keepFacts(bytes: Buffer | null, kinds: ReadonlySet<number>): Buffer | null {
  const kept: Buffer[] = []
  for (let offset = 0; bytes && offset < bytes.length; offset += BYTES)
    if (kinds.has(bytes.readUInt16BE(offset))) kept.push(bytes.subarray(offset, offset + BYTES))
  return kept.length === 0 ? null : Buffer.concat(kept)
}

export function unpackLastAct(bytes: Buffer | null): ActDay {
  if (bytes === null || bytes.length === 0 || bytes.readUInt16BE(0) !== ACT) return null
  const day = bytes.readUIntBE(2, 6)
  return day === UNKNOWN ? 'unknown' : day
}
