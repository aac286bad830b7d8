/**
 * Outbound messages. They carry no signature: what is checked is the secret end of the address, then the organisation that the message names. Salesforce
 * docs: "Outbound Messaging", "Security considerations".
 */
import { hash, timingSafeEqual } from 'node:crypto'
import type { Delivery, Opened } from '../connector.ts'
import { readOutboundMessage } from './outbound-message.ts'
import type { WebhookSettings } from './settings.ts'

/** A message of a hundred notifications takes about 17 kB, and as many again for every ten fields that it was told to carry. */
const bodyMost = 256 * 1024
/** unverified: the content type of an outbound message; any of these will do. */
const contentTypes = /^(?:text|application)\/(?:soap\+)?xml\s*(?:;\s*charset="?utf-8"?\s*)?$/i

const acknowledged =
  '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>'
const utf8 = new TextDecoder('utf-8', { fatal: true })

type Refused = Extract<Opened, { outcome: 'refused' }>

/** `now` in epoch milliseconds: a message does not say when the record changed. */
export function openMessage({ secrets, organizationId }: WebhookSettings, now: number, { path, headers, body }: Delivery): Opened {
  if (secrets.length === 0) return { outcome: 'unready', reason: 'webhooks.secrets of this connection holds no secret' }
  if (organizationId === undefined) return { outcome: 'unready', reason: 'webhooks.organizationId of this connection is not set' }
  if (!endsInSecret(path, secrets)) return refused(401, 'the address does not end in the secret of this connection')
  if (body.byteLength > bodyMost) return refused(413, `the body is larger than ${bodyMost} bytes`)
  const contentType = headers['content-type']
  if (typeof contentType !== 'string' || !contentTypes.test(contentType)) return refused(415, 'the body is not XML in UTF-8')
  const text = textOf(body)
  const message = text === null ? 'the body is not UTF-8' : readOutboundMessage(text)
  if (typeof message === 'string') return refused(400, message)
  if (message.organization !== organizationId) return refused(403, 'the message is from another organisation than webhooks.organizationId')
  const events = message.notifications.map(({ id, object, record }) => ({
    // A notification that is sent again keeps its id.
    key: `${message.organization}:${id}`,
    kind: 'changed' as const,
    ref: { object, id: record },
    at: now,
  }))
  return { outcome: 'genuine', events, reply: { contentType: 'text/xml; charset=utf-8', body: acknowledged } }
}

/** Digests are compared, so that neither length nor beginning of a secret shows in the time it takes. */
function endsInSecret(path: string, secrets: readonly string[]): boolean {
  const given = digest(path.split('?', 1)[0]!.split('/').at(-1)!)
  return secrets.some((secret) => timingSafeEqual(digest(secret), given))
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer')

function textOf(body: Uint8Array): string | null {
  try {
    return utf8.decode(body)
  } catch {
    return null
  }
}

const refused = (status: Refused['status'], reason: string): Refused => ({ outcome: 'refused', status, reason })
