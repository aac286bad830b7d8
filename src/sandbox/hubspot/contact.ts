import { LIVE } from './columns.ts'
import type { View } from './filter.ts'
import { invalidRequest } from './errors.ts'
import type { Portal } from './portal.ts'
import type { Property } from './property.ts'
import { addRecord, addresses, changeRecord, liveRow } from './records.ts'
import type { Source } from './changes.ts'
import type { Values } from './store.ts'

/** A live contact by property names, for the families that are not the objects API. Good until the next write. */
export type Contact = { id: number; row: number; created: number; updated: number; value(name: string): string | undefined }

export function contactByEmail(portal: Portal, email: string): Contact | undefined {
  const id = portal.contacts.emails.get(email)
  return id === undefined ? undefined : contactById(portal, id)
}

/** Ids merged away lead to the record they became part of. */
export function contactById(portal: Portal, id: number): Contact | undefined {
  const row = liveRow(portal.contacts, id)
  return row < 0 ? undefined : contactAt(portal, row)
}

export function contactAt(portal: Portal, row: number): Contact {
  const { store, properties } = portal.contacts
  const { columns } = store
  return {
    id: columns.id[row]!,
    row,
    created: columns.created[row]!,
    updated: columns.updated[row]!,
    value: (name) => {
      const index = properties.indexOf(name)
      return index < 0 ? undefined : store.value(row, index)
    },
  }
}

export function* liveContacts(portal: Portal): Generator<Contact> {
  const { columns } = portal.contacts.store
  for (let row = 0; row < columns.count; row++) if (columns.status[row] === LIVE) yield contactAt(portal, row)
}

/** The same contact as filters look at it. */
export function viewOf(portal: Portal, { row, id, created, updated }: Contact): View {
  const { store } = portal.contacts
  return { id, created, updated, value: (property) => store.value(row, property) }
}

/** Primary address first. */
export function addressesOf(portal: Portal, { row }: Contact): string[] {
  return addresses(portal.contacts, portal.contacts.store.values(row))
}

export function contactProperty(portal: Portal, name: string): Property | undefined {
  const property = portal.contacts.properties.find(name)
  return property === undefined || property.archivedAt !== null ? undefined : property
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

/** Values a property had before the present one. */
export function formerValues(portal: Portal, { row }: Contact, name: string): string[] {
  return (portal.contacts.store.history(row)[name] ?? []).map(([value]) => value).filter((value) => value !== '')
}
