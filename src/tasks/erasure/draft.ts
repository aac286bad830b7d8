/** Looks everywhere and says what an erasure would do: with what is held, what nobody can reach, and what it costs. Changes nothing. */
import { checks, readingChecks } from '../../core/erasure/erasure.ts'
import { holdsOf, unreadHoldsOf } from '../../core/erasure/hold.ts'
import { planErasure, type Drafted, type Plan, type PlanOptions, type Unreachable } from '../../core/erasure/plan.ts'
import type { Person } from '../../core/erasure/select.ts'
import type { Mailbox } from '../../core/identity/identify.ts'
import { aloneIn } from './alone.ts'
import { bindingOf, type Holding } from './held.ts'
import { seek, unreachableIn, type Side, type Sighting } from './seek.ts'
import { traitsOf, type Subject } from './step.ts'

export type Drafting = Omit<PlanOptions, 'unreachable' | 'reaches'> &
  Holding & {
    readonly homeCountry: string
    /** Which mailboxes several people read. */
    readonly mailboxOf: (email: string) => Mailbox | null
  }

/** By id, by address and by search, of one person in one CRM. */
const CALLS_PER_LOOK = 8

/** Looks everywhere and says what would happen. Changes nothing. `subject`: to be kept, encrypted, for the steps. */
export async function draftPlan(
  sides: readonly Side[],
  person: Person,
  options: Drafting,
  signal: AbortSignal,
): Promise<{ plan: Plan; subject: Subject }> {
  const seen = await seek(sides, person, signal)
  const unreachable: Unreachable[] = [...seen.unreachable]
  const drafts: Drafted[] = seen.sightings.filter(({ selection }) => selection.verdict !== 'selected').map((one) => draftOf(one, [], 0))
  for (const side of sides) {
    const mine = seen.sightings.filter((one) => one.side === side && one.selection.verdict === 'selected')
    if (mine.length === 0) continue
    const { records, gaps } = await side.erasure.survey(
      mine.map(({ record }) => record.ref),
      signal,
    )
    unreachable.push(...gaps.map((gap) => unreachableIn(side, gap)))
    records.forEach((surveyed, i) => {
      const one = mine[i]!
      const said = side.stated(one.record.ref, one.record.fieldsOf, one.record.fields, options.localDay)
      unreachable.push(...said.unread.map((field) => ({ connection: side.connection, what: unreadWord(one.key, field) })))
      const { rules, today, localDay } = options
      const { found, hidden } = bindingOf(surveyed, [said], localDay)
      drafts.push(draftOf(one, [...holdsOf(found, rules, today), ...unreadHoldsOf(hidden, rules, today)], surveyed.calls))
    })
  }
  const subject = { person: seen.person, names: seen.names, alone: aloneIn(seen, options.mailboxOf) }
  const reaches = sides.map(({ connection, erasure }) => ({
    connection,
    means: erasure.means,
    anonymises: erasure.anonymity !== undefined,
    looking: CALLS_PER_LOOK * (2 + checks.length) + erasure.residueCalls(traitsOf(options, subject)) * readingChecks.size,
    callsPerMinute: erasure.callsPerMinute,
  }))
  const plan = planErasure(drafts, { reaches, unreachable })
  return { plan, subject }
}

function draftOf({ key, side, record, selection }: Sighting, holds: Drafted['holds'], calls: number): Drafted {
  return { key, connection: side.connection, object: record.ref.object, id: record.ref.id, selection, holds, calls }
}

function unreadWord(key: string, field: string): string {
  return `${field} of ${key}: hidden, or filled with what the mapping does not know; whether the record must be kept is not known`
}
