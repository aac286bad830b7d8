import { z } from 'zod'
import type { SeedRow } from '../crm.ts'
import { parseAddress } from './contact.ts'
import { Refusal } from './errors.ts'
import { readForm } from './form-input.ts'
import { parseInstant } from './instant.ts'
import { seedList } from './list-seed.ts'
import { nextGuid } from './marketing.ts'
import type { Portal } from './portal.ts'
import { openPreference, showChoices } from './preferences.ts'
import { LEGAL_BASES, optOutProperty, STATES } from './subscription.ts'
import type { Definition } from './subscription.ts'

const at = z.union([z.string(), z.number()]).transform((value, context) => {
  const ms = parseInstant(String(value))
  if (ms === undefined) context.addIssue('not a date-time')
  return ms ?? 0
})
const email = z.string().transform((value, context) => {
  const address = parseAddress(value)
  if (address === undefined) context.addIssue('not an e-mail address')
  return address ?? ''
})
const number = z.coerce.number().int().positive()

/** A kind of e-mail: what a seed or the lever may say of it. */
export const SubscriptionType = z.strictObject({
  id: number,
  name: z.string().min(1),
  description: z.string().default(''),
  purpose: z.string().default('Marketing'),
  communicationMethod: z.string().default('Email'),
  isActive: z.boolean().default(true),
  isDefault: z.boolean().default(false),
  isInternal: z.boolean().default(false),
  businessUnitId: z.coerce.number().int().min(0).default(0),
  createdAt: at.optional(),
  updatedAt: at.optional(),
})

const choiceRow = z.strictObject({
  email,
  subscriptionId: number,
  status: z.enum(STATES),
  timestamp: at.optional(),
  source: z.string().default('Import'),
  legalBasis: z.enum(LEGAL_BASES).optional(),
  legalBasisExplanation: z.string().optional(),
})

const optOutRow = z.strictObject({
  email,
  unsubscribedFromAll: z.literal(true),
  businessUnitId: z.coerce.number().int().positive().optional(),
  timestamp: at.optional(),
  source: z.string().default('Import'),
})

const formRow = z.looseObject({
  id: z.string().optional(),
  formType: z.enum(['hubspot', 'captured', 'flow', 'blog_comment']).default('hubspot'),
  createdAt: at.optional(),
  updatedAt: at.optional(),
  archived: z.boolean().default(false),
})

const submissionRow = z.strictObject({
  formId: z.string(),
  conversionId: z.string().optional(),
  submittedAt: at,
  values: z.array(z.object({ name: z.string(), value: z.coerce.string(), objectTypeId: z.string().default('0-1') })),
  pageUrl: z.string().nullable().default(null),
  pageName: z.string().nullable().default(null),
  ipAddress: z.string().nullable().default(null),
  hutk: z.string().nullable().default(null),
  legalConsentOptions: z.record(z.string(), z.unknown()).nullable().default(null),
})

/** What a seed file or the lever `load` may name besides object types → how one row of it is kept. */
const SEEDS: Record<string, (portal: Portal, row: SeedRow) => void> = {
  subscriptions: seedSubscription,
  forms: seedForm,
  submissions: seedSubmission,
  lists: seedList,
}

/** Loads rows of a family that is no object type; undefined when there is none of that name. */
export function marketingLoader(object: string): ((portal: Portal, rows: Iterable<SeedRow>) => void) | undefined {
  const seed = Object.hasOwn(SEEDS, object) ? SEEDS[object] : undefined
  if (seed === undefined) return undefined
  return (portal, rows) => {
    let count = 0
    for (const row of rows) {
      count++
      try {
        seed(portal, row)
      } catch (error) {
        throw new Error(`${object} ${count}: ${reasonOf(error)}`, { cause: error })
      }
    }
    portal.marketing.changes++
  }
}

/** Names the field, never its value. */
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  if (error instanceof Refusal) return error.body.message
  return error instanceof Error ? error.message : String(error)
}

/** A kind of e-mail (`id` and `name`), one choice (`email`, `subscriptionId`, `status`), or an opt-out of everything. */
function seedSubscription(portal: Portal, row: SeedRow): void {
  if (row.email === undefined) return addDefinition(portal, SubscriptionType.parse(row))
  if (row.unsubscribedFromAll !== undefined) {
    const optOut = optOutRow.parse(row)
    const preference = openPreference(portal, optOut.email)
    const kept = { at: optOut.timestamp ?? portal.clock.now(), source: optOut.source }
    if (optOut.businessUnitId === undefined) preference.portal = kept
    else preference.brands.set(optOut.businessUnitId, kept)
    showChoices(portal, optOut.email)
    return
  }
  const { legalBasis, legalBasisExplanation, ...choice } = choiceRow.parse(row)
  if (!portal.marketing.definitions.some(({ id }) => id === choice.subscriptionId)) {
    throw new Error('subscriptionId: no such subscription type; its definition must come first')
  }
  const preference = openPreference(portal, choice.email)
  const grounds = {
    ...(legalBasis === undefined ? {} : { legalBasis }),
    ...(legalBasisExplanation === undefined ? {} : { legalBasisExplanation }),
  }
  const { status, source, timestamp } = choice
  if (status === 'NOT_SPECIFIED') preference.choices.delete(choice.subscriptionId)
  else preference.choices.set(choice.subscriptionId, { status, source, at: timestamp ?? portal.clock.now(), grounds })
  showChoices(portal, choice.email)
}

/** Replaces the one with the same id. */
export function addDefinition(portal: Portal, type: z.output<typeof SubscriptionType>): void {
  const now = portal.clock.now()
  const { createdAt = now, updatedAt = createdAt, ...rest } = type
  const definition: Definition = { ...rest, createdAt, updatedAt }
  const { definitions } = portal.marketing
  const place = definitions.findIndex(({ id }) => id === definition.id)
  definitions.splice(place < 0 ? definitions.length : place, place < 0 ? 0 : 1, definition)
  portal.contacts.properties.seeded(optOutProperty(definition.id), now)
  portal.marketing.changes++
}

/** A form as the API returns it; any kind of form, also those that cannot be made through the API. */
function seedForm(portal: Portal, row: SeedRow): void {
  const { id, formType, createdAt = portal.clock.now(), updatedAt = createdAt, archived, ...body } = formRow.parse(row)
  const { marketing } = portal
  const guid = (id ?? nextGuid(marketing)).toLowerCase()
  if (id !== undefined) marketing.serial++
  const archivedAt = archived ? updatedAt : null
  marketing.forms.set(guid, { ...readForm(body), id: guid, serial: marketing.serial, formType, createdAt, updatedAt, archived, archivedAt })
}

/** Kept as it is: it makes no contact and no choice. */
function seedSubmission(portal: Portal, row: SeedRow): void {
  const { formId, conversionId, values, ...rest } = submissionRow.parse(row)
  const { marketing } = portal
  if (!marketing.forms.has(formId.toLowerCase())) throw new Error('formId: no such form')
  const address = values.find(({ name, objectTypeId }) => name === 'email' && objectTypeId === '0-1')?.value
  marketing.submissions.push({
    conversionId: conversionId ?? nextGuid(marketing),
    formId: formId.toLowerCase(),
    email: address === undefined ? null : address.trim().toLowerCase(),
    values,
    ...rest,
  })
}
