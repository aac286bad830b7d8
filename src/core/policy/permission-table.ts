/**
 * Which consent rule decides for each purpose and channel. The answer depends only on the audience, the country and a few conditions, so it
 * is worked out once for each combination met and then looked up.
 */
import { compileCondition, no, unknown, yes, type CompileContext, type Test, type Tri } from './condition-compile.ts'
import type { Frame } from '../judge/frame.ts'
import { regionOf } from '../identity/country.ts'
import type { Choice, PairParts } from '../consent/pair-parts.ts'
import { inForce, type ConsentRule, type Policy } from './schema.ts'
import type { Pair } from './purposes.ts'
import { remember } from '../text/remember.ts'

/** One for each combination of what rules look at; never changed. `number` tells those that are kept apart. */
export type Choices = { readonly byPair: readonly Choice[]; readonly number: number }
export type PermissionTable = { readonly choose: (frame: Frame, audience: number) => Choices }

const strictness = { none: 0, information: 1, consent: 2, forbidden: 3 } as const
/** Combinations kept; a policy with very many conditions must not grow the memory without bound. */
const maxKept = 4_000

/** Territories where French law applies as it stands: the overseas départements and collectivities that have codes of their own. */
export const frenchTerritories: ReadonlySet<string> = new Set(['GP', 'MQ', 'GF', 'RE', 'YT', 'BL', 'MF', 'PM'])

/** `parts`: by pair. */
export function createPermissionTable(
  policy: Policy,
  pairs: readonly Pair[],
  parts: readonly PairParts[],
  context: CompileContext,
): PermissionTable {
  const rules = policy.consentRules.filter((rule) => inForce(rule, context.today))
  const tests = compileWhens(rules, context)
  const countries = [...new Set(rules.flatMap((rule) => rule.country ?? []))]
  const countryState = compileCountry(policy, context.slotOf('country'), countries)
  const known = new Map<number, Choices>()
  const answers: Tri[] = tests.map(() => no)
  return {
    choose(frame, audience) {
      const country = countryState(frame)
      let key = audience * (countries.length + 2) + country
      for (let i = 0; i < tests.length; i++) {
        const answer = tests[i]?.test(frame) ?? unknown
        answers[i] = answer
        key = key * 3 + answer
      }
      const found = known.get(key)
      if (found !== undefined) return found
      if (known.size >= maxKept) known.clear()
      const name = policy.audiences[audience]?.id ?? policy.unknowns.audience
      const byPair = pairs.map((pair, at) =>
        choose(rules, pair, parts[at] as PairParts, (rule) => applies(rule, name, country, countries, tests, answers)),
      )
      const choices = { byPair, number: known.size }
      known.set(key, choices)
      return choices
    },
  }
}

type SharedTest = { readonly text: string; readonly test: Test }

function compileWhens(rules: readonly ConsentRule[], context: CompileContext): readonly SharedTest[] {
  const tests = new Map<string, SharedTest>()
  for (const { when } of rules) {
    if (when === undefined) continue
    const text = JSON.stringify(when)
    if (!tests.has(text)) tests.set(text, { text, test: compileCondition(when, context) })
  }
  return [...tests.values()]
}

/** 0: unknown, 1: none of the countries that rules name, 2…: one of them. */
function compileCountry(policy: Policy, slot: number, countries: readonly string[]): (frame: Frame) => number {
  const indexOf = (region: string): number => {
    const at = countries.indexOf(frenchTerritories.has(region) ? 'FR' : region)
    return at === -1 ? 1 : at + 2
  }
  const otherwise = policy.unknowns.country === 'strictest' ? 0 : indexOf(policy.unknowns.country)
  const stateOf = remember((text) => {
    const region = regionOf(text)
    return region === null ? otherwise : indexOf(region)
  }, maxKept)
  return (frame) => {
    const text = frame.texts[slot]
    return text === null || text === undefined ? otherwise : stateOf(text)
  }
}

function applies(
  rule: ConsentRule,
  audience: string,
  country: number,
  countries: readonly string[],
  tests: readonly SharedTest[],
  answers: readonly Tri[],
): Tri {
  if (rule.audience !== undefined && !rule.audience.includes(audience)) return no
  const when = rule.when === undefined ? yes : (answers[tests.findIndex((shared) => shared.text === JSON.stringify(rule.when))] ?? unknown)
  if (when === no) return no
  if (rule.country === undefined) return when
  if (country === 0) return unknown
  return rule.country.includes(countries[country - 2] ?? '') ? when : no
}

/** First match wins. A rule that might match leaves two futures open, and the stricter one holds: what is not known allows nothing. */
function choose(rules: readonly ConsentRule[], pair: Pair, parts: PairParts, answer: (rule: ConsentRule) => Tri): Choice {
  let strictest: ConsentRule | null = null
  for (const rule of rules) {
    if (rule.purposes !== undefined && !rule.purposes.includes(pair.purpose)) continue
    if (rule.channel !== undefined && !rule.channel.includes(pair.channel)) continue
    const matches = answer(rule)
    if (matches === no) continue
    if (strictest === null || isStricter(rule, strictest)) {
      if (matches === yes && strictest === null) return parts.choiceOf(rule, true)
      strictest = rule
    }
    if (matches === yes) return parts.choiceOf(strictest, false)
  }
  throw new Error('a policy whose last rule matches everything left a case open')
}

function isStricter(a: ConsentRule, b: ConsentRule): boolean {
  if (a.need !== b.need) return strictness[a.need] > strictness[b.need]
  return a.validFor !== undefined && b.validFor === undefined
}
