/** What people said: consent facts, and the state that they add up to. */

/** `bound`: no word on any consent, see of-person.ts. */
export type ConsentEvent = 'given' | 'withdrawn' | 'refused' | 'expired' | 'asked' | 'bound'
/** `proved`: act, time and text version are on file. `claimed`: someone says so. `contradicted`: two sources disagree. */
export type Grade = 'proved' | 'claimed' | 'contradicted'
/** `at` in epoch milliseconds, `null` when the source does not say. `*` covers every purpose, or every channel. No personal data. */
export type ConsentFact = {
  readonly purpose: string
  readonly channel: string
  readonly event: ConsentEvent
  readonly at: number | null
  readonly source: string
  readonly grade: Grade
}
const mirrored = ' (mirror)'
/** Where an opt-out stands that Accord itself has set: it says no more than the no that it stands for. */
export const mirrorOf = (source: string): string => source + mirrored
export const isMirror = (source: string): boolean => source.endsWith(mirrored)

/** All but the time: a few dozen in all, so that the store numbers them. */
export type FactKind = Omit<ConsentFact, 'at'>

export function factKindKey(kind: FactKind): string {
  return `${kind.purpose}\n${kind.channel}\n${kind.event}\n${kind.source}\n${kind.grade}`
}

/** The same as equal keys, without writing them out. */
export function isSameKind(a: FactKind, b: FactKind): boolean {
  return a.source === b.source && a.purpose === b.purpose && a.channel === b.channel && a.event === b.event && a.grade === b.grade
}
export type ConsentStatus = 'granted' | 'withdrawn' | 'refused' | 'expired' | 'unknown'

/**
 * What a set of facts about one purpose on one channel adds up to: for each kind of fact the time of the newest one, -Infinity for none.
 * Joining is the greater of each part, hence commutative, associative and idempotent: replicas agree whatever the order of events.
 * A no without a date counts as newest (Infinity), a yes without one as oldest.
 */
export type ConsentState = {
  readonly withdrawn: number
  readonly refused: number
  /** The newest no whose proof is on file. */
  readonly provedNo: number
  readonly expired: number
  readonly proved: number
  readonly claimed: number
  /** 1 when someone claims a yes without saying since when. */
  readonly undatedClaim: 0 | 1
}

export const noConsent: ConsentState = {
  withdrawn: -Infinity,
  refused: -Infinity,
  provedNo: -Infinity,
  expired: -Infinity,
  proved: -Infinity,
  claimed: -Infinity,
  undatedClaim: 0,
}
const oldest = -Number.MAX_VALUE

export function stateOf(fact: ConsentFact): ConsentState {
  const sum: ConsentSum = { ...noConsent }
  addFact(sum, fact)
  return sum
}

/** A state that facts are added to in place: each of its numbers would else be an object of its own, made anew with every fact. */
export type ConsentSum = { -readonly [Part in keyof ConsentState]: ConsentState[Part] }

export function clearSum(sum: ConsentSum): void {
  sum.withdrawn = -Infinity
  sum.refused = -Infinity
  sum.provedNo = -Infinity
  sum.expired = -Infinity
  sum.proved = -Infinity
  sum.claimed = -Infinity
  sum.undatedClaim = 0
}

/** The same as to join what it is with what the fact says. */
export function addFact(sum: ConsentSum, { event, at, grade }: ConsentFact): void {
  switch (event) {
    case 'withdrawn':
      sum.withdrawn = Math.max(sum.withdrawn, at ?? Infinity)
      if (grade === 'proved') sum.provedNo = Math.max(sum.provedNo, at ?? Infinity)
      break
    case 'refused':
      sum.refused = Math.max(sum.refused, at ?? Infinity)
      if (grade === 'proved') sum.provedNo = Math.max(sum.provedNo, at ?? Infinity)
      break
    case 'expired':
      sum.expired = Math.max(sum.expired, at ?? Infinity)
      break
    case 'given':
      // Proof includes the time of the act: GDPR art. 7(1).
      if (grade === 'proved' && at !== null) sum.proved = Math.max(sum.proved, at)
      else sum.claimed = Math.max(sum.claimed, at ?? oldest)
      if (at === null) sum.undatedClaim = 1
      break
    case 'asked':
    case 'bound':
      break
    default:
      event satisfies never
  }
}

export function joinConsent(a: ConsentState, b: ConsentState): ConsentState {
  return {
    withdrawn: Math.max(a.withdrawn, b.withdrawn),
    refused: Math.max(a.refused, b.refused),
    provedNo: Math.max(a.provedNo, b.provedNo),
    expired: Math.max(a.expired, b.expired),
    proved: Math.max(a.proved, b.proved),
    claimed: Math.max(a.claimed, b.claimed),
    undatedClaim: a.undatedClaim === 1 || b.undatedClaim === 1 ? 1 : 0,
  }
}

/** Facts that cover this purpose on this channel, `*` included: an objection to everything covers every purpose (GDPR art. 21(2)). */
export function consentStateOf(facts: readonly ConsentFact[], purpose: string, channel: string): ConsentState {
  let state = noConsent
  for (const fact of facts) if (covers(fact, purpose, channel)) state = joinConsent(state, stateOf(fact))
  return state
}

/** A yes is for one purpose on one channel: a yes to `*` is no consent at all (GDPR art. 4(11), "specific"). */
export function covers(fact: ConsentFact, purpose: string, channel: string): boolean {
  if (fact.purpose === purpose && fact.channel === channel) return true
  if (fact.event === 'given') return false
  return (fact.purpose === '*' || fact.purpose === purpose) && (fact.channel === '*' || fact.channel === channel)
}

export type ConsentSummary = { readonly status: ConsentStatus; readonly grade: Grade | null }

/** Before any expiry of the policy: a `granted` may still have outlived the rule's `validFor`. Equal times: the no wins. */
export function summarise(state: ConsentState): ConsentSummary {
  const no = Math.max(state.withdrawn, state.refused)
  if (no !== -Infinity && !(state.proved > no))
    return { status: state.withdrawn >= state.refused ? 'withdrawn' : 'refused', grade: gradeOfNo(state, no) }
  if (state.proved !== -Infinity) return { status: state.proved > state.expired ? 'granted' : 'expired', grade: 'proved' }
  if (state.expired !== -Infinity) return { status: 'expired', grade: null }
  return { status: 'unknown', grade: state.claimed === -Infinity ? null : 'claimed' }
}

/**
 * A yes that was dated before the no is history; one that is newer, or without a date, stands against it. A proved no that no proved yes has
 * overtaken is not less proved because somebody says it again.
 */
function gradeOfNo(state: ConsentState, no: number): Grade {
  if (state.undatedClaim === 1 || state.claimed > no) return 'contradicted'
  return state.provedNo !== -Infinity && !(state.proved > state.provedNo) ? 'proved' : 'claimed'
}
