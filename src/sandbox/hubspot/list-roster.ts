import { contactById, liveContacts } from './contact.ts'
import { compileBranch } from './list-filter.ts'
import type { ContactList } from './list.ts'
import type { Portal } from './portal.ts'

/** Who is in a list now: record id → when it joined. Ids merged away count as the record they became part of; binned ones are not there. */
export type Roster = { joined: ReadonlyMap<number, number>; byId: readonly number[]; byJoin: readonly number[] }

const rosters = new WeakMap<ContactList, { key: string; roster: Roster }>()

/** Worked out anew when something has changed, and for dynamic lists every minute: some filters look at the time. */
export function rosterOf(portal: Portal, list: ContactList): Roster {
  const minute = list.processingType === 'DYNAMIC' ? Math.floor(portal.clock.now() / 60_000) : 0
  const key = [portal.contacts.changes, portal.contacts.properties.version, portal.marketing.changes, list.version, minute].join()
  const known = rosters.get(list)
  if (known?.key === key) return known.roster
  if (list.processingType === 'DYNAMIC') evaluate(portal, list)
  const roster = arrange(portal, list)
  rosters.set(list, { key, roster })
  return roster
}

/** Who fits joins, who no longer does leaves. A record joins with the change that made it fit, or with the filters themselves. */
export function evaluate(portal: Portal, list: ContactList): void {
  if (list.filterBranch === null) return
  const fits = compileBranch(portal, list.filterBranch, (other, id) => rosterOf(portal, other).joined.has(id))
  const before = list.members
  const members = new Map<number, number>()
  for (const contact of liveContacts(portal)) {
    if (!fits(contact)) continue
    const at = before.get(contact.id) ?? Math.max(list.filtersUpdatedAt, contact.updated)
    members.set(contact.id, at)
    if (!list.firstJoined.has(contact.id)) list.firstJoined.set(contact.id, at)
  }
  list.members = members
}

function arrange(portal: Portal, list: ContactList): Roster {
  const joined = new Map<number, number>()
  for (const [id, at] of list.members) {
    const now = contactById(portal, id)?.id
    if (now !== undefined) joined.set(now, Math.min(at, joined.get(now) ?? Infinity))
  }
  const byId = [...joined.keys()].sort((a, b) => a - b)
  const byJoin = [...byId].sort((a, b) => joined.get(a)! - joined.get(b)! || a - b)
  return { joined, byId, byJoin }
}
