/** The recycle bin: what leaves it, when, and what comes back. Salesforce docs: recycle bin, undelete, emptyRecycleBin. */
import { refuse } from './dml.ts'
import { stamp, touched } from './stamp.ts'
import { DAY } from './text.ts'
import { DELETED, GONE, LIVE, PURGED, setStage, writeRow } from './table.ts'
import { parseId } from './ids.ts'
import { recordError } from './fault.ts'
import type { Org } from './org.ts'
import type { Outcome } from './dml.ts'
import type { Table } from './table.ts'

/** Days in the bin, and the usual wait for the job that removes purged rows from queryAll. */
const BIN = 15 * DAY
const PURGE = DAY

/** A full bin loses what lies in it for longer than this. */
const SETTLED = 2 * 3_600_000
/** Nothing falls due within a second. */
const SWEEP_EVERY = 1_000

/** Moves rows on whose time has come. */
export function sweepBin(org: Org): void {
  const now = org.clock.now()
  if (now - org.sweptAt < SWEEP_EVERY) return
  org.sweptAt = now
  let kept = 0
  for (const table of org.tables.values()) {
    for (const [row, entry] of table.bin) {
      const stage = table.stages[row]
      const purgedAt = entry.purgedAt ?? (entry.deletedAt + BIN <= now ? entry.deletedAt + BIN : null)
      if (purgedAt !== null && purgedAt + PURGE <= now) removeRow(table, row)
      else if (stage === DELETED && purgedAt !== null) setStage(table, row, PURGED, { ...entry, purgedAt })
      else if (stage === DELETED) kept += 1
    }
  }
  if (kept > org.switches.binCapacity) overflow(org, kept - org.switches.binCapacity, now)
}

/** The oldest deletes leave first, each with all it took along. */
function overflow(org: Org, excess: number, now: number): void {
  const trees = new Map<string, { deletedAt: number; places: { table: Table; row: number }[] }>()
  for (const table of org.tables.values()) {
    for (const [row, { root, deletedAt }] of table.bin) {
      if (table.stages[row] !== DELETED) continue
      const tree = trees.get(root)
      if (tree === undefined) trees.set(root, { deletedAt, places: [{ table, row }] })
      else tree.places.push({ table, row })
    }
  }
  let left = excess
  for (const { deletedAt, places } of [...trees.values()].toSorted((a, b) => a.deletedAt - b.deletedAt)) {
    if (left <= 0 || deletedAt + SETTLED > now) return
    for (const { table, row } of places) {
      const entry = table.bin.get(row)
      if (entry !== undefined) setStage(table, row, PURGED, { ...entry, purgedAt: now })
    }
    left -= places.length
  }
}

/** Nothing of a gone row is left but its id, which is never given again. */
function removeRow(table: Table, row: number): void {
  const empty = [...table.columns.keys()].map((name) => [name, null] as const)
  setStage(table, row, GONE, null)
  writeRow(table, row, empty)
}

export function tableOfId(org: Org, id: string): Table | undefined {
  return [...org.tables.values()].find(({ object, rows }) => object.keyPrefix === id.slice(0, 3) && rows.has(id))
}

/** Out of the bin for good, still shown by queryAll for a day. Cascaded children have no bin entry of their own. */
export function purgeRecord(org: Org, text: string): Outcome {
  const id = parseId(text)
  const table = id === undefined ? undefined : tableOfId(org, id)
  const row = id === undefined ? undefined : table?.rows.get(id)
  const entry = row === undefined ? undefined : table?.bin.get(row)
  if (
    id === undefined ||
    table === undefined ||
    row === undefined ||
    entry === undefined ||
    entry.root !== id ||
    table.stages[row] !== DELETED
  ) {
    return refuse(id ?? null, recordError('INVALID_ID_FIELD', 'invalid record id; no recycle bin entry found'))
  }
  const purgedAt = stamp(org)
  for (const { table: each, row: at } of cascadeOf(org, id)) {
    const own = each.bin.get(at)
    if (own !== undefined) setStage(each, at, PURGED, { ...own, purgedAt })
  }
  return { ok: true, id, created: false }
}

/** Comes back with the children that went with it. */
export function undeleteRecord(org: Org, text: string): Outcome {
  const id = parseId(text)
  const table = id === undefined ? undefined : tableOfId(org, id)
  const row = id === undefined ? undefined : table?.rows.get(id)
  const entry = row === undefined ? undefined : table?.bin.get(row)
  if (id === undefined || table === undefined || row === undefined || table.stages[row] !== DELETED || entry?.root !== id) {
    return refuse(id ?? null, recordError('UNDELETE_FAILED', 'Entity is not in the recycle bin'))
  }
  for (const { table: each, row: at } of cascadeOf(org, id)) {
    setStage(each, at, LIVE, null)
    const cleared = each.object.byName.has('masterrecordid') ? [['MasterRecordId', null] as const] : []
    writeRow(each, at, [...touched(org, each.object), ...cleared])
  }
  for (const { table: each, row: at, field } of entry.cleared ?? []) {
    if (each.stages[at] === LIVE && each.columns.get(field)?.get(at) === null) writeRow(each, at, [[field, id]])
  }
  return { ok: true, id, created: false }
}

/** The rows that went into the bin with one delete, itself included. */
function cascadeOf(org: Org, root: string): { table: Table; row: number }[] {
  return [...org.tables.values()].flatMap((table) =>
    [...table.bin].filter(([row, entry]) => entry.root === root && table.stages[row] === DELETED).map(([row]) => ({ table, row })),
  )
}
