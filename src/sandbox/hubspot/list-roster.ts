import { liveRecords, recordById } from './live-record.ts'
import { compileBranch } from './list-filter.ts'
import type { RecordList } from './list.ts'
import { kindNamed } from './object-kind.ts'
import type { Portal } from './portal.ts'
import type { ObjectTable } from './table.ts'

/** Who is in a list now: record id → when it joined. Ids merged away count as the record they became part of; binned ones are not there. */
export type Roster = { joined: ReadonlyMap<number, number>; byId: readonly number[]; byJoin: readonly number[] }

const rosters = new WeakMap<RecordList, { key: string; roster: Roster }>()

/** Worked out anew when something has changed, and for dynamic lists every minute: some filters look at the time. */
export function rosterOf(portal: Portal, list: RecordList): Roster {
  const table = tableOf(portal, list)
  const minute = list.processingType === 'DYNAMIC' ? Math.floor(portal.clock.now() / 60_000) : 0
  const key = [table.changes, table.properties.version, portal.marketing.changes, list.version, minute].join()
  const known = rosters.get(list)
  if (known?.key === key) return known.roster
  if (list.processingType === 'DYNAMIC') evaluate(portal, list)
  const roster = arrange(portal, list)
  rosters.set(list, { key, roster })
  return roster
}

/** The records a list is about. */
export function tableOf(portal: Portal, { objectTypeId }: Pick<RecordList, 'objectTypeId'>): ObjectTable {
  return portal.tables.get(kindNamed(objectTypeId)!.name)!
}

/** Who fits joins, who no longer does leaves. A record joins with the change that made it fit, or with the filters themselves. */
export function evaluate(portal: Portal, list: RecordList): void {
  if (list.filterBranch === null) return
  const table = tableOf(portal, list)
  const fits = compileBranch(table, list.filterBranch, (other, id) => rosterOf(portal, other).joined.has(id))
  const before = list.members
  const members = new Map<number, number>()
  for (const record of liveRecords(table)) {
    if (!fits(record)) continue
    const at = before.get(record.id) ?? Math.max(list.filtersUpdatedAt, record.updated)
    members.set(record.id, at)
    if (!list.firstJoined.has(record.id)) list.firstJoined.set(record.id, at)
  }
  list.members = members
}

function arrange(portal: Portal, list: RecordList): Roster {
  const table = tableOf(portal, list)
  const joined = new Map<number, number>()
  for (const [id, at] of list.members) {
    const now = recordById(table, id)?.id
    if (now !== undefined) joined.set(now, Math.min(at, joined.get(now) ?? Infinity))
  }
  const byId = [...joined.keys()].sort((a, b) => a - b)
  const byJoin = [...byId].sort((a, b) => joined.get(a)! - joined.get(b)! || a - b)
  return { joined, byId, byJoin }
}
