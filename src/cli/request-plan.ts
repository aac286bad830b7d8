/** A plan as people read it: every record with its reasons, what is kept and by which law, what cannot be reached. */
import { isoOf } from '../core/time/calendar.ts'
import type { Hold } from '../core/erasure/hold.ts'
import { reachedBy } from '../core/erasure/steps.ts'
import { asksForCount, goingIn, type Plan, type PlanItem, type PlanWarning, type Suggestion } from '../core/erasure/plan.ts'
import { lossesOf } from '../core/erasure/lost.ts'
import { mailboxLimit } from '../core/identity/rooms.ts'
import { printLine, printTable } from './output.ts'

const reasons: Readonly<Record<PlanItem['reasons'][number], string>> = {
  email: 'has the address',
  'former-email': 'had the address, same full name',
  same: 'the CRM names it as the same person',
  confirmed: 'recognised by a user',
}
const doubts: Readonly<Record<Suggestion['why'], string>> = {
  'shared-mailbox': 'a mailbox that several people read',
  'crowded-mailbox': `more than ${mailboxLimit} records have the address, which is more than one person has: somebody has to say which are theirs`,
  'another-name': 'has the address, and another name, or none that is known',
  'former-email': 'had the address once, and another name',
  phone: 'has the telephone number',
}

export function printPlan(plan: Plan): void {
  if (plan.items.length === 0) printLine('No record is this person for certain.')
  else
    printTable(
      ['record', 'will be', 'because it'],
      plan.items.map(({ key, action, reasons: why }) => [key, WILL[action], why.map((one) => reasons[one]).join(', ')]),
    )
  for (const { key, action, holds } of plan.items) for (const hold of holds) printLine(heldLine(key, action, hold))
  for (const { key, why } of plan.suggestions)
    printLine(`not selected: ${key}: ${doubts[why]}; "accord request plan ... --record ${key}" adds it`)
  for (const { connection, what } of plan.unreachable) printLine(`out of reach: ${connection}: ${what}`)
  for (const { connection, because } of plan.lost ?? []) printLine(`out of reach: ${connection}: lost: ${because}`)
  for (const warning of plan.warnings) printLine(`careful: ${WARNINGS[warning]}`)
  printLine(
    `Order: ${reachedBy({ ...lossesOf(plan.lost), plan }).join(', ')}. At most ${plan.calls} calls with all later looks, ${plan.minutes} min of what the connections grant us.`,
  )
}

export function heldLine(key: string, action: PlanItem['action'], hold: Hold): string {
  return `${action === 'keep' ? 'kept' : `${WILL[action]}, not kept`}: ${key}: ${wordOf(hold)}`
}

export function approvalWord(id: string, plan: Plan): string {
  return `To carry out exactly this: ${approveCommand(id, plan, { digest: plan.digest, records: goingIn(plan).length })}`
}

/** What somebody types who has seen this. */
export function approveCommand(id: string, plan: Plan | null, { digest, records }: { digest: string; records: number }): string {
  const count = plan !== null && asksForCount(plan, records) ? ` --count ${records}` : ''
  return `accord request approve ${id.slice(0, 8)} --digest ${digest.slice(0, 16)}${count} --user NAME`
}

const WILL: Readonly<Record<PlanItem['action'], string>> = { erase: 'erased', anonymise: 'anonymised', keep: 'kept' }

const WARNINGS: Readonly<Record<PlanWarning, string>> = {
  'erased-not-anonymised':
    'a hold is content with an anonymous record, and its CRM keeps what the fields once held: the record goes, what the hold is about stays; to keep it: "accord request hold"',
  'kept-may-bring-back':
    'a record is kept in one CRM while another forgets the person: a sync between the two brings them back, unless it leaves that record out',
}

function wordOf({ ground, text, because, until, review }: Hold): string {
  const why = reasonOf(because)
  return `GDPR art. ${ground}, ${text} (${why}), ${until === null ? `to be looked at on ${isoOf(review)}` : `until ${isoOf(until)}`}`
}

function reasonOf(because: Hold['because']): string {
  switch (because.kind) {
    case 'by-hand':
      return `by ${because.user}`
    case 'unread':
      return `could not be read: ${because.fact}; "accord request vouch" when a user has looked`
    default:
      return `${because.kind} ${because.object}/${because.id}`
  }
}
