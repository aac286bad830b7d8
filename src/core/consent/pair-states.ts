/** Consent facts added up for every purpose and channel at once: each fact is laid on the pairs that it covers. */
import { addFact, clearSum, covers, noConsent, type ConsentFact, type ConsentState, type ConsentSum } from './consent.ts'
import type { PurposePair } from '../policy/purposes.ts'

/**
 * The returned array is filled anew by the next call, and so are the states in it: a state holds six numbers, each of which would be an object. It is
 * `noConsent` where nothing was said. An objection to everything leaves service purposes alone.
 */
export function createPairStates(pairs: readonly PurposePair[]): (facts: readonly ConsentFact[]) => readonly ConsentState[] {
  const states: ConsentState[] = pairs.map(() => noConsent)
  const sums: readonly ConsentSum[] = pairs.map(() => ({ ...noConsent }))
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
      for (const index of coveredBy(fact)) {
        const sum = sums[index] as ConsentSum
        if (states[index] === noConsent) {
          clearSum(sum)
          states[index] = sum
        }
        addFact(sum, fact)
      }
    }
    return states
  }
}
