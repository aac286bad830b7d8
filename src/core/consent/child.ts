/** Whose yes is no yes of theirs: under the age of the policy's gate a parent must agree as well (GDPR art. 8(1); LIL art. 45). */
import { birthdayOf } from '../time/calendar.ts'
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
export function compileOfAge({ age, mapping, readable, columnOf, localDay, dayStart }: ChildOptions): (row: Row) => number {
  const columns = (mapping.fields['birthDate']?.from ?? []).filter((name) => readable.has(name)).map(columnOf)
  if (age === null || columns.length === 0) return () => -Infinity
  return (row) => {
    for (const column of columns) {
      const text = row[column]
      if (text === null || text === undefined) continue
      const day = birthDayOf(text, localDay)
      return Number.isNaN(day) ? -Infinity : dayStart(birthdayOf(day, age))
    }
    return -Infinity
  }
}
