import { describe, expect, it } from 'vitest'
import { laterAct } from '../../../src/core/judge/acts.ts'
import { dayOfIso } from '../../../src/core/time/calendar.ts'
import type { ActDay } from '../../../src/core/judge/judge.ts'
import { consumer, mappingOf, policy, proved, rules, world } from '../judge-world.ts'

const { judge, record } = world()
const lastAct = (fields: Record<string, string | null>): ActDay => judge.lastAct(record(fields))
const salesforce = world({ mapping: mappingOf('salesforce', 'Contact'), connection: 'salesforce' })
const old = { CreatedDate: '2020-01-01T00:00:00Z', Email: 'camille.martin@gmail.com', FirstName: 'Camille', MailingCountry: 'France' }
const judged = (fields: Record<string, string | null>, act?: ActDay) =>
  salesforce.judge.judge(salesforce.record({ ...old, ...fields }), {
    facts: [],
    suppressed: false,
    ...(act === undefined ? {} : { lastAct: act }),
  })

describe('the last act of a person on a record', () => {
  it('is the latest form, reply, click or sign-in, as a day at the controller', () => {
    expect(lastAct({ recent_conversion_date: '2026-03-01T10:00:00Z', hs_email_last_click_date: '2026-05-31T23:30:00Z' })).toBe(
      dayOfIso('2026-06-01'),
    )
  })
  it('is never an open, our own mail, an edit, or anything that lies ahead', () => {
    expect(
      lastAct({ ...consumer, hs_email_last_open_date: '2026-05-01T10:00:00Z', notes_last_contacted: '2026-05-01T10:00:00Z' }),
    ).toBeNull()
    expect(lastAct({ recent_conversion_date: '2027-05-01T10:00:00Z', last_sign_in: '2026-02-01T10:00:00Z' })).toBe(dayOfIso('2026-02-01'))
  })
  it('is unknown when a field that may hold a later one cannot be read', () => {
    expect(lastAct({ recent_conversion_date: '2026-03-01T10:00:00Z', last_sign_in: 'garbage' })).toBe('unknown')
    const { last_sign_in: _, ...rest } = record({ recent_conversion_date: '2026-03-01T10:00:00Z' })
    expect(judge.lastAct(rest)).toBe('unknown')
    expect(world({ hidden: ['last_sign_in'] }).judge.lastAct(rest)).toBe('unknown')
  })
  it('is compared in any order: what is unknown might be later than anything', () => {
    const all: readonly ActDay[] = [null, 100, 200, 'unknown']
    expect(all.map((a) => all.map((b) => laterAct(a, b)))).toEqual([
      [null, 100, 200, 'unknown'],
      [100, 100, 200, 'unknown'],
      [200, 200, 200, 'unknown'],
      ['unknown', 'unknown', 'unknown', 'unknown'],
    ])
  })
})

describe('an act on another record of the person', () => {
  it('restarts the clock like an own one, and only if it is the later one', () => {
    expect(rules(judged({}))).toContain('retention.erase_due')
    expect(judged({}, dayOfIso('2026-11-20')).retention.dueOn).toBe('2029-11-20')
    expect(rules(judged({}, dayOfIso('2026-11-20')))).not.toContain('retention.erase_due')
    expect(judged({ Last_Sign_In__c: '2026-09-01T10:00:00Z' }, dayOfIso('2026-08-01')).retention.dueOn).toBe('2029-09-01')
    expect(judged({}, null)).toEqual(judged({}))
  })
  it('that lies ahead restarts nothing', () => {
    expect(judged({}, dayOfIso('2027-06-01'))).toEqual(judged({}))
  })
  it('that cannot be read leaves the end open: nobody is erased for want of sight', () => {
    const found = judged({}, 'unknown')
    expect(found.retention).toMatchObject({ dueOn: null, then: 'review' })
    expect(rules(found)).toContain('retention.start_unknown')
    expect(rules(found)).not.toContain('retention.erase_due')
  })
})

describe('a proved consent', () => {
  it('is an act of the person, on the day it was given; a claim, a refusal and a withdrawal restart nothing', () => {
    const yes = {
      consent_newsletter_email: 'yes',
      consent_newsletter_email_date: '2026-05-31T23:30:00Z',
      consent_newsletter_email_text: 'NL-1',
    }
    expect([
      lastAct(yes),
      lastAct({ ...yes, consent_newsletter_email_text: null }),
      lastAct({ ...yes, consent_newsletter_email: 'withdrawn' }),
      lastAct({ ...yes, consent_newsletter_email: 'no' }),
      lastAct({ ...yes, consent_newsletter_email_date: '2026-12-24T10:00:00Z' }),
    ]).toEqual([dayOfIso('2026-06-01'), null, null, null, null])
  })
  it('that cannot be read may be later than anything', () => {
    expect(lastAct({ consent_newsletter_email: 'oui', consent_newsletter_email_date: '2026-05-31' })).toBe('unknown')
    expect(world({ hidden: ['consent_newsletter_email'] }).judge.lastAct(record({ last_sign_in: '2026-02-01' }))).toBe('unknown')
  })
  it('counts only where the policy says so, as do purchases and registrations', () => {
    const retention = { ...policy.retention, actsOfThePerson: ['formSubmitted'] }
    const strict = world({ policy: { ...policy, retention } })
    const fields = { ...proved('newsletter_email'), event_registered_date: '2026-07-01', last_purchase_date: '2026-08-01' }
    expect([strict.judge.lastAct(record(fields)), lastAct(fields), lastAct({ ...fields, last_purchase_date: null })]).toEqual([
      null,
      dayOfIso('2026-08-01'),
      dayOfIso('2026-07-01'),
    ])
  })
})
