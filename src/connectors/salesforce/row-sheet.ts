/** Rows of a Bulk result as records: what their fields hold stands in one text, and is cut out where somebody asks. */
import type { CrmRecord } from '../connector.ts'
import { CELL, createMarks, sheetRecords } from '../sheet.ts'
import { SheetText } from '../sheet-text.ts'
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
  const text = new SheetText()
  let stamps: number[] = []

  return {
    get length() {
      return stamps.length
    },
    add(rows, from, to) {
      const { width, bytes } = rows
      const put = (field: number): void => text.put(bytes, startAt(rows, field), startAt(rows, field) + lengthAt(rows, field))
      for (let first = width * from; first < width * to; first += width) {
        stamps.push(stampOf({ SystemModstamp: valueAt(rows, first + columns.modified) }))
        put(first + columns.id)
        marks.record(text.start, text.length)
        for (let i = 0; i < columns.fields.length; i++) {
          const { index, type, kept, person } = columns.fields[i]!
          const field = first + index
          if (lengthAt(rows, field) === 0 || (person !== undefined && valueAt(rows, first + person) === 'true')) continue
          const told = kept && !isDoubled(rows, field) ? null : rewrittenAt(rows, field, type)
          if (told === null) put(field)
          else text.putText(told)
          marks.field(i, text.start, text.length)
        }
      }
    },
    take() {
      const sheet = { names, missing: [], ...text.end(), marks: marks.take(), modifiedAt: new Float64Array(stamps) }
      stamps = []
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
