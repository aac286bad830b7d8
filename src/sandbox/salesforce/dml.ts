/** Create, update, delete and undelete one record. Every write moves SystemModstamp and LastModifiedDate. */
import { checkInput } from './write-cells.ts'
import { DELETED, insertRow, LIVE, lookupRows, PURGED, setStage, writeRow } from './table.ts'
import { fieldPermissionError } from './field-permission.ts'
import { nextId } from './org.ts'
import { parseId } from './ids.ts'
import { readersOf, refreshGrants } from './grants.ts'
import { recordError } from './fault.ts'
import type { Cell } from './column.ts'
import type { Field, SObject } from './schema-object.ts'
import type { Input } from './write-cells.ts'
import type { Org } from './org.ts'
import type { RecordError } from './fault.ts'
import type { Table } from './table.ts'

export type Outcome = { ok: true; id: string; created: boolean } | { ok: false; id: string | null; errors: RecordError[] }

const PERMISSION_OBJECTS = new Set(['FieldPermissions', 'PermissionSetAssignment', 'PermissionSet'])

/** Salesforce shows whole seconds in every datetime. */
export const stamp = (org: Org): number => Math.floor(org.clock.now() / 1_000) * 1_000

export function createRecord(org: Org, table: Table, input: Input): Outcome {
  const { object } = table
  if (!object.createable)
    return refuse(null, recordError('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type ${object.name} does not support create`))
  const { cells, errors } = checkInput(org, table, input, 'create')
  if (errors.length > 0) return { ok: false, id: null, errors }
  const refusal = object.name === 'FieldPermissions' ? fieldPermissionError(org, cells) : uniqueError(table, cells, null)
  if (refusal !== undefined) return refuse(null, refusal)
  for (const [name, cell] of systemCells(org, object)) cells.set(name, cell)
  for (const field of object.fields) if (field.defaultValue !== null && !cells.has(field.name)) cells.set(field.name, field.defaultValue)
  const id = nextId(org, object.keyPrefix)
  insertRow(table, id, cells)
  if (PERMISSION_OBJECTS.has(object.name)) refreshGrants(org)
  return { ok: true, id, created: true }
}

function systemCells(org: Org, object: SObject): [string, Cell][] {
  const now = stamp(org)
  const cells: [string, Cell][] = [
    ['CreatedDate', now],
    ['LastModifiedDate', now],
    ['SystemModstamp', now],
    ['CreatedById', org.userId],
    ['LastModifiedById', org.userId],
    ['OwnerId', org.userId],
  ]
  return cells.filter(([name]) => object.byName.has(name.toLowerCase()))
}

/** The row a write names, or why it cannot be written. */
export function liveRow(org: Org, table: Table, text: string): { row: number; id: string } | RecordError {
  const id = parseId(text)
  const { object } = table
  if (id === undefined || !id.startsWith(object.keyPrefix)) {
    return recordError('MALFORMED_ID', `${object.label} ID: id value of incorrect type: ${text}`, ['Id'])
  }
  const row = table.rows.get(id)
  const stage = row === undefined ? undefined : table.stages[row]
  // unverified: the code for an id that never existed or is gone.
  if (row === undefined || stage === undefined || stage > PURGED)
    return recordError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id')
  if (stage !== LIVE) return recordError('ENTITY_IS_DELETED', 'entity is deleted')
  const left = org.locked.get(id)
  if (left !== undefined && left > 0) {
    org.locked.set(id, left - 1)
    return recordError('UNABLE_TO_LOCK_ROW', `unable to obtain exclusive access to this record or 1 records: ${id}`)
  }
  return { row, id }
}

export function updateRecord(org: Org, table: Table, text: string, input: Input): Outcome {
  const found = liveRow(org, table, text)
  if ('statusCode' in found) return refuse(parseId(text) ?? null, found)
  const { row, id } = found
  const { object } = table
  if (!object.updateable)
    return refuse(id, recordError('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type ${object.name} does not support update`))
  if (object.name === 'Lead' && readersOf(table, ['IsConverted']).IsConverted(row) === true) {
    return refuse(id, recordError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead'))
  }
  const { cells, errors } = checkInput(org, table, input, 'update')
  if (errors.length > 0) return { ok: false, id, errors }
  const refusal = uniqueError(table, cells, row)
  if (refusal !== undefined) return refuse(id, refusal)
  writeRow(table, row, [...cells, ...touched(org, object)])
  if (PERMISSION_OBJECTS.has(object.name)) refreshGrants(org)
  return { ok: true, id, created: false }
}

/** The system cells of a change. */
export function touched(org: Org, object: SObject): [string, Cell][] {
  const now = stamp(org)
  const cells: [string, Cell][] = [
    ['LastModifiedDate', now],
    ['LastModifiedById', org.userId],
    ['SystemModstamp', now],
  ]
  return cells.filter(([name]) => object.byName.has(name.toLowerCase()))
}

function uniqueError(table: Table, cells: ReadonlyMap<string, Cell>, own: number | null): RecordError | undefined {
  for (const field of table.object.fields) {
    const cell = field.unique ? cells.get(field.name) : undefined
    if (typeof cell !== 'string') continue
    const other = lookupRows(table, field, cell).find((row) => row !== own && table.stages[row] === LIVE)
    if (other === undefined) continue
    return recordError(
      'DUPLICATE_VALUE',
      `duplicate value found: ${field.name} duplicates value on record with id: ${table.ids[other]?.slice(0, 15) ?? ''}`,
    )
  }
  return undefined
}

export function deleteRecord(org: Org, table: Table, text: string): Outcome {
  const found = liveRow(org, table, text)
  if ('statusCode' in found) return refuse(parseId(text) ?? null, found)
  const { row, id } = found
  if (!table.object.deletable) return refuse(id, recordError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id'))
  binRow(org, table, row, id)
  if (PERMISSION_OBJECTS.has(table.object.name)) refreshGrants(org)
  return { ok: true, id, created: false }
}

/** Into the bin, with what hangs below it; other lookups to it are cleared (unverified). */
function binRow(org: Org, table: Table, row: number, root: string): void {
  writeRow(table, row, touched(org, table.object))
  setStage(table, row, DELETED, { deletedAt: stamp(org), purgedAt: null, root })
  const id = table.ids[row] ?? ''
  for (const { child, field, row: childRow } of childrenOf(org, table, id)) {
    if (field.onDelete === 'cascade') binRow(org, child, childRow, root)
    else writeRow(child, childRow, [[field.name, null]])
  }
}

type Child = { child: Table; field: Field; row: number }

/** Live rows that point at the id. A merge loser's own pointer to its winner is no child. */
export function childrenOf(org: Org, table: Table, id: string): Child[] {
  return [...org.tables.values()].flatMap((child) =>
    child.object.fields
      .filter((field) => field.referenceTo.includes(table.object.name) && field.name !== 'MasterRecordId')
      .flatMap((field) =>
        lookupRows(child, field, id)
          .filter((row) => child.stages[row] === LIVE)
          .map((row) => ({ child, field, row })),
      ),
  )
}

export const refuse = (id: string | null, error: RecordError): Outcome => ({ ok: false, id, errors: [error] })
