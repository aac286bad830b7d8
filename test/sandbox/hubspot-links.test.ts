import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLinks } from '../../src/sandbox/hubspot/links.ts'
import type { Links } from '../../src/sandbox/hubspot/links.ts'
import { kindNamed } from '../../src/sandbox/hubspot/object-kind.ts'

const COMPANY = kindNamed('companies')!
const CONTACT = kindNamed('contacts')!
const HOLDER = 1

type Step = { act: 'put' | 'drop' | 'keep' | 'restore'; id: number; type: number }
const steps = fc.array(
  fc.record<Step>({
    act: fc.constantFrom('put', 'put', 'put', 'drop', 'keep', 'restore'),
    id: fc.integer({ min: 1, max: 12 }),
    type: fc.constantFrom(280, 2, 1001),
  }),
  { maxLength: 60 },
)

/** What the links should say: a plain map from record to its types, in the order in which they came. */
type Model = Map<number, number[]>

function pairsOf(model: Model): number[] {
  return [...model].sort(([a], [b]) => a - b).flatMap(([id, types]) => types.flatMap((type) => [id, type]))
}

test('whatever is put, dropped, kept and restored, a row holds each pair once, in the order of ids', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const links = createLinks()
      let model: Model = new Map()
      let kept: { model: Model; restore: () => void } | undefined
      for (const { act, id, type } of sequence) {
        const types = model.get(id) ?? []
        if (act === 'put') {
          expect(links.put(COMPANY, HOLDER, CONTACT, id, type)).toBe(!types.includes(type))
          if (!types.includes(type)) model.set(id, [...types, type])
        } else if (act === 'drop') {
          links.drop(COMPANY, HOLDER, CONTACT, id, type)
          model.set(
            id,
            types.filter((one) => one !== type),
          )
        } else if (act === 'keep') kept = { model: new Map(model), restore: links.part.keep() }
        else if (kept !== undefined) {
          kept.restore()
          model = new Map(kept.model)
        }
        expect(links.of(COMPANY, HOLDER, CONTACT)).toEqual(pairsOf(model))
        expect(links.between(COMPANY, HOLDER, CONTACT, id)).toEqual(model.get(id) ?? [])
      }
      expect(copyOf(links).of(COMPANY, HOLDER, CONTACT)).toEqual(pairsOf(model))
    }),
    { seed: 4_400_001, numRuns: 200 },
  )
})

function copyOf(links: Links): Links {
  const copy = createLinks()
  copy.take(links.give())
  return copy
}
