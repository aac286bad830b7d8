/** The rows of one object: columns, ids, bin stages, lookup indexes, and the journal that a reset plays back. */
import { createColumn } from './column.ts'
import { virtualReader } from './virtual.ts'
import type { Cell, Column } from './column.ts'
import type { Field, SObject } from './schema-object.ts'

/** live → deleted (in the bin) → purged (no undelete, queryAll still shows it) → gone. Salesforce docs: recycle bin, emptyRecycleBin. */
export const LIVE = 0
export const DELETED = 1
export const PURGED = 2
export const GONE = 3
export type Stage = 0 | 1 | 2 | 3
/** `root` is the id whose delete took this row along; its own id for the one that was named. */
export type BinEntry = {
  deletedAt: number
  purgedAt: number | null
  root: string
  /** Lookups that were emptied because of this delete: undelete fills those that are still empty. */
  cleared?: readonly { table: Table; row: number; field: string }[]
}
/** Walked more than once: no iterator. */
export type Cells = ReadonlyMap<string, Cell> | readonly (readonly [string, Cell])[]

/** The same, without an array for each of the tens of millions of cells of a large load. */
export type CellList = { names: string[]; cells: Cell[] }

/**
 * Only the cells that were written, name and former cell in turn: a million rows may change between two marks. With `id`, the row was taken
 * away by a rollback to an older mark, and these are all its cells.
 */
type Undo = { cells: Cell[]; stage: Stage; entry: BinEntry | undefined; id?: string }
/** A state to come back to: how many rows there were, and the first pre-image of each that changed since. */
export type Mark = { size: number; columns: ReadonlySet<string>; undo: Map<number, Undo> }
export type Table = {
  readonly object: SObject
  /** All tables of the org, by lower-case name: some fields show what other records hold. */
  readonly tables: ReadonlyMap<string, Table>
  /** By row number; a row keeps its number for life. */
  readonly ids: string[]
  readonly stages: Stage[]
  readonly rows: Map<string, number>
  readonly bin: Map<number, BinEntry>
  readonly columns: Map<string, Column>
  readonly indexes: Map<string, Map<string, number[]>>
  /** Called before a row changes. */
  readonly listeners: Set<(row: number) => void>
  readonly marks: Set<Mark>
}

export function createTable(object: SObject, tables: ReadonlyMap<string, Table>): Table {
  return {
    object,
    tables,
    ids: [],
    stages: [],
    rows: new Map(),
    bin: new Map(),
    columns: new Map(),
    indexes: new Map(),
    listeners: new Set(),
    marks: new Set(),
  }
}

/** Reads one field of a row, computed ones included. Compile once, call per row. */
export function readerOf(table: Table, field: Field): (row: number) => Cell {
  const virtual = virtualReader(table, field, (name) => columnOf(table, name).get, readerOf)
  return virtual ?? columnOf(table, field.name).get
}

export function insertRow(table: Table, id: string, cells: Cells): number {
  const row = addRow(table, id)
  setCells(table, row, cells)
  return row
}

export function insertList(table: Table, id: string, { names, cells }: CellList): number {
  const row = addRow(table, id)
  for (let at = 0; at < names.length; at += 1) setCell(table, row, names[at] ?? '', cells[at] ?? null)
  return row
}

function addRow(table: Table, id: string): number {
  const row = table.ids.length
  if (table.rows.has(id)) throw new Error(`${table.object.name} ${id} exists already`)
  table.ids.push(id)
  table.stages.push(LIVE)
  table.rows.set(id, row)
  return row
}

export function writeRow(table: Table, row: number, cells: Cells): void {
  touch(table, row, cells)
  setCells(table, row, cells)
}

export function setStage(table: Table, row: number, stage: Stage, entry: BinEntry | null): void {
  touch(table, row, [])
  table.stages[row] = stage
  if (entry === null) table.bin.delete(row)
  else table.bin.set(row, entry)
}

/** Rows (of any stage) whose field holds the text, without regard to case. */
export function lookupRows(table: Table, field: Field, text: string): readonly number[] {
  let index = table.indexes.get(field.name)
  if (index === undefined) {
    index = new Map()
    const read = readerOf(table, field)
    for (let row = 0; row < table.ids.length; row += 1) {
      const cell = read(row)
      if (typeof cell === 'string') append(index, cell.toLowerCase(), row)
    }
    table.indexes.set(field.name, index)
  }
  return index.get(text.toLowerCase()) ?? []
}

export function markTable(table: Table): Mark {
  const mark: Mark = { size: table.ids.length, columns: new Set(table.columns.keys()), undo: new Map() }
  table.marks.add(mark)
  return mark
}

/** Back to the mark, which stays in force: later rows go, changed rows get their first pre-image back. The other marks stay good, too. */
export function rollbackTable(table: Table, mark: Mark): void {
  const others = [...table.marks].filter((other) => other !== mark)
  for (const name of table.columns.keys()) if (!mark.columns.has(name)) setAll(table, name, Math.min(mark.size, table.ids.length), others)
  for (let row = table.ids.length - 1; row >= mark.size; row -= 1) removeLast(table, row, others)
  for (const [row, undo] of [...mark.undo].sort(([a], [b]) => a - b)) {
    const cells = [...pairs(undo.cells)]
    if (undo.id === undefined) keepFor(table, others, row, cells)
    else bringBack(table, row, undo.id, others)
    setCells(table, row, cells)
    table.stages[row] = undo.stage
    if (undo.entry === undefined) table.bin.delete(row)
    else table.bin.set(row, undo.entry)
  }
  mark.undo.clear()
}

function removeLast(table: Table, row: number, others: readonly Mark[]): void {
  keepWhole(table, row, others)
  const empty = [...table.columns.keys()].map((name) => [name, null] as const)
  setCells(table, row, empty)
  table.rows.delete(table.ids[row] ?? '')
  table.bin.delete(row)
  table.ids.length = row
  table.stages.length = row
}

/** A row that was taken away comes back in the place of the one, if any, that took its number. */
function bringBack(table: Table, row: number, id: string, others: readonly Mark[]): void {
  const present = table.ids[row]
  if (present !== undefined) {
    keepWhole(table, row, others)
    const empty = [...table.columns.keys()].map((name) => [name, null] as const)
    setCells(table, row, empty)
    table.rows.delete(present)
  }
  table.ids[row] = id
  table.rows.set(id, row)
}

/** All of a row, for the marks that will miss it. */
function keepWhole(table: Table, row: number, marks: readonly Mark[]): void {
  for (const { size, columns, undo } of marks) {
    if (row >= size) continue
    const kept = undo.get(row) ?? { cells: [], stage: table.stages[row] ?? LIVE, entry: table.bin.get(row) }
    if (kept.id !== undefined) continue
    for (const name of columns) if (!isKept(kept.cells, name)) kept.cells.push(name, columnOf(table, name).get(row))
    undo.set(row, { ...kept, id: table.ids[row] ?? '' })
  }
}

/** Empties a column that did not exist at the mark; its readers may outlive it. */
function setAll(table: Table, name: string, size: number, others: readonly Mark[]): void {
  for (let row = 0; row < size; row += 1) {
    keepFor(table, others, row, [[name, null]])
    setCells(table, row, [[name, null]])
  }
}

function columnOf(table: Table, name: string): Column {
  const known = table.columns.get(name)
  if (known !== undefined) return known
  const field = table.object.byName.get(name.toLowerCase())
  if (field === undefined) throw new Error(`${table.object.name} has no field ${name}`)
  const made = createColumn(field.type)
  table.columns.set(name, made)
  return made
}

function touch(table: Table, row: number, cells: Cells): void {
  for (const listener of table.listeners) listener(row)
  keepFor(table, table.marks, row, cells)
}

/** Keeps for the marks what is about to be overwritten. Columns younger than a mark need no pre-image. */
function keepFor(table: Table, marks: Iterable<Mark>, row: number, cells: Cells): void {
  for (const { size, columns, undo } of marks) {
    if (row >= size) continue
    let kept = undo.get(row)
    if (kept === undefined) {
      kept = { cells: [], stage: table.stages[row] ?? LIVE, entry: table.bin.get(row) }
      undo.set(row, kept)
    }
    if (kept.id !== undefined) continue
    for (const [name] of cells) {
      if (!columns.has(name) || isKept(kept.cells, name)) continue
      kept.cells.push(name, columnOf(table, name).get(row))
    }
  }
}

function isKept(cells: readonly Cell[], name: string): boolean {
  for (let at = 0; at < cells.length; at += 2) if (cells[at] === name) return true
  return false
}

function* pairs(cells: readonly Cell[]): Generator<readonly [string, Cell]> {
  for (let at = 0; at < cells.length; at += 2) yield [String(cells[at]), cells[at + 1] ?? null]
}

function setCells(table: Table, row: number, cells: Iterable<readonly [string, Cell]>): void {
  for (const [name, cell] of cells) setCell(table, row, name, cell)
}

function setCell(table: Table, row: number, name: string, cell: Cell): void {
  const column = columnOf(table, name)
  const index = table.indexes.size > 0 ? table.indexes.get(name) : undefined
  if (index !== undefined) reindex(index, row, column.get(row), cell)
  column.set(row, cell)
}

function reindex(index: Map<string, number[]>, row: number, before: Cell, after: Cell): void {
  if (before === after) return
  if (typeof before === 'string') {
    const held = index.get(before.toLowerCase())
    if (held !== undefined) held.splice(held.indexOf(row), 1)
  }
  if (typeof after === 'string') append(index, after.toLowerCase(), row)
}

function append(index: Map<string, number[]>, key: string, row: number): void {
  const held = index.get(key)
  if (held === undefined) index.set(key, [row])
  else held.push(row)
}
