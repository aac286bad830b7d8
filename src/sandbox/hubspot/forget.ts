import type { Portal } from './portal.ts'
import { forgetPreferences } from './preferences.ts'
import { addresses, survivor } from './records.ts'

/**
 * What privacy deletion takes away beside the record itself: what its addresses chose, what was sent through forms with them, and its places
 * in lists. Source: HubSpot knowledge base, "Perform a permanent delete for contacts".
 */
export function forgetContact(portal: Portal, row: number): void {
  const { store, aliases } = portal.contacts
  const id = store.columns.id[row]!
  const ids = new Set([id, ...[...aliases.keys()].filter((alias) => survivor(portal.contacts, alias) === id)])
  for (const list of portal.marketing.lists.values()) {
    if (list.objectTypeId !== portal.contacts.kind.typeId) continue
    for (const member of ids) {
      list.members.delete(member)
      list.firstJoined.delete(member)
    }
  }
  forgetAddresses(portal, addresses(portal.contacts, store.values(row)))
}

export function forgetAddresses(portal: Portal, emails: readonly string[]): void {
  const gone = new Set(emails)
  const { marketing } = portal
  forgetPreferences(portal, gone)
  marketing.submissions = marketing.submissions.filter(({ email }) => email === null || !gone.has(email))
}
