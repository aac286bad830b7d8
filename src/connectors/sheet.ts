/**
 * Records of a page as one text and the places in it: what crosses to a thread, and all that is kept of them meanwhile. Cloning a thousand records field
 * by field costs more than judging them, and few are ever asked for their fields again.
 */
import { isFilled } from '../core/minimisation/minimisation.ts'
import type { CrmRecord, FieldValue, RecordRef } from './connector.ts'

/**
 * `names`: in the order in which they were asked for. `missing`: of which of them nothing is known, unless a mark says so. `marks` of a record: where its id
 * begins and how long that is, how many fields follow, and for each the number of its name, where its text begins and how long that is (or `NULL`, or
 * `ABSENT`). What begins below zero begins in `wide`, at the complement (`~`). A name that is not there holds null, as four in five do.
 */
export type Sheet = {
  readonly names: readonly string[]
  readonly missing: readonly string[]
  readonly text: string
  readonly wide: string
  readonly marks: Int32Array<ArrayBuffer>
  readonly modifiedAt: Float64Array<ArrayBuffer>
}

export const NULL = -1
export const ABSENT = -2
/** Numbers of each field, and as many before the first. */
export const CELL = 3

export interface Marks {
  /** A record, by the place of its id; its fields follow. */
  record(start: number, length: number): void
  /** `name`: its number. */
  field(name: number, start: number, length: number): void
  /** Begins anew. */
  take(): Int32Array<ArrayBuffer>
}

/** For `room` numbers at first. They are kept in place from sheet to sheet: to let a list of a hundred thousand grow and go costs more than the reading. */
export function createMarks(room: number): Marks {
  let marks = new Int32Array(room)
  let used = 0
  let head = 0
  const put = (first: number, second: number, third: number): void => {
    if (used + CELL > marks.length) {
      const more = new Int32Array(2 * marks.length + CELL)
      more.set(marks)
      marks = more
    }
    marks[used] = first
    marks[used + 1] = second
    marks[used + 2] = third
    used += CELL
  }
  return {
    record(start, length) {
      head = used
      put(start, length, 0)
    },
    field(name, start, length) {
      put(name, start, length)
      marks[head + 2]!++
    },
    take() {
      const taken = marks.slice(0, used)
      used = 0
      return taken
    },
  }
}

/** Where the marks of the next record begin. */
export function afterRecord({ marks }: Sheet, mark: number): number {
  return mark + CELL * (1 + marks[mark + 2]!)
}

/**
 * All fields of a record that holds nothing. A hash table: one that is written and read by a hundred names in turn is no use as an object of fixed shape,
 * for which code is compiled again and again.
 */
export function emptyFields(names: Iterable<string>, missing: Iterable<string> = []): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = Object.fromEntries(Array.from(names, (name) => [name, null]))
  for (const name of missing) fields[name] = undefined as never
  return fields
}

/** What a mark points to. */
export function textAt({ text, wide }: Pick<Sheet, 'text' | 'wide'>, start: number, length: number): string {
  return start >= 0 ? text.slice(start, start + length) : wide.slice(~start, ~start + length)
}

/** Of the record whose marks begin there. */
export function idAt(sheet: Sheet, mark: number): string {
  return textAt(sheet, sheet.marks[mark]!, sheet.marks[mark + 1]!)
}

/** Fills in what the record holds whose marks begin there. */
export function readRecord(sheet: Sheet, mark: number, fields: Record<string, FieldValue>): void {
  const { names, marks } = sheet
  const end = afterRecord(sheet, mark)
  for (let at = mark + CELL; at < end; at += CELL) {
    const length = marks[at + 2]!
    fields[names[marks[at]!]!] = length >= 0 ? textAt(sheet, marks[at + 1]!, length) : length === NULL ? null : (undefined as never)
  }
}

/** How many records fill each field, by its name. */
export function countFilled(sheet: Sheet): ReadonlyMap<string, number> {
  const { names, text, marks } = sheet
  const counts = names.map(() => 0)
  for (let mark = 0; mark < marks.length; mark = afterRecord(sheet, mark)) {
    const end = afterRecord(sheet, mark)
    for (let at = mark + CELL; at < end; at += CELL) {
      const start = marks[at + 1]!
      const length = marks[at + 2]!
      // What begins with more than a blank is filled, and need not be cut out to be looked at.
      if (length > 0 && (isPrinted(text.charCodeAt(start)) || isFilled(textAt(sheet, start, length)))) counts[marks[at]!]!++
    }
  }
  return new Map(names.map((name, index) => [name, counts[index]!]))
}

/** Of ASCII: everything from the exclamation mark to the tilde. */
function isPrinted(code: number): boolean {
  return code > 32 && code < 127
}

/** A record that reads its fields out of a sheet when somebody asks. A class, since an object with a getter of its own costs more than the fields that it spares. */
class SheetRecord implements CrmRecord {
  readonly ref: RecordRef
  readonly version: string
  readonly modifiedAt: number
  readonly #sheet: Sheet
  readonly #mark: number

  constructor({ ref, version, modifiedAt }: Omit<CrmRecord, 'fields'>, sheet: Sheet, mark: number) {
    this.ref = ref
    this.version = version
    this.modifiedAt = modifiedAt
    this.#sheet = sheet
    this.#mark = mark
  }

  get fields(): Record<string, FieldValue> {
    const fields = emptyFields(this.#sheet.names, this.#sheet.missing)
    readRecord(this.#sheet, this.#mark, fields)
    return fields
  }

  static sheetOf(records: readonly CrmRecord[]): Sheet | null {
    const [first] = records
    if (first === undefined || !(#sheet in first)) return null
    const sheet = first.#sheet
    let mark = 0
    for (const record of records) {
      if (!(#sheet in record) || record.#sheet !== sheet || record.#mark !== mark) return null
      mark = afterRecord(sheet, mark)
    }
    return mark === sheet.marks.length ? sheet : null
  }
}

/** The records of a sheet; `headOf` gives the rest of each. */
export function sheetRecords(
  sheet: Sheet,
  headOf: (id: string, modifiedAt: number, index: number) => Pick<CrmRecord, 'ref' | 'version'>,
): readonly CrmRecord[] {
  let mark = 0
  return Array.from(sheet.modifiedAt, (modifiedAt, index) => {
    const { ref, version } = headOf(idAt(sheet, mark), modifiedAt, index)
    const record = new SheetRecord({ ref, version, modifiedAt }, sheet, mark)
    mark = afterRecord(sheet, mark)
    return record
  })
}

/** The sheet that holds these records, all of them in their order and no other; null where there is none. */
export function sheetOf(records: readonly CrmRecord[]): Sheet | null {
  return SheetRecord.sheetOf(records)
}
