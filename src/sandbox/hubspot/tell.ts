import type { Change } from './changes.ts'
import type { ObjectTable } from './table.ts'

type OfTable<Event> = Event extends unknown ? Omit<Event, 'objectTypeId' | 'at'> : never

/** Tells whoever listens to the portal what happened to a record of `table`; costs nothing when nobody does. */
export function tell(table: ObjectTable, change: OfTable<Change>): void {
  const { feed, clock } = table.portal
  if (feed.watched) feed.tell({ ...change, objectTypeId: table.kind.typeId, at: clock.now() } as Change)
}
