/** Seeded rows: any field may be set, read-only ones included; fields nobody knows become custom fields of a guessed type. */
import { addCustomField, grantField } from './custom-field.ts'
import { insertRow, setStage, DELETED } from './table.ts'
import { guessField, metadataOf } from './guess-field.ts'
import { nextId } from './org.ts'
import { parseId } from './ids.ts'
import type { Cell } from './column.ts'
import type { Field } from './parse-object.ts'
import type { Org } from './org.ts'
import type { SeedRow } from '../crm.ts'
import type { Table } from './table.ts'

/** Throws with the row's number (from 1) and the field's name, never its content. */
export function loadRows(org: Org, objectName: string, rows: Iterable<SeedRow>): void {
  const table = org.tables.get(objectName.toLowerCase())
  if (table === undefined) throw new Error(`Salesforce sandbox: unknown object ${objectName}`)
  let number = 0
  for (const row of rows) {
    number += 1
    try {
      loadRow(org, table, row)
    } catch (error) {
      throw new Error(`Salesforce sandbox: ${objectName} row ${number}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
  }
}

function loadRow(org: Org, table: Table, row: SeedRow): void {
  const { object } = table
  const cells: [string, Cell][] = []
  for (const name in row) {
    const value = row[name]
    if (name === 'Id' || name === 'attributes' || name === 'IsDeleted') continue
    const field = object.byName.get(name.toLowerCase()) ?? unknownField(org, table, name, value)
    if (value !== null && value !== undefined && value !== '') cells.push([field.name, seedCell(field, value)])
  }
  const id = row.Id === undefined ? nextId(org, object.keyPrefix) : parseId(row.Id)
  if (id === undefined || !id.startsWith(object.keyPrefix)) throw new Error('Id is malformed')
  const at = insertRow(table, id, cells)
  fillSystemCells(org, table, at, cells)
  if (row.IsDeleted === true) {
    const deletedAt = Number(cells.find(([name]) => name === 'SystemModstamp')?.[1] ?? org.clock.now())
    setStage(table, at, DELETED, { deletedAt, purgedAt: null, root: id })
  }
}

function unknownField(org: Org, table: Table, name: string, value: unknown): Field {
  if (!/^[A-Za-z]\w*__c$/.test(name)) throw new Error(`unknown field ${name}`)
  const field = guessField(name, value)
  addCustomField(org, table, field, metadataOf(field))
  grantField(org, table, field)
  return field
}

/** Seeds may hold what the API would refuse (bad e-mail, unlisted picklist value): old data is like that. Types must fit. */
function seedCell(field: Field, value: unknown): Cell {
  switch (field.type) {
    case 'boolean':
      if (typeof value === 'boolean') return value
      if (value === 'true' || value === 'false') return value === 'true'
      break
    case 'date':
    case 'datetime': {
      const time =
        typeof value === 'string' ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : typeof value === 'number' ? value : Number.NaN
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
      return parseId(value) ?? unreadable(field)
    default:
      if (Array.isArray(value)) return value.join(';')
      if (typeof value === 'string' || typeof value === 'number') return String(value)
  }
  return unreadable(field)
}

function unreadable(field: Field): never {
  throw new Error(`${field.name} does not hold a ${field.type}`)
}

function fillSystemCells(org: Org, table: Table, row: number, cells: readonly [string, Cell][]): void {
  const given = new Map(cells)
  const created = given.get('CreatedDate') ?? given.get('SystemModstamp') ?? Math.floor(org.clock.now() / 1_000) * 1_000
  const modified = given.get('SystemModstamp') ?? given.get('LastModifiedDate') ?? created
  const defaults: [string, Cell][] = [
    ['CreatedDate', created],
    ['LastModifiedDate', modified],
    ['SystemModstamp', modified],
    ['CreatedById', org.userId],
    ['LastModifiedById', org.userId],
    ['OwnerId', org.userId],
  ]
  for (const [name, cell] of defaults) {
    if (given.has(name) || !table.object.byName.has(name.toLowerCase())) continue
    table.columns.get(name)?.set(row, cell)
  }
}
