/** A policy's decisions by json-rules-engine: audience, gates, consent rules, permissions, holds and retention, each a rule of its own. */
import { Almanac, Engine, Fact, type RuleProperties, type RuleResult } from 'json-rules-engine'
import { freeProviders } from '../src/core/identity/free-providers.ts'
import type { ConsentRule, Policy } from '../src/core/policy/schema.ts'
import type { PurposePair } from '../src/core/policy/purposes.ts'
import type { Facts, Standing } from './evaluate-facts.ts'
import { compileRulebook, type Entry, type Rulebook } from './evaluate-rulebook.ts'

/** `permissions` as `+rule` or `-rule`, in the order of the policy's purposes and channels. */
export type Decisions = {
  readonly audience: string
  readonly permissions: readonly string[]
  readonly category: string
  readonly hold: string | null
  readonly due: boolean
}
export type Prepared = { readonly facts: Facts; readonly almanac: Almanac }
export type Peer = {
  /** How many rules the engine runs for each contact. */
  readonly rules: number
  /** An almanac serves one run. */
  prepare(facts: Facts): Prepared
  run(prepared: Prepared): Promise<Decisions>
}

const parts = ['audience', 'gate', 'consent', 'hold', 'category', 'due'] as const
type Part = (typeof parts)[number]
/** What the rules of this run have found so far: by part the orders of the rules that fit or might fit. */
type State = { facts: Facts; fits: Record<Part, Set<number>> }
type Context = { readonly policy: Policy; readonly pairs: readonly PurposePair[]; readonly book: Rulebook; readonly state: State }

/** Rules of one priority run side by side; those of the next wait for them. */
const priorities = { first: 1_000, consent: 999, permission: 1 } as const
const strictness = { none: 0, information: 1, consent: 2, forbidden: 3 } as const

/**
 * How consent rules are written. `each`: for every purpose and channel its own, tried one after the other by priority, as the policy reads.
 * `shared`: once for all of them, side by side, the first match of each left to code of ours: the fewest rules that we could find.
 */
export type Style = 'each' | 'shared'

/** The engine is built once. Facts are constants in an almanac made beforehand, and not cached: the engine would hash each of them. */
export function createPeer(policy: Policy, pairs: readonly PurposePair[], today: number, style: Style): Peer {
  const book = compileRulebook(policy, today)
  const state: State = { facts: { values: {}, unclear: new Set() }, fits: noFits() }
  const context: Context = { policy, pairs, book, state }
  const consentRules =
    style === 'shared' ? book.consent.flatMap((entry) => ruleOf('consent', entry)) : pairs.flatMap((pair) => ownRules(pair, book))
  const others = parts.filter((part) => part !== 'consent').flatMap((part) => book[part].flatMap((entry) => ruleOf(part, entry)))
  const rules = [...others, ...consentRules, ...pairs.map(permissionRule)]
  const engine = new Engine(rules)
  engine.addOperator<string | null, 'freeProviders' | readonly string[]>(
    'outsideOf',
    (domain, list) => domain !== null && !(list === 'freeProviders' ? freeProviders.has(domain) : list.includes(domain)),
  )
  engine.addOperator<ConsentRule, Standing>('metBy', (rule, standing) => isMet(rule, standing, book))
  engine.addFact('consentRule', ({ pair }) => consentRuleOf(context, Number(pair)), { cache: false })
  engine.on('success', ({ type }, almanac) => note(type, almanac, context))
  return {
    rules: rules.length,
    prepare(facts) {
      const almanac = new Almanac()
      const values = { ...facts.values, audience: audienceOf(context, facts, new Set()), 'open.marketing': true, 'open.service': true }
      for (const [name, value] of Object.entries(values)) almanac.addFact(constant(name, value))
      return { facts, almanac }
    },
    async run({ facts, almanac }) {
      state.facts = facts
      state.fits = noFits()
      const { results, failureResults } = await engine.run({}, { almanac })
      return decisionsOf(context, [...results, ...failureResults])
    },
  }
}

function noFits(): State['fits'] {
  return { audience: new Set(), gate: new Set(), consent: new Set(), hold: new Set(), category: new Set(), due: new Set() }
}

function constant(name: string, value: unknown): Fact {
  return new Fact(name, value, { cache: false })
}

/** A rule without conditions fits everybody and need not be run. The engine copies events: a short type is all they have. */
function ruleOf(part: Part, { order, conditions }: Entry): RuleProperties[] {
  if (conditions.length === 0) return []
  const priority = part === 'consent' ? priorities.consent : priorities.first
  return [{ conditions: { all: [...conditions] }, event: { type: `${part} ${order}` }, priority }]
}

function ownRules({ purpose, channel }: PurposePair, { consent }: Rulebook): RuleProperties[] {
  const own = consent.filter(({ rule }) => covers(rule, purpose, channel))
  return own.flatMap((entry) => ruleOf('consent', entry).map((rule) => ({ ...rule, priority: priorities.consent - entry.order })))
}

function covers({ purposes, channel: channels }: ConsentRule, purpose: string, channel: string): boolean {
  return purposes?.includes(purpose) !== false && channels?.includes(channel) !== false
}

function permissionRule({ index, serviceOnly, needs }: PurposePair): RuleProperties {
  return {
    conditions: {
      all: [
        { fact: serviceOnly ? 'open.service' : 'open.marketing', operator: 'equal', value: true },
        { fact: 'consentRule', params: { pair: index }, operator: 'metBy', value: { fact: `standing.${index}` } },
        { fact: `reach.${needs}`, operator: 'equal', value: true },
      ],
    },
    event: { type: `permission ${index}` },
    priority: priorities.permission,
  }
}

/** Rules that later ones build on hand their finding on as a fact. */
function note(type: string, almanac: Almanac, context: Context): void {
  const [part, order] = readType(type)
  if (part === 'permission') return
  const { fits, facts } = context.state
  fits[part].add(order)
  if (part === 'audience') almanac.addFact(constant('audience', audienceOf(context, facts, fits.audience)))
  if (part !== 'gate') return
  almanac.addFact(constant('open.marketing', false))
  if (context.book.gate[order]?.rule.exceptServiceOnly === false) almanac.addFact(constant('open.service', false))
}

function readType(type: string): readonly [Part | 'permission', number] {
  const [part, order] = type.split(' ')
  return [part as Part | 'permission', Number(order)]
}

/** The first rule that fits or might fit; `certain` when nothing that it looks at is unclear. */
function firstOf<T>(entries: readonly Entry<T>[], fits: ReadonlySet<number>, facts: Facts): { entry: Entry<T>; certain: boolean } | null {
  const entry = entries.find(({ conditions, order }) => conditions.length === 0 || fits.has(order))
  return entry === undefined ? null : { entry, certain: isCertain(entry, facts) }
}

function isCertain({ fields }: Entry, { unclear }: Facts): boolean {
  return unclear.size === 0 || !fields.some((field) => unclear.has(field))
}

function audienceOf({ book, policy }: Context, facts: Facts, fits: ReadonlySet<number>): string {
  const first = firstOf(book.audience, fits, facts)
  return first === null || !first.certain ? policy.unknowns.audience : first.entry.rule.id
}

/** First match wins; where it only might match, the stricter of it and what comes after. */
function consentRuleOf({ book, pairs, state }: Context, index: number): ConsentRule {
  const { purpose, channel } = pairs[index] as PurposePair
  let strictest: ConsentRule | null = null
  for (const entry of book.consent) {
    const { rule } = entry
    if (entry.conditions.length > 0 && !state.fits.consent.has(entry.order)) continue
    if (!covers(rule, purpose, channel)) continue
    if (strictest === null || isStricter(rule, strictest)) strictest = rule
    if (isCertain(entry, state.facts)) return strictest
  }
  throw new Error('a policy whose last rule fits everything left a case open')
}

function isStricter(a: ConsentRule, b: ConsentRule): boolean {
  return strictness[a.need] > strictness[b.need] || (a.need === b.need && a.validFor !== undefined && b.validFor === undefined)
}

function isMet(rule: ConsentRule, { status, since }: Standing, { validSince }: Rulebook): boolean {
  if (rule.need === 'consent') return status === 'granted' && since >= (validSince.get(rule) ?? Infinity)
  return rule.need === 'none' || (rule.need === 'information' && status !== 'no' && status !== 'blind')
}

function decisionsOf(context: Context, results: readonly RuleResult[]): Decisions {
  const { book, state } = context
  const { facts, fits } = state
  const permissions: string[] = []
  for (const result of results) {
    const [part, index] = readType(result.event?.type ?? '')
    if (part === 'permission') permissions[index] = permissionOf(context, index, result)
  }
  const held = firstOf(book.hold, fits.hold, facts)
  const category = firstOf(book.category, fits.category, facts) ?? {
    entry: book.category.at(-1) as Rulebook['category'][number],
    certain: false,
  }
  const kept = held !== null && held.certain && held.entry.rule.effect === 'keep'
  return {
    audience: audienceOf(context, facts, fits.audience),
    permissions,
    category: category.entry.rule.category,
    hold: held?.entry.rule.id ?? null,
    due: category.certain && fits.due.has(category.entry.order) && !kept,
  }
}

/** The engine tells of each condition whether it held: the first that did not is what refuses. */
function permissionOf({ book, pairs, state }: Context, index: number, result: RuleResult): string {
  const pair = pairs[index] as PurposePair
  if (!pair.on) return `-purpose.${pair.purpose}`
  const [open, met] = (result.conditions as unknown as { all: { result: boolean; factResult: ConsentRule }[] }).all
  const rule = met?.factResult.id ?? ''
  if (result.result === true) return `+${rule}`
  if (open?.result === false) {
    const gate = book.gate.find((entry) => state.fits.gate.has(entry.order) && !(pair.serviceOnly && entry.rule.exceptServiceOnly))
    return `-${gate?.rule.id ?? ''}`
  }
  return met?.result === false ? `-${rule}` : `-channel.${pair.channel}`
}
