import { z } from 'zod'
import { contactByEmail } from './contact.ts'
import { addDefinition } from './marketing-seed.ts'
import type { Portal } from './portal.ts'
import { activeDefinitions, choose, effective, optOutOfAll, preferenceOf } from './preferences.ts'

const Switch = z.strictObject({ on: z.boolean() })
const Pause = z.strictObject({ ms: z.number().min(0) })
const address = z.string().transform((text) => text.trim().toLowerCase())
const Chosen = z.strictObject({
  email: address,
  subscriptionId: z.coerce.number().int().optional().describe('absent: everything'),
  source: z.string().default('Subscription preferences page'),
})
const Person = z.strictObject({ email: address })

type Lever = (portal: Portal, body: unknown) => unknown

/** What the person does by herself, and what an administrator sets, around subscriptions, forms and exports. */
export const MARKETING_LEVERS: Record<string, Lever> = {
  privacy: (portal, body) => (portal.marketing.settings.privacy = Switch.parse(body).on),
  brands: (portal, body) => (portal.marketing.settings.brands = Switch.parse(body).on),
  'opt-out-lag': (portal, body) => (portal.marketing.settings.optOutLagMs = Pause.parse(body).ms),
  'form-resubscribes': (portal, body) => (portal.marketing.settings.formResubscribes = Switch.parse(body).on),
  'export-pace': (portal, body) => (portal.marketing.settings.exportMs = Pause.parse(body).ms),
  'subscription-type': (portal, body) => addDefinition(portal, body),
  'person-unsubscribes': (portal, body) => personChooses(portal, Chosen.parse(body), 'UNSUBSCRIBED'),
  'person-subscribes': (portal, body) => personChooses(portal, Chosen.parse(body), 'SUBSCRIBED'),
  'inspect-person': (portal, body) => inspectPerson(portal, Person.parse(body).email),
}

/** On the preference page or with a link in an e-mail: the person may always come back. */
function personChooses(
  portal: Portal,
  { email, subscriptionId, source }: z.infer<typeof Chosen>,
  status: 'SUBSCRIBED' | 'UNSUBSCRIBED',
): unknown {
  if (subscriptionId === undefined && status === 'UNSUBSCRIBED') return { changed: optOutOfAll(portal, email, source) }
  const chosen = activeDefinitions(portal).filter(({ id }) => subscriptionId === undefined || id === subscriptionId)
  if (chosen.length === 0) throw new Error('no such subscription type')
  for (const definition of chosen) choose(portal, email, definition, { status, source, grounds: {} })
  return { changed: true }
}

/** Everything these families hold of an address: the view of an auditor, not of the API. */
function inspectPerson(portal: Portal, email: string): unknown {
  const { marketing } = portal
  const preference = preferenceOf(portal, email)
  const contact = contactByEmail(portal, email)
  return {
    contact: contact === undefined ? null : String(contact.id),
    keptChoices: marketing.preferences.has(email),
    unsubscribedFromAll: preference.portal !== null,
    statuses: Object.fromEntries(activeDefinitions(portal).map((definition) => [definition.id, effective(preference, definition).status])),
    pendingProperties: marketing.pendingOptOuts.filter((pending) => pending.email === email).length,
    submissions: marketing.submissions.filter((submission) => submission.email === email),
    lists:
      contact === undefined
        ? []
        : [...marketing.lists.values()].filter(({ members }) => members.has(contact.id)).map(({ id }) => String(id)),
  }
}
