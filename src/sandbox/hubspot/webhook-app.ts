/** An app with its webhook settings and subscriptions, as `/webhooks/v3/{appId}` keeps them. Times are epoch milliseconds. */
export type Subscription = {
  id: number
  eventType: string
  propertyName: string | null
  objectTypeId: string | null
  eventTypeName: string | null
  active: boolean
  createdAt: number
  updatedAt: number | null
}

export type Target = { url: string; maxConcurrentRequests: number; period: string | null; createdAt: number; updatedAt: number | null }

export type App = { id: number; secret: string; target: Target | null; subscriptions: Map<number, Subscription> }

/** Source: HubSpot docs, "Webhooks API": at most a thousand subscriptions an app. */
export const SUBSCRIPTIONS_MOST = 1000
export const CONCURRENCY_DEFAULT = 10
/** The app behind every API write. */
export const APP_ID = 4_400_101
export const DEVELOPER_KEY = 'sandbox-developer-key'

/** The types whose classic events carry their name; `object.*` covers these and all others by objectTypeId. */
export const CLASSIC_TYPES: Readonly<Record<string, string>> = {
  '0-1': 'contact',
  '0-2': 'company',
  '0-3': 'deal',
  '0-5': 'ticket',
  '0-7': 'product',
  '0-8': 'line_item',
}

const KINDS = ['creation', 'deletion', 'merge', 'restore', 'propertyChange', 'associationChange']

/** Every event type the API takes. Source: HubSpot docs, "Webhooks API: subscription types". */
export const EVENT_TYPES: ReadonlySet<string> = new Set([
  ...[...Object.values(CLASSIC_TYPES), 'object']
    .flatMap((name) => KINDS.map((kind) => `${name}.${kind}`))
    .filter((type) => type !== 'product.associationChange'),
  'contact.privacyDeletion',
  ...['creation', 'deletion', 'newMessage', 'privacyDeletion', 'propertyChange'].map((kind) => `conversation.${kind}`),
  'event.completed',
])

/** What no property subscription may name. */
export const UNSUBSCRIBABLE: ReadonlySet<string> = new Set(['num_unique_conversion_events', 'hs_lastmodifieddate'])

/** Type id behind a classic event type. */
export function typeIdOf(eventType: string): string {
  const name = eventType.split('.', 1)[0]
  return Object.keys(CLASSIC_TYPES).find((typeId) => CLASSIC_TYPES[typeId] === name) ?? ''
}

export function copyApp(app: App): App {
  const subscriptions = new Map([...app.subscriptions].map(([id, subscription]) => [id, { ...subscription }]))
  return { ...app, target: app.target === null ? null : { ...app.target }, subscriptions }
}
