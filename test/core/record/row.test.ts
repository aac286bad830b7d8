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
