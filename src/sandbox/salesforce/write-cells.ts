/** From a client's record to the cells of a row: which fields it may write, what is required, which references hold. */
import { accessOf } from './org.ts'
import { LIVE } from './table.ts'
import { resolveParents } from './foreign-key.ts'
import { makesPerson } from './person-account.ts'
import { parseInput } from './input.ts'
import { recordError } from './fault.ts'
import type { Cell } from './column.ts'
import type { Field } from './schema-object.ts'
import type { Org } from './org.ts'
import type { RecordError } from './fault.ts'
import type { Table } from './table.ts'

export type Input = Readonly<Record<string, unknown>>
export type Checked = { cells: Map<string, Cell>; errors: RecordError[] }

/** Checks in the order Salesforce does: columns, rights, values, required fields. The first kind of trouble ends it. */
export function checkInput(org: Org, table: Table, input: Input, mode: 'create' | 'update'): Checked {
  const cells = new Map<string, Cell>()
  const { object } = table
  const given: [Field, unknown][] = []
  const resolved = resolveParents(org, table, input)
  if ('error' in resolved) return { cells, errors: [resolved.error] }
  for (const [key, value] of Object.entries(resolved.flat)) {
    if (key === 'attributes' || key.toLowerCase() === 'id') continue
    const field = object.byName.get(key.toLowerCase())
    const access = field === undefined ? undefined : accessOf(org, object, field)
    // A custom field without any grant does not exist for this user; a standard one that is hidden is refused by name.
    if (
      field === undefined ||
      (field.custom && access?.read === false && org.hidden.get(`${object.name}.${field.name}`.toLowerCase()) === undefined)
    ) {
      return { cells, errors: [recordError('INVALID_FIELD', `No such column '${key}' on sobject of type ${object.name}`)] }
    }
    given.push([field, value])
  }
  const refused = given.filter(
    ([field]) => !(mode === 'create' ? field.createable : field.updateable) || !accessOf(org, object, field).edit,
  )
  if (refused.length > 0) return { cells, errors: [notWritable(refused.map(([field]) => field.name))] }
  const errors: RecordError[] = []
  for (const [field, value] of given) {
    const parsed = parseInput(field, value)
    const error = 'error' in parsed ? parsed.error : referenceError(org, field, parsed.cell)
    if (error !== undefined) errors.push(error)
    else if ('cell' in parsed) cells.set(field.name, parsed.cell)
  }
  if (errors.length === 0) errors.push(...requiredErrors(org, table, cells, mode))
  return { cells, errors }
}

function notWritable(names: string[]): RecordError {
  const advice = 'Please check the security settings of this field and verify that it is read/write for your profile or permission set.'
  return recordError('INVALID_FIELD_FOR_INSERT_UPDATE', `Unable to create/update fields: ${names.join(', ')}. ${advice}`, names)
}

function referenceError(org: Org, field: Field, cell: Cell): RecordError | undefined {
  if (field.type !== 'reference' || typeof cell !== 'string') return undefined
  const targets = field.referenceTo.flatMap((name) => org.tables.get(name.toLowerCase()) ?? [])
  if (targets.length === 0) return undefined
  const target = targets.find(({ object }) => cell.startsWith(object.keyPrefix))
  if (target === undefined) return recordError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${cell}`, [field.name])
  const row = target.rows.get(cell)
  if (row === undefined) return recordError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name])
  return target.stages[row] === LIVE ? undefined : recordError('ENTITY_IS_DELETED', 'entity is deleted', [field.name])
}

const isRequired = (field: Field): boolean => !field.nillable && field.createable && !field.defaultedOnCreate && field.type !== 'boolean'

function requiredErrors(org: Org, table: Table, cells: ReadonlyMap<string, Cell>, mode: 'create' | 'update'): RecordError[] {
  // The name of a person account is put together.
  const isPerson = makesPerson(org, table, cells)
  const missing = table.object.fields
    .filter(
      (field) =>
        isRequired(field) &&
        !(isPerson && field.name === 'Name') &&
        (mode === 'create' ? (cells.get(field.name) ?? null) === null : cells.get(field.name) === null),
    )
    .map((field) => field.name)
  return missing.length === 0
    ? []
    : [recordError('REQUIRED_FIELD_MISSING', `Required fields are missing: [${missing.join(', ')}]`, missing)]
}
