/** The review list of a retention act: who is due by which rule, who is kept and why. References only; a person goes whole or not at all. */
import { hash } from 'node:crypto'
import type { Hold } from '../erasure/hold.ts'
import type { Unreachable } from '../erasure/plan.ts'
import type { RetentionRule } from '../policy/schema.ts'
import type { Acts } from './brake.ts'
import type { Verdict } from '../judge/verdict.ts'

/** `rule`: category of the policy; null for a copy in a bin or archive, which goes with its record. `dueOn`: YYYY-MM-DD. */
export type ListedRecord = {
  readonly key: string
  readonly connection: string
  readonly object: string
  readonly id: string
  readonly rule: string | null
  readonly dueOn: string | null
  readonly action: 'erase' | 'anonymise'
}
/** "Do you still want to hear from us?": asked by the CRM's own mailing, of the people whose record `key` says so. `wait`: ISO 8601. */
export type Ask = { readonly key: string; readonly purpose: string; readonly channel: string; readonly wait: string }
/** One person. `notBefore`: until then an earlier last message may be answered (epoch milliseconds). `calls`: requests that it will take. */
export type Entry = {
  readonly records: readonly ListedRecord[]
  readonly automatic: boolean
  readonly ask: Ask | null
  readonly notBefore: number | null
  readonly calls: number
}
/**
 * Why somebody of whom a record is due is kept. `elsewhere`: another record of theirs is not due, and a sync between the CRMs would bring this one back from
 * it. `request`: they have asked for something that is still open. `act-lost`: what they did last could be read before, and cannot now. `under-way`: in
 * another list. `unread`: whether the law holds them could not be
 * read. `changed`: the CRM shows another record than our tables know. `cannot-anonymise`:
 * the rule says so, and this CRM cannot. `by-hand`: somebody left them out.
 */
export type KeptWhy = 'hold' | 'unread' | 'elsewhere' | 'request' | 'act-lost' | 'under-way' | 'changed' | 'cannot-anonymise' | 'by-hand'
/** `by`: id of the hold or the category that keeps them. */
export type Kept = {
  readonly keys: readonly string[]
  readonly why: KeptWhy
  readonly by: string | null
  readonly holds: readonly Hold[]
}
/** `day`: YYYY-MM-DD, at the controller. `more`: records that look due by our tables and are not in this list. `minutes`: at the CRMs' pace. */
export type ReviewList = {
  readonly day: string
  readonly entries: readonly Entry[]
  readonly kept: readonly Kept[]
  readonly unreachable: readonly Unreachable[]
  readonly more: number
  readonly calls: number
  readonly minutes: number
}

/** Names exactly what was shown: whoever approves another list approves nothing. */
export function digestOfList({ day, entries, kept }: Pick<ReviewList, 'day' | 'entries' | 'kept'>): string {
  return hash('sha256', JSON.stringify([day, entries, kept]))
}

/** Each record is one destructive act. */
export function actsOf(entries: readonly Pick<Entry, 'records'>[]): Acts {
  const acts: Record<string, number> = {}
  for (const { records } of entries) for (const { connection } of records) acts[connection] = (acts[connection] ?? 0) + 1
  return acts
}

/** Judged live. `lostAct`: our tables knew an act of the person on it, the CRM shows none. `asked`: until when an earlier last message may be answered. */
export type JudgedRecord = Pick<ListedRecord, 'key' | 'connection' | 'object' | 'id'> & {
  readonly verdict: Verdict
  readonly lostAct: boolean
  readonly asked: number | null
  /** The CRM has a field from which a last message is sent. */
  readonly askable: boolean
}
export type Standing =
  | { readonly standing: 'due'; readonly entry: Omit<Entry, 'calls'> }
  | { readonly standing: 'kept'; readonly kept: Kept }
  | { readonly standing: 'not due' }

/** One person, by all their records that the CRMs still have. `today`: YYYY-MM-DD. */
export function standingOfPerson(records: readonly JudgedRecord[], rules: readonly RetentionRule[], today: string): Standing {
  const due = records.filter(({ verdict }) => isDue(verdict, today))
  if (due.length === 0) return { standing: 'not due' }
  const keys = due.map(({ key }) => key).sort()
  const other = records.find((one) => !due.includes(one))
  if (other !== undefined) {
    const { hold, rule } = other.verdict.retention
    return { standing: 'kept', kept: { keys, why: hold === null ? 'elsewhere' : 'hold', by: hold ?? rule, holds: [] } }
  }
  if (records.some(({ lostAct }) => lostAct)) return { standing: 'kept', kept: { keys, why: 'act-lost', by: null, holds: [] } }
  const ruleOf = ({ verdict }: JudgedRecord): RetentionRule | undefined => rules.find(({ category }) => category === verdict.retention.rule)
  const waits = due.flatMap(({ asked }) => asked ?? [])
  return {
    standing: 'due',
    entry: {
      records: due.map(listed).sort((a, b) => (a.key < b.key ? -1 : 1)),
      automatic: due.every((one) => ruleOf(one)?.automatic === true),
      // Once only: whoever was asked for this end is not asked again.
      ask: waits.length > 0 ? null : askOf(due, ruleOf),
      notBefore: waits.length > 0 ? Math.max(...waits) : null,
    },
  }
}

/** The verdict of this very reading: the day has come, nothing holds it, and its finding says the same. */
function isDue({ retention: { dueOn, hold, then }, findings }: Verdict, today: string): boolean {
  if (then !== 'erase' && then !== 'anonymise') return false
  return dueOn !== null && dueOn <= today && hold === null && findings.some(({ rule }) => rule === `retention.${then}_due`)
}

function listed({ key, connection, object, id, verdict: { retention } }: JudgedRecord): ListedRecord {
  const { rule, dueOn, then } = retention
  return { key, connection, object, id, rule, dueOn, action: then === 'anonymise' ? 'anonymise' : 'erase' }
}

/** Only where the policy asks, the purpose may still use the channel (a basis that holds, no refusal, no suppression, an address), and a field is there. */
function askOf(due: readonly JudgedRecord[], ruleOf: (one: JudgedRecord) => RetentionRule | undefined): Ask | null {
  for (const one of due) {
    const last = ruleOf(one)?.lastMessage
    if (last === undefined || !one.askable) continue
    const { purpose, channel, wait } = last
    const allowed = one.verdict.permissions.find((view) => view.purpose === purpose && view.channel === channel)?.allowed === true
    if (allowed) return { key: one.key, purpose, channel, wait }
  }
  return null
}
