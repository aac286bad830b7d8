import { describe, expect, it } from 'vitest'
import type { ConsentFact } from '../../src/core/consent/consent.ts'
import { keepFacts, packFacts, unpackFacts, unpackLastAct } from '../../src/store/facts.ts'

const kind = { purpose: 'newsletter', channel: 'email', event: 'withdrawn', source: 'hubspot:contacts.box', grade: 'claimed' } as const
const kinds = new Map([
  [1, kind],
  [65_535, { ...kind, channel: 'sms' }],
])
const idOf = (fact: ConsentFact): number => (fact.channel === 'sms' ? 65_535 : 1)
const facts: ConsentFact[] = [
  { ...kind, at: null },
  { ...kind, channel: 'sms', at: Date.parse('2026-06-01T10:00:00Z') },
]

describe('what is remembered of a record', () => {
  it('comes back as it was stored, whatever the order, at eight bytes each and three for the last act', () => {
    const bytes = packFacts(facts.toReversed(), idOf, 20_600)!
    expect([bytes.length, unpackFacts(bytes, kinds), unpackLastAct(bytes)]).toEqual([19, facts, 20_600])
    expect(packFacts(facts, idOf, 20_600)).toEqual(bytes)
  })
  it('tells no act, the first of all days and an act that could not be read apart', () => {
    for (const act of [null, 0, 20_600, 'unknown'] as const) {
      expect(unpackLastAct(packFacts([], idOf, act))).toBe(act)
      expect(unpackLastAct(packFacts(facts, idOf, act))).toBe(act)
    }
    expect(packFacts([], idOf)).toBeNull()
    expect(packFacts([], idOf, -5)).toBeNull()
  })
  it('keeps of the facts those of some kinds, and no act', () => {
    const bytes = packFacts(facts, idOf, 20_600)
    expect(keepFacts(bytes, new Set([65_535]))).toEqual(packFacts(facts.slice(1), idOf))
    expect(keepFacts(bytes, new Set([2]))).toBeNull()
  })
  it('refuses a kind that nobody knows, rather than forget a refusal', () => {
    expect(() =>
      unpackFacts(
        packFacts(facts, () => 7),
        kinds,
      ),
    ).toThrow('unknown kind 7')
  })
})
