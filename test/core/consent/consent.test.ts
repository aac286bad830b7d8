import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addFact,
  clearSum,
  consentStateOf,
  joinConsent,
  noConsent,
  stateOf,
  summarise,
  type ConsentFact,
  type ConsentState,
} from '../../../src/core/consent/consent.ts'

const seed = 20261121
const fact: fc.Arbitrary<ConsentFact> = fc.record({
  purpose: fc.constantFrom('newsletter', 'offers', '*'),
  channel: fc.constantFrom('email', 'call', '*'),
  event: fc.constantFrom('given', 'withdrawn', 'refused', 'expired', 'asked'),
  at: fc.option(fc.integer({ min: 0, max: 20 }), { nil: null }),
  source: fc.constantFrom('a', 'b'),
  grade: fc.constantFrom('proved', 'claimed', 'contradicted'),
})
const facts = fc.array(fact, { maxLength: 8 })
const state: fc.Arbitrary<ConsentState> = facts.map((list) => list.reduce((joined, one) => joinConsent(joined, stateOf(one)), noConsent))
function check<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { seed, numRuns: 2000 })
}
const given = (at: number | null, grade: ConsentFact['grade'] = 'proved'): ConsentFact => ({
  purpose: 'newsletter',
  channel: 'email',
  event: 'given',
  at,
  source: 'a',
  grade,
})
const said = (event: ConsentFact['event'], at: number | null): ConsentFact => ({
  purpose: 'newsletter',
  channel: 'email',
  event,
  at,
  source: 'b',
  grade: 'claimed',
})
const sum = (...list: ConsentFact[]): string => {
  const { status, grade } = summarise(consentStateOf(list, 'newsletter', 'email'))
  return `${status} ${grade}`
}

describe('joining what people said', () => {
  it('does not depend on the order, on grouping, or on hearing it twice', () => {
    check(
      fc.property(state, state, state, (a, b, c) => {
        expect(joinConsent(a, b)).toEqual(joinConsent(b, a))
        expect(joinConsent(joinConsent(a, b), c)).toEqual(joinConsent(a, joinConsent(b, c)))
        expect(joinConsent(a, a)).toEqual(a)
        expect(joinConsent(a, noConsent)).toEqual(a)
      }),
    )
  })
  it('comes to the same in place, whatever was added up there before', () => {
    const kept = { ...noConsent }
    check(
      fc.property(facts, (list) => {
        clearSum(kept)
        for (const one of list) addFact(kept, one)
        expect(kept).toEqual(list.reduce((joined, one) => joinConsent(joined, stateOf(one)), noConsent))
      }),
    )
  })
  it('ends the same whatever the order in which facts arrive', () => {
    check(
      fc.property(
        facts.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(consentStateOf(shuffled, 'newsletter', 'email')).toEqual(consentStateOf(list, 'newsletter', 'email'))
        },
      ),
    )
  })
  it('never turns a no into a yes without a proved yes that is newer', () => {
    check(
      fc.property(facts, facts, (before, later) => {
        const was = summarise(consentStateOf(before, 'newsletter', 'email'))
        const is = summarise(consentStateOf([...before, ...later], 'newsletter', 'email'))
        if ((was.status !== 'withdrawn' && was.status !== 'refused') || is.status !== 'granted') return
        const no = Math.max(...before.filter((one) => isNo(one)).map((one) => one.at ?? Infinity))
        expect(
          later.some(
            (one) =>
              one.event === 'given' &&
              one.grade === 'proved' &&
              one.at !== null &&
              one.at > no &&
              one.purpose === 'newsletter' &&
              one.channel === 'email',
          ),
        ).toBe(true)
      }),
    )
  })
})

function isNo(one: ConsentFact): boolean {
  return (
    (one.event === 'withdrawn' || one.event === 'refused') &&
    ['newsletter', '*'].includes(one.purpose) &&
    ['email', '*'].includes(one.channel)
  )
}

describe('what facts add up to', () => {
  it('grants on proof only', () => {
    expect([sum(given(5)), sum(given(5, 'claimed')), sum(given(null)), sum()]).toEqual([
      'granted proved',
      'unknown claimed',
      'unknown claimed',
      'unknown null',
    ])
  })
  it('lets the no win on equal times, and a newer proved yes win over an older no', () => {
    expect([
      sum(given(5), said('withdrawn', 5)),
      sum(given(6), said('withdrawn', 5)),
      sum(given(6, 'claimed'), said('withdrawn', 5)),
    ]).toEqual(['withdrawn claimed', 'granted proved', 'withdrawn contradicted'])
  })
  it('takes a no without a date for the newest', () => {
    expect([sum(given(5), said('withdrawn', null)), sum(given(5), said('refused', null))]).toEqual(['withdrawn claimed', 'refused claimed'])
  })
  it('tells a contradiction from a history', () => {
    expect([sum(given(3, 'claimed'), said('withdrawn', 5)), sum(given(null, 'claimed'), said('withdrawn', 5))]).toEqual([
      'withdrawn claimed',
      'withdrawn contradicted',
    ])
  })
  it('ends a yes that the source says has expired', () => {
    expect([sum(given(5), said('expired', 6)), sum(given(7), said('expired', 6))]).toEqual(['expired proved', 'granted proved'])
  })
  it('hears an objection to everything for each purpose, and a yes to everything for none', () => {
    expect(sum(given(5), { ...said('withdrawn', 6), purpose: '*', channel: '*' })).toBe('withdrawn claimed')
    expect(sum({ ...given(5), purpose: '*' })).toBe('unknown null')
    expect(sum(given(5), { ...said('withdrawn', 6), purpose: '*', channel: 'call' })).toBe('granted proved')
  })
})
