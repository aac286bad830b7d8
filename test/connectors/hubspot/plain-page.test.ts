/** What is read straight out of the bytes of a page is what the reader of all JSON makes of it, or nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPageReader, type PlainPage } from '../../../src/connectors/hubspot/plain-page.ts'
import { ListPage } from '../../../src/connectors/hubspot/payloads.ts'
import { jsonOf } from '../../../src/connectors/hubspot/refusal.ts'
import { sheetRecords } from '../../../src/connectors/sheet.ts'

const seed = 20_261_123
const needed = ['lastmodifieddate', 'hs_merged_object_ids']
const names = ['email', 'firstname', 'lastname', 'notes', 'createdate', 'é_nom', 'lastmodifieddate', 'absent_everywhere']
const unasked = ['hs_object_id', '__proto__', 'city']

type Row = Record<string, unknown>
const textOf = (results: unknown, rest: object = {}): string => JSON.stringify({ results, ...rest })
const row = (properties: Row, head: Row = {}): Row => ({
  id: '101',
  properties,
  createdAt: '2026-01-05T10:00:00Z',
  updatedAt: '2026-01-05T10:00:00Z',
  archived: false,
  ...head,
})

/** The fields of each record, by either reader; of an unknown one nothing. */
function fieldsBy(page: PlainPage): Row[] {
  const sheet = { ...page.sheet, modifiedAt: new Float64Array(page.results.length) }
  return sheetRecords(sheet, (id) => ({ ref: { object: 'contacts', id }, version: '' })).map(({ ref, fields }) => ({
    id: ref.id,
    ...plain(fields),
  }))
}
/** An empty text counts as null. */
function plain(fields: Row): Row {
  return Object.fromEntries(names.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name] || null]])))
}
function byJson(bytes: Buffer): { heads: unknown; rows: Row[]; paging: unknown } | null {
  const { data } = ListPage.safeParse(jsonOf(new TextDecoder().decode(bytes)))
  if (!data) return null
  const heads = data.results.map(headOf)
  return { heads, paging: data.paging, rows: data.results.map((one) => ({ id: one.id, ...plain(one.properties) })) }
}
function headOf({ id, properties, updatedAt, archivedAt }: PlainPage['results'][number]): Row {
  return { id, updatedAt, archivedAt: archivedAt ?? null, needed: needed.map((name) => properties[name] || null) }
}

function compare(bytes: Buffer): 'the same' | 'left' {
  const page = createPageReader(names, needed)(bytes)
  if (page === null) return 'left'
  const expected = byJson(bytes)
  expect(expected, 'read what is no page').not.toBeNull()
  expect(page.results.map(headOf)).toStrictEqual(expected!.heads)
  expect(page.paging).toStrictEqual(expected!.paging)
  expect(fieldsBy(page)).toStrictEqual(expected!.rows)
  return 'the same'
}

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  fc.constantFrom('', 'née Müller', '“œ”', 'a\\b', 'say "x":"y"', '\n\t', '\u0000', '日本語', '😀', '\ud800', '\u007f\u0080ÿĀ'),
)
const properties = fc
  .uniqueArray(fc.constantFrom(...names.slice(0, -1), ...unasked), { maxLength: 11 })
  .chain((chosen) => fc.tuple(...chosen.map((name) => fc.tuple(fc.constant(name), value))))
  .map((entries) => ({ ...Object.fromEntries(entries), lastmodifieddate: '2026-02-03T04:05:06.789Z' }))
const page = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(), properties), { maxLength: 6 }),
    fc.constantFrom({}, { paging: null }, { paging: { next: { after: '7', link: 'https://api.hubapi.com/?after=7' } } }),
  )
  .map(([rows, rest]) =>
    textOf(
      rows.map(([id, one]) => row(one, { id: String(id) })),
      rest,
    ),
  )

describe(`a page out of its bytes (seed ${seed})`, () => {
  it('reads all plain pages, as the reader of all JSON does', () => {
    fc.assert(
      fc.property(page, (text) => {
        expect(compare(Buffer.from(text))).toBe('the same')
      }),
      { seed, numRuns: 2_000 },
    )
  })

  it('reads a page with bytes altered, lost or doubled as the reader of all JSON does, or leaves it', () => {
    let left = 0
    fc.assert(
      fc.property(
        page,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(2)), { minLength: 1, maxLength: 3 }),
        (text, harms) => {
          let bytes = Buffer.from(text)
          for (const [at, byte, kind] of harms) {
            const place = at % bytes.length
            if (kind === 0) bytes[place] = byte
            else bytes = Buffer.concat([bytes.subarray(0, place), bytes.subarray(kind === 1 ? place + 1 : Math.max(0, place - 9))])
          }
          if (compare(bytes) === 'left') left++
        },
      ),
      { seed, numRuns: 10_000 },
    )
    expect(left).toBeGreaterThan(2_000)
    expect(left).toBeLessThan(9_000)
  })

  it.each([
    ['blanks between its parts', JSON.stringify({ results: [row({ email: 'a@b.example' })] }, null, 1)],
    ['something before the results', `{"total":1,"results":[]}`],
    ['results twice', `{"results":[],"results":[]}`],
    ['results again behind', `{"results":[${JSON.stringify(row({}))}],"results":[]}`],
    ['properties twice', `{"results":[{"id":"1","updatedAt":"","properties":{},"properties":{}}]}`],
    ['a number for a value', textOf([row({ email: 1 })])],
    ['an object for a value', textOf([row({ email: {} })])],
    ['an object beside the properties', textOf([row({}, { associations: {} })])],
    ['a key with escapes', `{"results":[{"\\u0069d":"1","properties":{},"updatedAt":""}]}`],
    ['no id', textOf([{ properties: {}, updatedAt: '' }])],
    ['an id that is no number', textOf([row({}, { id: 'a' })])],
    ['no properties', textOf([{ id: '1', updatedAt: '' }])],
    ['no time', textOf([{ id: '1', properties: {} }])],
    ['a raw line end in a value', '{"results":[{"id":"1","properties":{"email":"a\nb"},"updatedAt":""}]}'],
    ['an end in the middle', textOf([row({ email: 'a@b.example' })]).slice(0, -4)],
    ['more behind its end', `${textOf([row({})])} {}`],
    ['a page that is none', '<html></html>'],
    ['nothing', ''],
  ])('leaves a page with %s to the reader of all JSON', (_, text) => {
    expect(compare(Buffer.from(text))).toBe('left')
  })

  it('reads on after a page that it had to leave', () => {
    const read = createPageReader(names, needed)
    const whole = Buffer.from(textOf([row({ email: 'a@b.example', notes: '日本' }), row({ notes: 'x' }, { id: '102' })]))
    expect(read(whole.subarray(0, -9))).toBeNull()
    expect(fieldsBy(read(whole)!)).toStrictEqual([
      { id: '101', email: 'a@b.example', notes: '日本' },
      { id: '102', notes: 'x' },
    ])
  })

  it('reads an order of properties that changes from record to record', () => {
    const rows = fc.sample(properties, { seed, numRuns: 500 }).map((one, index) => row(one, { id: String(index) }))
    expect(compare(Buffer.from(textOf(rows)))).toBe('the same')
  })

  it('remembers no more names than it needs', () => {
    const read = createPageReader(names, needed)
    const strange = (from: number): Buffer =>
      Buffer.from(textOf([row(Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`p_${from + index}`, 'x'])))]))
    expect(read(strange(0))).not.toBeNull()
    expect(read(strange(3_000))).toBeNull()
    expect(read(strange(0))).not.toBeNull()
  })
})
