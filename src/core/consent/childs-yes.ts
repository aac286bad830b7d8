/**
 * A yes that the person gave as a child (GDPR art. 8), told by the record that has the birth date about what the others say. What is passed on is the time of
 * that yes, and no birth date.
 */
import { birthdayOf } from '../time/calendar.ts'
import { compileOfAge, type ChildOptions } from './child.ts'
import type { ConsentFact } from './consent.ts'
import type { Row } from '../record/row.ts'

export type ChildsYesOptions = ChildOptions & {
  readonly connection: string
  readonly today: number
  /** Purposes for which nobody's agreement is needed. */
  readonly services: ReadonlySet<string>
}

/** `said`: by other records of the person. Answers the newest such yes of each purpose and channel, as a fact that binds. */
export function compileChildsYes(options: ChildsYesOptions): (row: Row, said: readonly ConsentFact[]) => readonly ConsentFact[] {
  const { age, dayStart, today, services, connection, mapping } = options
  const ofAge = compileOfAge(options)
  // Who is born later was written down wrong, and that is the mistake of one record.
  const latest = age === null ? -Infinity : dayStart(birthdayOf(today + 1, age))
  const source = `${connection}:${mapping.object}.${mapping.fields['birthDate']?.from.join('+') ?? ''}`
  return (row, said) => {
    const since = ofAge(row)
    const found: ConsentFact[] = []
    if (since === -Infinity || since > latest) return found
    for (const { purpose, channel, event, grade, at } of said) {
      if (event !== 'given' || grade !== 'proved' || at === null || at >= since || services.has(purpose)) continue
      const known = found.findIndex((fact) => fact.purpose === purpose && fact.channel === channel)
      const fact: ConsentFact = { purpose, channel, event: 'bound', at, source, grade: 'contradicted' }
      if (known === -1) found.push(fact)
      else if (at > (found[known]?.at ?? -Infinity)) found[known] = fact
    }
    return found
  }
}

/** Nobody can rely on them: they are claims from now on, as they would be on the record that has the birth date. */
export function withoutChildsYes(facts: readonly ConsentFact[]): readonly ConsentFact[] {
  if (!isAnyChilds(facts)) return facts
  const childs = facts.filter(isChilds)
  return facts.map((fact) => {
    const { purpose, channel, event, grade, at } = fact
    if (event !== 'given' || grade !== 'proved') return fact
    const until = Math.max(...childs.map((one) => (one.purpose === purpose && one.channel === channel ? (one.at ?? -Infinity) : -Infinity)))
    return at !== null && at <= until ? { ...fact, grade: 'claimed' } : fact
  })
}

function isChilds({ event, grade }: ConsentFact): boolean {
  return event === 'bound' && grade === 'contradicted'
}

/** Asked of everybody. */
function isAnyChilds(facts: readonly ConsentFact[]): boolean {
  for (let i = 0; i < facts.length; i++) if (isChilds(facts[i] as ConsentFact)) return true
  return false
}
