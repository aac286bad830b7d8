/** From facts and rules to what each purpose may do by each channel, and to what the CRM shows that it should not. */
import { isoOf } from './calendar.ts'
import { consentStateOf, summarise, type ConsentFact, type ConsentState, type ConsentSummary } from './consent.ts'
import { parseDuration, addDuration, validityEnd } from './duration.ts'
import type { Frame } from './frame.ts'
import type { GateState } from './gates.ts'
import type { Choice } from './permission-table.ts'
import type { ConsentRule } from './policy-schema.ts'
import type { PurposePair } from './purposes.ts'
import type { LocalDay } from './time-zone.ts'
import type { ConsentView, Permission } from './verdict.ts'

export type PairState = {
  /** The status after expiry under the rule that applies. */
  status: ConsentView['status']
  grade: ConsentView['grade']
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
  /** By pair: there is an address, a number or a street to use. */
  readonly reachable: Uint8Array
}
export type ConsentOutcome = {
  readonly states: readonly PairState[]
  readonly views: readonly ConsentView[]
  readonly permissions: readonly Permission[]
  readonly lawfulBases: readonly string[]
  readonly anyAllowed: boolean
}

const nobody: ConsentSummary = { status: 'unknown', grade: null }

export type ConsentJudgeOptions = { readonly pairs: readonly PurposePair[]; readonly today: number; readonly localDay: LocalDay }

/** The returned outcome's `states` are reused from record to record; the rest is shared and never changed. */
export function createConsentJudge(options: ConsentJudgeOptions): (frame: Frame, input: ConsentInput) => ConsentOutcome {
  const { pairs } = options
  const states = pairs.map((): PairState => ({ status: 'unknown', grade: null, reviewDue: false, lawful: false }))
  const permissions = shareRows<Permission>()
  const views = shareRows<ConsentView>()
  const bases = shareRows<string>()
  return (frame, input) => {
    const allowed: Permission[] = []
    const shown: ConsentView[] = []
    const used: string[] = []
    let anyAllowed = false
    for (let i = 0; i < pairs.length; i++) {
      const pair = pairs[i]
      const state = states[i]
      const choice = input.choices[i]
      if (pair === undefined || state === undefined || choice === undefined) continue
      settle(state, pair, choice.rule, frame, input, options)
      const refusedBy = refusal(pair, state, choice.rule, input)
      const usable = refusedBy === null && (input.reachable[i] === 1 || choice.rule.need === 'none')
      const now = refusedBy === null && input.reachable[i] === 1
      if (usable && !used.includes(pair.basis)) used.push(pair.basis)
      anyAllowed ||= now
      state.lawful = refusedBy === null
      allowed.push(permissionOf(pair, now, refusedBy ?? (now ? choice.rule.id : `channel.${pair.channel}`)))
      if (!pair.serviceOnly) shown.push(viewOf(pair, state))
    }
    return {
      states,
      views: views(shown, keyOfView),
      permissions: permissions(allowed, keyOfPermission),
      lawfulBases: bases(used.sort(), String),
      anyAllowed,
    }
  }
}

function settle(
  state: PairState,
  pair: PurposePair,
  rule: ConsentRule,
  frame: Frame,
  input: ConsentInput,
  options: ConsentJudgeOptions,
): void {
  state.reviewDue = false
  state.status = nobody.status
  state.grade = nobody.grade
  if (input.facts.length > 0) {
    const facts = pair.serviceOnly ? input.facts.filter((fact) => fact.purpose === pair.purpose) : input.facts
    const joined = consentStateOf(facts, pair.purpose, pair.channel)
    const { status, grade } = summarise(joined)
    state.status = status
    state.grade = grade
    if (status === 'granted') age(state, joined, rule, frame, options)
  }
  if (pair.serviceOnly) return
  if (input.unreadable[pair.index] === 1 && state.status === 'granted') {
    state.status = 'unknown'
    state.grade = null
  }
  // The suppression list outlives the records that filled it: GDPR art. 21(3).
  if (input.suppressed && state.status !== 'withdrawn' && state.status !== 'refused') {
    state.grade = state.status === 'unknown' && state.grade === null ? 'claimed' : 'contradicted'
    state.status = 'withdrawn'
  }
}

function age(state: PairState, joined: ConsentState, rule: ConsentRule, frame: Frame, { today, localDay }: ConsentJudgeOptions): void {
  if (rule.need !== 'consent') return
  const given = localDay(joined.proved)
  const validFor = rule.validFor === undefined ? null : parseDuration(rule.validFor)
  if (validFor !== null) {
    const end = validityEnd(given, validFor)
    if (today >= end) state.status = 'expired'
    else if (end < frame.nextDay) frame.nextDay = end
  }
  const reviewAfter = rule.reviewAfter === undefined ? null : parseDuration(rule.reviewAfter)
  if (reviewAfter !== null && state.status === 'granted') {
    const review = addDuration(given, reviewAfter)
    if (today >= review) state.reviewDue = true
    else if (review < frame.nextDay) frame.nextDay = review
  }
}

/** Id of what refuses; `null` when nothing does. */
function refusal(pair: PurposePair, state: PairState, rule: ConsentRule, input: ConsentInput): string | null {
  if (!pair.on) return `purpose.${pair.purpose}`
  const gate = pair.serviceOnly ? input.gates.service : input.gates.marketing
  if (gate !== null) return gate
  switch (rule.need) {
    case 'forbidden':
      return rule.id
    case 'none':
      return null
    case 'information':
      // An objection ends a legitimate interest in direct marketing: GDPR art. 21(2)-(3).
      return state.status === 'withdrawn' || state.status === 'refused' || (input.unreadable[pair.index] === 1 && !pair.serviceOnly)
        ? rule.id
        : null
    case 'consent':
      return state.status === 'granted' && input.unreadable[pair.index] === 0 ? null : rule.id
    default:
      return rule.need satisfies never
  }
}

const permissionsMade = new WeakMap<PurposePair, Map<string, Permission>>()

function permissionOf(pair: PurposePair, allowed: boolean, rule: string): Permission {
  let known = permissionsMade.get(pair)
  if (known === undefined) permissionsMade.set(pair, (known = new Map()))
  const key = allowed ? rule : `-${rule}`
  let permission = known.get(key)
  if (permission === undefined) known.set(key, (permission = { purpose: pair.purpose, channel: pair.channel, allowed, rule }))
  return permission
}

function viewOf(pair: PurposePair, state: PairState): ConsentView {
  return { purpose: pair.purpose, channel: pair.channel, status: state.status, grade: state.grade }
}

function keyOfPermission(permission: Permission): string {
  return permission.allowed ? permission.rule : `-${permission.rule}`
}

function keyOfView(view: ConsentView): string {
  return `${view.status}${view.grade ?? ''}`
}

const maxRows = 5_000

/** Equal rows become one array, so that a million verdicts share a few hundred. */
function shareRows<T>(): (row: readonly T[], keyOf: (item: T) => string) => readonly T[] {
  const known = new Map<string, readonly T[]>()
  return (row, keyOf) => {
    let key = ''
    for (let i = 0; i < row.length; i++) key += `${keyOf(row[i] as T)}|`
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size < maxRows) known.set(key, row)
    return row
  }
}

/** For tests and explanations: the last day on which a consent given on `givenOn` still holds under this rule, `null` for no end. */
export function consentEndsOn(givenOn: number, rule: Pick<ConsentRule, 'validFor'>): string | null {
  const validFor = rule.validFor === undefined ? null : parseDuration(rule.validFor)
  return validFor === null ? null : isoOf(validityEnd(givenOn, validFor))
}
