/**
 * What was committed, told to whoever listens: change events, outbound messages. A mark on every table remembers what a call touched, so
 * that a rolled back write is never told and nobody pays while nobody listens.
 */
import { LIVE, markTable } from './table.ts'
import type { Cell } from './column.ts'
import type { Mark, Table } from './table.ts'
import type { Org } from './org.ts'

export type ChangeType = 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE'
/** `former` holds the cells that an UPDATE changed, as they were before. */
export type Change = { table: Table; row: number; id: string; type: ChangeType; former: ReadonlyMap<string, Cell> }
/** `origin` names the API and the client, as in `com/salesforce/api/rest/60.0;client=app`; empty for the screens. */
export type Commit = { at: number; origin: string; userId: string; changes: readonly Change[] }
export type Listener = (commit: Commit) => void
export type Changes = { readonly listeners: Set<Listener>; readonly marks: Map<Table, Mark> }

export const createChanges = (): Changes => ({ listeners: new Set(), marks: new Map() })

/** Tells of every commit from now on. */
export function listenToChanges(org: Org, listener: Listener): void {
  org.changes.listeners.add(listener)
  if (org.changes.marks.size === 0) markAll(org)
}

export function stopListening(org: Org, listener: Listener): void {
  org.changes.listeners.delete(listener)
  if (org.changes.listeners.size === 0) forgetChanges(org)
}

/** What happened since the last commit is nobody's business, as after a reset. */
export function forgetChanges(org: Org): void {
  for (const [table, mark] of org.changes.marks) table.marks.delete(mark)
  org.changes.marks.clear()
  if (org.changes.listeners.size > 0) markAll(org)
}

function markAll(org: Org): void {
  for (const table of org.tables.values()) org.changes.marks.set(table, markTable(table))
}

/** The end of a transaction: everything written since the last one is told at once. */
export function commitChanges(org: Org, origin: string): void {
  const { listeners, marks } = org.changes
  if (listeners.size === 0) return
  const changes: Change[] = []
  for (const table of org.tables.values()) {
    const mark = marks.get(table)
    if (mark !== undefined && mark.undo.size === 0 && mark.size === table.ids.length) continue
    if (mark !== undefined) collect(table, mark, changes)
    if (mark !== undefined) table.marks.delete(mark)
    marks.set(table, markTable(table))
  }
  if (changes.length === 0) return
  // Tables do not remember who came first; what others may refer to is told before them, as in a lead conversion.
  changes.sort((a, b) => Number(b.type === 'CREATE') - Number(a.type === 'CREATE'))
  const commit = { at: org.clock.now(), origin, userId: org.userId, changes }
  for (const listener of listeners) listener(commit)
}

function collect(table: Table, mark: Mark, changes: Change[]): void {
  const younger = [...table.columns].filter(([name]) => !mark.columns.has(name))
  for (const [row, undo] of mark.undo) {
    const id = table.ids[row] ?? ''
    const wasLive = undo.stage === LIVE
    const isLive = table.stages[row] === LIVE
    if (wasLive !== isLive) changes.push({ table, row, id, type: isLive ? 'UNDELETE' : 'DELETE', former: new Map() })
    if (!wasLive || !isLive) continue
    const former = new Map<string, Cell>()
    for (let at = 0; at < undo.cells.length; at += 2) {
      const name = String(undo.cells[at])
      const before = undo.cells[at + 1] ?? null
      if (table.columns.get(name)?.get(row) !== before) former.set(name, before)
    }
    for (const [name, column] of younger) if (column.get(row) !== null && column.get(row) !== false) former.set(name, null)
    if (former.size > 0) changes.push({ table, row, id, type: 'UPDATE', former })
  }
  for (let row = mark.size; row < table.ids.length; row += 1) {
    if (table.stages[row] === LIVE) changes.push({ table, row, id: table.ids[row] ?? '', type: 'CREATE', former: new Map() })
  }
}
