import { LIVE } from './columns.ts'
import type { Property } from './property.ts'
import { liveRow } from './records.ts'
import type { ObjectTable } from './table.ts'

/** A live record by property names, for the families that are not the objects API. Good until the next write. */
export type LiveRecord = { id: number; row: number; created: number; updated: number; value(name: string): string | undefined }

/** Ids merged away lead to the record they became part of. */
export function recordById(table: ObjectTable, id: number): LiveRecord | undefined {
  const row = liveRow(table, id)
  return row < 0 ? undefined : recordAt(table, row)
}

export function recordAt({ store, properties }: ObjectTable, row: number): LiveRecord {
  const { columns } = store
  return {
    id: columns.id[row]!,
    row,
    created: columns.created[row]!,
    updated: columns.updated[row]!,
    value: (name) => {
      const index = properties.indexOf(name)
      return index < 0 ? undefined : store.value(row, index)
    },
  }
}

export function* liveRecords(table: ObjectTable): Generator<LiveRecord> {
  const { columns } = table.store
  for (let row = 0; row < columns.count; row++) if (columns.status[row] === LIVE) yield recordAt(table, row)
}

export function knownProperty(table: ObjectTable, name: string): Property | undefined {
  const property = table.properties.find(name)
  return property === undefined || property.archivedAt !== null ? undefined : property
}

/** Values a property had before the present one. */
export function formerValues(table: ObjectTable, { row }: LiveRecord, name: string): string[] {
  return (table.store.history(row)[name] ?? []).map(([value]) => value).filter((value) => value !== '')
}
