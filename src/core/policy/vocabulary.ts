/**
 * The words that a policy compares contact fields with. Another spelling of one is that word. Anything else is "another value" only where that
 * protects nobody: a contract whose status reads "En cours" must not end as one that is over.
 */
import type { Condition } from './condition.ts'
import { contactFieldKind, ownFields } from '../record/contact-field.ts'
import { foldWord } from '../text/fold.ts'
import type { Policy } from './schema.ts'

/** `words`: folded spelling → the folded word it stands for. `closed`: a text that is none of them, nor named by the mapping, is unknown. */
export type Vocabulary = { readonly words: ReadonlyMap<string, string>; readonly closed: boolean }

const yes = ['true', 'yes', '1', 'oui']
const no = ['false', 'no', '0', 'non']

/** By contact field. Fields that hold dates, addresses, numbers and countries have spellings of their own. */
export function vocabulariesOf(policy: Policy): ReadonlyMap<string, Vocabulary> {
  const found = new Map<string, { words: Map<string, string>; closed: boolean }>()
  const take = (condition: Condition | string | undefined, guards: readonly string[]): void => {
    if (condition === undefined || typeof condition === 'string') return
    for (const { field, predicate } of condition) {
      if (!isWorded(field)) continue
      const words = wordsOf(predicate)
      if (words === null) continue
      const entry = found.get(field) ?? { words: new Map<string, string>(), closed: false }
      for (const [spelling, word] of words) entry.words.set(spelling, word)
      if (predicate.is === 'flag' || guards.includes(predicate.is)) entry.closed = true
      found.set(field, entry)
    }
  }
  // Where not matching lets go of somebody: a gate that opens, a hold that falls, a category that erases.
  for (const { refuseWhen } of policy.gates) take(refuseWhen, ['equal', 'in'])
  for (const { when } of policy.retention.holds) take(when, ['equal', 'in'])
  for (const { who } of policy.retention.rules) take(who, ['equal', 'in', 'notIn'])
  for (const { when } of policy.audiences) take(when, [])
  for (const { when } of policy.consentRules) take(when, [])
  return found
}

/** Whether texts of a field are compared by their words. */
export function isWorded(field: string): boolean {
  const kind = contactFieldKind(field)
  return (kind === 'text' || kind === 'flag') && !ownFields.includes(field)
}

function wordsOf(predicate: Condition[number]['predicate']): readonly (readonly [string, string])[] | null {
  switch (predicate.is) {
    case 'equal':
      return [same(predicate.value)]
    case 'in':
    case 'notIn':
      return predicate.values.map(same)
    case 'flag':
      return [...yes.map((word) => [word, 'true'] as const), ...no.map((word) => [word, 'false'] as const)]
    default:
      return null
  }
}

function same(value: string): readonly [string, string] {
  return [foldWord(value), foldWord(value)]
}
