/** From facts and rules to what each purpose may do by each channel. */
import { birthdayOf } from '../time/calendar.ts'
import { noConsent, summarise, type ConsentFact, type ConsentState, type ConsentStatus } from './consent.ts'
import { addDuration, parseDuration, validityEnd, type Duration } from '../policy/duration.ts'
import { emptyDay, type Frame } from '../judge/frame.ts'
import type { GateState } from '../policy/gates.ts'
import { createKnownOutcomes } from '../judge/known-outcomes.ts'
import { createBasisLists, createViewLists, type BasisLists } from '../judge/outcome-lists.ts'
import { codeOf, statusOf, type Choice, type PairParts } from './pair-parts.ts'
import { createPairStates } from './pair-states.ts'
import type { Choices } from '../policy/permission-table.ts'
import type { ConsentRule } from '../policy/schema.ts'
import type { PurposePair } from '../policy/purposes.ts'
import type { LocalDay } from '../time/time-zone.ts'
import type { ConsentView, Permission } from '../judge/verdict.ts'

export type ConsentInput = {
  readonly facts: readonly ConsentFact[]
  readonly suppressed: boolean
  readonly gates: GateState
  readonly choices: Choices
  /** By pair: a no of this record could not be read. */
  readonly unreadable: Uint8Array
  readonly allReadable: boolean
  /** By pair: there is an address, a number or a street to use. */
  readonly reachable: Uint8Array
  /** The same as one number. */
  readonly reach: number
}
/** Shared between records and never changed. */
export type ConsentOutcome = {
  readonly views: readonly ConsentView[]
  readonly permissions: readonly Permission[]
  readonly lawfulBases: readonly string[]
  readonly anyAllowed: boolean
}
export type ConsentJudgeOptions = {
  readonly pairs: readonly PurposePair[]
  /** By pair. */
  readonly parts: readonly PairParts[]
  readonly rules: readonly ConsentRule[]
  /** Where the birth date stands, and the age from which on a person agrees alone. */
  readonly child: { readonly slot: number; readonly age: number } | null
  readonly today: number
  readonly localDay: LocalDay
}

export type ConsentJudge = {
  /** By pair, of the record judged last: a valid consent that is older than `reviewAfter`. */
  readonly reviewDue: Uint8Array
  /** Of the record judged last, after expiry. */
  statusAt(pair: number): ConsentStatus
  judge(frame: Frame, input: ConsentInput): ConsentOutcome
}

type Ages = { readonly validFor: Duration | null; readonly reviewAfter: Duration | null }
type Tables = {
  readonly options: ConsentJudgeOptions
  readonly ages: ReadonlyMap<ConsentRule, Ages>
  readonly basisLists: BasisLists
  readonly viewsOf: ReturnType<typeof createViewLists>
}

/** Added to the code of a pair whose no could not be read. */
const unreadableBit = 32
/**
 * First what each purpose and channel adds up to, as a small number; then everything that follows from these numbers, the rules that apply, the
 * gates and the contact points. The second half is worked out once for each combination: a million records show a few thousand.
 */
export function createConsentJudge(options: ConsentJudgeOptions): ConsentJudge {
  const { pairs } = options
  const tables = tablesOf(options)
  const joinedStates = createPairStates(pairs)
  const codes = new Uint8Array(pairs.length)
  const reviewDue = new Uint8Array(pairs.length)
  const outcomeOf = createKnownOutcomes((combination, input) => conclude(combination, input, tables))
  return {
    reviewDue,
    statusAt: (pair) => statusOf((codes[pair] ?? 0) % unreadableBit),
    judge(frame, input) {
      reviewDue.fill(0)
      if (input.facts.length === 0 && !input.suppressed && input.allReadable) codes.fill(0)
      else {
        const joined = joinedStates(input.facts)
        for (let i = 0; i < pairs.length; i++)
          codes[i] = settle(pairs[i] as PurposePair, joined[i] ?? noConsent, frame, input, tables, reviewDue)
      }
      return outcomeOf(codes, input)
    },
  }
}

/** Status, grade and readability of one pair as a number. */
function settle(pair: PurposePair, joined: ConsentState, frame: Frame, input: ConsentInput, tables: Tables, reviewDue: Uint8Array): number {
  const blind = input.unreadable[pair.index] === 1 ? unreadableBit : 0
  if (joined === noConsent && !input.suppressed) return blind
  const summary = summarise(joined)
  let { status, grade } = summary
  if (status === 'granted') {
    const rule = input.choices.byPair[pair.index]?.rule
    if (rule?.need === 'consent' && isOver(pair.index, joined, rule, frame, tables, reviewDue)) status = 'expired'
  }
  if (!pair.serviceOnly && blind !== 0 && status === 'granted') {
    status = 'unknown'
    grade = null
  }
  if (!pair.serviceOnly && (status === 'granted' || status === 'expired') && isChilds(joined, frame, tables.options)) {
    status = 'unknown'
    grade = 'claimed'
  }
  // Who asks for an end may have meant this yes as well: nobody relies on it before that is decided.
  if (!pair.serviceOnly && status === 'granted' && input.gates.standing.has('asked')) {
    status = 'unknown'
    grade = 'claimed'
  }
  // The suppression list outlives the records that filled it: GDPR art. 21(3).
  if (!pair.serviceOnly && input.suppressed && status !== 'withdrawn' && status !== 'refused') {
    grade = grade === null || status === 'expired' ? 'claimed' : 'contradicted'
    status = 'withdrawn'
  }
  return blind + codeOf(status, grade)
}

/** Given before the person was old enough to agree alone: GDPR art. 8(1). Linked records may know a consent and no birth date. */
function isChilds(joined: ConsentState, frame: Frame, { child, localDay }: ConsentJudgeOptions): boolean {
  if (child === null || joined.proved === -Infinity) return false
  const birth = frame.days[child.slot] ?? emptyDay
  return birth > emptyDay && localDay(joined.proved) < birthdayOf(birth, child.age)
}

function isOver(
  index: number,
  joined: ConsentState,
  rule: ConsentRule,
  frame: Frame,
  { ages, options }: Tables,
  reviewDue: Uint8Array,
): boolean {
  const { validFor, reviewAfter } = ages.get(rule) ?? { validFor: null, reviewAfter: null }
  const given = options.localDay(joined.proved)
  if (validFor !== null) {
    const end = validityEnd(given, validFor)
    if (options.today >= end) return true
    if (end < frame.nextDay) frame.nextDay = end
  }
  if (reviewAfter !== null) {
    const review = addDuration(given, reviewAfter)
    if (options.today >= review) reviewDue[index] = 1
    else if (review < frame.nextDay) frame.nextDay = review
  }
  return false
}

function conclude(codes: Uint8Array, input: ConsentInput, { options, basisLists, viewsOf }: Tables): ConsentOutcome {
  let used = 0
  let anyAllowed = false
  const permissions = options.pairs.map((pair, index): Permission => {
    const choice = input.choices.byPair[index]
    const parts = options.parts[index]
    if (choice === undefined || parts === undefined) throw new RangeError('a purpose and channel without a rule')
    const refusal = refusalOf(pair, (codes[index] ?? 0) % unreadableBit, choice, parts, input)
    if (refusal !== null) return refusal
    const reachable = input.reachable[index] === 1
    if (reachable || choice.rule.need === 'none') used |= basisLists.bitOf(pair.basis)
    anyAllowed ||= reachable
    return reachable ? choice.allowed : choice.unreachable
  })
  return { views: viewsOf(codes), permissions, lawfulBases: basisLists.listOf(used), anyAllowed }
}

/** `null` when nothing refuses. */
function refusalOf(pair: PurposePair, code: number, { rule, refused }: Choice, parts: PairParts, input: ConsentInput): Permission | null {
  if (!pair.on) return parts.refusalBy(`purpose.${pair.purpose}`)
  const gate = pair.serviceOnly ? input.gates.service : input.gates.marketing
  if (gate !== null) return parts.refusalBy(gate)
  const blind = input.unreadable[pair.index] === 1
  switch (rule.need) {
    case 'forbidden':
      return refused
    case 'none':
      return null
    case 'information': {
      // An objection ends a legitimate interest in direct marketing: GDPR art. 21(2)-(3).
      const status = statusOf(code)
      return status === 'withdrawn' || status === 'refused' || (blind && !pair.serviceOnly) ? refused : null
    }
    case 'consent':
      return statusOf(code) === 'granted' && !blind ? null : refused
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
    basisLists: createBasisLists(options.pairs),
    viewsOf: createViewLists(options.pairs, options.parts),
  }
}
