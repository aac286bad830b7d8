/** What a delete takes along, empties, or stumbles over. Salesforce docs: Object Reference, cascadeDelete and restrictedDelete. */
import { DELETED, LIVE, lookupRows, PURGED, readerOf, setStage, writeRow } from './table.ts'
import { recordError } from './fault.ts'
import { stamp, touched } from './stamp.ts'
import type { BinEntry, Table } from './table.ts'
import type { Field } from './schema-object.ts'
import type { Org } from './org.ts'
import type { RecordError } from './fault.ts'

export type Child = { child: Table; field: Field; row: number }
type Place = { table: Table; row: number }
type Plan = { doomed: Place[]; cleared: Child[]; blocking: Child[] }

const referrers = new WeakMap<Org, { fields: number; lists: Map<string, { child: Table; field: Field }[]> }>()

/** The reference fields that may point at an object; the list holds until the schema changes. */
function referrersOf(org: Org, object: string): { child: Table; field: Field }[] {
  const tables = [...org.tables.values(), ...org.shelf.values()]
  const fields = tables.reduce((sum, table) => sum + table.object.fields.length, 0)
  let known = referrers.get(org)
  if (known === undefined || known.fields !== fields) referrers.set(org, (known = { fields, lists: new Map() }))
  let list = known.lists.get(object)
  if (list === undefined) {
    // A merge loser's own pointer to its winner makes it no child; what shows another record's reference holds none.
    const points = (field: Field): boolean => field.referenceTo.includes(object) && field.name !== 'MasterRecordId' && field.source === null
    list = tables.flatMap((child) => child.object.fields.filter(points).map((field) => ({ child, field })))
    known.lists.set(object, list)
  }
  return list
}

/** Live rows that point at the id. */
export function childrenOf(org: Org, table: Table, id: string): Child[] {
  return referrersOf(org, table.object.name).flatMap(({ child, field }) =>
    lookupRows(child, field, id)
      .filter((row) => child.stages[row] === LIVE)
      .map((row) => ({ child, field, row })),
  )
}

/**
 * unverified: of Contract and Order under Account, which carry both flags, those that are activated block and the others go along; what is
 * neither taken along nor in the way loses its lookup.
 */
function fateOf({ child, field, row }: Child): 'cascade' | 'restrict' | 'none' {
  if (field.onDelete !== 'cascade+restrict') return field.onDelete
  return child.columns.get('StatusCode')?.get(row) === 'Activated' ? 'restrict' : 'cascade'
}

function planDelete(org: Org, table: Table, row: number): Plan {
  const plan: Plan = { doomed: [{ table, row }], cleared: [], blocking: [] }
  const seen = new Map<Table, Set<number>>([[table, new Set([row])]])
  for (const place of plan.doomed) {
    for (const child of childrenOf(org, place.table, place.table.ids[place.row] ?? '')) {
      const fate = fateOf(child)
      if (fate === 'none') plan.cleared.push(child)
      if (fate === 'restrict') plan.blocking.push(child)
      if (fate !== 'cascade') continue
      let rows = seen.get(child.child)
      if (rows === undefined) seen.set(child.child, (rows = new Set()))
      if (rows.has(child.row)) continue
      rows.add(child.row)
      plan.doomed.push({ table: child.child, row: child.row })
    }
  }
  const stays = ({ child, row: at }: Child): boolean => seen.get(child)?.has(at) !== true
  return { ...plan, cleared: plan.cleared.filter(stays), blocking: plan.blocking.filter(stays) }
}

/** Into the bin with all that hangs below; refused as a whole where one record is in the way. */
export function deleteTree(org: Org, table: Table, row: number): RecordError | undefined {
  const plan = planDelete(org, table, row)
  const [first] = plan.blocking
  if (first !== undefined) return blockedError(table, row, first.child, plan.blocking)
  const root = table.ids[row] ?? ''
  const deletedAt = stamp(org)
  const cleared = plan.cleared.map(({ child, field, row: at }) => ({ table: child, row: at, field: field.name }))
  for (const place of plan.doomed) {
    const isRoot = place.table === table && place.row === row
    // What cannot be undeleted never enters the bin.
    const isKept = place.table.object.undeletable || !isRoot
    const entry: BinEntry = { deletedAt, purgedAt: isKept ? null : deletedAt, root, ...(isRoot ? { cleared } : {}) }
    writeRow(place.table, place.row, touched(org, place.table.object))
    setStage(place.table, place.row, isKept ? DELETED : PURGED, entry)
  }
  // unverified: emptying a lookup moves SystemModstamp, as automated changes do, and not LastModifiedDate.
  for (const { table: child, row: at, field } of cleared) {
    const stamped = child.object.byName.has('systemmodstamp') ? [['SystemModstamp', deletedAt] as const] : []
    writeRow(child, at, [[field, null], ...stamped])
  }
  return undefined
}

function blockedError(table: Table, row: number, child: Table, blocking: readonly Child[]): RecordError {
  const named = new Set(blocking.filter((each) => each.child === child).map(({ row: at }) => nameOf(child, at)))
  const what = `${child.object.labelPlural.toLowerCase()}.: ${[...named].join(', ')}`
  const message = `Your attempt to delete ${nameOf(table, row)} could not be completed because it is associated with the following ${what}\n`
  return recordError('DELETE_FAILED', message)
}

function nameOf(table: Table, row: number): string {
  const field = table.object.fields.find(({ nameField }) => nameField)
  return String((field === undefined ? null : readerOf(table, field)(row)) ?? table.ids[row] ?? '')
}
