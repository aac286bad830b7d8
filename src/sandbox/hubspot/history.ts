import { CREATED, ID, sourceOf, UPDATED } from './plan.ts'
import { instant } from './instant.ts'
import type { ObjectTable } from './table.ts'
import { creationVersion } from './records.ts'
import type { Version } from './store.ts'
import type { Token } from './tokens.ts'
import { canSee } from './values.ts'

/** Property → versions, newest first, as `propertiesWithHistory` returns them. Undefined and invisible properties are left out. */
export function historyOf(table: ObjectTable, token: Token, row: number, names: readonly string[]): Record<string, unknown[]> {
  const stored = table.store.history(row)
  const values = table.store.values(row)
  const result: Record<string, unknown[]> = {}
  for (const name of [...new Set(names)].sort()) {
    const property = table.properties.find(name)
    if (property === undefined || !canSee(table.kind, token, property, 'read')) continue
    const versions = stored[name] ?? derivedVersions(table, row, name) ?? firstVersion(table, row, values, name)
    result[name] = versions.map(wireVersion)
  }
  return result
}

function derivedVersions(table: ObjectTable, row: number, name: string): Version[] | undefined {
  const { columns } = table.store
  const source = sourceOf(table.properties, name)
  const created = columns.created[row]!
  const updated = columns.updated[row]!
  if (source === ID) return [[String(columns.id[row]), created, 'API', null, null]]
  if (source === CREATED) return [[instant(created), created, 'API', null, null]]
  return source === UPDATED ? [[instant(updated), updated, 'CALCULATED', null, null]] : undefined
}

function firstVersion(table: ObjectTable, row: number, values: ReadonlyMap<number, string>, name: string): Version[] {
  const index = table.properties.indexOf(name)
  return values.has(index) ? [creationVersion(table, row, new Map(values), index)] : []
}

function wireVersion([value, timestamp, sourceType, sourceId, updatedByUserId]: Version): Record<string, unknown> {
  return {
    value,
    timestamp: instant(timestamp),
    sourceType,
    ...(sourceId === null ? {} : { sourceId }),
    ...(updatedByUserId === null ? {} : { updatedByUserId }),
  }
}
