import { describe, expect, it } from 'vitest'
import type { ConsentFact } from '../../../src/core/consent/consent.ts'
import { adopt, carryFacts, isNews } from '../../../src/tasks/judge/facts.ts'

const box = (event: ConsentFact['event'], at: number | null, more: Partial<ConsentFact> = {}): ConsentFact => ({
  purpose: 'newsletter',
  channel: 'email',
  event,
  at,
  source: 'hubspot:contacts.box',
  grade: 'claimed',
  ...more,
})
const remembered = (event: ConsentFact['event'], at: number): ConsentFact => box(event, at, { source: 'remembered' })

describe('the facts of a record', () => {
  it('date a refusal that has no date from the day it was first seen, for as long as it stands', () => {
    const first = carryFacts([box('withdrawn', null)], [], 100)
    expect(first).toEqual([box('withdrawn', 100)])
    expect(carryFacts([box('withdrawn', null)], first, 300)).toEqual([box('withdrawn', 100)])
  })

  it('keep a refusal that is un-ticked, and date it anew when it is ticked again', () => {
    const unticked = carryFacts([], [box('withdrawn', 100)], 200)
    expect(unticked).toEqual([remembered('withdrawn', 100)])
    expect(carryFacts([box('withdrawn', null)], unticked, 300)).toEqual([box('withdrawn', 300)])
  })

  it('keep the later date of a refusal whose date is set back', () => {
    expect(carryFacts([box('withdrawn', 50)], [box('withdrawn', 100)], 200)).toEqual([box('withdrawn', 50), remembered('withdrawn', 100)])
  })

  it('forget a yes that the CRM shows no longer', () => {
    expect(carryFacts([], [box('given', 100), box('expired', 150), box('asked', 20)], 200)).toEqual([])
  })

  it('take over the refusals of others, one per purpose and channel, and only what they do not say themselves', () => {
    const own = [box('given', 10, { grade: 'proved' }), box('refused', 90)]
    const others = [
      box('withdrawn', 100),
      box('withdrawn', 200, { source: 'salesforce:Contact.Box' }),
      box('refused', 80),
      box('given', 300),
    ]
    const taken = adopt(own, others)
    expect(taken).toEqual([...own, remembered('withdrawn', 200)])
    expect(adopt(taken, others)).toEqual(taken)
  })

  it('do not date their own box by the refusal of another record', () => {
    const adopted = adopt([], [box('withdrawn', 100)])
    expect(carryFacts([box('withdrawn', null)], adopted, 300)).toEqual([box('withdrawn', 300)])
  })
})

it('a yes that was on record before its date stays contradicted once the date has come, until the date is put right', () => {
  const day = 86_400_000
  const now = Date.parse('2026-06-01T12:00:00Z')
  const yes = (at: number, grade: 'proved' | 'contradicted') =>
    ({ purpose: 'newsletter', channel: 'email', event: 'given', at, source: 'one:contacts.yes', grade }) as const
  const first = carryFacts([yes(now + 2 * day, 'contradicted')], [], now)
  const later = carryFacts([yes(now + 2 * day, 'proved')], first, now + 3 * day)
  expect(later).toEqual([yes(now + 2 * day, 'contradicted')])
  expect(carryFacts([yes(now + 2 * day, 'proved')], later, now + 4 * day)).toEqual(later)
  expect(carryFacts([yes(now, 'proved')], later, now + 5 * day)).toEqual([yes(now, 'proved')])
})

describe('what another record of the person says', () => {
  it('is news where a no is later, a yes another one, and a bond unknown', () => {
    const held = [box('given', 100, { grade: 'proved' }), box('withdrawn', 50), box('bound', null, { purpose: 'restricted', channel: '*' })]
    const elsewhere = { source: 'salesforce:Contact.box' }
    const known = [
      box('given', 100, { ...elsewhere, grade: 'proved' }),
      box('withdrawn', 40, elsewhere),
      box('withdrawn', 50, elsewhere),
      box('asked', 120, elsewhere),
      box('bound', null, { ...elsewhere, purpose: 'restricted', channel: '*' }),
    ]
    expect(known.filter((fact) => isNews(fact, held))).toEqual([])
    const news = [
      box('given', 90, { grade: 'proved' }),
      box('given', 110, { grade: 'proved' }),
      box('given', 100),
      box('given', null, { grade: 'proved' }),
      box('withdrawn', 60),
      box('withdrawn', null),
      box('withdrawn', 50, { purpose: '*' }),
      box('refused', 50),
      box('expired', 50),
      box('bound', null, { purpose: 'legalHold', channel: '*' }),
    ]
    expect(news.filter((fact) => isNews(fact, held))).toEqual(news)
  })
})
