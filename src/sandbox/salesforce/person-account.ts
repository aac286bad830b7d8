/** Person accounts: one person, seen as an Account whose Contact nobody handles. Salesforce docs: Person Accounts. */
import { authored, touched } from './stamp.ts'
import { insertRow, readerOf, writeRow } from './table.ts'
import { nextIdOf } from './org.ts'
import { recordError } from './fault.ts'
import type { Cell } from './column.ts'
import type { Org } from './org.ts'
import type { RecordError } from './fault.ts'
import type { Table } from './table.ts'

const NAME_PARTS = ['FirstName', 'LastName', 'Salutation']
/** Held by both sides under one name. */
const SHARED = [...NAME_PARTS, 'Phone', 'Fax', 'OwnerId']

const isOn = (org: Org): boolean => org.switches.features.has('personAccounts')

/** Whether the cells of a new Account make it a person. */
export const makesPerson = (org: Org, table: Table, cells: ReadonlyMap<string, Cell>): boolean =>
  table.object.name === 'Account' && isOn(org) && (cells.get('LastName') ?? null) !== null

export function isPerson(org: Org, table: Table, row: number): boolean {
  if (!isOn(org)) return false
  const { name, byName } = table.object
  const flag = name === 'Account' || name === 'Contact' ? byName.get('ispersonaccount') : undefined
  return flag !== undefined && readerOf(table, flag)(row) === true
}

/** Why the cells fit neither a person nor a company. */
export function personError(org: Org, table: Table, cells: ReadonlyMap<string, Cell>, row: number | null): RecordError | undefined {
  if (table.object.name !== 'Account' || !isOn(org)) return undefined
  const isOne = row === null ? makesPerson(org, table, cells) : isPerson(org, table, row)
  const ofPersons = table.object.fields
    .filter((field) => field.feature === 'personAccounts' && cells.has(field.name))
    .map(({ name }) => name)
  const wrong = isOne
    ? cells.has('Name')
      ? ['Name']
      : []
    : ofPersons.filter((name) => cells.get(name) !== null && cells.get(name) !== false)
  if (wrong.length === 0) return undefined
  return recordError('INVALID_FIELD_FOR_INSERT_UPDATE', `Account: bad field names on insert/update call: ${wrong.join(', ')}`, wrong)
}

/** Takes the Contact's part out of the cells of an Account, and completes the Account's own. */
export function splitPerson(table: Table, cells: Map<string, Cell>, held: (name: string) => Cell): Map<string, Cell> {
  const contact = new Map<string, Cell>()
  for (const field of table.object.fields) {
    const cell = cells.get(field.name)
    if (cell === undefined) continue
    if (field.source?.via === 'PersonContactId') {
      contact.set(field.source.paths[0] ?? '', cell)
      cells.delete(field.name)
    } else if (SHARED.includes(field.name)) contact.set(field.name, cell)
  }
  const now = (name: string): Cell => (cells.has(name) ? (cells.get(name) ?? null) : held(name))
  if (NAME_PARTS.some((name) => cells.has(name)))
    cells.set('Name', [now('FirstName'), now('LastName')].filter((part) => part !== null).join(' '))
  return contact
}

/** The Contact behind a new person account. */
export function insertPerson(org: Org, contacts: Table, account: string, cells: Map<string, Cell>): string {
  const id = nextIdOf(org, contacts)
  insertRow(contacts, id, [...authored(org, contacts.object), ...cells, ['AccountId', account]])
  return id
}

export function updatePerson(org: Org, contacts: Table, id: Cell, cells: Map<string, Cell>): void {
  const row = typeof id === 'string' ? contacts.rows.get(id) : undefined
  if (row !== undefined && cells.size > 0) writeRow(contacts, row, [...cells, ...touched(org, contacts.object)])
}
