/** From HubSpot's records to the port's. */
import { ConnectorError, type CrmRecord, type FieldValue, type Gone } from '../connector.ts'
import { sheetRecords } from '../sheet.ts'
import { mergedProperty, modifiedProperty } from './paths.ts'
import type { CrmObject } from './payloads.ts'
import type { PlainPage } from './plain-page.ts'

/** Epoch milliseconds of the last change. `updatedAt` stands in where the property is left out, as in some write answers. */
function modifiedAt(object: string, record: CrmObject): number {
  const time = Date.parse(record.properties[modifiedProperty(object)] ?? record.updatedAt)
  if (Number.isNaN(time))
    throw new ConnectorError('unexpected-shape', `HubSpot's ${object} ${record.id} has no readable ${modifiedProperty(object)}`)
  return time
}

/** HubSpot has no ETag: the time of the last change names the state. Trailing zeros of the text come and go, the number does not. */
export const versionOf = (object: string, record: CrmObject): string => String(modifiedAt(object, record))

/**
 * The properties as they came, empty texts turned into null. A copy of each would cost as much as parsing them, and to delete the dates
 * and ids that HubSpot adds unasked would make every later look at the others a slow one.
 */
export function recordFrom(object: string, record: CrmObject): CrmRecord {
  const fields = record.properties as Record<string, FieldValue>
  for (const name in fields) if (fields[name] === '') fields[name] = null
  const time = modifiedAt(object, record)
  return { ref: { object, id: record.id }, version: String(time), modifiedAt: time, fields }
}

/** The records of a sheet; `listed` has of each what the pull itself needs. */
export function recordsFrom(object: string, listed: readonly CrmObject[], sheet: PlainPage['sheet']): readonly CrmRecord[] {
  const times = Float64Array.from(listed, (record) => modifiedAt(object, record))
  return sheetRecords({ ...sheet, modifiedAt: times }, (id, time) => ({ ref: { object, id }, version: String(time) }))
}

/** A merge leaves a survivor that lists the ids of all it swallowed. */
export function mergedInto(object: string, record: CrmObject): Gone[] {
  const merged = record.properties[mergedProperty]?.split(';') ?? []
  const at = merged.length > 0 ? modifiedAt(object, record) : 0
  return merged
    .map((id) => id.trim())
    .filter((id) => id !== '' && id !== record.id)
    .map((id) => ({ ref: { object, id }, at, into: { object, id: record.id } }))
}
