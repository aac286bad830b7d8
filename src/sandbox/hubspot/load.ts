import type { SeedRow } from '../crm.ts'
import { marketingLoader } from './marketing-seed.ts'
import { tableNamed } from './portal.ts'
import type { Portal } from './portal.ts'
import { loadRecords } from './seed.ts'

/** Adds seeded rows of an object type, or of subscriptions, forms, submissions or lists. Throws with the number of the first bad row. */
export function loadRows(portal: Portal, object: string, rows: Iterable<SeedRow>): void {
  const load = marketingLoader(object)
  if (load === undefined) loadRecords(tableNamed(portal, object), rows)
  else load(portal, rows)
}
