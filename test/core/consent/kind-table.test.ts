import fc from 'fast-check'
import { expect, it } from 'vitest'
import { factKindKey, type FactKind } from '../../../src/core/consent/consent.ts'
import { createKindTable } from '../../../src/core/consent/kind-table.ts'

const kind: fc.Arbitrary<FactKind> = fc.record({
  purpose: fc.constantFrom('*', 'newsletter'),
  channel: fc.constantFrom('*', 'email'),
  event: fc.constantFrom('given', 'withdrawn'),
  source: fc.constantFrom('one', 'two'),
  grade: fc.constantFrom('proved', 'claimed'),
})
const step = fc.tuple(fc.constantFrom('set', 'delete', 'get', 'get'), kind, fc.nat())

it('is a map by the texts of the kinds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const table = createKindTable<number>()
      const map = new Map<string, number>()
      for (const [what, one, value] of steps) {
        if (what === 'set') table.set(one, value)
        if (what === 'set') map.set(factKindKey(one), value)
        if (what === 'delete') table.delete({ ...one })
        if (what === 'delete') map.delete(factKindKey(one))
        expect(table.get({ ...one })).toBe(map.get(factKindKey(one)))
      }
      table.clear()
      expect(steps.every(([, one]) => table.get(one) === undefined)).toBe(true)
    }),
    { seed: 20_261_123, numRuns: 500 },
  )
})
