import { createIndexDelay } from './index-delay.ts'
import type { IndexDelay } from './index-delay.ts'
import { LIVE } from './columns.ts'
import type { ObjectKind } from './object-kind.ts'
import { createPlanCache } from './plan.ts'
import type { PlanCache } from './plan.ts'
import type { Portal } from './portal.ts'
import { claim } from './records.ts'
import { createRegistry } from './registry.ts'
import type { PropertyRegistry } from './registry.ts'
import type { Part } from './part.ts'
import { createRecordStore } from './store.ts'
import type { RecordStore } from './store.ts'

/** The records of one object type, with its property definitions and what is derived from both. */
export type ObjectTable = {
  readonly kind: ObjectKind
  readonly portal: Portal
  readonly properties: PropertyRegistry
  readonly plans: PlanCache
  readonly store: RecordStore
  /** Lower-case primary and additional addresses of live contacts → id; empty for other types. */
  readonly emails: Map<string, number>
  /** Property index → value → id, for properties with hasUniqueValue. */
  readonly uniques: Map<number, Map<string, number>>
  /** Id merged away → id it became part of. */
  readonly aliases: Map<number, number>
  readonly index: IndexDelay
  /** Start of a record's address on HubSpot's screens. */
  readonly urlStart: string
  /** Counts changes, so that what was computed for an older state can be told. */
  changes: number
  /** The last search and its result, shared by the pages of one query. */
  searched: { key: string; until: number; ids: Float64Array } | undefined
}

export function createTable(portal: Portal, kind: ObjectKind): ObjectTable {
  const properties = createRegistry(kind, portal.clock.now())
  return {
    kind,
    portal,
    properties,
    plans: createPlanCache(properties),
    store: createRecordStore(),
    emails: new Map(),
    uniques: new Map(),
    aliases: new Map(),
    index: createIndexDelay(),
    urlStart: `https://app-eu1.hubspot.com/contacts/${portal.id}/record/${kind.typeId}/`,
    changes: 0,
    searched: undefined,
  }
}

/** What a snapshot keeps of a table. The indexes are derived; keeping a copy of them would double the memory of a large portal. */
export function tablePart(table: ObjectTable): Part {
  return {
    keep() {
      const registry = table.properties.mark()
      const store = table.store.mark()
      const aliases = [...table.aliases]
      return () => {
        table.properties.rewind(registry)
        table.store.rewind(store)
        table.aliases.clear()
        for (const [id, survivor] of aliases) table.aliases.set(id, survivor)
        table.index.clear()
        table.changes++
        reindex(table)
      }
    },
  }
}

/** Finds out anew which record has which address and unique value. */
export function reindex(table: ObjectTable): void {
  table.emails.clear()
  table.uniques.clear()
  table.properties.list.forEach((property, index) => {
    if (property.hasUniqueValue) table.uniques.set(index, new Map())
  })
  if (table.kind.name !== 'contacts' && table.uniques.size === 0) return
  for (let row = 0; row < table.store.columns.count; row++) {
    if (table.store.columns.status[row] === LIVE) claim(table, row, { get: (property) => table.store.value(row, property) })
  }
}
