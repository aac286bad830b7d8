/** What a condition of the policy means for one record: no, yes, or we cannot know. */
import type { Condition, DomainList, Predicate } from './condition.ts'
import { birthdayOf } from '../time/calendar.ts'
import { addDuration, parseDuration } from './duration.ts'
import { foldWord } from '../text/fold.ts'
import { emptyDay, type Frame } from '../judge/frame.ts'
import type { Text } from '../text/text.ts'
import { freeProviders } from '../identity/free-providers.ts'
import { quickSet, type Membership } from '../text/quick-set.ts'
import { isWorded } from './vocabulary.ts'

export const no = 0
export const yes = 1
export const unknown = 2
export type Tri = 0 | 1 | 2
export type Test = (frame: Frame) => Tri
export type CompileContext = { readonly slotOf: (field: string) => number; readonly today: number }

/** Every field must hold; a no outweighs an unknown. Days on which the answer changes by itself are noted in the frame. */
export function compileCondition(condition: Condition, context: CompileContext): Test {
  const tests = condition.map(({ field, predicate }) => compilePredicate(field, predicate, context))
  const [only] = tests
  if (tests.length === 1 && only !== undefined) return only
  return (frame) => {
    let answer: Tri = yes
    for (let i = 0; i < tests.length; i++) {
      const part = tests[i]?.(frame)
      if (part === no) return no
      if (part === unknown) answer = unknown
    }
    return answer
  }
}

function compilePredicate(field: string, predicate: Predicate, context: CompileContext): Test {
  const slot = context.slotOf(field)
  const wordOf = (value: string): string => (isWorded(field) ? foldWord(value) : value)
  switch (predicate.is) {
    case 'filled':
      return (frame) => presence(frame.texts[slot], yes)
    case 'empty':
      return (frame) => presence(frame.texts[slot], no)
    case 'flag':
      return (frame) => flag(frame.texts[slot], predicate.value)
    case 'equal': {
      const word = wordOf(predicate.value)
      return onText(slot, (text) => text === word, no)
    }
    case 'in': {
      const words = predicate.values.map(wordOf)
      return onText(slot, (text) => words.includes(text), no)
    }
    case 'notIn': {
      const words = predicate.values.map(wordOf)
      return onText(slot, (text) => !words.includes(text), yes)
    }
    case 'ageBelow':
      return until(slot, context.today, (day) => birthdayOf(day, predicate.years))
    case 'within':
      return within(slot, context.today, predicate.period)
    case 'email':
      return compileEmail(predicate)
    default:
      return predicate satisfies never
  }
}

function presence(text: Text, whenFilled: Tri): Tri {
  return text === undefined ? unknown : text === null ? (whenFilled === yes ? no : yes) : whenFilled
}

/** A box that nobody ticked is a no. What is neither yes nor no is unknown. */
function flag(text: Text, wanted: boolean): Tri {
  const value = text === null || text === 'false' ? false : text === 'true' ? true : undefined
  return value === undefined ? unknown : value === wanted ? yes : no
}

function onText(slot: number, holds: (text: string) => boolean, whenEmpty: Tri): Test {
  return (frame) => {
    const text = frame.texts[slot]
    if (text === undefined) return unknown
    return text === null ? whenEmpty : holds(text) ? yes : no
  }
}

function within(slot: number, today: number, period: string): Test {
  const duration = parseDuration(period)
  if (duration === null) throw new RangeError('a duration that the policy schema let through does not parse')
  return until(slot, today, (day) => addDuration(day, duration))
}

/** Yes until (and without) the day that `end` tells. */
function until(slot: number, today: number, end: (day: number) => number): Test {
  return (frame) => {
    const day = frame.days[slot]
    if (day === undefined || Number.isNaN(day)) return unknown
    if (day === emptyDay) return no
    const last = end(day)
    if (today >= last) return no
    if (last < frame.nextDay) frame.nextDay = last
    return yes
  }
}

function compileEmail(predicate: Predicate & { is: 'email' }): Test {
  const [localParts, domainIn, domainNotIn] = [predicate.localPartIn, predicate.domainIn, predicate.domainNotIn].map(membersOf)
  return (frame) => {
    const email = frame.email
    if (email === undefined) return unknown
    if (email === null) return no
    if (localParts?.has(frame.mailbox) === false || domainIn?.has(frame.domain) === false) return no
    return domainNotIn?.has(frame.domain) === true ? no : yes
  }
}

function membersOf(list: DomainList | null): Membership | null {
  return list === null ? null : quickSet(list === 'freeProviders' ? freeProviders : list)
}
