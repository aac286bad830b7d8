/**
 * What nobody asks for in SQL is one value of bytes in each record: 5 of its digest plus one (0: to be read again), 2 of the tag of the given name, 2 of that
 * of the family (negative: the first address names the person in full), then what facts.ts packs. Columns of their own would take 15 bytes more.
 */
import type { StoredRecord } from './records.ts'

type Kept = Pick<StoredRecord, 'content' | 'given' | 'family' | 'personal' | 'facts'>
/** Where the digest ends, and where facts begin. */
export const DIGEST = 5
export const HEAD = 9

/** For `unnest(${…}::bytea[])`. All go through one buffer: hexadecimal for each by itself takes three times as long. */
export function memoryArray(records: readonly Kept[]): string {
  const bytes = Buffer.allocUnsafe(records.reduce((sum, { facts }) => sum + HEAD + (facts?.length ?? 0), 0))
  let end = 0
  const ends = records.map((record) => (end = write(bytes, end, record)))
  const hex = bytes.toString('hex')
  let text = ''
  for (let index = 0, at = 0; index < ends.length; at = ends[index++]!) text += `,"\\\\x${hex.slice(at * 2, ends[index]! * 2)}"`
  return `{${text.slice(1)}}`
}

function write(bytes: Buffer, at: number, { content, given, family, personal, facts }: Kept): number {
  bytes.writeUIntBE(content === null ? 0 : content + 1, at, DIGEST)
  bytes.writeUInt16BE(given, at + DIGEST)
  bytes.writeInt16BE(personal ? -family : family, at + DIGEST + 2)
  if (facts) bytes.set(facts, at + HEAD)
  return at + HEAD + (facts?.length ?? 0)
}

export function readMemory(bytes: Buffer): Kept {
  const digest = bytes.readUIntBE(0, DIGEST)
  const family = bytes.readInt16BE(DIGEST + 2)
  return {
    content: digest === 0 ? null : digest - 1,
    given: bytes.readUInt16BE(DIGEST),
    family: Math.abs(family),
    personal: family < 0,
    facts: factsOf(bytes),
  }
}

export function factsOf(bytes: Buffer): Buffer | null {
  return bytes.length === HEAD ? null : bytes.subarray(HEAD)
}
