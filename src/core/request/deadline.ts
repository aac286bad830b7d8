/** How long an answer to a person may take: GDPR art. 12(3), counted as Regulation (EEC, Euratom) 1182/71 says. All days are epoch days. */
import { addToDay } from '../time/calendar.ts'
import { rolledBack, rolledForward, type WorkingDay } from './deadline-holidays.ts'
import type { DayStart, LocalDay } from '../time/time-zone.ts'

/** The controller's calendar. */
export type Calendar = { readonly localDay: LocalDay; readonly dayStart: DayStart; readonly isWorking: WorkingDay }

export type Deadline = {
  /** The day of receipt at the controller, whoever there received it. It does not count itself (art. 3(1)). */
  readonly received: number
  /** One month later, before weekends and holidays are looked at: what is shown, and what we work to. */
  readonly due: number
  /** The last day that the law allows (art. 3(4)); also the last on which an extension may be announced (GDPR art. 12(3)). */
  readonly lastDay: number
  /** Three months from receipt, never two from the due day: 31 January gives 30 April. */
  readonly extendedDue: number
  readonly extendedLastDay: number
  /** Our own aim. */
  readonly target: number
}

const answerMonths = 1
const extendedMonths = 3
const targetDays = 20

/** The same as a policy writes them: they are the law's, so that a policy that says otherwise changes nothing. */
export const lawfulTimes = {
  within: `P${answerMonths}M`,
  internalTarget: `P${targetDays}D`,
  adds: `P${extendedMonths - answerMonths}M`,
} as const

/** @param receivedAt epoch milliseconds */
export function deadlineOf(receivedAt: number, { localDay, isWorking }: Calendar): Deadline {
  const received = localDay(receivedAt)
  const due = addToDay(received, answerMonths, 0)
  const extendedDue = addToDay(received, extendedMonths, 0)
  return {
    received,
    due,
    lastDay: rolledForward(due, isWorking),
    extendedDue,
    extendedLastDay: rolledForward(extendedDue, isWorking),
    target: rolledBack(received + targetDays, isWorking),
  }
}

/** Days during which the person had been asked, without delay, for what tells who they are. `to` is null while we wait. */
export type Pause = { readonly from: number; readonly to: number | null }

/**
 * The last day with the clock stopped while we waited for the person. unverified: EDPB guidelines 01/2022 let it stop, no article does; so this day is
 * told to the DPO beside the other one, and nothing that we do relies on it.
 */
export function pausedLastDay(
  deadline: Deadline,
  extended: boolean,
  pauses: readonly Pause[],
  today: number,
  isWorking: WorkingDay,
): number {
  const days = pauses.reduce((sum, { from, to }) => sum + Math.max(0, (to ?? today) - from), 0)
  return rolledForward((extended ? deadline.extendedDue : deadline.due) + days, isWorking)
}

export type Reminder = {
  readonly day: number
  readonly kind: 'target' | 'week-left' | 'two-days-left' | 'last-chance-to-extend' | 'last-day'
}

/** When the DPO is reminded of an open request: on working days, the earlier one when in doubt; each day once, with the most urgent word. */
export function remindersOf(deadline: Deadline, extended: boolean, isWorking: WorkingDay): readonly Reminder[] {
  const due = extended ? deadline.extendedDue : deadline.due
  const lastDay = extended ? deadline.extendedLastDay : deadline.lastDay
  const wanted: readonly Reminder[] = [
    ...(extended ? [] : [{ day: deadline.target, kind: 'target' } as const]),
    { day: due - 7, kind: 'week-left' },
    { day: due - 2, kind: 'two-days-left' },
    ...(extended ? [] : [{ day: rolledBack(due, isWorking) - 1, kind: 'last-chance-to-extend' } as const]),
    { day: lastDay, kind: 'last-day' },
  ]
  const byDay = new Map<number, Reminder>()
  for (const { day, kind } of wanted) {
    const working = rolledBack(day, isWorking)
    if (working > deadline.received) byDay.set(working, { day: working, kind })
  }
  return [...byDay.values()].sort((a, b) => a.day - b.day)
}

export type Standing = 'in-time' | 'late'

/** A request answered on its last day is in time; with `extended` only if the notice was. */
export function standingOn(day: number, deadline: Deadline, extended: boolean): Standing {
  return day <= (extended ? deadline.extendedLastDay : deadline.lastDay) ? 'in-time' : 'late'
}

/** May the two further months still be announced today? The person is told, with reasons, within the first month. */
export function mayExtend(today: number, deadline: Deadline): boolean {
  return today >= deadline.received && today <= deadline.lastDay
}
