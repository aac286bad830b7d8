/** What is remembered when a CRM forgets: refusals and withdrawals stay until newer proof, and what binds the person until somebody lifts it. */
import { factKindKey, isSameKind, type ConsentFact, type FactKind } from '../../core/consent/consent.ts'
import { isLasting, isPassing } from '../../core/consent/of-person.ts'

export function isNegative(fact: FactKind): boolean {
  return fact.event === 'withdrawn' || fact.event === 'refused'
}

/** What a record said that still counts when nobody reads it any more. */
export function outlivesRecord(kind: FactKind): boolean {
  return isNegative(kind) || isLasting(kind)
}

/** What of these facts holds for everybody who reads the mailbox. */
export function refusalsByEmail(facts: readonly ConsentFact[]): ConsentFact[] {
  return facts
    .filter((fact) => isNegative(fact) && (fact.channel === 'email' || fact.channel === '*'))
    .map((fact) => ({ ...fact, channel: 'email' }))
}

/** Whether two lists of refusals say the same: every no, as late. */
export function sameRefusals(a: readonly ConsentFact[], b: readonly ConsentFact[]): boolean {
  return a.every((fact) => isCovered(fact, b)) && b.every((fact) => isCovered(fact, a))
}

/** Source of a refusal that no field shows any longer, or that another record of the subject showed, and of a bond that a record was left: its field no longer matters. */
const REMEMBERED = 'remembered'

/**
 * The facts of one record from now on: what the CRM says today, plus every refusal and withdrawal that it once said.
 * A negative without a date gets the date at which it was first seen, so that both CRMs count with the same one. A box that was un-ticked and
 * is ticked again is a new refusal: it must not hide behind a yes that was given in between.
 * A yes that was there before its own date stays contradicted once the date has come: whoever can write the future could lift any no.
 * @param seenAt epoch milliseconds of the record's last change
 */
export function carryFacts(live: readonly ConsentFact[], stored: readonly ConsentFact[], seenAt: number): ConsentFact[] {
  if (live.length === 0 && stored.length === 0) return []
  const facts: ConsentFact[] = []
  for (const fact of live) {
    const at = fact.at ?? (isNegative(fact) ? (firstSeen(stored, fact) ?? seenAt) : null)
    const contradicted: ConsentFact | null = fact.event === 'given' && at !== null ? { ...fact, at, grade: 'contradicted' } : null
    if (contradicted !== null && stored.length > 0 && firstSeen(stored, contradicted) === at) keepLatest(facts, contradicted)
    else keepLatest(facts, { ...fact, at })
  }
  return withMemory(facts, stored)
}

function firstSeen(stored: readonly ConsentFact[], kind: FactKind): number | null | undefined {
  return stored.findLast((fact) => isSameKind(fact, kind))?.at
}

/** Merges earlier and present facts: the latest of each kind. */
export function addFacts(before: readonly ConsentFact[], said: readonly ConsentFact[]): ConsentFact[] {
  const facts: ConsentFact[] = []
  for (const fact of [...before, ...said]) keepLatest(facts, fact)
  return facts
}

/**
 * The same facts, and what the record will say once our own writing is read back: the time of an opt-out that we set is the time of the no that it
 * stands for, or each echo would be a newer one (see `carryFacts`, which finds it as first seen).
 */
export function withEchoes(facts: readonly ConsentFact[], echoes: readonly ConsentFact[]): readonly ConsentFact[] {
  if (echoes.length === 0) return facts
  const keys = new Set(echoes.map(factKindKey))
  return [...facts.filter((fact) => !keys.has(factKindKey(fact))), ...echoes]
}

/**
 * What a record that is gone leaves to another one: its refusals, and what binds the person (GDPR art. 18(3): a restriction is lifted by somebody, not by a
 * merge). A record that was left a bond keeps it until it says so itself: a box that is ticked there and un-ticked again is un-ticked.
 */
export function legacyOf(facts: readonly ConsentFact[]): ConsentFact[] {
  return facts.flatMap((fact) => (isNegative(fact) ? [fact] : isLasting(fact) ? [{ ...fact, source: REMEMBERED }] : []))
}

/** A bond that a record was left. */
function isLeft(fact: FactKind): boolean {
  return fact.source === REMEMBERED && isLasting(fact)
}

/** Who has come of age is no child any more, and nobody needs to know since when. `now`: epoch milliseconds. */
export function withoutPast(facts: readonly ConsentFact[], now: number): readonly ConsentFact[] {
  return facts.some(isLeft) ? facts.filter((fact) => !(isLeft(fact) && isPassing(fact) && fact.at !== null && fact.at <= now)) : facts
}

/** Adds the refusals of linked records, and what merged ones left; they stay when the link is gone. */
export function adopt(own: readonly ConsentFact[], others: readonly ConsentFact[]): readonly ConsentFact[] {
  if (!others.some((fact) => isNegative(fact) || isLeft(fact))) return own
  const live = own.filter((fact) => fact.source !== REMEMBERED)
  return withMemory(live, [...own.filter((fact) => fact.source === REMEMBERED), ...others])
}

/** Whether one of these facts says the same no, as late or later. */
export function isCovered(fact: ConsentFact, by: readonly ConsentFact[]): boolean {
  return by.some((one) => saysTheSame(one, fact) && timeOf(one) >= timeOf(fact))
}

/**
 * Whether what these facts add up to is another with this one: a no or a bond adds nothing where it is said as late or later, a yes where the very same one is.
 * Two CRMs that copy each other say most of it twice.
 */
export function isNews(fact: ConsentFact, beside: readonly ConsentFact[]): boolean {
  if (fact.event === 'asked') return false
  if (isNegative(fact) || fact.event === 'bound') return !isCovered(fact, beside)
  return !beside.some((one) => saysTheSame(one, fact) && one.at === fact.at)
}

/** One remembered refusal or bond per purpose, channel and grade, the latest, unless the record still says so itself. */
function withMemory(live: readonly ConsentFact[], before: readonly ConsentFact[]): ConsentFact[] {
  const memory: ConsentFact[] = []
  for (const fact of before)
    if ((isNegative(fact) || isLeft(fact)) && !isCovered(fact, live)) keepLatest(memory, { ...fact, source: REMEMBERED })
  return [...live, ...memory]
}

/** Whatever their sources. */
function saysTheSame(a: FactKind, b: FactKind): boolean {
  return a.purpose === b.purpose && a.channel === b.channel && a.event === b.event && a.grade === b.grade
}

/** One of each kind, in the order in which they came first. They are few: to compare them takes a tenth of writing out a key for each. */
function keepLatest(facts: ConsentFact[], fact: ConsentFact): void {
  const at = facts.findIndex((known) => isSameKind(known, fact))
  const known = facts[at]
  if (known === undefined) facts.push(fact)
  else if (timeOf(fact) > timeOf(known)) facts[at] = fact
}

/** As in core/consent/consent.ts: a no without a date counts as newest, a yes without one as oldest. */
function timeOf(fact: ConsentFact): number {
  return fact.at ?? (isNegative(fact) ? Infinity : -Infinity)
}
