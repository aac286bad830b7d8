import type { Source } from './records.ts'
import type { ObjectTable } from './table.ts'

type Common = { table: ObjectTable; at: number; source: Source }

/** What happened to a record; webhooks and journals are made from it. */
export type RecordEvent = Common &
  (
    | { kind: 'creation' | 'deletion' | 'restore' | 'privacyDeletion'; id: number }
    | { kind: 'propertyChange'; id: number; property: string; value: string }
    | { kind: 'merge'; id: number; primary: number; merged: number; propertiesMoved: number }
    | { kind: 'associationChange'; id: number; to: ObjectTable; toId: number; typeId: number; removed: boolean }
  )

type OwnPart<Event> = Event extends unknown ? Omit<Event, 'table' | 'at'> : never

/** Tells the portal's listeners; costs nothing when there are none. */
export function tell(table: ObjectTable, event: OwnPart<RecordEvent>): void {
  const { listeners, clock } = table.portal
  if (listeners.length === 0) return
  const told = { ...event, table, at: clock.now() } as RecordEvent
  for (const listener of listeners) listener(told)
}
