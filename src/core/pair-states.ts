/** Consent facts added up for every purpose and channel at once: each fact is laid on the pairs that it covers. */
import { covers, joinConsent, noConsent, stateOf, type ConsentFact, type ConsentState } from './consent.ts'
import type { PurposePair } from './purposes.ts'

/** The returned array is filled anew by the next call. An objection to everything leaves service purposes alone. */
export function createPairStates(pairs: readonly PurposePair[]): (facts: readonly ConsentFact[]) => readonly ConsentState[] {
  const states: ConsentState[] = pairs.map(() => noConsent)
  const [ofYes, ofOthers] = [new Map<string, Map<string, readonly number[]>>(), new Map<string, Map<string, readonly number[]>>()]
  const coveredBy = (fact: ConsentFact): readonly number[] => {
    const byPurpose = fact.event === 'given' ? ofYes : ofOthers
    let channels = byPurpose.get(fact.purpose)
    if (channels === undefined) byPurpose.set(fact.purpose, (channels = new Map()))
    let covered = channels.get(fact.channel)
    if (covered === undefined) {
      covered = pairs
        .filter((pair) => covers(fact, pair.purpose, pair.channel) && !(pair.serviceOnly && fact.purpose === '*'))
        .map((pair) => pair.index)
      channels.set(fact.channel, covered)
    }
    return covered
  }
  return (facts) => {
    states.fill(noConsent)
    for (let i = 0; i < facts.length; i++) {
      const fact = facts[i]
      if (fact === undefined) continue
      const covered = coveredBy(fact)
      if (covered.length === 0) continue
      const state = stateOf(fact)
      for (const index of covered) {
        const before = states[index] ?? noConsent
        states[index] = before === noConsent ? state : joinConsent(before, state)
      }
    }
    return states
  }
}
