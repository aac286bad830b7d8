/** When and by whom a row is written. */
import type { Cell } from './column.ts'
import type { Org } from './org.ts'
import type { SObject } from './schema-object.ts'

/** Salesforce shows whole seconds in every datetime. */
export const stamp = (org: Org): number => Math.floor(org.clock.now() / 1_000) * 1_000

const known = (object: SObject, cells: readonly [string, Cell][]): [string, Cell][] =>
  cells.filter(([name]) => object.byName.has(name.toLowerCase()))

/** The system cells of a change. */
export function touched(org: Org, object: SObject): [string, Cell][] {
  const now = stamp(org)
  return known(object, [
    ['LastModifiedDate', now],
    ['LastModifiedById', org.userId],
    ['SystemModstamp', now],
  ])
}

/** The system cells of a new row; an owner may have been given. */
export function authored(org: Org, object: SObject): [string, Cell][] {
  const now = stamp(org)
  return known(object, [
    ['CreatedDate', now],
    ['CreatedById', org.userId],
    ['LastModifiedDate', now],
    ['LastModifiedById', org.userId],
    ['SystemModstamp', now],
    ['OwnerId', org.userId],
  ])
}
