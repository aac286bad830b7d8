/** Seeded rows: any field may be set, read-only ones included; fields nobody knows become custom fields of a guessed type. */
import { addCustomField, grantField } from './custom-field.ts'
import { afterWrite } from './after-write.ts'
import { deriveCells, isDerived } from './derive.ts'
import { insertPerson, splitPerson } from './person-account.ts'
import { insertList, insertRow, setStage, DELETED } from './table.ts'
import { stamp } from './stamp.ts'
import { refreshGrants, tableOf } from './grants.ts'
import { guessField, metadataOf } from './shape-field.ts'
import { defineObject, nextIdOf, shelve } from './org.ts'
import { parseId } from './ids.ts'
import { plainInstant } from '../iso-time.ts'
import { isFullName } from './virtual.ts'
import type { Cell } from './column.ts'
import type { Field, SObject } from './schema-object.ts'
import type { Org } from './org.ts'
import type { SeedRow } from '../crm.ts'
import type { CellList, Table } from './table.ts'

/** Throws with the row's number (from 1) and the field's name, never its content. */
export function loadRows(org: Org, objectName: string, rows: Iterable<SeedRow>): void {
  const table = tableFor(org, objectName)
  let number = 0
  const fields = new Map<string, Known>()
  const system = systemFields(table.object)
  for (const row of rows) {
    number += 1
    try {
      loadRow(org, table, row, fields, system)
    } catch (error) {
      throw new Error(`Salesforce sandbox: ${objectName} row ${number}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
  }
}

/** Objects nobody knows become custom ones if they are named so; those of a feature that is off bring the feature. */
function tableFor(org: Org, name: string): Table {
  const shelved = org.shelf.get(name.toLowerCase())
  if (shelved?.object.feature !== undefined && shelved.object.feature !== null) {
    org.switches.features.add(shelved.object.feature)
    shelve(org)
  }
  const table = org.tables.get(name.toLowerCase())
  if (table !== undefined) return table
  if (!/^[A-Za-z]\w*__c$/.test(name)) throw new Error(`Salesforce sandbox: unknown object ${name}`)
  return defineObject(org, name)
}

/** What a name of the rows stands for; null where nothing of it is stored. */
type Known = Field | 'id' | 'isdeleted' | null

function fieldNamed(org: Org, table: Table, name: string, value: unknown): Known {
  const plain = name.toLowerCase()
  if (plain === 'id' || plain === 'isdeleted') return plain
  if (plain === 'attributes') return null
  const field = table.object.byName.get(name.toLowerCase()) ?? unknownField(org, table, name, value)
  return isComputed(table.object, field) ? null : field
}

/** `known` spares a million rows the search for the same few names. */
function loadRow(org: Org, table: Table, row: SeedRow, known: Map<string, Known>, system: readonly string[]): void {
  const { object } = table
  const cells: CellList = { names: [], cells: [] }
  let given: unknown
  let isDeleted = false
  for (const name in row) {
    const value = row[name]
    let field = known.get(name)
    if (field === undefined) {
      field = fieldNamed(org, table, name, value)
      known.set(name, field)
    }
    if (field === 'id') given = value
    if (field === null || field === 'id' || value === null || value === undefined || value === '') continue
    if (field === 'isdeleted') {
      isDeleted = flagOf(value) ?? refuse('IsDeleted', 'boolean')
      continue
    }
    cells.names.push(field.name)
    cells.cells.push(seedCell(field, value))
  }
  const id = given === undefined ? nextIdOf(org, table) : parseId(given)
  if (id === undefined || !id.startsWith(object.keyPrefix)) throw new Error('Id is malformed')
  const modified = addSystemCells(org, cells, system)
  if (isDerived(object.name)) complete(org, table, cells)
  const at = isPersonRow(table, cells) ? insertAsPerson(org, table, id, cells) : insertList(table, id, cells)
  afterWrite(org, table, at, true)
  if (isDeleted) {
    const deletedAt = Number(modified)
    setStage(table, at, DELETED, { deletedAt, purgedAt: null, root: id })
  }
}

/** What follows from the cells, where the seed does not say otherwise. */
function complete(org: Org, table: Table, cells: CellList): void {
  const { object } = table
  const given = mapOf(cells)
  for (const field of object.fields) {
    if (field.defaultValue === null || given.has(field.name) || field.type === 'boolean') continue
    given.set(field.name, field.defaultValue)
    addCell(cells, field.name, field.defaultValue)
  }
  const get = (name: string): Cell => given.get(name) ?? null
  const now = Number(get('LastModifiedDate') ?? stamp(org))
  for (const [name, cell] of deriveCells({ org, table, get, isNew: true, now })) if (!given.has(name)) addCell(cells, name, cell)
}

const mapOf = ({ names, cells }: CellList): Map<string, Cell> => new Map(names.map((name, at) => [name, cells[at] ?? null]))

function addCell(list: CellList, name: string, cell: Cell): void {
  list.names.push(name)
  list.cells.push(cell)
}

const isPersonRow = (table: Table, { names }: CellList): boolean => table.object.name === 'Account' && names.includes('LastName')

/** A seeded person account brings its Contact, and the feature; its fields go where they are held. */
function insertAsPerson(org: Org, accounts: Table, id: string, cells: CellList): number {
  org.switches.features.add('personAccounts')
  const own = mapOf(cells)
  const contact = splitPerson(accounts, own, () => null)
  own.set('IsPersonAccount', true)
  own.set('PersonContactId', insertPerson(org, tableOf(org, 'Contact'), id, contact))
  return insertRow(accounts, id, own)
}

/** Exports hold compound names and addresses too; their parts say the same. */
const isComputed = (object: SObject, field: Field): boolean => field.type === 'address' || isFullName(object, field)

function unknownField(org: Org, table: Table, name: string, value: unknown): Field {
  if (!/^[A-Za-z]\w*__c$/.test(name)) throw new Error(`unknown field ${name}`)
  const field = guessField(name, value)
  addCustomField(org, table, field, metadataOf(field))
  grantField(org, table, field)
  refreshGrants(org)
  return field
}

/** Seeds may hold what the API would refuse (bad e-mail, unlisted picklist value): old data is like that. Types must fit. */
function seedCell(field: Field, value: unknown): Cell {
  switch (field.type) {
    case 'boolean': {
      const flag = flagOf(value)
      if (flag !== undefined) return flag
      break
    }
    case 'date':
    case 'datetime': {
      const time = typeof value === 'string' ? timeOf(value) : typeof value === 'number' ? value : Number.NaN
      if (!Number.isNaN(time)) return field.type === 'date' ? Math.floor(time / 86_400_000) * 86_400_000 : Math.floor(time / 1_000) * 1_000
      break
    }
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      if (Number.isFinite(Number(value))) return Number(value)
      break
    case 'reference':
      return parseId(value) ?? refuse(field.name, field.type)
    default:
      if (Array.isArray(value)) return value.join(';')
      if (typeof value === 'string' || typeof value === 'number') return String(value)
  }
  return refuse(field.name, field.type)
}

const days = new Map<string, number>()
const DAYS_KEPT = 50_000

/** Days repeat, instants do not. */
function timeOf(text: string): number {
  const plain = plainInstant(text) ?? days.get(text)
  if (plain !== undefined) return plain
  const time = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  if (text.length === 'YYYY-MM-DD'.length && days.size < DAYS_KEPT) days.set(text, time)
  return time
}

function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  return value === 'true' || value === 'false' ? value === 'true' : undefined
}

function refuse(name: string, type: string): never {
  throw new Error(`${name} does not hold a ${type}`)
}

const SYSTEM = ['CreatedDate', 'LastModifiedDate', 'SystemModstamp', 'CreatedById', 'LastModifiedById', 'OwnerId']
const systemFields = ({ byName }: SObject): string[] => SYSTEM.filter((name) => byName.has(name.toLowerCase()))

/** Dates and authors a seed leaves out; each follows from what it gives. Returns when the row last changed. */
function addSystemCells(org: Org, cells: CellList, system: readonly string[]): Cell {
  const given = (name: string): Cell | undefined => {
    const at = cells.names.indexOf(name)
    return at < 0 ? undefined : cells.cells[at]
  }
  const stamped = given('SystemModstamp')
  const created = given('CreatedDate') ?? stamped ?? Math.floor(org.clock.now() / 1_000) * 1_000
  const modified = stamped ?? given('LastModifiedDate') ?? created
  for (const name of system) {
    if (cells.names.includes(name)) continue
    addCell(cells, name, name === 'CreatedDate' ? created : name.endsWith('Id') ? org.userId : modified)
  }
  return modified
}
