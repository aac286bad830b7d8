/** Rows of a Bulk result as records: their text is kept as it came, and cut up where somebody asks. */
import type { CrmRecord } from '../connector.ts'
import { CELL, createMarks, sheetRecords } from '../sheet.ts'
import { type CsvRows, isDoubled, lengthAt, startAt, valueAt } from './csv.ts'
import { unreadable } from './payloads.ts'
import { ACCOUNT, idOf, PERSON, stampOf, versionOf } from './record.ts'
import type { Plan } from './schema.ts'
import { fromText, isKept } from './values.ts'

export interface RowSheet {
  /** How many rows there are now. */
  readonly length: number
  /** Those from `from` on, and before `to`. */
  add(rows: CsvRows, from: number, to: number): void
  /** Empties it. */
  take(): readonly CrmRecord[]
}

/** `asOf`: the server's clock when it began to answer. */
export function createRowSheet(plan: Plan, header: readonly string[], asOf: number): RowSheet {
  const columns = columnsOf(plan, header)
  const names = columns.fields.map(({ path }) => path)
  const marks = createMarks(CELL * names.length)
  let stamps: number[] = []
  let text = ''

  return {
    get length() {
      return stamps.length
    },
    add(rows, from, to) {
      const { width } = rows
      const begin = startAt(rows, width * from)
      const end = startAt(rows, width * to - 1) + lengthAt(rows, width * to - 1)
      const shift = text.length - begin
      // What reads otherwise than it was written stands behind the rows.
      let rewritten = ''
      for (let first = width * from; first < width * to; first += width) {
        stamps.push(stampOf({ SystemModstamp: valueAt(rows, first + columns.modified) }))
        marks.record(shift + startAt(rows, first + columns.id), lengthAt(rows, first + columns.id))
        for (let i = 0; i < columns.fields.length; i++) {
          const { index, type, kept, person } = columns.fields[i]!
          const field = first + index
          if (lengthAt(rows, field) === 0 || (person !== undefined && valueAt(rows, first + person) === 'true')) continue
          const told = kept && !isDoubled(rows, field) ? null : rewrittenAt(rows, field, type)
          if (told === null) marks.field(i, shift + startAt(rows, field), lengthAt(rows, field))
          else marks.field(i, shift + end + rewritten.length, told.length)
          rewritten += told ?? ''
        }
      }
      text += rows.text.slice(begin, end) + rewritten
    },
    take() {
      const sheet = { names, missing: [], text, marks: marks.take(), modifiedAt: new Float64Array(stamps) }
      stamps = []
      text = ''
      return sheetRecords(sheet, (id, modifiedAt) => ({
        ref: { object: plan.info.object, id: idOf({ Id: id }) },
        version: versionOf(modifiedAt, asOf),
      }))
    },
  }
}

/** What a field says, where that is not what stands in its place. */
function rewrittenAt(rows: CsvRows, field: number, type: string): string | null {
  const value = valueAt(rows, field)
  const told = fromText(value, type)
  return told === value && !isDoubled(rows, field) ? null : told
}

/** Where in a row to look. @throws ConnectorError for a column that is not there */
function columnsOf(plan: Plan, header: readonly string[]) {
  const places = new Map(header.map((column, index) => [column.toLowerCase(), index]))
  const indexOf = (path: string): number => {
    const index = places.get(path.toLowerCase())
    if (index === undefined) throw unreadable('the CSV of a Bulk result', path)
    return index
  }
  const fields = [...plan.types].map(([path, type]) => ({
    path,
    type,
    index: indexOf(path),
    kept: isKept(type),
    person: path === ACCOUNT ? places.get(PERSON.toLowerCase()) : undefined,
  }))
  return { id: indexOf('Id'), modified: indexOf('SystemModstamp'), fields }
}
