/** The SOAP of an outbound message, down to which records it speaks of. Salesforce docs: "Outbound Messaging". Field values are passed over unread. */
import { recordId } from './record-id.ts'
import { parts, readXml, type Element } from './xml.ts'

export type OutboundMessage = { organization: string; notifications: readonly OutboundNotification[] }
/** Ids have 18 characters. */
export type OutboundNotification = { id: string; object: string; record: string }

const soap = 'http://schemas.xmlsoap.org/soap/envelope/'
const outbound = 'http://soap.sforce.com/2005/09/outbound'
/** The enterprise form, and the partner form of older messages. */
const sobjects: readonly string[] = ['urn:sobject.enterprise.soap.sforce.com', 'urn:sobject.partner.soap.sforce.com']
const typeAttribute = '{http://www.w3.org/2001/XMLSchema-instance}type'
/** Salesforce docs: at most so many notifications a message. */
const notificationsMost = 100
const keyPrefixes: Readonly<Record<string, string>> = { Contact: '003', Lead: '00Q', Individual: '0PK' }

/** The message, or in a few words why it is none; no value of it is quoted. */
export function readOutboundMessage(text: string): OutboundMessage | string {
  const root = readXml(text)
  if (typeof root === 'string') return `the body holds ${root}`
  if (!isNamed(root, soap, 'Envelope')) return 'the body is no SOAP envelope'
  const body = only(root, soap, 'Body')
  const message = body && only(body, outbound, 'notifications')
  if (!message) return 'the envelope holds no outbound message'
  const organization = recordId(leaf(message, outbound, 'OrganizationId'), '00D')
  if (organization === null) return 'the message names no organisation'
  const wanted = message.children.filter((child) => isNamed(child, outbound, 'Notification'))
  if (wanted.length === 0 || wanted.length > notificationsMost)
    return `the message holds no notification, or more than ${notificationsMost}`
  const notifications = wanted.flatMap((one) => notificationOf(one) ?? [])
  return notifications.length === wanted.length ? { organization, notifications } : 'a notification does not say which record it is about'
}

function notificationOf(notification: Element): OutboundNotification | null {
  const id = recordId(leaf(notification, outbound, 'Id'), '04l')
  const record = only(notification, outbound, 'sObject')
  // Fields hold text and no markup.
  if (id === null || !record || record.children.some(({ children }) => children.length > 0)) return null
  const { prefix, local: object } = parts(record.attributes.get(typeAttribute) ?? '')
  const space = record.scope.get(prefix)
  if (space === undefined || !sobjects.includes(space) || !/^[A-Za-z]\w{0,79}$/.test(object)) return null
  const keyPrefix = Object.hasOwn(keyPrefixes, object) ? keyPrefixes[object]! : null
  const ref = recordId(leaf(record, space, 'Id'), keyPrefix)
  return ref === null ? null : { id, object, record: ref }
}

/** The one child of that name: a second one could be read by somebody else. */
function only(parent: Element, space: string, name: string): Element | undefined {
  const named = parent.children.filter((child) => isNamed(child, space, name))
  return named.length === 1 ? named[0] : undefined
}

/** Its text, where it holds nothing else. */
function leaf(parent: Element, space: string, name: string): string {
  const found = only(parent, space, name)
  return found && found.children.length === 0 ? found.text.trim() : ''
}

const isNamed = (element: Element, space: string, name: string): boolean => element.space === space && element.name === name
