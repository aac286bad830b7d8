/**
 * How much a retention act may destroy before people are asked, and how many of them: a rule that is wrong, a mapping that broke or a policy that changed
 * overnight must not cost more than this (GDPR art. 5(1)(f), 32). Counted over a rolling window too, since ten runs just below a limit destroy as much as one.
 */
import { parseDuration, type Duration } from '../policy/duration.ts'
import type { Policy } from '../policy/schema.ts'

/** Records to be destroyed, by connection. */
export type Acts = Readonly<Record<string, number>>
/** `share` of the records of one connection; `count` in one connection; `people` are asked for above either, or above `fourEyesAbove` in one list. */
export type Limits = {
  readonly share: number
  readonly count: number
  readonly windowMs: number
  readonly fourEyesAbove: number
  readonly people: number
  readonly waitMs: number
  readonly maxAgeMs: number
}
/** Of one connection: what retention has destroyed or begun to within the window, and how many records are there now. */
export type Spent = { readonly inWindow: number; readonly records: number }
export type SpentByConnection = Readonly<Record<string, Spent>>
export type Excess = { readonly connection: string; readonly acts: number; readonly allowed: number }

/** What may be raised only with a reason: see `checkSafety`. */
export const defaultLimits = { share: 0.02, count: 500, window: 'P30D' } as const
/** More than one: an approval by the same person twice is one approval. */
const fewestPeople = 2

const hourMs = 3_600_000

/** Months count as 31 days where waiting longer is the careful side, as 28 where a thing gets old. */
export function lengthOf({ months, days, hours }: Duration, monthDays: 28 | 31): number {
  return ((months * monthDays + days) * 24 + hours) * hourMs
}

export function limitsOf({ brakes }: Pick<Policy, 'brakes'>): Limits {
  const ms = (text: string, monthDays: 28 | 31): number => {
    const duration = parseDuration(text)
    if (duration === null) throw new RangeError('a duration that the policy schema let through does not parse')
    return lengthOf(duration, monthDays)
  }
  return {
    share: brakes.maxShareErasedPerRun,
    count: brakes.maxContactsErasedPerRun,
    windowMs: ms(brakes.per, 31),
    fourEyesAbove: brakes.fourEyesAbove,
    people: Math.max(fewestPeople, brakes.approvers),
    waitMs: ms(brakes.waitAfterApproval, 31),
    maxAgeMs: ms(brakes.maxDataAge, 28),
  }
}

/** How many records of a connection may go within the window without two people: those destroyed since count as still there. */
export function allowedIn({ share, count }: Pick<Limits, 'share' | 'count'>, { inWindow, records }: Spent): number {
  return Math.min(count, Math.floor(share * (records + inWindow)))
}

/** What is left once these have begun as well: nobody of a group is judged by what was spent before the group. */
export function spentWith(spent: SpentByConnection, acts: Acts): SpentByConnection {
  const more = Object.entries(acts).map(([connection, count]): [string, Spent] => {
    const own = spent[connection] ?? { inWindow: 0, records: 0 }
    return [connection, { inWindow: own.inWindow + count, records: Math.max(0, own.records - count) }]
  })
  return { ...spent, ...Object.fromEntries(more) }
}

/** Where these acts, with those of the window, are more than one person may let pass. A connection of which nothing is known allows nothing. */
export function excessOf(acts: Acts, spent: SpentByConnection, limits: Limits): readonly Excess[] {
  return Object.entries(acts).flatMap(([connection, more]): Excess[] => {
    if (more === 0) return []
    const own = spent[connection] ?? { inWindow: 0, records: 0 }
    const allowed = allowedIn(limits, own)
    return own.inWindow + more > allowed ? [{ connection, acts: own.inWindow + more, allowed }] : []
  })
}

/** How many different people have to approve such a list. None: every rule in it is `automatic`, and nothing is exceeded. */
export function peopleNeeded(
  shown: { readonly acts: Acts; readonly automatic: boolean },
  spent: SpentByConnection,
  limits: Limits,
): number {
  const total = totalOf(shown.acts)
  if (excessOf(shown.acts, spent, limits).length > 0 || total > limits.fourEyesAbove) return limits.people
  return shown.automatic ? 0 : 1
}

export function totalOf(acts: Acts): number {
  return Object.values(acts).reduce((sum, count) => sum + count, 0)
}
