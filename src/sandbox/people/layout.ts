/** Who has which record: exact counts, and O(1) ways from a row to its person and back. */

/** About 60 % of the persons exist in both CRMs; about 70 % of the Salesforce records are Contacts. */
const SHARE_IN_BOTH = 0.6
const SHARE_CONTACTS = 0.7
/** Share of the Leads whose person is a Contact of the same org too. */
const SHARE_DOUBLED_LEADS = 0.12

/** HubSpot holds the persons 0 … count-1, Salesforce the persons `firstInSalesforce` … persons-1. */
export type Layout = {
  readonly count: number
  readonly persons: number
  readonly contacts: number
  readonly leads: number
  /** Leads 0 … doubledLeads-1 double a Contact; each of the others is the only Salesforce record of its person. */
  readonly doubledLeads: number
  readonly firstInSalesforce: number
  /** Spreads the persons over the HubSpot rows; coprime with `count`. */
  readonly stride: number
  /** `stride` times this is one, modulo `count`: the way back. */
  readonly strideBack: number
}
export type SalesforcePlace = { readonly object: 'Contact' | 'Lead'; readonly index: number }

export function layoutFor(count: number): Layout {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('count must be a whole number of records, 0 or more')
  const contacts = Math.round(count * SHARE_CONTACTS)
  const leads = count - contacts
  const doubledLeads = contacts === 0 ? 0 : Math.floor(leads * SHARE_DOUBLED_LEADS)
  const inSalesforce = count - doubledLeads
  // both = share × (count + inSalesforce - both)
  const both = Math.min(inSalesforce, Math.round((SHARE_IN_BOTH * (count + inSalesforce)) / (1 + SHARE_IN_BOTH)))
  const stride = strideFor(count)
  return {
    count,
    persons: count + inSalesforce - both,
    contacts,
    leads,
    doubledLeads,
    firstInSalesforce: count - both,
    stride,
    strideBack: inverse(stride, count),
  }
}

export function personOfHubspotRow(layout: Layout, row: number): number {
  return (row * layout.stride) % layout.count
}

export function hubspotRowOf(layout: Layout, person: number): number {
  return (person * layout.strideBack) % layout.count
}

export function personOfContact(layout: Layout, contact: number): number {
  return layout.firstInSalesforce + spread(contact, layout.contacts, inSalesforce(layout))
}

export function personOfLead(layout: Layout, lead: number): number {
  if (lead < layout.doubledLeads) return personOfContact(layout, contactOfDoubledLead(layout, lead))
  const single = lead - layout.doubledLeads
  const total = inSalesforce(layout)
  // The single Leads fill the gaps that the Contacts leave: start from the even spacing, then step to the exact gap.
  let slot = Math.floor((single * total) / (total - layout.contacts))
  while (slot - contactsBefore(layout, slot) > single || isContact(layout, slot)) slot -= 1
  while (slot - contactsBefore(layout, slot) < single || isContact(layout, slot)) slot += 1
  return layout.firstInSalesforce + slot
}

export function contactOfDoubledLead(layout: Layout, lead: number): number {
  return Math.floor((lead * layout.contacts) / layout.doubledLeads)
}

/** The main Salesforce record of a person, or `null` when HubSpot alone knows the person. */
export function salesforcePlace(layout: Layout, person: number): SalesforcePlace | null {
  if (person < layout.firstInSalesforce) return null
  const slot = person - layout.firstInSalesforce
  const before = contactsBefore(layout, slot)
  if (isContact(layout, slot)) return { object: 'Contact', index: before }
  return { object: 'Lead', index: layout.doubledLeads + slot - before }
}

function inSalesforce(layout: Layout): number {
  return layout.count - layout.doubledLeads
}

function spread(index: number, parts: number, total: number): number {
  return Math.floor((index * total) / parts)
}

function contactsBefore(layout: Layout, slot: number): number {
  return Math.ceil((slot * layout.contacts) / inSalesforce(layout))
}

function isContact(layout: Layout, slot: number): boolean {
  const candidate = contactsBefore(layout, slot)
  return candidate < layout.contacts && spread(candidate, layout.contacts, inSalesforce(layout)) === slot
}

function strideFor(count: number): number {
  let stride = Math.max(1, Math.floor(count * 0.6180339887))
  while (count > 1 && gcd(stride, count) !== 1) stride += 1
  return stride
}

/** Modular inverse, by Euclid's extended algorithm. */
function inverse(value: number, modulus: number): number {
  let [old, rest] = [value % Math.max(1, modulus), modulus]
  let [found, next] = [1, 0]
  while (rest > 0) {
    const quotient = Math.floor(old / rest)
    ;[old, rest] = [rest, old - quotient * rest]
    ;[found, next] = [next, found - quotient * next]
  }
  return modulus === 0 ? 0 : ((found % modulus) + modulus) % modulus
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
