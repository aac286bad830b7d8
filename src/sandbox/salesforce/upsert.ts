/** Upsert by Id, by an external id field, or by an idLookup field such as Email. Salesforce docs: "Insert or Update (Upsert) a Record". */
import { createRecord, updateRecord } from './dml.ts'
import { Fault } from './fault.ts'
import { LIVE, lookupRows } from './table.ts'
import { visibleField } from './org.ts'
import type { Field } from './schema-object.ts'
import type { Input } from './write-cells.ts'
import type { Org } from './org.ts'
import type { Outcome } from './dml.ts'
import type { Table } from './table.ts'

export type Upserted = { kind: 'many'; ids: string[] } | { kind: 'found'; id: string } | { kind: 'written'; outcome: Outcome }

/** Without `input` it only finds the record. */
export function upsertRecord(org: Org, table: Table, fieldName: string, value: string, input: Input | null): Upserted {
  const field = keyField(org, table, fieldName)
  const ids = idsOf(table, field, value)
  if (ids.length > 1) return { kind: 'many', ids }
  const [id] = ids
  if (input === null) {
    if (id === undefined) throw new Fault(404, 'NOT_FOUND', 'The requested resource does not exist')
    return { kind: 'found', id }
  }
  if (id !== undefined) return { kind: 'written', outcome: updateRecord(org, table, id, input) }
  if (field.type === 'id') {
    // An Id upsert with an id updates or fails; only an empty one creates.
    return { kind: 'written', outcome: value === '' ? createRecord(org, table, input) : updateRecord(org, table, value, input) }
  }
  return { kind: 'written', outcome: createRecord(org, table, { [field.name]: value, ...input }) }
}

export function keyField(org: Org, table: Table, name: string): Field {
  const field = visibleField(org, table.object, name)
  if (field !== undefined && (field.externalId || field.idLookup)) return field
  throw new Fault(404, 'NOT_FOUND', `Provided external ID field does not exist or is not accessible: ${name}`)
}

/** Live records with that key; e-mail is compared without case (unverified). */
function idsOf(table: Table, field: Field, value: string): string[] {
  if (field.type === 'id') return table.rows.has(value) ? [value] : []
  return lookupRows(table, field, value)
    .filter((row) => table.stages[row] === LIVE)
    .map((row) => table.ids[row] ?? '')
}
