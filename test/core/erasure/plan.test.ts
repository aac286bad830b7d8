import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { dayOfIso, isoOf } from '../../../src/core/time/calendar.ts'
import { loadPolicy } from '../../../src/config/load.ts'
import { holdByHand, holdRulesOf, holdsOf, unreadHoldsOf, type HoldFact } from '../../../src/core/erasure/hold.ts'
import { createStatementReader } from '../../../src/core/erasure/stated.ts'
import { parseConnections } from '../../../src/core/record/mapping.ts'
import { PolicySchema } from '../../../src/core/policy/schema.ts'
import { localDayIn } from '../../../src/core/time/time-zone.ts'
import { planErasure, withHolds, type Drafted, type PlanOptions } from '../../../src/core/erasure/plan.ts'

const today = dayOfIso('2026-11-22')
const policy = loadPolicy(fileURLToPath(new URL('../../../config', import.meta.url)))
const holdRules = holdRulesOf(policy, today)
const fact = (part: Partial<HoldFact>): HoldFact => ({ kind: 'invoice', object: 'Invoice', id: 'i1', open: false, day: today, ...part })
const held = (part: Partial<HoldFact>): readonly string[] =>
  holdsOf([fact(part)], holdRules, today).map(
    ({ rule, ground, until, review }) => `${rule} ${ground} ${until === null ? 'open' : isoOf(until)} ${isoOf(review)}`,
  )

describe('a hold', () => {
  it('ends with its period, and is looked at every year until then', () => {
    const contract = (day: string) => held({ kind: 'contract', day: dayOfIso(day) })
    expect(contract('2024-02-29')).toEqual(['hold.contract 17(3)(e) 2029-02-28 2027-11-22'])
    expect(contract('2021-11-23')).toEqual(['hold.contract 17(3)(e) 2026-11-23 2026-11-23'])
    expect(contract('2021-11-22')).toEqual([])
  })
  it('of an accounting paper is counted from the close of the financial year that the paper falls in', () => {
    const invoice = (day: string) => held({ day: dayOfIso(day) })
    expect(invoice('2020-02-29')).toEqual(['hold.invoice 17(3)(b) 2031-01-01 2027-11-22'])
    expect(invoice('2015-12-31')).toEqual([])
    expect(invoice('2016-01-01')).toEqual(['hold.invoice 17(3)(b) 2027-01-01 2027-01-01'])
    const { organisation, erasureHolds } = policy
    const until = (financialYearEnd: string, day: string) =>
      holdsOf(
        [fact({ day: dayOfIso(day) })],
        holdRulesOf({ erasureHolds, organisation: { ...organisation, financialYearEnd } }, today),
        today,
      ).map((hold) => isoOf(hold.until!))
    // On the last day of a year that ends in June, and the day after; a February of any length.
    expect([until('06-30', '2020-06-30'), until('06-30', '2020-07-01')]).toEqual([['2030-07-01'], ['2031-07-01']])
    expect([until('02-29', '2021-02-28'), until('02-29', '2024-02-29')]).toEqual([['2031-03-01'], ['2034-03-01']])
  })
  it('of what runs still, or has no date that anybody can read, has no end yet', () => {
    expect(held({ kind: 'contract', open: true, day: dayOfIso('2001-01-01') })).toEqual(['hold.contract 17(3)(e) open 2027-11-22'])
    expect(held({ kind: 'won-deal', day: null })).toEqual(['hold.won_deal 17(3)(b) open 2027-11-22'])
    expect(held({ kind: 'legal-hold', open: true })).toEqual(['hold.legal 17(3)(e) open 2027-11-22'])
    expect(held({ kind: 'legal-hold', open: false })).toEqual([])
    expect(held({ kind: 'case', open: true })).toEqual([])
  })
  it('of what nobody could read stands by each rule that would look at it, keeps the record, and by no rule that the policy has not', () => {
    const gentle = { ...holdRules.find(({ on }) => on === 'invoice')!, id: 'hold.gentle', instead: 'anonymise' } as const
    expect(unreadHoldsOf(['invoice', 'case', 'invoice'], [...holdRules, gentle], today)).toEqual(
      ['hold.invoice', 'hold.gentle'].map((rule) => ({
        rule,
        ground: '17(3)(b)',
        text: 'C. com. L123-22',
        because: { kind: 'unread', fact: 'invoice' },
        until: null,
        review: dayOfIso('2027-11-22'),
        instead: 'keep',
      })),
    )
  })
})

describe('what the policy says of holds', () => {
  it('counts on the days on which it is in force, and a policy that is silent is as careful as the shipped one', () => {
    const order = { ...policy.erasureHolds.find(({ id }) => id === 'order')!, validFrom: '2027-01-01' }
    const { organisation } = policy
    const of = (erasureHolds: typeof policy.erasureHolds, day: number) => holdRulesOf({ erasureHolds, organisation }, day)
    expect(of([order, { ...order, enabled: false, validFrom: undefined }], today)).toEqual([])
    expect(of([order], dayOfIso('2027-01-01'))).toEqual([
      {
        id: 'hold.order',
        on: 'order',
        ground: '17(3)(b)',
        text: 'C. com. L123-22',
        period: { months: 120, days: 0, hours: 0 },
        closing: '12-31',
        instead: 'keep',
      },
    ])
    expect(PolicySchema.shape.erasureHolds.parse(undefined)).toEqual(policy.erasureHolds)
  })
})

describe('what a record says of itself', () => {
  const mapping = (fields: object) => {
    const read = parseConnections({ version: 1, connections: [{ id: 'hs', crm: 'hubspot', objects: [{ object: 'contacts', fields }] }] })
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    return createStatementReader(read.value.connections[0]!.objects[0]!)
  }
  const read = mapping({
    legalHold: 'legal_hold',
    contractStatus: { from: 'status', values: { live: 'active', over: 'ended' } },
    contractEndedAt: 'end',
  })
  const said = (fields: Record<string, string | null>, reader = read) => {
    const { facts, unread } = reader({ object: 'contacts', id: '7' }, fields, localDayIn('Europe/Paris'))
    return [...facts.map(({ kind, open, day }) => `${kind} ${open ? 'open' : day === null ? 'some day' : isoOf(day)}`), ...unread]
  }
  const nothing = { legal_hold: null, status: null, end: null }
  it('binds us: a hold that is set, a contract that runs or has ended', () => {
    expect(said(nothing)).toEqual([])
    expect(said({ ...nothing, legal_hold: 'true', status: 'live' })).toEqual(['legal-hold open', 'contract open'])
    expect(said({ ...nothing, legal_hold: 'false', status: 'over', end: '2024-05-31' })).toEqual(['contract 2024-05-31'])
    expect(said({ ...nothing, status: 'over' })).toEqual(['contract some day'])
  })
  it('is told as not known where it is hidden or makes no sense, and says nothing where nobody mapped it', () => {
    expect(said({ legal_hold: 'perhaps', status: 'frozen', end: 'soon' })).toEqual(['legalHold', 'contractStatus', 'contractEndedAt'])
    expect(said({})).toEqual(['legalHold', 'contractStatus', 'contractEndedAt'])
    expect(said({}, mapping({ email: 'email' }))).toEqual([])
  })
})

describe('a plan', () => {
  const options: PlanOptions = {
    reaches: [
      { connection: 'hubspot', means: 'purge', anonymises: false, looking: 12, callsPerMinute: 600 },
      { connection: 'salesforce', means: 'bin', anonymises: true, looking: 12, callsPerMinute: 60 },
      { connection: 'archive', means: 'bin', anonymises: true, looking: 12, callsPerMinute: 60 },
    ],
    unreachable: [{ connection: 'salesforce', what: 'EmailMessage' }],
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
        { key: 'salesforce:Contact:003A', action: 'keep', holds: [{ rule: 'hold.won_deal', ground: '17(3)(b)' }] },
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
    const many = Array.from({ length: 9 }, (_, n) => draft(`hubspot:contacts:${20 + n}`))
    const largeOf = (more: readonly Drafted[]): boolean => planErasure([...drafts.slice(0, 1), ...more], options).large
    expect([largeOf(many), largeOf([...many, draft('hubspot:contacts:14')])]).toEqual([false, true])
  })
  it('has a digest of what was shown, in whatever order it was found', () => {
    const { digest } = planErasure(drafts, options)
    expect(planErasure(drafts.toReversed(), options).digest).toBe(digest)
    expect(planErasure(drafts.slice(0, 2), options).digest).not.toBe(digest)
    expect(planErasure(drafts, { ...options, unreachable: [] }).digest).not.toBe(digest)
  })
  it('keeps a record that one hold keeps, also where another would be content with anonymising it', () => {
    const anonymise = { ...holdRules[1]!, instead: 'anonymise' as const }
    const action = (holds: Drafted['holds']) => planErasure([draft('salesforce:Contact:003A', { holds })], options).items[0]?.action
    const weak = holdsOf([fact({})], [anonymise], today)
    expect([action(weak), action([...weak, holdByHand('u7', '17(3)(e)', 'C. civ. 2224', null, today)]), action([])]).toEqual([
      'anonymise',
      'keep',
      'erase',
    ])
  })
  it('erases where a hold would be content with an anonymous record and the CRM remembers what its fields were, and says so', () => {
    const weak = holdsOf([fact({})], [{ ...holdRules[1]!, instead: 'anonymise' }], today)
    const plan = planErasure([draft('hubspot:contacts:11', { holds: weak }), draft('salesforce:Contact:003A', { holds: weak })], options)
    expect(plan.items.map(({ action }) => action)).toEqual(['erase', 'anonymise'])
    expect(plan.warnings).toEqual(['erased-not-anonymised'])
    const byHand = holdByHand('u7', '17(3)(e)', 'C. civ. 2224', null, today)
    const held = withHolds(plan, 'hubspot:contacts:11', (holds) => [...holds, byHand])
    expect(held.items.map(({ action }) => action)).toEqual(['keep', 'anonymise'])
    expect(withHolds(held, 'hubspot:contacts:11', () => weak)).toEqual(plan)
  })
})
