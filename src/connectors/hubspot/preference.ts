/**
 * E-mail subscriptions as fields of a contact. HubSpot keeps them by address, behind an API of their own, and shows them as properties that nobody
 * may set: `hs_email_optout` (everything) and `hs_email_optout_<id>` (one subscription type). The port has them in two shapes:
 *
 * - the properties themselves, read like any other, and writable here through the API of subscriptions;
 * - `subscription:<id>` (SUBSCRIBED, UNSUBSCRIBED, empty where nothing was said), `subscription:<id>:at` (since when), `:source` (who said so, free
 *   text of HubSpot's) and `:basis` (HubSpot's legal basis); `subscription:all` and `subscription:all:at` for the opt-out of everything.
 *
 * The second shape costs one request per 100 records that are read, and one per record where the batch endpoints are not granted; so it is read
 * only when it is asked for. A delta sees a change of it because HubSpot carries every choice over into the properties, which changes
 * `lastmodifieddate`, some seconds later; what does not get there (an address that is no contact's primary one) is seen by the next full pull.
 */
import type { FieldSchema } from '../connector.ts'
import type { Property } from './payloads.ts'

export const ALL = 'all'
/** `id`: a subscription type, or `all`. `optOut`: the property, whose value is true or false; else a state in words. */
export type Preference = { readonly id: string; readonly part: 'status' | 'at' | 'source' | 'basis'; readonly optOut: boolean }

const property = /^hs_email_optout(?:_(\d+))?$/
const field = /^subscription:(all|\d+)(?::(at|source|basis))?$/

export function preferenceOf(name: string): Preference | undefined {
  const shown = property.exec(name)
  if (shown) return { id: shown[1] ?? ALL, part: 'status', optOut: true }
  const [, id, part] = field.exec(name) ?? []
  return id === undefined ? undefined : { id, part: (part as 'at' | undefined) ?? 'status', optOut: false }
}

/** Fields that no property holds. */
export const isVirtual = (name: string): boolean => name.startsWith('subscription:')

/** What the properties of contacts tell of the portal's subscription types; nothing more has to be asked. */
export function preferenceFields(properties: readonly Property[]): FieldSchema[] {
  const fields: FieldSchema[] = []
  for (const { name, label } of properties) {
    const id = property.test(name) ? preferenceOf(name)?.id : undefined
    if (id === undefined) continue
    const common = { writable: false, custom: false } as const
    const options = id === ALL ? ['UNSUBSCRIBED'] : ['SUBSCRIBED', 'UNSUBSCRIBED']
    fields.push({ name: `subscription:${id}`, label, type: 'enum', writable: true, custom: false, options, needs: 'email' })
    fields.push({ name: `subscription:${id}:at`, label: `${label}: since`, type: 'datetime', ...common })
    if (id === ALL) continue
    fields.push({ name: `subscription:${id}:source`, label: `${label}: source`, type: 'text', ...common })
    fields.push({ name: `subscription:${id}:basis`, label: `${label}: legal basis`, type: 'text', ...common })
  }
  return fields
}
