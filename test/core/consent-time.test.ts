import { describe, expect, it } from 'vitest'
import { createJudge } from '../../src/core/judge/create-judge.ts'
import type { ConsentFact } from '../../src/core/consent/consent.ts'
import { mappedFields } from '../../src/core/record/mapped-fields.ts'
import { consumer, hubspot, permission, policy, proved, rules, today, world } from './judge-world.ts'

const { verdict, judge, record } = world()
const reader = { ...consumer, address: null }
const newsletter = (found: ReturnType<typeof verdict>): string => {
  const view = found.consent.find((one) => one.purpose === 'newsletter')
  return `${view?.status} ${view?.grade} ${permission(found, 'newsletter', 'email')}`
}
const elsewhere = (event: ConsentFact['event'], at: number | null): ConsentFact => ({
  purpose: 'newsletter',
  channel: 'email',
  event,
  at,
  source: 'salesforce:Contact.Consent_Newsletter_Email__c',
  grade: 'claimed',
})

describe('a yes whose date lies ahead', () => {
  it('is a claim until that day has come, and is looked at again then', () => {
    const found = verdict({ ...reader, ...proved('newsletter_email', '2026-11-23T09:00:00Z') })
    expect([newsletter(found), rules(found), found.nextReviewOn]).toEqual([
      'unknown claimed -newsletter',
      ['consent.unproved', 'consent.no_purpose'],
      '2026-11-23',
    ])
    const then = world({ today: '2026-11-23' }).verdict({ ...reader, ...proved('newsletter_email', '2026-11-23T09:00:00Z') })
    expect([newsletter(then), rules(then)]).toEqual(['granted proved +newsletter', []])
  })
  it('never lifts a no, be it one day ahead', () => {
    const ahead = proved('newsletter_email', '2026-11-22T10:00:00Z')
    expect(newsletter(verdict({ ...reader, ...ahead }, { facts: [elsewhere('withdrawn', Date.UTC(2026, 10, 21, 8))] }))).toBe(
      'withdrawn contradicted -newsletter',
    )
  })
  it('counts when it was given while the run was going on, and not when it is later than that', () => {
    const now = Date.UTC(2026, 10, 21, 2)
    const fields = mappedFields(hubspot).map((name) => ({ name, label: name, type: 'text', writable: true, custom: false }))
    const running = createJudge({
      policy,
      mapping: hubspot,
      connection: 'hubspot',
      schema: { object: 'contacts', fields },
      today,
      now,
    })
    const grade = (at: string, changedAt: string): string | undefined =>
      running.facts(record({ ...reader, ...proved('newsletter_email', at) }), Date.parse(changedAt))[0]?.grade
    expect([
      grade('2026-11-21T01:59:00Z', '2026-11-20T09:00:00Z'),
      grade('2026-11-21T02:04:00Z', '2026-11-20T09:00:00Z'),
      grade('2026-11-21T02:06:00Z', '2026-11-20T09:00:00Z'),
      grade('2026-11-21T02:40:00Z', '2026-11-21T02:41:00Z'),
      grade('2026-11-21T15:00:00Z', '2026-11-21T02:41:00Z'),
    ]).toEqual(['proved', 'proved', 'contradicted', 'proved', 'contradicted'])
  })
})

describe('a no that still stands on the record', () => {
  it('without a date outweighs every yes beside it, for the linked records too', () => {
    const both = { ...reader, ...proved('newsletter_email', '2026-11-20T09:00:00Z'), hs_email_optout: 'true' }
    const found = verdict(both)
    expect([newsletter(found), rules(found)]).toEqual([
      'withdrawn claimed -newsletter',
      ['consent.ignored_withdrawal', 'consent.no_purpose'],
    ])
    expect(judge.facts(record(both)).map(({ event, grade }) => [event, grade])).toEqual([
      ['given', 'claimed'],
      ['withdrawn', 'claimed'],
    ])
  })
  it('with a date gives way to a yes that is proved and newer', () => {
    const mapping = {
      ...hubspot,
      consents: hubspot.consents.map((one) => (one.field === 'newsletter_status' ? { ...one, at: 'unsubscribed_on' } : one)),
    }
    const dated = world({ mapping })
    const yes = proved('newsletter_email', '2026-11-20T09:00:00Z')
    const no = { newsletter_status: 'unsubscribed', unsubscribed_on: '2026-11-19' }
    expect(newsletter(dated.verdict({ ...reader, ...yes, ...no }))).toBe('granted proved +newsletter')
    expect(newsletter(dated.verdict({ ...reader, ...yes, ...no, unsubscribed_on: '2026-11-20' }))).toBe('withdrawn claimed -newsletter')
    expect(newsletter(dated.verdict({ ...reader, ...yes, ...no, unsubscribed_on: null }))).toBe('withdrawn claimed -newsletter')
  })
  it('to everything leaves a consent for service messages alone', () => {
    const mapping = {
      ...hubspot,
      consents: hubspot.consents.map((one) => (one.field === 'consent_newsletter_email' ? { ...one, purposes: ['events'] } : one)),
    }
    const service = world({ mapping })
    const facts = service.judge.facts(service.record({ ...proved('newsletter_email'), hs_email_optout: 'true' }))
    expect(facts.map(({ purpose, grade }) => `${purpose} ${grade}`)).toEqual(['events proved', '* claimed'])
  })
})

describe('a bare date of a consent', () => {
  it('is a day at the controller: a withdrawal after midnight there outweighs a yes of the same day', () => {
    const yes = proved('newsletter_email', '2026-11-20')
    // 00:30 in Paris is 23:30 UTC of the day before.
    expect(newsletter(verdict({ ...reader, ...yes }, { facts: [elsewhere('withdrawn', Date.parse('2026-11-19T23:30:00Z'))] }))).toBe(
      'withdrawn claimed -newsletter',
    )
    expect(newsletter(verdict({ ...reader, ...yes }, { facts: [elsewhere('withdrawn', Date.parse('2026-11-19T22:30:00Z'))] }))).toBe(
      'granted proved +newsletter',
    )
  })
  it('lasts, for a no, until the last instant of that day at the controller', () => {
    const [no] = judge.facts(record({ consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: '2026-07-14' }))
    expect(no?.at).toBe(Date.parse('2026-07-14T22:00:00Z') - 1)
    const [later] = judge.facts(record({ consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: today }))
    expect(later?.at).toBe(Date.parse('2026-11-21T23:00:00Z') - 1)
  })
})

describe('a date of the record that lies ahead', () => {
  it('is looked at again on the first day on which it can be right', () => {
    const act = verdict({ ...consumer, createdate: '2020-01-10T09:00:00Z', recent_conversion_date: '2026-12-10T09:00:00Z' })
    expect([act.retention.dueOn, act.nextReviewOn]).toEqual(['2023-01-10', '2026-12-09'])
    const birth = verdict({ ...consumer, date_of_birth: '2027-01-05' })
    expect([rules(birth), birth.nextReviewOn]).toEqual([['accuracy.date_implausible'], '2027-01-04'])
  })
})
