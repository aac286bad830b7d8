import type { AssociationType } from './association-type.ts'
import { associate } from './associations.ts'
import { isObject } from './call.ts'
import { tableNamed } from './portal.ts'
import { survivor } from './records.ts'
import type { ObjectTable } from './table.ts'

/**
 * `{"companies": ["201", {"id": "202", "type": "contact_to_company"}]}`, or as the API returns it, `{"companies": {"results": [{"id", "type"}]}}`.
 * A type is a name, a label or a type id; without one it is the plain association. Throws when a record is not there.
 */
export function seedAssociations(table: ObjectTable, id: number, raw: unknown): void {
  if (!isObject(raw)) throw new Error('associations must be an object of types and records')
  for (const [name, value] of Object.entries(raw)) {
    const to = tableNamed(table.portal, name)
    const entries = isObject(value) ? value.results : value
    if (!Array.isArray(entries)) throw new Error(`associations.${name} must be a list of ids`)
    if (table.portal.associations.types.plain(table.kind, to.kind) === undefined) {
      throw new Error(`HubSpot associates no ${table.kind.singular} with a ${to.kind.singular}`)
    }
    for (const entry of entries) seedOne(table, id, to, entry)
  }
}

function seedOne(table: ObjectTable, id: number, to: ObjectTable, entry: unknown): void {
  const text = isObject(entry) ? entry.id : entry
  const toId = survivor(to, Number(text))
  if (to.store.row(toId) < 0)
    throw new Error(`the ${to.kind.singular} ${String(text).slice(0, 40)} it is associated with was not loaded before it`)
  const type = isObject(entry) && entry.type !== undefined ? [namedType(table, to, entry.type)] : []
  associate(table, id, to, toId, type, null)
}

function namedType(table: ObjectTable, to: ObjectTable, name: unknown): AssociationType {
  const type = table.portal.associations.types
    .between(table.kind, to.kind)
    .find((known) => [known.name, known.label, String(known.typeId)].includes(String(name)))
  if (type === undefined) throw new Error(`there is no association type ${String(name).slice(0, 40)}`)
  return type
}
