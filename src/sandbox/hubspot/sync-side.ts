/** HubSpot as its native integration with Salesforce reads and writes it. */
import type { SyncRecord, SyncSide } from '../crm.ts'
import type { Source } from './changes.ts'
import { ARCHIVED } from './columns.ts'
import { addContact, contactByEmail, contactById, liveContacts, parseAddress, writeContact } from './contact.ts'
import type { Contact } from './contact.ts'
import { instant } from './instant.ts'
import { NEW_CONTACT } from './new-contact.ts'
import type { Portal } from './portal.ts'
import { optOutOfAll } from './preferences.ts'
import { archiveRecord } from './records.ts'

/** unverified: how history and webhooks name the integration. */
const SYNC_SOURCE: Source = { type: 'SALESFORCE', id: 'salesforce', user: null }
const CONTACT_PREFIX = '003'

/** The properties that take part. `company` is read here and written there, for Leads. */
const SYNCED_PROPERTIES = [
  'email',
  'firstname',
  'lastname',
  'salutation',
  'phone',
  'mobilephone',
  'fax',
  'jobtitle',
  'company',
  'address',
  'city',
  'state',
  'zip',
  'country',
] as const

export function createSyncSide(portal: Portal): SyncSide {
  const find = (key: string): Contact | undefined => contactById(portal, Number(key))
  return {
    *changedSince(at) {
      for (const contact of liveContacts(portal)) if (contact.updated >= at) yield String(contact.id)
    },
    read(key) {
      const contact = find(key)
      return contact === undefined ? undefined : recordOf(contact)
    },
    keyOfEmail(email) {
      const contact = contactByEmail(portal, email)
      return contact === undefined ? undefined : String(contact.id)
    },
    create(fields, partner) {
      const email = parseAddress(fields.get('email'))
      if (email === undefined || portal.contacts.emails.has(email)) return undefined
      if (portal.blocklist.has(email) && !portal.settings.recreateErased) return undefined
      const values = { ...Object.fromEntries(fields), email, ...CREATED, ...linkTo(portal, partner) }
      return String(addContact(portal, values, SYNC_SOURCE).id)
    },
    write(key, fields, partner) {
      const contact = find(key)
      if (contact === undefined) return false
      const { email: given, ...rest } = Object.fromEntries(fields)
      const email = parseAddress(given)
      const taken = email === undefined || portal.contacts.emails.has(email)
      writeContact(portal, contact, { ...rest, ...(taken ? {} : { email }), ...linkTo(portal, partner) }, SYNC_SOURCE)
      return true
    },
    optOut(key) {
      const email = find(key)?.value('email')
      if (email !== undefined) optOutOfAll(portal, email.toLowerCase(), 'Salesforce')
    },
    remove(key) {
      const contact = find(key)
      if (contact === undefined || portal.contacts.store.columns.status[contact.row] === ARCHIVED) return false
      archiveRecord(portal.contacts, contact.row, SYNC_SOURCE)
      return true
    },
    commit: () => undefined,
  }
}

const CREATED = {
  lifecyclestage: 'lead',
  hs_object_source: 'INTEGRATION',
  hs_object_source_label: 'INTEGRATION',
  hs_object_source_id: 'salesforce',
  ...NEW_CONTACT,
}

/** Read when asked for: a cycle looks at every pair, and most have not changed. */
function recordOf(contact: Contact): SyncRecord {
  return {
    key: String(contact.id),
    changedAt: contact.updated,
    get email() {
      return contact.value('email')?.toLowerCase()
    },
    get optedOut() {
      return contact.value('hs_email_optout') === 'true'
    },
    get partner() {
      return contact.value('salesforcecontactid') || contact.value('salesforceleadid') || undefined
    },
    get fields() {
      return new Map(
        SYNCED_PROPERTIES.flatMap((name): [string, string][] => {
          const value = contact.value(name)
          return value === undefined || value === '' ? [] : [[name, value]]
        }),
      )
    },
    accepts: () => true,
    value: (name) => contact.value(name),
  }
}

/** `partner` undefined: the record on the other side is gone. */
function linkTo(portal: Portal, partner: string | undefined): Record<string, string> {
  const isContact = partner?.startsWith(CONTACT_PREFIX) === true
  return {
    salesforcecontactid: isContact ? (partner ?? '') : '',
    salesforceleadid: isContact ? '' : (partner ?? ''),
    salesforcedeleted: partner === undefined ? 'true' : '',
    salesforcelastsynctime: instant(portal.clock.now()),
  }
}
