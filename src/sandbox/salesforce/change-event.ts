/** Change events as CometD clients see them. Salesforce docs: Change Data Capture, ChangeEventHeader fields, change event message structure. */
import { createHash } from 'node:crypto'
import { readerOf } from './table.ts'
import { dayText, timeText } from './text.ts'
import { visibleFields } from './org.ts'
import type { Cell } from './column.ts'
import type { Change, ChangeType, Commit } from './changes.ts'
import type { Field, SObject } from './schema-object.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

export type GapType = `GAP_${ChangeType}` | 'GAP_OVERFLOW'
export type ChangeEventHeader = {
  entityName: string
  recordIds: string[]
  changeType: ChangeType | GapType
  changeOrigin: string
  transactionKey: string
  sequenceNumber: number
  commitTimestamp: number
  commitNumber: number
  commitUser: string
  changedFields: string[]
}
export type ChangeEvent = { schema: string; payload: { ChangeEventHeader: ChangeEventHeader } & Record<string, unknown> }
/** What the events of one transaction share. */
export type Transaction = { key: string; number: number; at: number; origin: string; userId: string }

/** Salesforce docs: these never appear in a change event. */
const LEFT_OUT = new Set(['Id', 'IsDeleted', 'SystemModstamp', 'LastActivityDate', 'LastViewedDate', 'LastReferencedDate', 'PhotoUrl'])
/** Changes of one transaction that are told one by one; an update counts once per changed field. */
const OVERFLOW = 100_000
const LARGEST_EVENT = 1024 * 1024
/** unverified: changedFields names the part of a compound field as `Name.LastName`. */
const COMPOUND_SEPARATOR = '.'
/** unverified: what recordIds holds where an overflow leaves the records unnamed. */
const NO_RECORD = '000000000000000AAA'

/** The API name of an object's change event: `Contact` → `ContactChangeEvent`, `Visit__c` → `Visit__ChangeEvent`. */
export const eventName = (entity: string): string => (entity.endsWith('__c') ? `${entity.slice(0, -1)}ChangeEvent` : `${entity}ChangeEvent`)

export const schemaId = (object: SObject): string =>
  createHash('sha256')
    .update(`${object.name} ${object.fields.map(({ name }) => name).join()}`)
    .digest('base64url')
    .slice(0, 22)

/** One transaction's events for the entities that were selected, in order; equal changes of several records become one event. */
export function changeEvents(org: Org, commit: Commit, transaction: Transaction, selected: (entity: string) => boolean): ChangeEvent[] {
  const merged = new Map<string, ChangeEvent>()
  const told = new Map<string, number>()
  for (const change of commit.changes) {
    const { name } = change.table.object
    if (!selected(name)) continue
    const count = (told.get(name) ?? 0) + Math.max(1, change.former.size)
    told.set(name, count)
    if (count > OVERFLOW) {
      if (!merged.has(name)) merged.set(name, gapEvent(change.table, 'GAP_OVERFLOW', [NO_RECORD], transaction))
      continue
    }
    const event = changeEvent(org, change, transaction)
    const key = JSON.stringify([name, event.payload])
    const same = merged.get(key)
    if (same === undefined) merged.set(key, event)
    same?.payload.ChangeEventHeader.recordIds.push(change.id)
    if (same === undefined) event.payload.ChangeEventHeader.recordIds.push(change.id)
  }
  const events = [...merged.values()]
  for (const [at, { payload }] of events.entries()) payload.ChangeEventHeader.sequenceNumber = at + 1
  return events
}

/** A header without a body: what happened must be read again. */
export function gapEvent(table: Table, changeType: GapType, recordIds: string[], transaction: Transaction): ChangeEvent {
  return { schema: schemaId(table.object), payload: { ChangeEventHeader: header(table, changeType, recordIds, transaction, []) } }
}

function changeEvent(org: Org, change: Change, transaction: Transaction): ChangeEvent {
  const { table, row, type } = change
  const shown = visibleFields(org, table.object).filter((field) => isShown(table.object, field))
  const fields = shown.filter((field) => belongs(table, row, type, field, change.former))
  const changedFields = type === 'UPDATE' ? fields.map(pathOf) : []
  const body: Record<string, unknown> = {}
  for (const field of fields) place(body, field, jsonOf(field, readerOf(table, field)(row)))
  if (JSON.stringify(body).length > LARGEST_EVENT) return gapEvent(table, `GAP_${type}`, [], transaction)
  return {
    schema: schemaId(table.object),
    payload: { ChangeEventHeader: header(table, type, [], transaction, changedFields), ...body },
  }
}

/** Whether a change event of the object can ever hold the field. */
export const isShown = (object: SObject, field: Field): boolean =>
  !LEFT_OUT.has(field.name) && field.type !== 'address' && !(field.name === 'Name' && object.byName.has('lastname'))

/** CREATE and UNDELETE show what is filled, UPDATE what changed and when, DELETE nothing. */
function belongs(table: Table, row: number, type: ChangeType, field: Field, former: ReadonlyMap<string, Cell>): boolean {
  if (type === 'DELETE') return false
  if (type === 'UPDATE') return former.has(field.name) || field.name === 'LastModifiedDate'
  return readerOf(table, field)(row) !== null
}

function header(
  { object }: Table,
  changeType: ChangeType | GapType,
  recordIds: string[],
  { key, number, at, origin, userId }: Transaction,
  changedFields: string[],
): ChangeEventHeader {
  return {
    entityName: object.name,
    recordIds,
    changeType,
    changeOrigin: origin,
    transactionKey: key,
    sequenceNumber: 1,
    commitTimestamp: at,
    commitNumber: number,
    commitUser: userId,
    changedFields,
  }
}

/** `MailingStreet` is the part `Street` of `MailingAddress`; `FirstName` keeps its name in `Name`. */
export function partOf({ name, compound }: Field): string {
  const prefix = compound?.endsWith('Address') === true ? compound.slice(0, -'Address'.length) : ''
  return name.slice(prefix.length)
}

const pathOf = (field: Field): string => (field.compound === null ? field.name : `${field.compound}${COMPOUND_SEPARATOR}${partOf(field)}`)

function place(body: Record<string, unknown>, field: Field, value: Cell): void {
  if (field.compound === null) {
    body[field.name] = value
    return
  }
  const parts = (body[field.compound] ??= {}) as Record<string, unknown>
  parts[partOf(field)] = value
}

function jsonOf(field: Field, cell: Cell): Cell {
  if (typeof cell !== 'number') return cell
  if (field.type === 'date') return dayText(cell)
  return field.type === 'datetime' ? timeText(cell, 'Z') : cell
}
