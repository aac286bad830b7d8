/** What is remembered of consent when a CRM forgets: refusals and withdrawals stay until newer proof. */
import type { ConsentFact } from '../core/consent.ts'
import { factKindKey } from '../store/dictionary.ts'

export function isNegative(fact: ConsentFact): boolean {
  return fact.event === 'withdrawn' || fact.event === 'refused'
}

/** What of these facts holds for everybody who reads the mailbox. */
export function refusalsByEmail(facts: readonly ConsentFact[]): ConsentFact[] {
  return facts
    .filter((fact) => isNegative(fact) && (fact.channel === 'email' || fact.channel === '*'))
    .map((fact) => ({ ...fact, channel: 'email' }))
}

/**
 * The facts of one record from now on: what the CRM says today, plus every refusal and withdrawal that it once said.
 * A negative without a date gets the date at which it was first seen, so that both CRMs count with the same one.
 */
export function carryFacts(live: readonly ConsentFact[], stored: readonly ConsentFact[], seenAt: number): ConsentFact[] {
  const facts = new Map<string, ConsentFact>()
  const firstSeen = new Map(stored.map((fact) => [factKindKey(fact), fact.at]))
  for (const fact of live) {
    const key = factKindKey(fact)
    const at = fact.at ?? (isNegative(fact) ? (firstSeen.get(key) ?? seenAt) : null)
    keepLatest(facts, key, { ...fact, at })
  }
  for (const fact of stored) if (isNegative(fact)) keepLatest(facts, factKindKey(fact), fact)
  return [...facts.values()]
}

function keepLatest(facts: Map<string, ConsentFact>, key: string, fact: ConsentFact): void {
  const known = facts.get(key)
  if (!known || (fact.at ?? 0) > (known.at ?? 0)) facts.set(key, fact)
}
