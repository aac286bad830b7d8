import { createAssociationTypes } from './association-type.ts'
import type { AssociationType, AssociationTypes } from './association-type.ts'
import type { Source } from './changes.ts'
import { LIVE } from './columns.ts'
import { createLinks, placeOf } from './links.ts'
import type { Links } from './links.ts'
import type { Part } from './part.ts'
import type { ObjectTable } from './table.ts'
import { tell } from './tell.ts'

/** unverified over the API: the first company of a contact, deal or ticket becomes its primary one by itself. */
const FIRST_COMPANY_IS_PRIMARY = true

/**
 * Who is associated with whom, kept for both directions. A record in the recycle bin keeps its associations, unseen until it is back.
 */
export type Associations = {
  readonly types: AssociationTypes
  readonly links: Links
  /** Type id → how many records one record may have of it, where the portal has set a limit. */
  readonly limits: Map<number, number>
  /** Counts changes, so that what was computed for an older state can be told. */
  changes: number
  readonly part: Part
}

export type Linked = { id: number; types: AssociationType[] }

export function createAssociations(): Associations {
  const associations: Associations = {
    types: createAssociationTypes(),
    links: createLinks(),
    limits: new Map(),
    changes: 0,
    part: {
      keep() {
        const restores = [associations.links.part.keep(), associations.types.part.keep()]
        const limits = [...associations.limits]
        return () => {
          for (const restore of restores) restore()
          associations.limits.clear()
          for (const [typeId, most] of limits) associations.limits.set(typeId, most)
          associations.changes++
        }
      },
    },
  }
  return associations
}

/** Live records of `to` that a record is associated with, by ascending id; at most so many, from an id on. */
export function associated(from: ObjectTable, id: number, to: ObjectTable, first = 0, most = Infinity): Linked[] {
  const { links, types } = from.portal.associations
  const row = links.of(from.kind, id, to.kind)
  const found: Linked[] = []
  for (let at = placeOf(row, first); at < row.length; at += 2) {
    const toId = row[at]!
    const type = types.find(row[at + 1]!)
    if (type === undefined || !isLive(to, toId)) continue
    if (found.at(-1)?.id === toId) found.at(-1)!.types.push(type)
    else if (found.length === most) break
    else found.push({ id: toId, types: [type] })
  }
  return found
}

function isLive(table: ObjectTable, id: number): boolean {
  const row = table.store.row(id)
  return row >= 0 && table.store.columns.status[row] === LIVE
}

/** Two records of types that can be associated; the plain type comes by itself. Without a source nobody is told. */
export function associate(
  from: ObjectTable,
  id: number,
  to: ObjectTable,
  toId: number,
  wanted: readonly AssociationType[],
  source: Source | null,
): void {
  const { links, types } = from.portal.associations
  const plain = types.plain(from.kind, to.kind)!
  const primary = types.between(from.kind, to.kind).find((type) => type.single || types.find(type.inverse)!.single)
  const ofTheOne = primary?.single === true ? links.of(from.kind, id, to.kind) : links.of(to.kind, toId, from.kind)
  const first = FIRST_COMPANY_IS_PRIMARY && primary !== undefined && ofTheOne.length === 0
  for (const type of new Set([plain, ...wanted, ...(first ? [primary] : [])])) addOne(from, id, to, toId, type, source)
}

function addOne(from: ObjectTable, id: number, to: ObjectTable, toId: number, type: AssociationType, source: Source | null): void {
  const { associations } = from.portal
  const inverse = associations.types.find(type.inverse)!
  if (type.single) makeWay(from, id, to, toId, type, source)
  if (inverse.single) makeWay(to, toId, from, id, inverse, source)
  if (!associations.links.put(from.kind, id, to.kind, toId, type.typeId)) return
  associations.links.put(to.kind, toId, from.kind, id, type.inverse)
  associations.changes++
  if (source !== null) tellBoth(from, id, to, toId, type, inverse, false, source)
}

/** Another record stops being the primary one. */
function makeWay(from: ObjectTable, id: number, to: ObjectTable, toId: number, type: AssociationType, source: Source | null): void {
  const row = from.portal.associations.links.of(from.kind, id, to.kind)
  const former = row.find((_, at) => at % 2 === 0 && row[at + 1] === type.typeId)
  if (former !== undefined && former !== toId) removeOne(from, id, to, former, type, source)
}

/** All types between the two records, or those named; what is not there is no error. */
export function dissociate(
  from: ObjectTable,
  id: number,
  to: ObjectTable,
  toId: number,
  wanted: readonly AssociationType[] | 'all',
  source: Source | null,
): void {
  const { links, types } = from.portal.associations
  const gone = wanted === 'all' ? links.between(from.kind, id, to.kind, toId).map((typeId) => types.find(typeId)!) : wanted
  for (const type of gone) removeOne(from, id, to, toId, type, source)
}

function removeOne(from: ObjectTable, id: number, to: ObjectTable, toId: number, type: AssociationType, source: Source | null): void {
  const { associations } = from.portal
  if (!associations.links.between(from.kind, id, to.kind, toId).includes(type.typeId)) return
  associations.links.drop(from.kind, id, to.kind, toId, type.typeId)
  associations.links.drop(to.kind, toId, from.kind, id, type.inverse)
  associations.changes++
  if (source !== null) tellBoth(from, id, to, toId, type, associations.types.find(type.inverse)!, true, source)
}

/** Takes a label from every pair that carries it. */
export function withdrawType(from: ObjectTable, to: ObjectTable, type: AssociationType): void {
  const { links, types } = from.portal.associations
  for (const id of links.holders(from.kind, to.kind, type.typeId)) {
    const row = [...links.of(from.kind, id, to.kind)]
    for (let at = row.length - 2; at >= 0; at -= 2) if (row[at + 1] === type.typeId) removeOne(from, id, to, row[at]!, type, null)
  }
  types.remove(type)
}

/** Every association of a record that is erased. */
export function forgetAssociations(table: ObjectTable, id: number, source: Source | null): void {
  for (const { other, otherId, type } of allOf(table, id)) removeOne(table, id, other, otherId, type, source)
}

/** Those of a merged record become the new record's. */
export function moveAssociations(table: ObjectTable, id: number, newId: number): void {
  const { links } = table.portal.associations
  const own = allOf(table, id)
  for (const { other, otherId, type } of own) removeOne(table, id, other, otherId, type, null)
  for (const { other, otherId, type } of own.toReversed()) {
    const taken = type.single && links.of(table.kind, newId, other.kind).some((typeId, at) => at % 2 === 1 && typeId === type.typeId)
    if (!taken && !(other === table && otherId === newId)) addOne(table, newId, other, otherId, type, null)
  }
}

type Own = { other: ObjectTable; otherId: number; type: AssociationType }

/** Every association of a record, read from its own side, the last first: from the end a long row is taken apart without moving the rest. */
function allOf(table: ObjectTable, id: number): Own[] {
  const { links, types } = table.portal.associations
  const found: Own[] = []
  for (const other of table.portal.tables.values()) {
    const row = links.of(table.kind, id, other.kind)
    for (let at = row.length - 2; at >= 0; at -= 2) found.push({ other, otherId: row[at]!, type: types.find(row[at + 1]!)! })
  }
  return found
}

function tellBoth(
  from: ObjectTable,
  id: number,
  to: ObjectTable,
  toId: number,
  type: AssociationType,
  inverse: AssociationType,
  removed: boolean,
  source: Source,
): void {
  const primary = type.single || inverse.single
  for (const [table, own, other, otherId, side] of [
    [from, id, to, toId, type],
    [to, toId, from, id, inverse],
  ] as const) {
    const target = { objectTypeId: other.kind.typeId, id: otherId }
    const change = { id: own, to: target, category: side.category, typeId: side.typeId, removed, primary }
    tell(table, { kind: 'associationChange', ...change, source })
  }
}
