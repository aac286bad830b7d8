/** Create, update and delete one record. Every write moves SystemModstamp and LastModifiedDate. */
import { activityRoots, afterWrite, keepHistory, readOf, refreshActivity } from './after-write.ts'
import { authored, stamp, touched } from './stamp.ts'
import { checkInput } from './write-cells.ts'
import { deleteTree } from './cascade.ts'
import { deriveCells } from './derive.ts'
import { duplicateError } from './duplicate-rule.ts'
import { fieldPermissionError } from './field-permission.ts'
import { insertPerson, isPerson, makesPerson, personError, splitPerson, updatePerson } from './person-account.ts'
import { insertRow, LIVE, lookupRows, PURGED, writeRow } from './table.ts'
import { nextIdOf } from './org.ts'
import { parseId } from './ids.ts'
import { recordError } from './fault.ts'
import { refreshGrants, tableOf } from './grants.ts'
import type { Cell } from './column.ts'
import type { Input } from './write-cells.ts'
import type { Org } from './org.ts'
import type { RecordError } from './fault.ts'
import type { Table } from './table.ts'

export type Outcome = { ok: true; id: string; created: boolean } | { ok: false; id: string | null; errors: RecordError[] }

const PERMISSION_OBJECTS = new Set(['FieldPermissions', 'PermissionSetAssignment', 'PermissionSet'])

export const refuse = (id: string | null, error: RecordError): Outcome => ({ ok: false, id, errors: [error] })

export function createRecord(org: Org, table: Table, input: Input): Outcome {
  const { object } = table
  if (!object.createable)
    return refuse(null, recordError('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type ${object.name} does not support create`))
  const { cells, errors } = checkInput(org, table, input, 'create')
  if (errors.length > 0) return { ok: false, id: null, errors }
  const refusal =
    (object.name === 'FieldPermissions' ? fieldPermissionError(org, cells) : uniqueError(table, cells, null)) ??
    personError(org, table, cells, null) ??
    oddError(table, cells) ??
    duplicateError(org, table, cells, null)
  if (refusal !== undefined) return refuse(null, refusal)
  const id = insertRecord(org, table, cells)
  if (PERMISSION_OBJECTS.has(object.name)) refreshGrants(org)
  return { ok: true, id, created: true }
}

/** A new row with all that follows from it, from cells that were checked or that the org itself chose. */
export function insertRecord(org: Org, table: Table, cells: Map<string, Cell>): string {
  const { object } = table
  for (const [name, cell] of authored(org, object)) if (name !== 'OwnerId' || (cells.get(name) ?? null) === null) cells.set(name, cell)
  for (const field of object.fields) if (field.defaultValue !== null && !cells.has(field.name)) cells.set(field.name, field.defaultValue)
  const get = (name: string): Cell => cells.get(name) ?? null
  for (const [name, cell] of deriveCells({ org, table, get, isNew: true, now: stamp(org) })) cells.set(name, cell)
  const id = nextIdOf(org, table)
  if (makesPerson(org, table, cells)) {
    const contact = splitPerson(table, cells, () => null)
    cells.set('IsPersonAccount', true)
    cells.set('PersonContactId', insertPerson(org, tableOf(org, 'Contact'), id, contact))
  }
  afterWrite(org, table, insertRow(table, id, cells), true)
  return id
}

/** What only some objects forbid. */
function oddError(table: Table, cells: ReadonlyMap<string, Cell>): RecordError | undefined {
  if (table.object.name !== 'CampaignMember') return undefined
  const persons = ['ContactId', 'LeadId'].filter((name) => (cells.get(name) ?? null) !== null)
  if (persons.length === 1)
    return isMember(table, cells, persons[0] ?? '') ? recordError('DUPLICATE_VALUE', 'Already a campaign member.') : undefined
  return persons.length === 0
    ? recordError('REQUIRED_FIELD_MISSING', 'Required fields are missing: [LeadId, ContactId]', ['LeadId', 'ContactId'])
    : recordError('FIELD_INTEGRITY_EXCEPTION', 'A campaign member is either a lead or a contact', persons)
}

function isMember(table: Table, cells: ReadonlyMap<string, Cell>, name: string): boolean {
  const field = table.object.byName.get(name.toLowerCase())
  const rows = field === undefined ? [] : lookupRows(table, field, String(cells.get(name)))
  return rows.some((row) => table.stages[row] === LIVE && readOf(table, row, 'CampaignId') === cells.get('CampaignId'))
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
  if (object.name === 'Lead' && readOf(table, row, 'IsConverted') === true) {
    return refuse(id, recordError('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead'))
  }
  const { cells, errors } = checkInput(org, table, input, 'update')
  if (errors.length > 0) return { ok: false, id, errors }
  const refusal = uniqueError(table, cells, row) ?? personError(org, table, cells, row) ?? duplicateError(org, table, cells, row)
  if (refusal !== undefined) return refuse(id, refusal)
  changeRecord(org, table, row, cells)
  if (PERMISSION_OBJECTS.has(object.name)) refreshGrants(org)
  return { ok: true, id, created: false }
}

/** A changed row with all that follows from it. */
export function changeRecord(org: Org, table: Table, row: number, cells: Map<string, Cell>): void {
  const get = (name: string): Cell => (cells.has(name) ? (cells.get(name) ?? null) : readOf(table, row, name))
  for (const [name, cell] of deriveCells({ org, table, get, isNew: false, now: stamp(org) })) cells.set(name, cell)
  if (isPerson(org, table, row) && table.object.name === 'Account') {
    const contact = splitPerson(table, cells, (name) => readOf(table, row, name))
    updatePerson(org, tableOf(org, 'Contact'), readOf(table, row, 'PersonContactId'), contact)
  }
  const before = activityRoots(table, row)
  keepHistory(org, table, row, cells)
  writeRow(table, row, [...cells, ...touched(org, table.object)])
  afterWrite(org, table, row, false)
  for (const root of before) refreshActivity(org, root, false)
}

function uniqueError(table: Table, cells: ReadonlyMap<string, Cell>, own: number | null): RecordError | undefined {
  for (const field of table.object.fields) {
    const cell = field.unique ? cells.get(field.name) : undefined
    if (typeof cell !== 'string') continue
    const isSame = (row: number): boolean => !field.caseSensitive || readOf(table, row, field.name) === cell
    const other = lookupRows(table, field, cell).find((row) => row !== own && table.stages[row] === LIVE && isSame(row))
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
  const refusal = deleteError(org, table, row)
  if (refusal !== undefined) return refuse(id, refusal)
  if (org.switches.deletesKeep) return { ok: true, id, created: false }
  const roots = activityRoots(table, row)
  const blocked = deleteTree(org, table, row)
  if (blocked !== undefined) return refuse(id, blocked)
  for (const root of roots) refreshActivity(org, root, false)
  if (PERMISSION_OBJECTS.has(table.object.name)) refreshGrants(org)
  return { ok: true, id, created: false }
}

function deleteError(org: Org, table: Table, row: number): RecordError | undefined {
  const { object } = table
  if (!object.deletable) return recordError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id')
  // unverified: the text. The person is deleted through the account.
  if (object.name === 'Contact' && isPerson(org, table, row))
    return recordError(
      'INVALID_PERSON_ACCOUNT_OPERATION',
      'Cannot delete the contact of a person account. Delete the person account instead.',
    )
  // unverified: the text. A direct relation goes with its contact.
  if (object.name === 'AccountContactRelation' && readOf(table, row, 'IsDirect') === true)
    return recordError('INVALID_OPERATION', 'A direct account-contact relationship cannot be deleted')
  return undefined
}
