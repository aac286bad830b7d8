import fc from 'fast-check'
import { expect, it } from 'vitest'
import { circleWatch } from '../../src/connectors/circle.ts'

it('tells every circle, behind whatever leads into it, soon, and none where each page is new', () => {
  const lengths = { before: fc.nat(50), around: fc.integer({ min: 1, max: 50 }) }
  fc.assert(
    fc.property(fc.record(lengths), ({ before, around }) => {
      const comesBack = circleWatch()
      const page = (n: number): string => String(n < before ? n : before + ((n - before) % around))
      const first = Array.from({ length: 1_000 }, (_, n) => comesBack(page(n))).indexOf(true)
      expect(first).toBeGreaterThanOrEqual(before + around)
      expect(first).toBeLessThan(3 * Math.max(before, around) + around + 1)
    }),
  )
  const comesBack = circleWatch()
  expect(Array.from({ length: 1_000 }, (_, n) => comesBack(String(n))).includes(true)).toBe(false)
})
