import { forgetAssociations } from './associations.ts'
import { ARCHIVED, ERASED } from './columns.ts'
import type { ObjectTable } from './table.ts'

/** Source: HubSpot docs, "Restore deleted records". */
const BIN_MS = 90 * 86_400_000

/** What has lain in the recycle bin for longer than it keeps things is gone for good; whoever looks into the bin empties it first. */
export function emptyBin(table: ObjectTable): void {
  const { columns } = table.store
  const oldest = table.portal.clock.now() - BIN_MS
  for (let row = 0; row < columns.count; row++) {
    if (columns.status[row] !== ARCHIVED || columns.archived[row]! >= oldest) continue
    table.store.wipe(row)
    columns.status[row] = ERASED
    forgetAssociations(table, columns.id[row]!, null)
    table.changes++
  }
}
