import fc from 'fast-check'
import { expect, it } from 'vitest'
import { quickMap, quickSet } from '../../../src/core/text/quick-set.ts'

const text = fc.oneof(fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u{1f600}'), maxLength: 4 }), fc.string({ maxLength: 70 }))

it('knows what a map knows, the last of equal entries included, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.nat()), { maxLength: 40 }), fc.array(text), (entries, others) => {
      const map = new Map(entries)
      const quick = quickMap(entries)
      const set = quickSet(map.keys())
      for (const one of [...map.keys(), ...others]) {
        expect(quick.get(one)).toBe(map.get(one))
        expect(set.has(one)).toBe(map.has(one))
      }
    }),
    { seed: 20_261_122, numRuns: 300 },
  )
})
