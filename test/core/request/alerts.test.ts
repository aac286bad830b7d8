import { describe, expect, it } from 'vitest'
import { isoOf } from '../../../src/core/time/calendar.ts'
import { workingDaysIn } from '../../../src/core/request/deadline-holidays.ts'
import type { Hold } from '../../../src/core/erasure/hold.ts'
import { alertsDue, holdAlerts } from '../../../src/core/request/alerts.ts'
import { decide } from '../../../src/core/request/decide.ts'
import { evolve, unborn } from '../../../src/core/request/evolve.ts'
import type { Request, RequestCommand, Right } from '../../../src/core/request/request.ts'
import { dayStartIn, localDayIn } from '../../../src/core/time/time-zone.ts'

const calendar = { localDay: localDayIn('Europe/Paris'), dayStart: dayStartIn('Europe/Paris'), isWorking: workingDaysIn('france') }
const noon = (day: string): number => Date.parse(`${day}T12:00:00Z`)
const run = (state: Request, command: RequestCommand): Request => {
  const decided = decide(state, command, { now: noon('2026-11-21'), calendar })
  if (!decided.ok) throw new Error(decided.message)
  return decided.events.reduce(evolve, state)
}
const received = (right: Right = 'access', scope: 'all' | 'marketing' = 'all'): Request =>
  run(unborn, { type: 'receive', at: noon('2026-11-21'), origin: 'session', right, scope })
const told = (request: Request, day: string): string =>
  alertsDue(request, null, noon(day), calendar)
    .map(({ kind, event }) => `${kind} ${isoOf(Number(event))}`)
    .join()

describe('the DPO is reminded', () => {
  it.each([
    ['2026-12-10', ''],
    ['2026-12-11', 'target 2026-12-11'],
    ['2026-12-13', 'target 2026-12-11'],
    ['2026-12-14', 'week-left 2026-12-14'],
    ['2026-12-18', 'last-chance-to-extend 2026-12-18'],
    ['2026-12-21', 'last-day 2026-12-21'],
    ['2026-12-22', 'late 2026-12-21'],
    ['2027-06-01', 'late 2026-12-21'],
  ])('as on %s, only of what is the most urgent: %s', (day, expected) => {
    expect(told(received(), day)).toBe(expected)
  })
  it('of no extension where there can be none', () => {
    expect(told(received('objection', 'marketing'), '2026-12-18')).toBe('')
  })
  it('two days before the end, of an extended time too', () => {
    const extended = run(received(), { type: 'extend', by: { kind: 'staff', user: 'u1' }, reason: 'complexity' })
    expect([told(extended, '2026-12-22'), told(extended, '2027-02-19'), told(extended, '2027-02-23')]).toEqual([
      '',
      'two-days-left 2027-02-19',
      'late 2027-02-22',
    ])
  })
  it('of nothing once the person was answered', () => {
    const known = run(received(), { type: 'identify', by: { kind: 'service' }, proof: { by: 'session' } })
    const answered = run(known, { type: 'answer', by: { kind: 'service' }, outcome: 'nothing-held' })
    expect(told(answered, '2027-06-01')).toBe('')
  })
  it('of an approval that nobody has given for two days', () => {
    const since = noon('2026-11-21')
    const at = (day: string) => alertsDue(received(), since, noon(day), calendar)
    expect([at('2026-11-22'), at('2026-11-23')]).toEqual([[], [{ kind: 'waiting', event: String(since) }]])
  })
})

describe('a record that was kept', () => {
  const hold = (until: number | null, review: number): Hold => ({
    rule: 'hold.invoice',
    ground: '17(3)(b)',
    text: 'C. com. L123-22',
    because: { kind: 'invoice', object: 'invoices', id: '7' },
    until,
    review,
    instead: 'keep',
  })
  const kept = (...holds: Hold[]) => [{ action: 'keep' as const, holds, trace: 'present' as const }]
  it('is told of on the day on which nothing holds it any more, or on which somebody is to look, and as one thing until the next', () => {
    expect(holdAlerts(kept(hold(100, 50)), 49)).toEqual([])
    expect(holdAlerts(kept(hold(100, 50)), 50)).toEqual([{ kind: 'hold-over', event: 'review 50' }])
    expect(holdAlerts(kept(hold(100, 50)), 99)).toEqual([{ kind: 'hold-over', event: 'review 50' }])
    expect(holdAlerts(kept(hold(100, 50)), 100)).toEqual([{ kind: 'hold-over', event: 'ended 100' }])
    expect(holdAlerts(kept(hold(100, 100), hold(null, 365)), 200)).toEqual([])
    expect(holdAlerts(kept(hold(100, 100), hold(null, 365)), 365)).toEqual([{ kind: 'hold-over', event: 'review 365' }])
    // An end that nobody knows is asked for every year; one that is known comes by itself.
    expect(holdAlerts(kept(hold(null, 365)), 365 + 800)).toEqual([{ kind: 'hold-over', event: 'review 1096' }])
    expect(holdAlerts(kept(hold(3_650, 365)), 365 + 800)).toEqual([{ kind: 'hold-over', event: 'review 365' }])
    expect(holdAlerts([{ action: 'erase', holds: [hold(100, 50)], trace: 'absent' }], 200)).toEqual([])
  })
  it('is told of no more where its CRM is lost: nobody can erase it there', () => {
    expect(holdAlerts([{ action: 'keep', holds: [hold(100, 50)], trace: 'out-of-reach' }], 200)).toEqual([])
  })
})
