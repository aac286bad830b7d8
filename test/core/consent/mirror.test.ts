import { describe, expect, it } from 'vitest'
import type { ConsentFact } from '../../../src/core/consent/consent.ts'
import type { ObjectMapping } from '../../../src/core/record/mapping.ts'
import { assess } from '../../../src/tasks/judge/assess.ts'
import { createHasher } from '../../../src/core/identity/hash.ts'
import { answersOf, consumer, mappingOf, proved, today, world, type World } from '../judge-world.ts'

const at = Date.parse('2026-06-10T10:00:00Z')
const no = (purpose: string, more: Partial<ConsentFact> = {}): ConsentFact => ({
  purpose,
  channel: 'email',
  event: 'withdrawn',
  at,
  source: 'salesforce:Contact.HasOptedOutOfEmail',
  grade: 'claimed',
  ...more,
})
const emailPurposes = [
  'customer_offers',
  'prospecting_professional',
  'prospecting_consumer',
  'newsletter',
  'open_tracking',
  'partner_sharing',
]

const shipped = mappingOf('hubspot', 'contacts')
const optOut = 'hs_email_optout'
const mirrored = (more: ObjectMapping['consents']): ObjectMapping => ({
  ...shipped,
  consents: [...shipped.consents.filter((one) => one.field !== optOut && one.field !== 'newsletter_status'), ...more],
})
const all = mirrored([{ purposes: '*', channels: ['email'], field: optOut, values: { true: 'withdrawn' }, mirror: { withdrawn: 'true' } }])

function setBy({ judge, record, verdict }: World, fields: Record<string, string | null>, facts: readonly ConsentFact[]): unknown {
  return judge.record(record({ ...consumer, ...fields })).optOuts(verdict({ ...consumer, ...fields }, { facts }))
}

describe('an opt-out of everything that mirrors what was said elsewhere', () => {
  const one = world({ mapping: all })
  it('is set once every purpose of its channel is refused, and not before', () => {
    expect(setBy(one, {}, [no('*')])).toEqual({ [optOut]: 'true' })
    expect(setBy(one, {}, [no('*', { event: 'refused' })])).toEqual({ [optOut]: 'true' })
    expect(
      setBy(
        one,
        {},
        emailPurposes.map((purpose) => no(purpose)),
      ),
    ).toEqual({ [optOut]: 'true' })
    expect(
      setBy(
        one,
        {},
        emailPurposes.slice(1).map((purpose) => no(purpose)),
      ),
    ).toBeNull()
    expect(setBy(one, {}, [no('*', { channel: 'call' })])).toBeNull()
    expect(setBy(one, {}, [])).toBeNull()
  })
  it('is left as it is when it says no already, and never taken back', () => {
    expect(setBy(one, { [optOut]: 'true' }, [no('*')])).toBeNull()
    expect(setBy(one, { [optOut]: 'true', ...proved('newsletter_email') }, [])).toBeNull()
  })
  it('leaves alone what it cannot read', () => {
    const fields = { ...one.record(consumer) } as Record<string, string | null>
    delete fields[optOut]
    expect(one.judge.record(fields).optOuts(one.verdict(consumer, { facts: [no('*')] }))).toBeNull()
  })
  it('is reported, and not written, where the CRM lets nobody write it', () => {
    const locked = { name: optOut, label: optOut, type: 'boolean', writable: false, custom: false }
    const other = world({ mapping: all, extra: [locked] })
    expect(setBy(other, {}, [no('*')])).toBeNull()
    expect(other.judge.problems.map((one) => [one.rule, one.fields])).toEqual([['mapping.mirror_read_only', [optOut]]])
  })
  it('comes in one write with what Accord says once it is set', () => {
    const fields = one.record(consumer)
    const context = { facts: [no('*')], suppressed: false }
    const found = one.judge.judge(fields, context)
    expect(found.findings.map((finding) => finding.rule)).toContain('consent.ignored_withdrawal')
    const { alone } = assess(
      {
        judge: { ...one.judge, record: (row) => ({ ...answersOf(one.judge.record(row)), facts: () => context.facts }) },
        hasher: createHasher(Buffer.alloc(32, 7)),
        reference: null,
      },
      { ref: { object: 'contacts', id: '1' }, fields, modifiedAt: at },
    )
    const after = { ...fields, ...alone.patch }
    expect(after[optOut]).toBe('true')
    expect(after['accord_findings'] ?? '').not.toContain('ignored_withdrawal')
    // Read back with our own echo in it, nothing is left to write.
    const said = [...context.facts, ...one.judge.mirror.echoes(alone.patch ?? {}, context.facts)]
    const again = one.judge.judge(after, { facts: said, suppressed: false })
    const written = one.judge.record(after)
    expect([written.optOuts(again), written.patch(again)]).toEqual([null, null])
  })
  it('says when it is read back no more than what was known, a millisecond earlier', () => {
    const facts = emailPurposes.map((purpose, index) => no(purpose, { at: at + index, event: 'refused', grade: 'proved' }))
    const echoes = one.judge.mirror.echoes({ [optOut]: 'true' }, facts)
    expect(echoes).toEqual([no('*', { at: at - 1, source: `hubspot:contacts.${optOut} (mirror)` })])
    const before = one.verdict(consumer, { facts })
    expect(one.verdict(consumer, { facts: [...facts, ...echoes] }).consent).toEqual(before.consent)
  })
  it('is no echo when nobody said no but the suppression list', () => {
    expect(one.judge.mirror.echoes({ [optOut]: 'true' }, [])).toEqual([])
  })
})

describe('a subscription that may be given back', () => {
  const field = 'subscription:7'
  const values = { SUBSCRIBED: 'given', UNSUBSCRIBED: 'withdrawn' } as const
  const mirror = { withdrawn: 'UNSUBSCRIBED', granted: 'SUBSCRIBED' }
  const one = world({ mapping: mirrored([{ purposes: ['newsletter'], channels: ['email'], field, values, mirror }]) })
  it('follows a newer proved consent, and nothing less', () => {
    const grant: ConsentFact = { ...no('newsletter'), event: 'given', at: at + 1, grade: 'proved' }
    expect(setBy(one, { [field]: 'UNSUBSCRIBED' }, [grant])).toBeNull() // the record's own no has no date, and stands
    const dated = (facts: readonly ConsentFact[]): unknown => {
      const fields = one.record({ ...consumer, [field]: 'UNSUBSCRIBED' })
      return one.judge.record(fields).optOuts(one.judge.judge(fields, { facts, suppressed: false }))
    }
    expect(dated([no('newsletter'), grant])).toEqual({ [field]: 'SUBSCRIBED' })
    expect(dated([no('newsletter'), { ...grant, at }])).toBeNull()
    expect(dated([no('newsletter'), { ...grant, grade: 'claimed' }])).toBeNull()
    expect(dated([no('newsletter'), { ...grant, at: at - 1 }])).toBeNull()
  })
  it('is ended by a refusal of its own purpose alone', () => {
    expect(setBy(one, { [field]: 'SUBSCRIBED' }, [no('newsletter')])).toEqual({ [field]: 'UNSUBSCRIBED' })
    expect(setBy(one, { [field]: null }, [no('newsletter')])).toEqual({ [field]: 'UNSUBSCRIBED' })
    expect(setBy(one, { [field]: 'SUBSCRIBED' }, [no('open_tracking')])).toBeNull()
  })
})

it(`the shipped mapping of Salesforce mirrors both opt-outs it can write (${today})`, () => {
  const salesforce = mappingOf('salesforce', 'Lead')
  const { judge, record } = world({ mapping: salesforce, connection: 'salesforce' })
  const fields = record({})
  const verdict = judge.judge(fields, { facts: [no('*', { channel: '*' })], suppressed: false })
  expect(judge.record(fields).optOuts(verdict)).toEqual({ HasOptedOutOfEmail: 'true', DoNotCall: 'true' })
})

it('an opt-out that another record keeps is not asked for where the record names none', () => {
  const place = { label: '', type: 'reference', writable: true, custom: false, name: 'IndividualId' }
  const kept = { label: '', type: 'boolean', writable: true, custom: false, name: optOut, needs: 'IndividualId' }
  const there = world({ mapping: all, extra: [kept, place] })
  const facts = emailPurposes.map((purpose) => no(purpose))
  expect(there.judge.reads).toContain('IndividualId')
  expect([setBy(there, { IndividualId: '0PK440000000001GAA' }, facts), setBy(there, { IndividualId: null }, facts)]).toEqual([
    { [optOut]: 'true' },
    null,
  ])
})
