/** Who joined and left when: from the histories of the contacts, and from the choices of addresses that have none. */
import { contactByEmail, liveContacts } from './contact.ts'
import { historyOf } from './history.ts'
import type { Portal } from './portal.ts'
import { NOBODY } from './tokens.ts'
import { optOutProperty } from './subscription.ts'

export type SubscriptionChange = {
  timestamp: number
  change: 'SUBSCRIBED' | 'UNSUBSCRIBED'
  source: string
  portalId: number
  subscriptionId?: number
  changeType: 'SUBSCRIPTION_STATUS' | 'PORTAL_STATUS'
}
export type TimelineItem = { timestamp: number; portalId: number; recipient: string; changes: SubscriptionChange[] }

/** unverified: how a change by form, hand or API is called; the reference shows those by e-mail. */
const CHANGE_SOURCE = 'SOURCE_HUBSPOT_CUSTOMER'

/** Newest first; both ends count. */
export function optOutTimeline(portal: Portal, start: number, end: number): TimelineItem[] {
  const items = new Map<string, TimelineItem>()
  const tell = (recipient: string, timestamp: number, subscribed: boolean, subscriptionId?: number): void => {
    if (timestamp < start || timestamp > end) return
    const item = items.get(`${timestamp} ${recipient}`) ?? { timestamp, portalId: portal.id, recipient, changes: [] }
    items.set(`${timestamp} ${recipient}`, item)
    item.changes.push({
      timestamp,
      change: subscribed ? 'SUBSCRIBED' : 'UNSUBSCRIBED',
      source: CHANGE_SOURCE,
      portalId: portal.id,
      ...(subscriptionId === undefined ? {} : { subscriptionId }),
      changeType: subscriptionId === undefined ? 'PORTAL_STATUS' : 'SUBSCRIPTION_STATUS',
    })
  }
  tellOfContacts(portal, tell)
  tellOfAddresses(portal, tell)
  return [...items.values()].sort((a, b) => b.timestamp - a.timestamp)
}

type Tell = (recipient: string, timestamp: number, subscribed: boolean, subscriptionId?: number) => void

function tellOfContacts(portal: Portal, tell: Tell): void {
  const table = portal.tables.get('contacts')!
  const ids = new Map(portal.marketing.definitions.map(({ id }) => [optOutProperty(id), id]))
  const names = ['hs_email_optout', ...ids.keys()]
  for (const contact of liveContacts(portal)) {
    const email = contact.value('email')?.toLowerCase()
    if (email === undefined) continue
    for (const [name, versions] of Object.entries(historyOf(table, NOBODY, contact.row, names)))
      for (const { value, timestamp } of versions as { value: string; timestamp: string }[])
        if (value !== '') tell(email, Date.parse(timestamp), value === 'false', ids.get(name))
  }
}

function tellOfAddresses(portal: Portal, tell: Tell): void {
  for (const [email, { choices, portal: wide }] of portal.marketing.preferences) {
    if (contactByEmail(portal, email) !== undefined) continue
    for (const [id, { status, at }] of choices) tell(email, at, status === 'SUBSCRIBED', id)
    if (wide !== null) tell(email, wide.at, false)
  }
}
