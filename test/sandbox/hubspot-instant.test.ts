import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant, parseInstant } from '../../src/sandbox/hubspot/instant.ts'

test('an instant is printed as ISO 8601 in UTC, whole seconds without a fraction, and read back', () => {
  const LAST = 8_640_000_000_000_000
  fc.assert(
    fc.property(
      fc.oneof(
        fc.integer({ min: -LAST, max: LAST }),
        fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
      ),
      (ms) => {
        expect(instant(ms)).toBe(new Date(ms).toISOString().replace('.000Z', 'Z'))
        if (ms >= 0 && ms < 253_402_300_800_000) expect(parseInstant(instant(ms))).toBe(ms)
      },
    ),
    { seed: 20_262, numRuns: 2000 },
  )
})

test('days that do not exist are not read', () => {
  expect(['2024-02-29', '2023-02-29', '2024-1-1', '20240101x', '2024-01-01T25:00:00Z', '99999999999999999'].map(parseInstant)).toEqual([
    Date.UTC(2024, 1, 29),
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
