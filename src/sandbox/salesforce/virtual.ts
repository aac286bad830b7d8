/** Fields a row does not hold but shows: ids, compound names and addresses, flags that follow from others. */
import type { Cell } from './column.ts'
import type { Field, SObject } from './schema-object.ts'
import type { Table } from './table.ts'

type Reader = (row: number) => Cell

/** A name that is put together from its parts. */
export const isFullName = (object: SObject, field: Field): boolean =>
  field.name === 'Name' && !field.createable && field.source === null && object.byName.has('lastname')

/** A reader for a field without a column, or undefined for an ordinary one. `read` opens a field of any table. */
export function virtualReader(
  table: Table,
  field: Field,
  column: (name: string) => Reader,
  read: (table: Table, field: Field) => Reader,
): Reader | undefined {
  const { object, ids, stages } = table
  if (field.source !== null) return sourceReader(table, field.source, read)
  if (field.name === 'Id') return (row) => ids[row] ?? ''
  if (field.name === 'IsDeleted') return (row) => stages[row] !== 0
  if (isFullName(object, field)) return fullName(column('FirstName'), column('LastName'))
  if (field.name === 'IsEmailBounced') {
    const bounced = column('EmailBouncedDate')
    return (row) => bounced(row) !== null
  }
  if (field.name === 'PhotoUrl') return (row) => `/services/images/photo/${ids[row] ?? ''}`
  // A compound address is read part by part (addressOf); as a single value it has none.
  if (field.type === 'address') return () => null
  return undefined
}

/** What the record holds that the row refers to; of several paths the first that its object has. */
function sourceReader(table: Table, { via, paths }: NonNullable<Field['source']>, read: (table: Table, field: Field) => Reader): Reader {
  const reference = table.object.byName.get(via.toLowerCase())
  if (reference === undefined) return () => null
  const idOf = read(table, reference)
  const readers = new Map<Table, Reader>()
  return (row) => {
    const id = idOf(row)
    if (typeof id !== 'string') return null
    for (const name of reference.referenceTo) {
      const target = table.tables.get(name.toLowerCase())
      const at = target?.rows.get(id)
      if (target === undefined || at === undefined) continue
      let reader = readers.get(target)
      if (reader === undefined) {
        reader = pathReader(target, paths, read)
        readers.set(target, reader)
      }
      return reader(at)
    }
    return null
  }
}

function pathReader(table: Table, paths: readonly string[], read: (table: Table, field: Field) => Reader): Reader {
  for (const path of paths) {
    const [name = '', ...rest] = path.split('.')
    const step = rest.length === 0 ? undefined : table.object.fields.find(({ relationshipName }) => relationshipName === name)
    if (step !== undefined) return sourceReader(table, { via: step.name, paths: [rest.join('.')] }, read)
    const field = table.object.byName.get(name.toLowerCase())
    if (field !== undefined) return read(table, field)
  }
  return () => null
}

function fullName(first: Reader, last: Reader): Reader {
  return (row) => {
    const given = first(row)
    const family = last(row)
    return given === null ? family : family === null ? given : `${String(given)} ${String(family)}`
  }
}

const ADDRESS_PARTS = ['City', 'Country', 'GeocodeAccuracy', 'Latitude', 'Longitude', 'PostalCode', 'State', 'Street']

/** The compound address as the API shows it: an object, or null where every part is empty. */
export function addressOf(object: SObject, field: Field, readerOf: (part: Field) => Reader): (row: number) => object | null {
  const prefix = field.name.slice(0, -'Address'.length)
  const parts = ADDRESS_PARTS.map((part): [string, Reader] => {
    const source = object.byName.get((prefix + part).toLowerCase())
    return [part.charAt(0).toLowerCase() + part.slice(1), source === undefined ? () => null : readerOf(source)]
  })
  return (row) => {
    const entries = parts.map(([name, read]) => [name, read(row)] as const)
    return entries.every(([, value]) => value === null) ? null : Object.fromEntries(entries)
  }
}
