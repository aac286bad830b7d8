/** Whose yes is no yes of theirs: under the age of the policy's gate a parent must agree as well (GDPR art. 8(1); LIL art. 45). */
import { addToDay, birthdayOf } from '../time/calendar.ts'
import { birthDayOf } from '../time/known-day.ts'
import type { ObjectMapping } from '../record/mapping.ts'
import { inForce, type Policy } from '../policy/schema.ts'
import type { ColumnOf, Row } from '../record/row.ts'
import type { DayStart, LocalDay } from '../time/time-zone.ts'

/** Years from which on a person agrees alone; `null` where no gate in force says so. */
export function ageOfConsent(policy: Policy, today: number): number | null {
  const ages = policy.gates
    .filter((gate) => inForce(gate, today))
    .flatMap((gate) => gate.refuseWhen)
    .flatMap(({ field, predicate }) => (field === 'birthDate' && predicate.is === 'ageBelow' ? [predicate.years] : []))
  return ages.length === 0 ? null : Math.max(...ages)
}

export type ChildOptions = {
  readonly age: number | null
  readonly mapping: ObjectMapping
  readonly readable: ReadonlySet<string>
  readonly columnOf: ColumnOf
  readonly localDay: LocalDay
  readonly dayStart: DayStart
}

/** First instant (epoch milliseconds) at which the person of a record agrees alone; -Infinity without a birth date. */
export function compileOfAge(options: ChildOptions): (row: Row) => number {
  const { age, dayStart } = options
  const bornOn = compileBirth(options)
  return (row) => {
    const day = age === null ? Number.NaN : bornOn(row)
    return age === null || Number.isNaN(day) ? -Infinity : dayStart(birthdayOf(day, age))
  }
}

/** Whether the person of a record does not agree alone yet. Asked of everybody: days are compared, since to find out when one begins costs ten times as much. */
export function compileIsChild(options: ChildOptions, today: number): (row: Row) => boolean {
  const { age } = options
  if (age === null) return () => false
  const bornOn = compileBirth(options)
  const grownUp = lastBirthOfAge(age, today)
  return (row) => {
    const day = bornOn(row)
    // Tomorrow in one place is today in another; who is born later was written down wrong.
    return day > grownUp && day <= today + 1
  }
}

/** The youngest who agree alone today were born on that day. */
function lastBirthOfAge(age: number, today: number): number {
  let day = addToDay(today, -12 * age, 0) + 3
  while (birthdayOf(day, age) > today) day--
  return day
}

/** NaN where no birth date stands, or none that can be read. */
function compileBirth({ mapping, readable, columnOf, localDay }: ChildOptions): (row: Row) => number {
  const columns = (mapping.fields['birthDate']?.from ?? []).filter((name) => readable.has(name)).map(columnOf)
  return (row) => {
    for (let i = 0; i < columns.length; i++) {
      const text = row[columns[i] ?? -1]
      if (text !== null && text !== undefined) return birthDayOf(text, localDay)
    }
    return Number.NaN
  }
}
