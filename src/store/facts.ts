/** Consent facts of one record as bytes: per fact a 2-byte kind and 6 bytes of epoch milliseconds (0 = unknown). */
import type { ConsentFact } from '../core/consent.ts'

const BYTES = 8

export function packFacts(facts: readonly ConsentFact[], kindOf: (fact: ConsentFact) => number): Buffer | null {
  if (facts.length === 0) return null
  const bytes = Buffer.allocUnsafe(facts.length * BYTES)
  const rows = facts.map((fact) => ({ kind: kindOf(fact), at: fact.at ?? 0 })).sort((a, b) => a.kind - b.kind || a.at - b.at)
  rows.forEach(({ kind, at }, index) => {
    bytes.writeUInt16BE(kind, index * BYTES)
    bytes.writeUIntBE(Math.max(0, at), index * BYTES + 2, 6)
  })
  return bytes
}

export function unpackFacts(bytes: Buffer | null, kinds: ReadonlyMap<number, Omit<ConsentFact, 'at'>>): ConsentFact[] {
  const facts: ConsentFact[] = []
  for (let offset = 0; bytes && offset < bytes.length; offset += BYTES) {
    const kind = kinds.get(bytes.readUInt16BE(offset))
    if (!kind)
      throw new Error(
        `consent fact of unknown kind ${bytes.readUInt16BE(offset)}: the fact_kind table is incomplete; restore it from a backup`,
      )
    facts.push({ ...kind, at: bytes.readUIntBE(offset + 2, 6) || null })
  }
  return facts
}
