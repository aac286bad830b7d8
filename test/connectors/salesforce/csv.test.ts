import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCsvReader, valueAt, type CsvRows } from '../../../src/connectors/salesforce/csv.ts'

const SEED = 20_260_318
const runs = { seed: SEED, numRuns: 2_000 }
const cell = fc.oneof(
  fc.constantFrom('', '"', '""', ',', '\n', '\r\n', 'a"b', '", "', 'é🙂'),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
)
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 6 }))
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const written = (rows: readonly string[][], end: string, cell = quoted) => rows.map((row) => row.map(cell).join(',')).join(end) + end
/** Without quotes, where it can do without. */
const bare = (text: string) => (/[",\r\n]/.test(text) ? quoted(text) : text)
const strings = ({ bytes, places, width, count }: CsvRows) =>
  Array.from({ length: count }, (_, row) => Array.from({ length: width }, (_, column) => valueAt({ bytes, places }, row * width + column)))

function readAll(text: string, cuts: readonly number[], missing = Infinity): { header: readonly string[] | null; rows: string[][] } {
  const reader = createCsvReader()
  const bytes = Buffer.from(text)
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  const rows = [...places, bytes.length].flatMap((end, i) => strings(reader.push(bytes.subarray(i === 0 ? 0 : places[i - 1], end))))
  rows.push(...strings(reader.end(missing)))
  return { header: reader.header, rows }
}

describe(`the CSV of a Bulk result (fast-check seed ${SEED})`, () => {
  it('gives back what was written, wherever the chunks end', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom(quoted, bare),
        fc.array(fc.nat(), { maxLength: 6 }),
        ([header, ...rows], end, cell, cuts) => {
          expect(readAll(written([header!, ...rows], end, cell), cuts)).toEqual({ header, rows })
        },
      ),
      runs,
    )
  })

  it('is never read as whole rows when it was cut inside one', () => {
    fc.assert(
      fc.property(table, fc.nat(), (rows, cut) => {
        const text = written(rows, '\n')
        const part = text.slice(0, cut % text.length)
        try {
          const read = readAll(part, [])
          expect(read.rows).toEqual(rows.slice(1, 1 + read.rows.length))
        } catch (error) {
          expect(error).toMatchObject({ name: 'ConnectorError' })
        }
      }),
      runs,
    )
  })

  it('may hold plain fields', () => {
    expect(readAll('Id,Name\r\n1,\r\n2,"x"\n', [])).toEqual({
      header: ['Id', 'Name'],
      rows: [
        ['1', ''],
        ['2', 'x'],
      ],
    })
  })

  it('may begin with one byte order mark, wherever the chunks end', () => {
    const text = '\uFEFF"Id"\n"1"\n'
    for (let cut = 0; cut <= Buffer.byteLength(text); cut++) {
      expect(readAll(text, [cut])).toEqual({ header: ['Id'], rows: [['1']] })
      expect(readAll(`\uFEFF\uFEFFId\n1\n`, [cut])).toEqual({ header: ['\uFEFFId'], rows: [['1']] })
    }
    expect(readAll('\uFEFF', [])).toEqual({ header: null, rows: [] })
    for (const cut of [0, 1, 3, 4]) expect(() => readAll('\uFEFF\uFEFF', [cut])).toThrow(expect.objectContaining({ kind: 'unavailable' }))
  })

  it('may end in an empty line', () => {
    for (const text of ['"Id","Name"\n"1","x"\n\n', 'Id,Name\r\n1,x\r\n\r\n'])
      for (const cut of [0, text.length - 2, text.length - 1]) expect(readAll(text, [cut]).rows).toEqual([['1', 'x']])
    expect(readAll('"Name"\n""\n\n', []).rows).toEqual([[''], ['']])
  })

  it('may end without a line end where the count of the result says so, unless its last value may have been cut', () => {
    const text = '"Id","Name"\n"1","x"\n"2","y"'
    expect(readAll(text, [], 1).rows).toEqual([
      ['1', 'x'],
      ['2', 'y'],
    ])
    expect(readAll('"Id","Name"', [], 0)).toEqual({ header: ['Id', 'Name'], rows: [] })
    for (const [cut, missing] of [
      [text, 0],
      [text, 2],
      [text.slice(0, -1), 1],
      ['Id,Name\n1,x', 1],
      ['"Id","Name"', 1],
    ] as const)
      expect(() => readAll(cut, [], missing)).toThrow(expect.objectContaining({ kind: 'unavailable' }))
  })

  it('is refused when a quote stands in the wrong place or a row has another width', () => {
    for (const text of ['"a","b"\n"1"x,"2"\n', '"a","b"\n"1"\n', '"a","b"\n"1","2","3"\n'])
      expect(() => readAll(text, [])).toThrow(expect.objectContaining({ kind: 'unexpected-shape' }))
    for (const text of ['"a","b"\n"1","2', '"a","b"\n"1","'])
      expect(() => readAll(text, [])).toThrow(expect.objectContaining({ kind: 'unavailable' }))
  })
})
