import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRowReader } from '../../../src/core/record/row.ts'
import { filled } from '../../../src/core/text/text.ts'

const asked = ['a', 'b', 'c', 'd', 'e']
const value = fc.constantFrom<string | null>(null, null, null, '', ' ', 'x', ' y ')
const entry = fc.tuple(fc.constantFrom(...asked, 'other', '7'), value)
const record = fc.array(entry, { maxLength: 8 }).map((entries) => Object.fromEntries(entries))

it('reads each record by itself, whatever fields the one before had, in which order, and which it lacked', () => {
  const { columnOf, read } = createRowReader()
  const columns = asked.map(columnOf)
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), (records) =>
      records.every((fields) => {
        const row = read(fields)
        return asked.every((name, at) => row[columns[at] ?? -1] === filled(fields[name]))
      }),
    ),
    { seed: 20_261_122, numRuns: 1_000 },
  )
})

it('reads the record after one that broke off', () => {
  const { columnOf, read } = createRowReader()
  const columns = asked.map(columnOf)
  read({ a: 'x', b: null })
  expect(() => read({ c: null, d: 5 as unknown as string })).toThrow(TypeError)
  const row = read({ c: null, d: 'y' })
  expect(columns.map((column) => row[column])).toEqual([undefined, undefined, null, 'y', undefined])
})

const unlike = fc.constantFrom<string | null | undefined>(null, null, undefined, '', 'x', ' y ')
const names = fc.uniqueArray(fc.constantFrom(...asked, 'other', '7'), { maxLength: 6 })
const held = names.chain((all) =>
  fc.tuple(
    fc.constant(all),
    fc.array(fc.constantFrom(null, undefined), { minLength: all.length, maxLength: all.length }),
    fc.array(fc.array(unlike, { minLength: all.length, maxLength: all.length }), { minLength: 1, maxLength: 4 }),
  ),
)

it('reads by numbers what it reads by names, records of other names in between', () => {
  const byNumber = createRowReader()
  const byName = createRowReader()
  const columns = asked.map((name) => [byNumber.columnOf(name), byName.columnOf(name)] as const)
  fc.assert(
    fc.property(fc.array(held, { minLength: 1, maxLength: 4 }), (sheets) => {
      for (const [all, blank, records] of sheets) {
        for (const values of records) {
          const at = values.flatMap((one, index) => (one === blank[index] ? [] : [index]))
          const fields = Object.fromEntries(all.map((name, index) => [name, values[index] as string | null]))
          const row = byNumber.readHeld({ names: all, blank, at, values: at.map((index) => values[index]) })
          const plain = byName.read(fields)
          expect(columns.map(([column]) => row[column])).toEqual(columns.map(([, column]) => plain[column]))
          if (values[0] === 'x') byNumber.read({ a: 'another', e: null })
        }
      }
    }),
    { seed: 20_261_122, numRuns: 500 },
  )
})
