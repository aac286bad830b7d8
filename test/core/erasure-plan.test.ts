import { describe, expect, it } from 'vitest'
import { dayOfIso, isoOf } from '../../src/core/calendar.ts'
import { holdByHand, holdRules, holdsOf, type HoldFact } from '../../src/core/erasure-hold.ts'
import { planErasure, type Drafted, type PlanOptions } from '../../src/core/erasure-plan.ts'

const today = dayOfIso('2026-11-22')
const fact = (part: Partial<HoldFact>): HoldFact => ({ kind: 'invoice', object: 'Invoice', id: 'i1', open: false, day: today, ...part })
const held = (part: Partial<HoldFact>): readonly string[] =>
  holdsOf([fact(part)], holdRules, today).map(
    ({ rule, ground, until, review }) => `${rule} ${ground} ${until === null ? 'open' : isoOf(until)} ${isoOf(review)}`,
  )

describe('a hold', () => {
  it('ends with its period, and is looked at every year until then', () => {
    expect(held({ day: dayOfIso('2020-02-29') })).toEqual(['hold.invoice 17(3)(b) 2030-02-28 2027-11-22'])
    expect(held({ day: dayOfIso('2016-11-23') })).toEqual(['hold.invoice 17(3)(b) 2026-11-23 2026-11-23'])
    expect(held({ day: dayOfIso('2016-11-22') })).toEqual([])
  })
  it('of what runs still, or has no date that anybody can read, has no end yet', () => {
    expect(held({ kind: 'contract', open: true, day: dayOfIso('2001-01-01') })).toEqual(['hold.contract 17(3)(e) open 2027-11-22'])
    expect(held({ kind: 'won-deal', day: null })).toEqual(['hold.won-deal 17(3)(b) open 2027-11-22'])
    expect(held({ kind: 'legal-hold', open: true })).toEqual(['hold.legal 17(3)(e) open 2027-11-22'])
    expect(held({ kind: 'legal-hold', open: false })).toEqual([])
    expect(held({ kind: 'case', open: true })).toEqual([])
  })
})

describe('a plan', () => {
  const options: PlanOptions = {
    reaches: [
      { connection: 'hubspot', means: 'purge', callsPerMinute: 600 },
      { connection: 'salesforce', means: 'bin', callsPerMinute: 60 },
      { connection: 'archive', means: 'bin', callsPerMinute: 60 },
    ],
    unreachable: [{ connection: 'salesforce', what: 'EmailMessage' }],
    confirmAbove: 2,
  }
  const draft = (key: string, part: Partial<Drafted> = {}): Drafted => {
    const [connection = '', object = '', id = ''] = key.split(':')
    return { key, connection, object, id, selection: { verdict: 'selected', reasons: ['email'] }, holds: [], calls: 20, ...part }
  }
  const drafts = [
    draft('salesforce:Contact:003A', { holds: holdsOf([fact({ kind: 'won-deal' })], holdRules, today) }),
    draft('hubspot:contacts:11'),
    draft('hubspot:contacts:12', { selection: { verdict: 'suggested', why: 'phone' } }),
    draft('hubspot:contacts:13', { selection: { verdict: 'left', why: 'company' } }),
  ]
  it('says what goes, what is kept and why, what is uncertain, what cannot be reached, and what it costs', () => {
    const plan = planErasure(drafts, options)
    expect(plan).toMatchObject({
      items: [
        { key: 'hubspot:contacts:11', action: 'erase', reasons: ['email'], holds: [] },
        { key: 'salesforce:Contact:003A', action: 'keep', holds: [{ rule: 'hold.won-deal', ground: '17(3)(b)' }] },
      ],
      suggestions: [{ key: 'hubspot:contacts:12', why: 'phone' }],
      unreachable: [{ connection: 'salesforce', what: 'EmailMessage' }],
      warnings: ['kept-may-bring-back'],
      calls: 76,
      minutes: 1,
      large: false,
    })
  })
  it('erases what can be taken back first, and what cannot last', () => {
    expect(planErasure(drafts, options).connections).toEqual(['archive', 'salesforce', 'hubspot'])
  })
  it('of more records than one person has asks for somebody to confirm their number', () => {
    expect(planErasure([...drafts, draft('hubspot:contacts:14')], options).large).toBe(true)
  })
  it('has a digest of what was shown, in whatever order it was found', () => {
    const { digest } = planErasure(drafts, options)
    expect(planErasure(drafts.toReversed(), options).digest).toBe(digest)
    expect(planErasure(drafts.slice(0, 2), options).digest).not.toBe(digest)
    expect(planErasure(drafts, { ...options, unreachable: [] }).digest).not.toBe(digest)
  })
  it('keeps a record that one hold keeps, also where another would be content with anonymising it', () => {
    const anonymise = { ...holdRules[1]!, instead: 'anonymise' as const }
    const action = (holds: Drafted['holds']) => planErasure([draft('hubspot:contacts:11', { holds })], options).items[0]?.action
    const weak = holdsOf([fact({})], [anonymise], today)
    expect([action(weak), action([...weak, holdByHand('u7', '17(3)(e)', 'C. civ. 2224', null, today)]), action([])]).toEqual([
      'anonymise',
      'keep',
      'erase',
    ])
  })
})
