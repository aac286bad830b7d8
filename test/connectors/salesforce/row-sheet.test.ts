import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countFilled, sheetOf } from '../../../src/connectors/sheet.ts'
import { createCsvReader } from '../../../src/connectors/salesforce/csv.ts'
import { toRecord } from '../../../src/connectors/salesforce/record.ts'
import { createRowSheet } from '../../../src/connectors/salesforce/row-sheet.ts'
import type { Plan } from '../../../src/connectors/salesforce/schema.ts'
import { isFilled } from '../../../src/core/minimisation/minimisation.ts'

const SEED = 20_261_122
const AS_OF = Date.parse('2026-03-17T16:21:27.000Z')
const TYPES = ['string', 'textarea', 'boolean', 'double', 'datetime', 'date']
const cell = fc.oneof(
  fc.constantFrom('', ' ', '"', 'a"b', ',', '\n', 'é', '€🙂', 'TRUE', 'false', '1.0E7', '10', 'x'),
  fc.constantFrom('2026-03-17T16:21:26.000Z', '2026-03-17T16:21:26.000+0000', '2026-03-17T16:21:26Z'),
)
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const idOf = (n: number) => `003${String(n).padStart(15, '0')}`
const table = fc.record({
  types: fc.array(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 6 }),
  rows: fc.array(fc.array(cell, { minLength: 6, maxLength: 6 }), { maxLength: 12 }),
  turned: fc.boolean(),
  chunk: fc.integer({ min: 1, max: 400 }),
  page: fc.integer({ min: 1, max: 5 }),
})

function planOf(types: readonly string[]): Plan {
  const fields = types.map((type, index) => [`F${index}__c`, type] as const)
  const info = { object: 'Contact', keyPrefix: '003', queryable: true, createable: true, updateable: true, fields: new Map() }
  return { info, paths: fields.map(([path]) => path), types: new Map(fields) }
}

describe(`rows of a Bulk result (fast-check seed ${SEED})`, () => {
  it('are the records that the same rows would be by REST, wherever chunks and pages end', () => {
    fc.assert(
      fc.property(table, ({ types, rows, turned, chunk, page }) => {
        const plan = planOf(types)
        const all = rows.map((cells, n) => {
          const own = Object.fromEntries(plan.paths.map((path, index) => [path, cells[index]!]))
          return { ...own, Id: idOf(n), SystemModstamp: '2026-03-17T16:21:26.000Z' } as Record<string, string>
        })
        // The server's spelling and order of the columns are its own.
        const header = turned ? ['SYSTEMMODSTAMP', ...plan.paths.toReversed(), 'Id'] : ['Id', 'SystemModstamp', ...plan.paths]
        const keys = header.map((name) => (name === 'SYSTEMMODSTAMP' ? 'SystemModstamp' : name))
        const text = [header, ...all.map((row) => keys.map((key) => row[key]!))].map((row) => `${row.map(quoted).join()}\n`).join('')
        const bytes = Buffer.from(text)
        const reader = createCsvReader()
        const sheet = createRowSheet(plan, header, AS_OF)
        const read: unknown[] = []
        const keep = (): void => {
          const records = sheet.take()
          const counts = new Map(plan.paths.map((path) => [path, records.filter(({ fields }) => isFilled(fields[path])).length]))
          if (records.length > 0) expect(countFilled(sheetOf(records)!)).toEqual(counts)
          read.push(...records.map(({ ref, version, modifiedAt, fields }) => ({ ref, version, modifiedAt, fields })))
        }
        for (let at = 0; at < bytes.length; at += chunk) {
          const part = reader.push(bytes.subarray(at, at + chunk))
          for (let row = 0, end = 0; row < part.count; row = end) {
            end = Math.min(part.count, row + page - sheet.length)
            sheet.add(part, row, end)
            if (sheet.length === page) keep()
          }
        }
        keep()
        expect(read).toEqual(all.map((row) => toRecord(plan, row, AS_OF)))
      }),
      { seed: SEED, numRuns: 500 },
    )
  })
})
