/** What to subscribe to for the objects and properties that a connection maps. */
import type { WebhookRequest } from '../connector.ts'

export type WantedSubscription = { eventType: string; propertyName?: string; objectTypeId?: string }

/** HubSpot docs: nobody can subscribe to these. */
const unsubscribable: readonly string[] = ['num_unique_conversion_events', 'hs_lastmodifieddate']
/** Erasures are told for contacts alone. */
const acts = ['creation', 'deletion', 'merge', 'restore']
const words: Readonly<Record<string, string>> = {
  contacts: 'contact',
  companies: 'company',
  deals: 'deal',
  tickets: 'ticket',
  products: 'product',
  line_items: 'line_item',
}

export function wantedSubscriptions(objects: WebhookRequest['objects']): WantedSubscription[] {
  return objects.flatMap(({ object, fields }) => {
    const word = Object.hasOwn(words, object) ? words[object]! : undefined
    const typed = word === undefined ? { objectTypeId: object } : {}
    const typeOf = (act: string) => `${word ?? 'object'}.${act}`
    const properties = [...new Set(fields)].filter((name) => !unsubscribable.includes(name))
    return [
      ...[...acts, ...(word === 'contact' ? ['privacyDeletion'] : [])].map((act) => ({ eventType: typeOf(act), ...typed })),
      ...properties.map((propertyName) => ({ eventType: typeOf('propertyChange'), propertyName, ...typed })),
    ]
  })
}
