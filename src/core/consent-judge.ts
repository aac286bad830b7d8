/** From facts and rules to what each purpose may do by each channel. */
import { noConsent, summarise, type ConsentFact, type ConsentState } from './consent.ts'
import { addDuration, parseDuration, validityEnd, type Duration } from './duration.ts'
import type { Frame } from './frame.ts'
import type { GateState } from './gates.ts'
import { createPairStates } from './pair-states.ts'
import type { Choice } from './permission-table.ts'
import type { ConsentRule } from './policy-schema.ts'
import type { PurposePair } from './purposes.ts'
import { shareRows, type RowShare } from './share-rows.ts'
import type { LocalDay } from './time-zone.ts'
import type { ConsentView, Permission } from './verdict.ts'

export type PairState = {
  /** The view after expiry under the rule that applies; one of a few shared objects. */
  view: ConsentView
  reviewDue: boolean
  /** Whether the rules allow it, contact point or not. */
  lawful: boolean
}
export type ConsentInput = {
  readonly facts: readonly ConsentFact[]
  readonly suppressed: boolean
  readonly gates: GateState
  readonly choices: readonly Choice[]
  /** By pair: a no of this record could not be read. */
  readonly unreadable: Uint8Array
  readonly allReadable: boolean
  /** By pair: there is an address, a number or a street to use. */
  readonly reachable: Uint8Array
  /** The same as one number. */
  readonly reach: number
}
export type ConsentOutcome = {
  readonly states: readonly PairState[]
  readonly views: readonly ConsentView[]
  readonly permissions: readonly Permission[]
  readonly lawfulBases: readonly string[]
  readonly anyAllowed: boolean
}
export type ConsentJudgeOptions = {
  readonly pairs: readonly PurposePair[]
  readonly rules: readonly ConsentRule[]
  readonly today: number
  readonly localDay: LocalDay
}

type Coded<T> = { readonly item: T; readonly code: number }
type Ages = { readonly validFor: Duration | null; readonly reviewAfter: Duration | null }
type Tables = {
  readonly options: ConsentJudgeOptions
  readonly ages: ReadonlyMap<ConsentRule, Ages>
  readonly views: readonly ((status: ConsentView['status'], grade: ConsentView['grade']) => Coded<ConsentView>)[]
  readonly permissions: readonly ((allowed: boolean, rule: string) => Coded<Permission>)[]
  readonly bases: readonly string[]
  readonly unreachable: readonly string[]
}

/**
 * What is returned is shared and never changed, except for `states`, which the next call may fill anew. Where nobody has said anything, which
 * is most records, the outcome depends on a few numbers only and is looked up.
 */
export function createConsentJudge(options: ConsentJudgeOptions): (frame: Frame, input: ConsentInput) => ConsentOutcome {
  const tables = tablesOf(options)
  const scratch = newStates(options.pairs, tables)
  const work = createWork(options.pairs, tables)
  const silent = new Map<readonly Choice[], Map<number, ConsentOutcome>>()
  return (frame, input) => {
    if (input.facts.length > 0 || input.suppressed || !input.allReadable) return work(frame, input, scratch)
    let outcomes = silent.get(input.choices)
    if (outcomes === undefined) {
      if (silent.size > maxSilent) silent.clear()
      silent.set(input.choices, (outcomes = new Map()))
    }
    const key = input.reach * maxGateCode + input.gates.code
    let outcome = outcomes.get(key)
    if (outcome === undefined) outcomes.set(key, (outcome = work(frame, input, newStates(options.pairs, tables))))
    return outcome
  }
}

const maxSilent = 20_000
/** More than the square of any number of gates that a policy has. */
const maxGateCode = 100_000

function newStates(pairs: readonly PurposePair[], tables: Tables): readonly PairState[] {
  return pairs.map((_, index) => ({ view: viewAt(tables, index, 'unknown', null).item, reviewDue: false, lawful: false }))
}

function createWork(
  pairs: readonly PurposePair[],
  tables: Tables,
): (frame: Frame, input: ConsentInput, states: readonly PairState[]) => ConsentOutcome {
  const joinedStates = createPairStates(pairs)
  const permissionRows = shareRows<Permission>()
  const viewRows = shareRows<ConsentView>()
  const basisRows = new Map<number, readonly string[]>()
  return (frame, input, states) => {
    const joined = joinedStates(input.facts)
    let anyAllowed = false
    let bases = 0
    let shown = 0
    for (let i = 0; i < pairs.length; i++) {
      const pair = pairs[i]
      const state = states[i]
      const choice = input.choices[i]
      if (pair === undefined || state === undefined || choice === undefined) continue
      const view = settle(state, pair, choice.rule, joined[i] ?? noConsent, frame, input, tables)
      if (!pair.serviceOnly) viewRows.set(shown++, view.item, view.code)
      const refusedBy = refusal(pair, state, choice.rule, input)
      const now = refusedBy === null && input.reachable[i] === 1
      state.lawful = refusedBy === null
      if (now || (state.lawful && choice.rule.need === 'none')) bases |= 1 << tables.bases.indexOf(pair.basis)
      anyAllowed ||= now
      setPermission(permissionRows, tables, i, now, refusedBy ?? (now ? choice.rule.id : (tables.unreachable[i] ?? '')))
    }
    return {
      states,
      views: viewRows.take(shown),
      permissions: permissionRows.take(pairs.length),
      lawfulBases: basesOf(basisRows, tables, bases),
      anyAllowed,
    }
  }
}

function settle(
  state: PairState,
  pair: PurposePair,
  rule: ConsentRule,
  joined: ConsentState,
  frame: Frame,
  input: ConsentInput,
  tables: Tables,
): Coded<ConsentView> {
  let status: ConsentView['status'] = 'unknown'
  let grade: ConsentView['grade'] = null
  state.reviewDue = false
  if (joined !== noConsent) {
    const summary = summarise(joined)
    status = summary.status
    grade = summary.grade
    if (status === 'granted' && rule.need === 'consent' && isOver(state, joined, rule, frame, tables)) status = 'expired'
  }
  if (!pair.serviceOnly && input.unreadable[pair.index] === 1 && status === 'granted') {
    status = 'unknown'
    grade = null
  }
  // The suppression list outlives the records that filled it: GDPR art. 21(3).
  if (!pair.serviceOnly && input.suppressed && status !== 'withdrawn' && status !== 'refused') {
    grade = grade === null || status === 'expired' ? 'claimed' : 'contradicted'
    status = 'withdrawn'
  }
  const view = viewAt(tables, pair.index, status, grade)
  state.view = view.item
  return view
}

function isOver(state: PairState, joined: ConsentState, rule: ConsentRule, frame: Frame, { ages, options }: Tables): boolean {
  const { validFor, reviewAfter } = ages.get(rule) ?? { validFor: null, reviewAfter: null }
  const given = options.localDay(joined.proved)
  if (validFor !== null) {
    const end = validityEnd(given, validFor)
    if (options.today >= end) return true
    if (end < frame.nextDay) frame.nextDay = end
  }
  if (reviewAfter !== null) {
    const review = addDuration(given, reviewAfter)
    if (options.today >= review) state.reviewDue = true
    else if (review < frame.nextDay) frame.nextDay = review
  }
  return false
}

/** Id of what refuses; `null` when nothing does. */
function refusal(pair: PurposePair, state: PairState, rule: ConsentRule, input: ConsentInput): string | null {
  if (!pair.on) return `purpose.${pair.purpose}`
  const gate = pair.serviceOnly ? input.gates.service : input.gates.marketing
  if (gate !== null) return gate
  const { status } = state.view
  switch (rule.need) {
    case 'forbidden':
      return rule.id
    case 'none':
      return null
    case 'information':
      // An objection ends a legitimate interest in direct marketing: GDPR art. 21(2)-(3).
      return status === 'withdrawn' || status === 'refused' || (input.unreadable[pair.index] === 1 && !pair.serviceOnly) ? rule.id : null
    case 'consent':
      return status === 'granted' && input.unreadable[pair.index] === 0 ? null : rule.id
    default:
      return rule.need satisfies never
  }
}

function tablesOf(options: ConsentJudgeOptions): Tables {
  const ages = options.rules.map((rule): [ConsentRule, Ages] => [
    rule,
    {
      validFor: rule.validFor === undefined ? null : parseDuration(rule.validFor),
      reviewAfter: rule.reviewAfter === undefined ? null : parseDuration(rule.reviewAfter),
    },
  ])
  return {
    options,
    ages: new Map(ages),
    views: options.pairs.map(({ purpose, channel }) => coded((status, grade) => ({ purpose, channel, status, grade }))),
    permissions: options.pairs.map(({ purpose, channel }) => coded((allowed, rule) => ({ purpose, channel, allowed, rule }))),
    bases: [...new Set(options.pairs.map((pair) => pair.basis))].toSorted(),
    unreachable: options.pairs.map((pair) => `channel.${pair.channel}`),
  }
}

/** One object for each two values asked for, numbered in the order they come up. */
function coded<A, B, T>(make: (a: A, b: B) => T): (a: A, b: B) => Coded<T> {
  const known = new Map<A, Map<B, Coded<T>>>()
  let next = 0
  return (a, b) => {
    let second = known.get(a)
    if (second === undefined) known.set(a, (second = new Map()))
    let found = second.get(b)
    if (found === undefined) second.set(b, (found = { item: Object.freeze(make(a, b)), code: next++ }))
    return found
  }
}

function viewAt(tables: Tables, index: number, status: ConsentView['status'], grade: ConsentView['grade']): Coded<ConsentView> {
  const find = tables.views[index]
  if (find === undefined) throw new RangeError('a purpose and channel outside the policy')
  return find(status, grade)
}

function setPermission(rows: RowShare<Permission>, tables: Tables, index: number, allowed: boolean, rule: string): void {
  const found = tables.permissions[index]?.(allowed, rule)
  if (found !== undefined) rows.set(index, found.item, found.code)
}

function basesOf(rows: Map<number, readonly string[]>, tables: Tables, bits: number): readonly string[] {
  let row = rows.get(bits)
  if (row === undefined) rows.set(bits, (row = Object.freeze(tables.bases.filter((_, index) => (bits & (1 << index)) !== 0))))
  return row
}
