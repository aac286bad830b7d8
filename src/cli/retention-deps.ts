/** What the commands about retention share: what they work with, which list is meant, and how it is shown. */
import type { Kysely } from 'kysely'
import { approversOf, type Retention } from '../core/retention/act.ts'
import { totalOf } from '../core/retention/brake.ts'
import type { Entry, Kept, ReviewList } from '../core/retention/list.ts'
import { openParts } from '../main.ts'
import { openRetentionDeps } from '../rights.ts'
import { readSettings } from '../settings.ts'
import { findListIds, type StoredCase, type StoredList } from '../store/retention-lists.ts'
import type { Tables } from '../store/tables.ts'
import type { RetentionDeps } from '../tasks/retention/deps.ts'
import type { ListChanged } from '../tasks/retention/file.ts'
import { UsageError } from './failure.ts'
import { printLine, printTable } from './output.ts'

export type Flags = { config?: string; data?: string; json?: boolean }

export async function withRetention<T>(flags: Flags, work: (deps: RetentionDeps) => Promise<T>): Promise<T> {
  const opened = await openParts(readSettings(process.env, flags))
  try {
    return await work(openRetentionDeps(opened))
  } finally {
    await opened.parts.close()
  }
}

/** The first characters of an id are enough, where only one begins so. */
export async function listId(db: Kysely<Tables>, typed: string): Promise<string> {
  if (!/^[0-9a-f-]{4,36}$/i.test(typed))
    throw new UsageError('a list is named by its number, or by at least the first four characters of it')
  const [id, other] = await findListIds(db, typed.toLowerCase())
  if (id === undefined) throw new UsageError(`there is no list ${typed}; "accord retention show" shows all`)
  if (other !== undefined) throw new UsageError(`several lists begin with ${typed}: give more of the number`)
  return id
}

/** A refusal is an answer for the user: the state of the list, the clock or the brake does not allow it. */
export function acceptedList(changed: ListChanged): StoredList {
  if (changed.outcome === 'refused') throw new UsageError(changed.message)
  return changed.list
}

/** How many records go by each rule of each connection. */
export function countsOf(
  entries: readonly Entry[],
): { connection: string; object: string; rule: string; action: string; records: number }[] {
  const counts = new Map<string, { connection: string; object: string; rule: string; action: string; records: number }>()
  for (const { connection, object, rule, action } of entries.flatMap((entry) => entry.records)) {
    const named = { connection, object, rule: rule ?? 'copy in a bin', action }
    const key = JSON.stringify(named)
    counts.set(key, { ...named, records: (counts.get(key)?.records ?? 0) + 1 })
  }
  return [...counts.values()]
}

export function keptCounts(kept: readonly Kept[]): { why: string; by: string; persons: number }[] {
  const counts = new Map<string, { why: string; by: string; persons: number }>()
  for (const { why, by } of kept) {
    const key = `${why} ${by ?? ''}`
    counts.set(key, { why, by: by ?? '', persons: (counts.get(key)?.persons ?? 0) + 1 })
  }
  return [...counts.values()]
}

const KEPT_WORDS: Readonly<Record<string, string>> = {
  unread: 'whether the law holds it could not be read',
  hold: 'the law or the policy holds it',
  elsewhere: 'another record of the person is not due, and a sync would bring this one back',
  request: 'the person has asked for something that is open, or for their data to be kept',
  'act-lost': 'what the person did last could be read before, and cannot now',
  'cannot-anonymise': 'their rule is to anonymise, which this CRM cannot',
  'under-way': 'in another list',
  changed: 'the CRM shows a record that nobody has judged yet',
  'by-hand': 'left out by',
}

export function printReview({ day, entries, kept, unreachable, more, calls, minutes }: ReviewList): void {
  printLine(`As of ${day}:`)
  printTable(
    ['connection', 'object', 'rule', 'action', 'records'],
    countsOf(entries).map((one) => [one.connection, one.object, one.rule, one.action, one.records]),
  )
  const asked = entries.filter(({ ask }) => ask !== null).length
  if (asked > 0) printLine(`${asked} persons are asked first whether they still want to hear from you; each who does something stays.`)
  for (const { why, by, persons } of keptCounts(kept))
    printLine(`kept: ${persons} persons: ${KEPT_WORDS[why] ?? why}${by === '' ? '' : ` (${by})`}`)
  for (const { connection, what } of unreachable) printLine(`out of reach: ${connection}: ${what}`)
  if (more > 0) printLine(`${more} more records look due and are not in this list: the next one takes them.`)
  printLine(
    `It takes at most ${calls} calls to the CRMs with all later looks, ${minutes} minutes at their pace; people who go together share many of them.`,
  )
}

/** For people. */
export function stateWord(retention: Retention): string {
  switch (retention.status) {
    case 'none':
      return 'not shown yet'
    case 'shown': {
      const approvers = approversOf(retention)
      const word = retention.braked ? 'stopped by the brake, waits for more approvals' : 'waits for approval'
      return approvers.length === 0 ? word : `${word}; approved by ${approvers.join(', ')}`
    }
    case 'released':
      return `approved by ${approversOf(retention).join(', ') || 'the policy'}; begins ${new Date(retention.from).toISOString().slice(0, 16)}Z`
    case 'ended':
      return retention.because
    default:
      return retention satisfies never
  }
}

export function caseWord({ case: one, erasure }: StoredCase): string {
  switch (one.status) {
    case 'waiting':
      return 'waiting'
    case 'asked':
      return `asked, until ${new Date(one.until).toISOString().slice(0, 10)}`
    case 'dropped':
      return `dropped: ${one.why}`
    case 'begun':
      return erasure.status === 'settled' ? erasure.standing : 'under way'
    case 'closed':
      return `${one.standing}, closed`
    default:
      return one satisfies never
  }
}

const DAY_MS = 86_400_000

/** How long a list has waited for people, and until when what it shows is new enough to be approved; '' of any other. */
export function ageWord(retention: Retention, { now, maxAgeMs }: { now: number; maxAgeMs: number }): string {
  if (retention.status !== 'shown') return ''
  const { madeAt } = retention.shown
  const days = Math.max(0, Math.floor((now - madeAt) / DAY_MS))
  const waited = `${days} day${days === 1 ? '' : 's'}`
  if (now - madeAt > maxAgeMs) return `${waited}: too old to be approved, "accord retention what-if" shows it anew`
  return `${waited}, can be approved until ${new Date(madeAt + maxAgeMs).toISOString().slice(0, 16)}Z`
}

/** For programs. */
export function viewOf({ id, retention, madeAt, dueAt, fault }: StoredList) {
  const shown = retention.status === 'none' ? null : retention.shown
  return {
    list: id,
    status: retention.status,
    digest: shown?.digest ?? null,
    madeAt: new Date(madeAt).toISOString(),
    persons: shown?.persons ?? 0,
    records: shown === null ? 0 : totalOf(shown.acts),
    acts: shown?.acts ?? {},
    approvals: retention.status === 'none' ? [] : approversOf(retention),
    from: retention.status === 'released' ? new Date(retention.from).toISOString() : null,
    next: dueAt === null ? null : new Date(dueAt).toISOString(),
    heldUp: fault,
  }
}
