import type { Change } from './changes.ts'
import { contactByEmail, contactById, writeContact } from './contact.ts'
import type { Contact } from './contact.ts'
import type { Portal } from './portal.ts'
import { emptyPreference, optOutProperty } from './subscription.ts'
import type { Choice, Definition, Grounds, OptOut, Preference, State } from './subscription.ts'

/** unverified: how the history of `hs_email_optout` names the source of a change. */
const OPT_OUT_SOURCE_TYPE = 'EMAIL'
/** As the API says it of what nobody has chosen. */
const NOT_SPECIFIED = 'Not specified'

export type Effective = {
  status: State
  source: string
  at: number
  grounds: Grounds
  level: 'SUBSCRIPTION_STATUS' | 'BRAND_WIDE_STATUS' | 'PORTAL_WIDE_STATUS'
}

/** Definitions that can be chosen; with brands on, those of one brand when it is named. */
export function activeDefinitions(portal: Portal, brand?: number): Definition[] {
  return portal.marketing.definitions.filter(
    ({ isActive, businessUnitId }) => isActive && (brand === undefined || businessUnitId === brand),
  )
}

/** What an address has chosen; as long as nothing was chosen through an API, what the properties of its contact show. */
export function preferenceOf(portal: Portal, email: string): Preference {
  return portal.marketing.preferences.get(email) ?? shownBy(portal, primaryContact(portal, email))
}

/** The coupling is with the contact whose primary address it is. */
function primaryContact(portal: Portal, email: string): Contact | undefined {
  const contact = contactByEmail(portal, email)
  return contact?.value('email')?.toLowerCase() === email ? contact : undefined
}

function shownBy(portal: Portal, contact: Contact | undefined): Preference {
  const preference = emptyPreference()
  if (contact === undefined) return preference
  const optOut: OptOut = { at: contact.updated, source: 'Contact property' }
  if (contact.value('hs_email_optout') === 'true') preference.portal = optOut
  for (const { id } of portal.marketing.definitions) {
    const value = contact.value(optOutProperty(id))
    if (value === 'true' || value === 'false') {
      preference.choices.set(id, { ...optOut, status: value === 'true' ? 'UNSUBSCRIBED' : 'SUBSCRIBED', grounds: {} })
    }
  }
  return preference
}

export function effective(preference: Preference, definition: Definition): Effective {
  const brand = preference.brands.get(definition.businessUnitId)
  const wide = preference.portal ?? brand
  if (wide !== undefined) {
    const level = preference.portal === null ? 'BRAND_WIDE_STATUS' : 'PORTAL_WIDE_STATUS'
    return { status: 'UNSUBSCRIBED', ...wide, grounds: {}, level }
  }
  const choice = preference.choices.get(definition.id)
  if (choice === undefined) return { status: 'NOT_SPECIFIED', source: NOT_SPECIFIED, at: 0, grounds: {}, level: 'SUBSCRIPTION_STATUS' }
  return { ...choice, level: 'SUBSCRIPTION_STATUS' }
}

/** Records one choice; the properties of the contact follow. */
export function choose(portal: Portal, email: string, definition: Definition, choice: Omit<Choice, 'at'>): void {
  const at = portal.clock.now()
  const preference = openPreference(portal, email)
  const properties: Record<string, string> = {}
  if (choice.status === 'SUBSCRIBED') Object.assign(properties, liftWide(portal, preference, definition, at))
  if (choice.status === 'NOT_SPECIFIED') preference.choices.delete(definition.id)
  else preference.choices.set(definition.id, { ...choice, at })
  properties[optOutProperty(definition.id)] = shown(choice.status)
  follow(portal, email, properties)
}

/**
 * unverified: whoever had opted out of everything and now wants one kind of e-mail has still refused the others. Returns the properties
 * that change with it.
 */
function liftWide(portal: Portal, preference: Preference, chosen: Definition, at: number): Record<string, string> {
  const wide = preference.portal ?? preference.brands.get(chosen.businessUnitId)
  if (wide === undefined) return {}
  const properties: Record<string, string> = preference.portal === null ? {} : { hs_email_optout: 'false' }
  for (const definition of activeDefinitions(portal)) {
    if (definition.id === chosen.id || effective(preference, definition).status !== 'UNSUBSCRIBED') continue
    preference.choices.set(definition.id, { status: 'UNSUBSCRIBED', at, source: wide.source, grounds: {} })
    properties[optOutProperty(definition.id)] = 'true'
  }
  preference.portal = null
  preference.brands.delete(chosen.businessUnitId)
  return properties
}

/** Opts out of everything, or of everything of one brand. False when that was so already. */
export function optOutOfAll(portal: Portal, email: string, source: string, brand?: number): boolean {
  const before = preferenceOf(portal, email)
  if (before.portal !== null || (brand !== undefined && before.brands.has(brand))) return false
  const preference = openPreference(portal, email)
  const optOut = { at: portal.clock.now(), source }
  if (brand === undefined) preference.portal = optOut
  else preference.brands.set(brand, optOut)
  follow(portal, email, brand === undefined ? { hs_email_optout: 'true' } : {})
  return true
}

/** A change of the properties themselves, by hand or by HubSpot's own machines: they tell what was chosen. */
export function observeOptOut(portal: Portal, contact: Contact, names: readonly string[]): void {
  const email = contact.value('email')?.toLowerCase()
  const kept = email === undefined ? undefined : portal.marketing.preferences.get(email)
  if (kept === undefined || !names.some((name) => name.startsWith('hs_email_optout'))) return
  const now = shownBy(portal, contact)
  if (names.includes('hs_email_optout')) kept.portal = now.portal
  for (const { id } of portal.marketing.definitions) {
    if (!names.includes(optOutProperty(id))) continue
    const choice = now.choices.get(id)
    if (choice === undefined) kept.choices.delete(id)
    else kept.choices.set(id, choice)
  }
  portal.marketing.changes++
}

/** The choices of an address, from now on kept apart from what the properties of its contact show. */
export function openPreference(portal: Portal, email: string): Preference {
  watchArrivals(portal)
  const preference = preferenceOf(portal, email)
  portal.marketing.preferences.set(email, preference)
  portal.marketing.changes++
  return preference
}

function shown(status: State): string {
  if (status === 'NOT_SPECIFIED') return ''
  return String(status === 'UNSUBSCRIBED')
}

/** What a seed says was chosen comes to the properties as well. */
export function showChoices(portal: Portal, email: string): void {
  plan(portal, email, propertiesOf(preferenceOf(portal, email)))
}

/** The properties follow the choices after a while. */
function follow(portal: Portal, email: string, properties: Record<string, string>): void {
  plan(portal, email, properties)
  settleOptOuts(portal)
}

function plan(portal: Portal, email: string, properties: Record<string, string>): void {
  if (Object.keys(properties).length === 0) return
  const { pendingOptOuts, settings } = portal.marketing
  const due = portal.clock.now() + settings.optOutLagMs
  pendingOptOuts.push({ due, email, properties })
  // One alarm for the first; settling sets the next.
  if (pendingOptOuts.length === 1) portal.clock.at(due, () => settleOptOuts(portal))
}

const watched = new WeakSet<Portal>()

/** A contact that comes with an address which has chosen already will show those choices. Nobody listens before anybody chose. */
function watchArrivals(portal: Portal): void {
  if (watched.has(portal)) return
  watched.add(portal)
  portal.feed.watch((change) => {
    if (!brings(change)) return
    const email = contactById(portal, change.id)?.value('email')?.toLowerCase()
    const preference = email === undefined ? undefined : portal.marketing.preferences.get(email)
    if (preference !== undefined) plan(portal, email!, propertiesOf(preference))
  })
}

function brings(change: Change): boolean {
  if (change.objectTypeId !== '0-1') return false
  return change.kind === 'creation' || change.kind === 'merge' || (change.kind === 'propertyChange' && change.property === 'email')
}

function propertiesOf({ portal, choices }: Preference): Record<string, string> {
  const chosen = [...choices].map(([id, { status }]) => [optOutProperty(id), shown(status)])
  return { hs_email_optout: portal === null ? '' : 'true', ...Object.fromEntries(chosen) }
}

/** Brings the properties up to date with the choices whose time has come. */
export function settleOptOuts(portal: Portal): void {
  const { pendingOptOuts } = portal.marketing
  if (pendingOptOuts.length === 0) return
  const now = portal.clock.now()
  const due = pendingOptOuts.filter((pending) => pending.due <= now)
  if (due.length === 0) return
  portal.marketing.pendingOptOuts = pendingOptOuts.filter((pending) => pending.due > now)
  for (const { email, properties } of due) {
    const contact = primaryContact(portal, email)
    if (contact !== undefined) writeContact(portal, contact, properties, { type: OPT_OUT_SOURCE_TYPE, id: null, user: null })
  }
  const next = portal.marketing.pendingOptOuts[0]
  if (next !== undefined) portal.clock.at(next.due, () => settleOptOuts(portal))
}

/** Nothing of these addresses stays. */
export function forgetPreferences(portal: Portal, emails: ReadonlySet<string>): void {
  for (const email of emails) portal.marketing.preferences.delete(email)
  portal.marketing.pendingOptOuts = portal.marketing.pendingOptOuts.filter((pending) => !emails.has(pending.email))
  portal.marketing.changes++
}
