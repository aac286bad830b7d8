/** The rules of a policy as conditions of json-rules-engine, with dates turned into cut-off days. */
import type { ConditionProperties } from 'json-rules-engine'
import { addToDay } from '../src/core/time/calendar.ts'
import type { Condition, DomainList, Predicate } from '../src/core/policy/condition.ts'
import { addDuration, parseDuration, validityEnd, type Duration } from '../src/core/policy/duration.ts'
import { freeProviders } from '../src/core/identity/free-providers.ts'
import { inForce, type ConsentRule, type Gate, type Hold, type Policy, type RetentionRule } from '../src/core/policy/schema.ts'
import { anchorOf } from '../src/core/retention/retention.ts'
import { unreadable } from './evaluate-facts.ts'

/** `fields`: contact fields whose being unclear leaves the rule open. `order`: first match wins. */
export type Entry<T = unknown> = {
  readonly order: number
  readonly rule: T
  readonly conditions: readonly ConditionProperties[]
  readonly fields: readonly string[]
}
export type Rulebook = {
  readonly audience: readonly Entry<Policy['audiences'][number]>[]
  readonly gate: readonly Entry<Gate>[]
  readonly consent: readonly Entry<ConsentRule>[]
  readonly hold: readonly Entry<Hold>[]
  readonly category: readonly Entry<RetentionRule>[]
  /** In the order of `category`: due when the clock started that day or before. */
  readonly due: readonly Entry<RetentionRule>[]
  /** By consent rule the first day on which a yes must have been given to be valid still. */
  readonly validSince: ReadonlyMap<ConsentRule, number>
}

export function compileRulebook(policy: Policy, today: number): Rulebook {
  const entry = <T>(rule: T, order: number, when: Condition | null, more: readonly ConditionProperties[] = []): Entry<T> => ({
    order,
    rule,
    conditions: [...more, ...(when ?? []).flatMap(({ field, predicate }) => conditionsOf(field, predicate, today))],
    fields: (when ?? []).map(({ field }) => field),
  })
  const now = <T extends Parameters<typeof inForce>[0]>(rules: readonly T[]): readonly T[] => rules.filter((rule) => inForce(rule, today))
  const categories = now(policy.retention.rules).filter((rule) => rule.data === 'contact' || rule.data === 'any')
  const consents = now(policy.consentRules)
  return {
    audience: policy.audiences.map((rule, order) => entry(rule, order, rule.when === 'otherwise' ? null : rule.when)),
    gate: now(policy.gates).map((rule, order) => entry(rule, order, rule.refuseWhen)),
    consent: consents.map((rule, order) => {
      const made = entry(rule, order, rule.when ?? null, scopeOf(rule))
      return rule.country === undefined ? made : { ...made, fields: [...made.fields, 'country'] }
    }),
    hold: now(policy.retention.holds).map((rule, order) => entry(rule, order, rule.when)),
    category: categories.map((rule, order) => entry(rule, order, rule.who === 'any' ? null : rule.who)),
    due: categories.map((rule, order) => entry(rule, order, null, [dueCondition(rule, policy, today)])),
    validSince: new Map(consents.map((rule) => [rule, validSince(rule, today)])),
  }
}

function scopeOf(rule: ConsentRule): ConditionProperties[] {
  const audience = rule.audience === undefined ? [] : [{ fact: 'audience', operator: 'in', value: rule.audience }]
  return rule.country === undefined ? audience : [...audience, { fact: 'country', operator: 'in', value: [...rule.country, unreadable] }]
}

/** What could not be read passes: the rule may fit, and whoever asks looks at `fields`. */
function conditionsOf(field: string, predicate: Predicate, today: number): ConditionProperties[] {
  switch (predicate.is) {
    case 'filled':
      return [{ fact: field, operator: 'notEqual', value: null }]
    case 'empty':
      return [{ fact: field, operator: 'in', value: [null, unreadable] }]
    case 'flag':
      return [{ fact: field, operator: 'in', value: predicate.value ? ['true', unreadable] : ['false', null, unreadable] }]
    case 'equal':
      return [{ fact: field, operator: 'in', value: [predicate.value, unreadable] }]
    case 'in':
      return [{ fact: field, operator: 'in', value: [...predicate.values, unreadable] }]
    case 'notIn':
      return [{ fact: field, operator: 'notIn', value: [...predicate.values] }]
    case 'ageBelow':
      return [runsStill(field, today, (day) => addToDay(day, predicate.years * 12, 0))]
    case 'within':
      return [runsStill(field, today, (day) => addDuration(day, durationOf(predicate.period)))]
    case 'email':
      return emailConditions(predicate)
    default:
      return predicate satisfies never
  }
}

function emailConditions(predicate: Predicate & { is: 'email' }): ConditionProperties[] {
  const { localPartIn, domainIn, domainNotIn } = predicate
  const texts = (list: DomainList): readonly string[] => (list === 'freeProviders' ? [...freeProviders] : list)
  return [
    ...(localPartIn === null ? [] : [{ fact: 'email.mailbox', operator: 'in', value: [...texts(localPartIn), unreadable] }]),
    ...(domainIn === null ? [] : [{ fact: 'email.domain', operator: 'in', value: [...texts(domainIn), unreadable] }]),
    // A list of hundreds would be searched, and copied, for each contact: the engine's own operator looks it up.
    ...(domainNotIn === null ? [] : [{ fact: 'email.domain', operator: 'outsideOf', value: domainNotIn }]),
  ]
}

/** `end` never falls as its day rises, hence one cut-off day says as much. A day that could not be read is Infinity, an empty one null. */
function runsStill(field: string, today: number, end: (day: number) => number): ConditionProperties {
  let first = today
  while (end(first - 1) > today) first--
  return { fact: `${field}.day`, operator: 'greaterThanInclusive', value: first }
}

function dueCondition(rule: RetentionRule, policy: Policy, today: number): ConditionProperties {
  const anchor = anchorOf(rule.anchor, policy.organisation.financialYearEnd)
  const duration = durationOf(rule.duration)
  let last = today
  while (addDuration(anchor(last), duration) > today) last--
  return { fact: `start.${rule.category}`, operator: 'lessThanInclusive', value: last }
}

function validSince(rule: ConsentRule, today: number): number {
  if (rule.validFor === undefined) return -Infinity
  const duration = durationOf(rule.validFor)
  let first = today
  while (validityEnd(first - 1, duration) > today) first--
  return first
}

function durationOf(text: string): Duration {
  const duration = parseDuration(text)
  if (duration === null) throw new RangeError('a duration that the policy schema let through does not parse')
  return duration
}
