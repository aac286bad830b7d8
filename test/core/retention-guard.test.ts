import { describe, expect, it } from 'vitest'
import { clockFaults, isConfirmable, longestStepMs } from '../../src/core/retention/clock.ts'
import { gaugeFault, type Gauge } from '../../src/core/retention/gauge.ts'
import { actsOf, digestOfList, standingOfPerson, type JudgedRecord } from '../../src/core/retention/list.ts'
import type { RetentionRule } from '../../src/core/policy/schema.ts'
import type { Verdict } from '../../src/core/judge/verdict.ts'
import { consumer, policy, proved, today, world } from './judge-world.ts'

const DAY = 86_400_000
const YEAR = 365 * DAY
const now = 1_795_000_000_000

describe('a clock', () => {
  const agreed = [{ connection: 'hs', ahead: 800 }]
  it.each([
    ['never seen, and agreed with', null, agreed, []],
    ['an hour later', now - 3_600_000, agreed, []],
    ['a little back, as time servers set it', now + 60_000, agreed, []],
    ['an hour back', now + 3_600_000, agreed, ['clock-backward']],
    ['four years on, with the CRM', now - 4 * YEAR, agreed, ['clock-forward']],
    ['after a month away', now - longestStepMs, agreed, []],
    ['four years on, alone', now - 4 * YEAR, [{ connection: 'hs', ahead: -4 * YEAR }], ['clock-forward', 'clock-disagrees']],
    ['four years on, and never seen before', null, [{ connection: 'hs', ahead: -4 * YEAR }], ['clock-disagrees']],
    ['ten minutes off the CRM', now, [{ connection: 'hs', ahead: 600_000 }], ['clock-disagrees']],
    ['of which a CRM says nothing', now, [...agreed, { connection: 'sf', ahead: null }], ['clock-unread']],
  ] as const)('%s', (_, lastSeen, crms, kinds) => {
    expect(clockFaults({ now, lastSeen, crms }).map(({ kind }) => kind)).toEqual(kinds)
  })
  it('that has moved is confirmed by somebody; one that disagrees with a CRM is mended', () => {
    const faults = clockFaults({ now, lastSeen: now - 4 * YEAR, crms: [{ connection: 'hs', ahead: -4 * YEAR }] })
    expect(faults.map((fault) => [fault.kind, isConfirmable(fault)])).toEqual([
      ['clock-forward', true],
      ['clock-disagrees', false],
    ])
  })
})

describe('fields that tell what people did', () => {
  const gauge = (days: number, records: number, acted: number): Gauge => ({ at: now - days * DAY, records, acted })
  it.each([
    ['as ever', gauge(0, 1_000, 400), [gauge(1, 990, 410)], null],
    ['slowly fewer', gauge(0, 1_000, 300), [gauge(30, 990, 410)], null],
    ['empty since yesterday', gauge(0, 1_000, 0), [gauge(1, 990, 410)], 'acts-vanished'],
    [
      'less than half of what was there within three months',
      gauge(0, 1_000, 190),
      [gauge(1, 1_000, 195), gauge(80, 990, 410)],
      'acts-vanished',
    ],
    ['fewer than in another year', gauge(0, 1_000, 190), [gauge(91, 990, 410)], null],
    ['of a handful of records', gauge(0, 19, 0), [gauge(1, 19, 19)], null],
    ['never one, at first sight', gauge(0, 50, 0), [], 'acts-never-seen'],
    ['never one, as before', gauge(0, 50, 0), [gauge(1, 50, 0)], 'acts-never-seen'],
    ['none any more of the few there were', gauge(0, 50, 0), [gauge(1, 50, 1)], null],
  ] as const)('%s', (_, latest, earlier, kind) => {
    expect(gaugeFault(latest, earlier, { mapped: true, confirmed: false })?.kind ?? null).toBe(kind)
  })
  it('that are not mapped at all are not missed', () => {
    for (const place of [
      { mapped: false, confirmed: false },
      { mapped: true, confirmed: true },
    ])
      expect(gaugeFault(gauge(0, 50, 0), [], place)).toBeNull()
  })
})

describe('who is due', () => {
  const rules: readonly RetentionRule[] = policy.retention.rules.map((rule) =>
    rule.category === 'prospect'
      ? { ...rule, automatic: true, lastMessage: { purpose: 'newsletter', channel: 'email', wait: 'P30D' } }
      : rule,
  )
  const { verdict } = world()
  const long = { ...consumer, createdate: '2022-01-10T09:00:00Z', privacy_notice_date: '2022-01-10' }
  const due = verdict(long)
  const recent = verdict(consumer)
  const record = (id: string, judged: Verdict, more: Partial<JudgedRecord> = {}): JudgedRecord => ({
    key: `hs:contacts:${id}`,
    connection: 'hs',
    object: 'contacts',
    id,
    verdict: judged,
    lostAct: false,
    asked: null,
    askable: true,
    ...more,
  })
  const standing = (...records: JudgedRecord[]) => standingOfPerson(records, rules, today)

  it('is whoever has only records whose day has come', () => {
    expect(standing(record('2', due), record('1', due))).toMatchObject({
      standing: 'due',
      entry: {
        records: [
          { key: 'hs:contacts:1', rule: 'prospect', dueOn: '2025-01-10', action: 'erase' },
          { key: 'hs:contacts:2', rule: 'prospect', dueOn: '2025-01-10', action: 'erase' },
        ],
        automatic: true,
        ask: null,
        notBefore: null,
      },
    })
    expect(standing(record('1', recent))).toEqual({ standing: 'not due' })
    expect(standing()).toEqual({ standing: 'not due' })
  })
  it('is kept while another record of the person is: a sync would bring the first one back', () => {
    expect(standing(record('1', due), record('2', recent))).toEqual({
      standing: 'kept',
      kept: { keys: ['hs:contacts:1'], why: 'elsewhere', by: 'prospect', holds: [] },
    })
  })
  it('is nobody of whom one record shows an act that lies ahead: nor do the others go, which know nothing of it', () => {
    const ahead = verdict({ ...long, recent_conversion_date: '2027-03-01T10:00:00Z' })
    expect(standing(record('1', due), record('2', ahead))).toMatchObject({
      standing: 'kept',
      kept: { keys: ['hs:contacts:1'], why: 'elsewhere' },
    })
  })
  it('is kept by a hold of the policy, a restriction among them', () => {
    for (const [field, hold] of [
      ['legal_hold', 'legal_hold'],
      ['processing_restricted', 'restricted'],
    ] as const) {
      const held = verdict({ ...long, [field]: 'true' })
      expect(standing(record('1', held))).toEqual({ standing: 'not due' })
      expect(standing(record('1', due), record('2', held))).toMatchObject({ kept: { why: 'hold', by: hold } })
    }
    const open = world().judge.judge(world().record(long), { facts: [], suppressed: false, openRequest: true })
    expect(standing(record('1', open))).toEqual({ standing: 'not due' })
  })
  it('is kept when what they did last could be read before, and cannot now', () => {
    expect(standing(record('1', due, { lostAct: true }))).toMatchObject({ kept: { why: 'act-lost' } })
  })
  it('is asked once where the policy asks and the purpose may still write to them', () => {
    const granted = verdict({ ...long, ...proved('newsletter_email', '2022-02-01T10:00:00Z') })
    expect(granted.retention.dueOn).toBe('2025-02-01')
    const ask = { key: 'hs:contacts:1', purpose: 'newsletter', channel: 'email', wait: 'P30D' }
    expect(standing(record('1', granted))).toMatchObject({ entry: { ask } })
    expect(standing(record('1', granted, { askable: false }))).toMatchObject({ entry: { ask: null } })
    expect(standing(record('1', granted, { asked: now }))).toMatchObject({ entry: { ask: null, notBefore: now } })
    // Never agreed, refused since, or on the suppression list: no message at all.
    expect(standing(record('1', due))).toMatchObject({ entry: { ask: null } })
    const refused = verdict({ ...long, ...proved('newsletter_email', '2022-02-01T10:00:00Z') }, { suppressed: true })
    expect(standing(record('1', refused))).toMatchObject({ entry: { ask: null } })
  })
  it('is counted record by record, and named by a digest that any change changes', () => {
    const entry = (ids: readonly string[]) => ({
      records: ids.map((id) => ({ ...record(id, due), rule: 'prospect', dueOn: '2025-01-10', action: 'erase' as const })),
      automatic: false,
      ask: null,
      notBefore: null,
      calls: 1,
    })
    expect(actsOf([entry(['1', '2']), entry(['3'])])).toEqual({ hs: 3 })
    const list = { day: today, entries: [entry(['1'])], kept: [] }
    expect(digestOfList(list)).toBe(digestOfList({ ...list }))
    expect(new Set([list, { ...list, day: '2026-11-22' }, { ...list, entries: [entry(['2'])] }].map(digestOfList)).size).toBe(3)
  })
})
