import type { Source } from './changes.ts'
import { invalidRequest } from './errors.ts'
import { knownProperty, liveRecords, recordAt, recordById } from './live-record.ts'
import type { LiveRecord } from './live-record.ts'
import type { Portal } from './portal.ts'
import type { Property } from './property.ts'
import { addRecord, changeRecord } from './records.ts'
import type { Values } from './store.ts'

export type Contact = LiveRecord

export function contactByEmail(portal: Portal, email: string): Contact | undefined {
  const id = portal.contacts.emails.get(email)
  return id === undefined ? undefined : contactById(portal, id)
}

export function contactById(portal: Portal, id: number): Contact | undefined {
  return recordById(portal.contacts, id)
}

export function contactAt(portal: Portal, row: number): Contact {
  return recordAt(portal.contacts, row)
}

export function contactProperty(portal: Portal, name: string): Property | undefined {
  return knownProperty(portal.contacts, name)
}

/** Sets values in their stored form, read-only properties too; '' clears. A change that changes nothing leaves the record as it was. */
export function writeContact(portal: Portal, contact: Contact, values: Readonly<Record<string, string>>, source: Source): void {
  changeRecord(portal.contacts, contact.row, byIndex(portal, values), source)
}

export function addContact(portal: Portal, values: Readonly<Record<string, string>>, source: Source): Contact {
  const kept: Values = new Map([...byIndex(portal, values)].filter(([, value]) => value !== ''))
  return contactAt(portal, addRecord(portal.contacts, kept, portal.clock.now(), {}, source))
}

/** Properties that the portal does not know are left out. */
function byIndex(portal: Portal, values: Readonly<Record<string, string>>): Map<number, string> {
  const { properties } = portal.contacts
  const known = Object.entries(values).map(([name, value]): [number, string] => [properties.indexOf(name), value])
  return new Map(known.filter(([index]) => index >= 0))
}

const EMAIL = /^[^\s@<>(),;:"]+@[^\s@<>(),;:".]+(\.[^\s@<>(),;:".]+)+$/

/** Lower-case address, or undefined for what is none. */
export function parseAddress(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined
  const address = text.trim().toLowerCase()
  return EMAIL.test(address) ? address : undefined
}

/** unverified: the text for an address that is none. */
export function requireAddress(text: unknown): string {
  const address = parseAddress(text)
  if (address === undefined) throw invalidRequest(`Invalid email address: ${String(text).slice(0, 200)}`)
  return address
}

export function liveContacts(portal: Portal): Generator<Contact> {
  return liveRecords(portal.contacts)
}
