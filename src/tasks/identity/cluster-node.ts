/** A record as the linking of people sees it. */
import type { ActDay } from '../../core/judge/judge.ts'
import type { StoredRecord } from '../../store/records.ts'

export type Node = {
  key: string
  source: number
  id: string
  emails: readonly string[]
  /** Function mailboxes (info@, contact@): they link nobody, but who refuses there refuses for all who read them. */
  quiet: readonly string[]
  /** Hashes of the records that this one names as the same person. */
  names: readonly string[]
  /** Hash of this record's own reference, where others may name it. */
  own: string | null
  given: number
  family: number
  /** Bit i: the i-th of `emails` names the person in full. */
  personal: number
  /** What the person did last on this record, as read now or else as stored. */
  lastAct: ActDay
  stored: StoredRecord | null
  /** Addresses that the record had when it was last stored. */
  formerly: readonly string[]
}

/** Every address of a record, whether it links or not. */
export function mailboxesOf(node: Pick<Node, 'emails' | 'quiet'>): readonly string[] {
  return node.quiet.length === 0 ? node.emails : [...node.emails, ...node.quiet]
}

export function nodeKey(source: number, id: string): string {
  return `${source}/${id}`
}
