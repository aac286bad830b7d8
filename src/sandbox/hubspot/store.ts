import { copyColumns, createColumns, growColumns, idOrder, rowFrom } from './columns.ts'
import type { Columns } from './columns.ts'
import { decodeRecord, encodeRecord, valueIn } from './record.ts'
import { createSlab } from './slab.ts'
import type { Slab } from './slab.ts'

/** Property index → value; an empty property is absent. */
export type Values = Map<number, string>

/** `[value, epoch ms, sourceType, sourceId, updatedByUserId]`, newest first. */
export type Version = [string, number, string, string | null, number | null]
/** Only properties whose history is more than their creation state. */
export type History = Record<string, Version[]>

export type StoreMark = { columns: Columns }

/** Contacts as bytes in id order. Rows are positions and move when `sort` runs; ids do not. */
export type RecordStore = {
  columns: Columns
  readonly slab: Slab
  /** Row of an id, or -1. */
  row(id: number): number
  values(row: number): Values
  value(row: number, property: number): string | undefined
  history(row: number): History
  append(record: { id: number; created: number; updated: number; values: Values; history: History }): number
  replace(row: number, values: Values, history: History | undefined): void
  wipe(row: number): void
  sort(): void
  mark(): StoreMark
  rewind(mark: StoreMark): void
}

export function createRecordStore(): RecordStore {
  const slab = createSlab()
  const store: RecordStore = {
    columns: createColumns(),
    slab,
    row(id) {
      const row = rowFrom(store.columns, id)
      return row < store.columns.count && store.columns.id[row] === id ? row : -1
    },
    values: (row) => decodeRecord(...stored(store, row)),
    value: (row, property) => valueIn(...stored(store, row), property),
    history: (row) => readHistory(store, row),
    append(record) {
      store.columns = growColumns(store.columns)
      const columns = store.columns
      const row = columns.count++
      columns.id[row] = record.id
      columns.created[row] = record.created
      columns.updated[row] = record.updated
      columns.status[row] = 0
      writeValues(store, row, record.values)
      writeHistory(store, row, record.history)
      return row
    },
    replace(row, values, history) {
      slab.release(store.columns.values[row]!, store.columns.valuesLength[row]!)
      writeValues(store, row, values)
      if (history === undefined) return
      releaseHistory(store, row)
      writeHistory(store, row, history)
    },
    wipe(row) {
      store.replace(row, new Map(), {})
    },
    sort() {
      const order = idOrder(store.columns)
      if (order !== undefined) store.columns = copyColumns(store.columns, order)
    },
    mark() {
      slab.mark()
      return { columns: copyColumns(store.columns) }
    },
    rewind(mark) {
      store.columns = copyColumns(mark.columns)
      slab.rewind()
    },
  }
  return store
}

function stored(store: RecordStore, row: number): [Buffer, number, number] {
  const address = store.columns.values[row]!
  return [store.slab.chunkOf(address), store.slab.offsetOf(address), store.columns.valuesLength[row]!]
}

function writeValues(store: RecordStore, row: number, values: Values): void {
  const bytes = encodeRecord(values)
  store.columns.values[row] = store.slab.put(bytes, bytes.length)
  store.columns.valuesLength[row] = bytes.length
}

function readHistory(store: RecordStore, row: number): History {
  const length = store.columns.historyLength[row]!
  if (length === 0) return {}
  const address = store.columns.history[row]!
  const offset = store.slab.offsetOf(address)
  return JSON.parse(store.slab.chunkOf(address).toString('utf8', offset, offset + length)) as History
}

function writeHistory(store: RecordStore, row: number, history: History): void {
  if (Object.keys(history).length === 0) {
    store.columns.historyLength[row] = 0
    return
  }
  const bytes = Buffer.from(JSON.stringify(history))
  store.columns.history[row] = store.slab.put(bytes, bytes.length)
  store.columns.historyLength[row] = bytes.length
}

function releaseHistory(store: RecordStore, row: number): void {
  const length = store.columns.historyLength[row]!
  if (length > 0) store.slab.release(store.columns.history[row]!, length)
}
