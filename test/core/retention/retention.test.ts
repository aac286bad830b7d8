import { describe, expect, it } from 'vitest'
import { consumer, policy, rules, world } from '../judge-world.ts'

const person = { ...consumer, contract_status: null }
const at = (today: string, fields: Record<string, string | null>, context: { openRequest?: boolean } = {}) =>
  world({ today }).verdict({ ...person, ...fields }, context)

describe('retention of a prospect', () => {
  it('is due three years after the last click, clamped to the end of February, with a warning sixty days before', () => {
    const clicked = { createdate: '2020-01-01T00:00:00Z', hs_email_last_click_date: '2024-02-29T08:00:00Z' }
    const before = at('2026-12-29', clicked)
    expect(before.retention).toEqual({ rule: 'prospect', dueOn: '2027-02-28', then: 'erase', hold: null })
    expect([rules(before).includes('retention.warning'), before.nextReviewOn]).toEqual([false, '2026-12-30'])
    const warned = at('2026-12-30', clicked)
    expect([rules(warned).includes('retention.warning'), warned.nextReviewOn]).toEqual([true, '2027-02-28'])
    const last = at('2027-02-27', clicked)
    expect(rules(last)).not.toContain('retention.erase_due')
    const due = at('2027-02-28', clicked)
    expect([rules(due).includes('retention.erase_due'), due.status]).toEqual([true, 'blocked'])
  })
  it('restarts with a form, a reply, a click or a sign-in; never with an open, our own mail or a staff edit', () => {
    const start = { createdate: '2020-01-01T00:00:00Z' }
    const due = (fields: Record<string, string>): string | null => at('2026-11-21', { ...start, ...fields }).retention.dueOn
    for (const field of [
      'recent_conversion_date',
      'hs_email_last_reply_date',
      'hs_sales_email_last_replied',
      'hs_sales_email_last_clicked',
      'last_sign_in',
    ]) {
      expect(due({ [field]: '2026-05-01T10:00:00Z' }), field).toBe('2029-05-01')
    }
    for (const field of ['hs_email_last_open_date', 'notes_last_contacted', 'lastmodifieddate']) {
      expect(due({ [field]: '2026-05-01T10:00:00Z' }), field).toBe('2023-01-01')
    }
  })
  it('ignores an act that lies ahead', () => {
    expect(at('2026-11-21', { createdate: '2020-01-01T00:00:00Z', recent_conversion_date: '2027-05-01T10:00:00Z' }).retention.dueOn).toBe(
      '2023-01-01',
    )
  })
  it('counts the local date at the controller', () => {
    expect(at('2026-11-21', { createdate: '2025-12-31T23:30:00Z' }).retention.dueOn).toBe('2029-01-01')
  })
})

describe('what has no usable start', () => {
  it('is a finding and a review, never an erasure and never silence', () => {
    const found = at('2026-11-21', { createdate: null })
    expect(found.retention).toEqual({ rule: 'prospect', dueOn: null, then: 'review', hold: null })
    expect(rules(found)).toContain('retention.start_unknown')
  })
  it('is not erased because one of its dates is garbage', () => {
    for (const bad of ['0001-01-01', '4712-12-31', 'garbage', '2031-01-01']) {
      const found = at('2026-11-21', { createdate: '2015-01-01T00:00:00Z', collection_date: bad })
      expect(found.retention.dueOn, bad).toBeNull()
      expect(rules(found), bad).toEqual(expect.arrayContaining(['accuracy.date_implausible', 'retention.start_unknown']))
    }
  })
  it('is not erased because an act cannot be read', () => {
    const blind = world({ hidden: ['hs_email_last_click_date'] })
    const found = blind.verdict({ ...person, createdate: '2015-01-01T00:00:00Z' })
    expect([found.retention.dueOn, rules(found).includes('retention.start_unknown')]).toEqual([null, true])
    expect(blind.judge.problems.map((problem) => [problem.rule, problem.fields])).toEqual([
      ['mapping.field_missing', ['hs_email_last_click_date']],
    ])
  })
  it('is not erased as a prospect when nobody can see whether it is a customer', () => {
    const blind = world({ hidden: ['customer_since'] })
    const found = blind.verdict({ ...person, createdate: '2015-01-01T00:00:00Z' })
    expect(found.retention).toEqual({ rule: 'former_customer', dueOn: null, then: 'review', hold: null })
    expect(rules(found)).not.toContain('retention.erase_due')
  })
})

describe('former customers and readers', () => {
  it('count from the latest of order, contract end, warranty end and acts, even when the warranty ends in the future', () => {
    const customer = { customer_since: '2018-01-01', last_purchase_date: '2019-01-01', contract_end_date: '2019-06-30' }
    expect(at('2026-11-21', customer).retention).toEqual({ rule: 'former_customer', dueOn: '2022-06-30', then: 'erase', hold: null })
    expect(at('2026-11-21', { ...customer, warranty_end_date: '2027-03-01' }).retention.dueOn).toBe('2030-03-01')
  })
  it('review a newsletter reader instead of erasing', () => {
    const found = at('2026-11-21', { newsletter_status: 'subscribed', createdate: '2019-01-01T00:00:00Z' })
    expect(found.retention).toEqual({ rule: 'newsletter_only', dueOn: '2022-01-01', then: 'review', hold: null })
    expect(rules(found)).toContain('retention.review_due')
  })
  it('notice an online account that lies idle', () => {
    const account = { createdate: '2025-01-01T00:00:00Z', account_created_date: '2020-01-01' }
    expect(rules(at('2026-11-21', { ...account, last_sign_in: '2024-11-21T08:00:00Z' }))).toContain('retention.account_due')
    expect(rules(at('2026-11-21', { ...account, last_sign_in: '2024-11-22T08:00:00Z' }))).toEqual(['retention.warning'])
    expect(rules(at('2026-11-21', { ...account, last_sign_in: '2024-12-22T08:00:00Z' }))).toEqual([])
    expect(at('2026-11-21', { ...account, last_sign_in: '2024-12-22T08:00:00Z' }).nextReviewOn).toBe('2026-11-22')
  })
})

describe('holds', () => {
  const old = { createdate: '2015-01-01T00:00:00Z', customer_since: '2015-01-01', last_purchase_date: '2016-01-01' }
  it('keep a customer whose contract runs, without a finding', () => {
    const found = at('2026-11-21', { ...old, contract_status: 'active' })
    expect(found.retention).toEqual({ rule: 'former_customer', dueOn: null, then: 'erase', hold: 'running_contract' })
    expect(at('2026-11-21', { ...old, contract_status: 'active', contract_end_date: '2027-06-30' }).retention.dueOn).toBe('2030-06-30')
    expect(rules(found).filter((rule) => rule.startsWith('retention.'))).toEqual([])
  })
  it('are looked at where a contract runs by its status and ended long ago by its date', () => {
    const ended = (contract_end_date: string, more: object = {}) =>
      at('2026-11-21', { ...old, contract_status: 'active', contract_end_date, ...more })
    const told = (found: ReturnType<typeof ended>) => [found.retention.hold, rules(found).filter((rule) => rule.startsWith('retention.'))]
    expect(told(ended('2015-06-30'))).toEqual(['running_contract', ['retention.review_due']])
    expect(told(ended('2026-10-31'))).toEqual(['running_contract', []])
    expect(told(ended('2027-06-30'))).toEqual(['running_contract', []])
    expect(ended('2026-10-31').nextReviewOn).toBe('2029-10-31')
  })
  it('archive instead of erasing while a legal hold stands', () => {
    const found = at('2026-11-21', { ...old, legal_hold: 'true' })
    expect([found.retention.hold, rules(found).filter((rule) => rule.startsWith('retention.'))]).toEqual([
      'legal_hold',
      ['retention.archive_due'],
    ])
  })
  it('wait for an open request', () => {
    const found = at('2026-11-21', old, { openRequest: true })
    expect([found.retention.hold, rules(found).filter((rule) => rule.startsWith('retention.'))]).toEqual(['open_request', []])
  })
  it('archive a sale for five years and erase on the first day after', () => {
    const sale = { ...old, last_purchase_date: '2021-11-22' }
    expect(rules(at('2026-11-21', sale))).toContain('retention.archive_due')
    expect(at('2026-11-21', sale).nextReviewOn).toBe('2026-11-22')
    expect(rules(at('2026-11-22', sale))).toContain('retention.erase_due')
  })
  it('hold back when they cannot be read', () => {
    const found = world({ hidden: ['legal_hold'] }).verdict({ ...person, ...old })
    expect([found.retention.hold, rules(found).includes('retention.erase_due'), rules(found).includes('retention.review_due')]).toEqual([
      'legal_hold',
      false,
      true,
    ])
  })
})

describe('anchors and zero durations', () => {
  it('make what no category names reviewable at once', () => {
    const only = {
      ...policy,
      retention: { ...policy.retention, rules: policy.retention.rules.filter((rule) => rule.category === 'anything_else') },
    }
    const found = world({ policy: only }).verdict({ ...person, createdate: '2026-11-21T08:00:00Z' })
    expect([found.retention, rules(found).includes('retention.review_due')]).toEqual([
      { rule: 'anything_else', dueOn: '2026-11-21', then: 'review', hold: null },
      true,
    ])
  })
  it('run from the end of the year where a rule says so', () => {
    const anchored = {
      ...policy,
      retention: {
        ...policy.retention,
        rules: policy.retention.rules.map((rule) =>
          rule.category === 'prospect' ? { ...rule, anchor: 'calendarYearEnd' as const } : rule,
        ),
      },
    }
    expect(world({ policy: anchored }).verdict({ ...person, createdate: '2024-03-10T08:00:00Z' }).retention.dueOn).toBe('2027-12-31')
  })
})
