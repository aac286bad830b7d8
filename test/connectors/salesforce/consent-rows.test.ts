import { expect, it } from 'vitest'
import { deciding, momentOf, type Consent } from '../../../src/connectors/salesforce/consent-rows.ts'

const day = (n: number): number => Date.parse('2026-03-01T10:00:00Z') + (n - 1) * 86_400_000
const text = (n: number): string => new Date(day(n)).toISOString()
const now = day(30)

/** Made on that day and not changed since. */
const row = (status: string, made: number, more: Partial<Consent> = {}): Consent => ({
  id: status,
  type: 'Email',
  purpose: null,
  status,
  captured: null,
  source: null,
  double: null,
  from: null,
  to: null,
  created: day(made),
  stamp: day(made),
  ...more,
})

it.each([
  ['a newer yes after a no', [row('OptOut', 1), row('OptIn', 5, { captured: text(5) })], 'OptIn', text(5)],
  ['a no that was made as one', [row('OptIn', 1, { captured: text(1) }), row('OptOut', 5, { captured: text(4) })], 'OptOut', text(4)],
  [
    'a status flipped after a newer yes',
    [row('OptOut', 1, { captured: text(1), stamp: day(9) }), row('OptIn', 5, { captured: text(5) })],
    'OptOut',
    null,
  ],
  ['a no and a yes of one moment', [row('OptIn', 5, { captured: text(5) }), row('OptOut', 5)], 'OptOut', null],
  ['the same the other way round', [row('OptOut', 5), row('OptIn', 5, { captured: text(5) })], 'OptOut', null],
  ['a yes that was entered late', [row('OptOutPending', 5), row('OptIn', 9, { captured: text(2) })], 'OptOutPending', null],
  ['a yes dated in the future', [row('OptIn', 1, { captured: text(99) }), row('OptOut', 5)], 'OptOut', null],
  ['a yes that has ended', [row('OptIn', 1, { to: day(20) })], null, null],
  ['a yes that has not begun', [row('OptIn', 1, { from: day(40) })], null, null],
  ['a yes within its time', [row('OptIn', 1, { from: day(1), to: day(40), captured: text(1) })], 'OptIn', text(1)],
  ['a no that has ended', [row('OptOut', 1, { to: day(20) })], 'OptOut', null],
  ['a no that has not begun', [row('OptOut', 1, { from: day(40) }), row('OptIn', 1)], 'OptOut', null],
  ['nothing', [], null, null],
])('of several rows the newest counts: %s', (_case, rows, status, moment) => {
  const decides = deciding(rows, now)
  expect([decides?.status ?? null, decides && momentOf(decides)]).toEqual([status, moment])
})

it('a moment that is hidden stays so', () => {
  expect(momentOf(row('OptIn', 1, { captured: undefined }))).toBe(undefined)
})
