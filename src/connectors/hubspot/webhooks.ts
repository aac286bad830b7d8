/** What HubSpot delivers: the signature over the raw bytes first, then one parse. HubSpot docs: "Webhooks API", "Validating requests". */
import type { Delivery, Deps, Opened } from '../connector.ts'
import { eventsOf, readNotifications, type Notification } from './notification.ts'
import type { WebhookSettings } from './settings.ts'
import { isSignedV1, isSignedV2, isSignedV3, type Signed } from './signature.ts'

/** HubSpot sends a hundred events at most: about 50 kB. */
const bodyMost = 1 << 20
/** HubSpot docs: a delivery older than five minutes is refused; nor do we take one from further ahead. */
const freshMs = 300_000
/**
 * What the address of a delivery may be spelled with. Nothing separates method, address and body under the signature, so no part of a body may pass
 * for the end of an address, and the path has one spelling only.
 */
const addressForm = /^(?:\/[\w.~-]+)+\/?(?:\?[\w.~!$&'()*+,;=:@/?%-]*)?$/

type Refused = Extract<Opened, { outcome: 'refused' }>
type Shop = { settings: WebhookSettings; deps: Pick<Deps, 'now' | 'log' | 'publicUrl'> }

export function openDelivery({ settings, deps }: Shop, delivery: Delivery): Opened {
  const { secrets, portalId } = settings
  if (secrets.length === 0) return { outcome: 'unready', reason: 'webhooks.secrets of this connection holds no secret' }
  if (portalId === undefined) return { outcome: 'unready', reason: 'webhooks.portalId of this connection is not set' }
  if (deps.publicUrl === undefined) return { outcome: 'unready', reason: 'ACCORD_PUBLIC_URL is not set, and signatures cover it' }
  if (delivery.body.byteLength > bodyMost) return refused(413, 'the body is larger than a megabyte')
  const forgery = signatureProblem(settings, delivery, deps.publicUrl, deps.now())
  if (forgery !== null) return refused(401, forgery)
  if (!isJson(delivery.headers['content-type'])) return refused(415, 'the body is not application/json')
  const notifications = readNotifications(delivery.body)
  if (typeof notifications === 'string') return refused(400, notifications)
  return believed(notifications, portalId, deps)
}

/** Null: one of the secrets signed this. A v3 signature that is wrong or late is not made up for by an older one. */
function signatureProblem(
  settings: WebhookSettings,
  { method, path, headers, body }: Delivery,
  publicUrl: string,
  now: number,
): string | null {
  if (!addressForm.test(path)) return 'the address is not one that HubSpot was given'
  const signed: Signed = { method, uri: publicUrl + path, body }
  const v3 = headers['x-hubspot-signature-v3']
  if (v3 !== undefined) {
    const timestamp = headers['x-hubspot-request-timestamp']
    if (typeof v3 !== 'string' || typeof timestamp !== 'string') return 'a signature header is missing or there twice'
    if (!/^\d{13}$/.test(timestamp)) return 'the time of the signature is not in milliseconds'
    if (Math.abs(now - Number(timestamp)) > freshMs) return 'the time of the signature is more than five minutes from ours'
    return settings.secrets.some((secret) => isSignedV3(secret, signed, timestamp, v3)) ? null : 'the v3 signature does not fit'
  }
  const [given, version] = [headers['x-hubspot-signature'], headers['x-hubspot-signature-version']]
  if (typeof given !== 'string' || typeof version !== 'string') return 'there is no v3 signature'
  if (version === 'v2' && settings.acceptV2 && settings.secrets.some((secret) => isSignedV2(secret, signed, given))) return null
  if (version === 'v1' && settings.acceptV1 && settings.secrets.some((secret) => isSignedV1(secret, signed, given))) return null
  return 'there is no v3 signature'
}

function isJson(contentType: Delivery['headers'][string]): boolean {
  return typeof contentType === 'string' && /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(contentType)
}

/** unverified: whether one POST ever mixes portals. What is about another one is not ours to store, and not a reason to lose the rest. */
function believed(notifications: readonly (Notification | null)[], portalId: string, deps: Pick<Deps, 'log'>): Opened {
  const read = notifications.filter((one) => one !== null)
  if (read.length < notifications.length) {
    deps.log('hubspot.webhook.unreadable', { events: notifications.length - read.length })
    if (read.length === 0) return refused(400, 'no event of the delivery has the fields of one')
  }
  const ours = read.filter((one) => String(one.portalId) === portalId)
  if (ours.length < read.length) {
    deps.log('hubspot.webhook.other-portal', { events: read.length - ours.length })
    if (ours.length === 0) return refused(403, 'the events are about another portal than webhooks.portalId')
  }
  return { outcome: 'genuine', events: ours.flatMap(eventsOf), reply: { contentType: 'application/json', body: '{}' } }
}

const refused = (status: Refused['status'], reason: string): Refused => ({ outcome: 'refused', status, reason })
