/** Fields a row does not hold but shows: ids, compound names and addresses, flags that follow from others. */
import type { Cell } from './column.ts'
import type { Field, SObject } from './parse-object.ts'

type Reader = (row: number) => Cell
type Rows = { readonly object: SObject; readonly ids: readonly string[]; readonly stages: readonly number[] }

/** A reader for a field without a column, or undefined for an ordinary one. */
export function virtualReader({ object, ids, stages }: Rows, field: Field, column: (name: string) => Reader): Reader | undefined {
  if (field.name === 'Id') return (row) => ids[row] ?? ''
  if (field.name === 'IsDeleted') return (row) => stages[row] !== 0
  if (field.name === 'Name' && object.byName.has('lastname')) return fullName(column('FirstName'), column('LastName'))
  if (field.name === 'IsEmailBounced') {
    const bounced = column('EmailBouncedDate')
    return (row) => bounced(row) !== null
  }
  if (field.name === 'PhotoUrl') return (row) => `/services/images/photo/${ids[row] ?? ''}`
  // A compound address is read part by part (addressOf); as a single value it has none.
  if (field.type === 'address') return () => null
  return undefined
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
