import { z } from 'zod'
import { leverOn } from '../lever.ts'
import type { Levers } from '../lever.ts'
import { contactByEmail } from './contact.ts'
import { addDefinition, SubscriptionType } from './marketing-seed.ts'
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

const lever = leverOn<Portal>()

/** What the person does by herself, and what an administrator sets, around subscriptions, forms and exports. */
export const MARKETING_LEVERS: Levers<Portal> = {
  privacy: lever('Data-privacy settings of the portal', Switch, (portal, { on }) => (portal.marketing.settings.privacy = on)),
  brands: lever('Whether the portal has business units', Switch, (portal, { on }) => (portal.marketing.settings.brands = on)),
  'opt-out-lag': lever(
    'Time until an opt-out shows in the contact',
    Pause,
    (portal, { ms }) => (portal.marketing.settings.optOutLagMs = ms),
  ),
  'form-resubscribes': lever(
    'Whether a form brings back who opted out',
    Switch,
    (portal, { on }) => (portal.marketing.settings.formResubscribes = on),
  ),
  'export-pace': lever('How long an export takes', Pause, (portal, { ms }) => (portal.marketing.settings.exportMs = ms)),
  'subscription-type': lever('Adds or replaces a kind of e-mail', SubscriptionType, addDefinition, { id: 501, name: 'Club' }),
  'person-unsubscribes': lever('The person opts out by herself', Chosen, (portal, body) => personChooses(portal, body, 'UNSUBSCRIBED'), {
    email: 'ana@example.test',
  }),
  'person-subscribes': lever('The person comes back by herself', Chosen, (portal, body) => personChooses(portal, body, 'SUBSCRIBED')),
  'inspect-person': lever('All that is held of an address around subscriptions, forms and lists', Person, (portal, { email }) =>
    inspectPerson(portal, email),
  ),
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
