import { z } from 'zod'
import { invalidRequest } from './errors.ts'
import type { FieldGroup, Form, FormField } from './form.ts'

const FIELD_TYPES = [
  'email',
  'phone',
  'mobile_phone',
  'single_line_text',
  'multi_line_text',
  'number',
  'single_checkbox',
  'multiple_checkboxes',
  'dropdown',
  'radio',
  'datepicker',
  'file',
  'payment_link_radio',
] as const
const WITH_OPTIONS = new Set<string>(['multiple_checkboxes', 'dropdown', 'radio', 'payment_link_radio'])

const option = z.object({
  label: z.string(),
  value: z.string(),
  displayOrder: z.number().int().default(-1),
  description: z.string().optional(),
})

const field: z.ZodType<FormField> = z
  .looseObject({
    objectTypeId: z.string().default('0-1'),
    name: z.string().min(1),
    label: z.string().default(''),
    fieldType: z.enum(FIELD_TYPES),
    required: z.boolean().default(false),
    hidden: z.boolean().default(false),
    description: z.string().optional(),
    placeholder: z.string().optional(),
    /** A single checkbox whose default is `true` is ticked before anybody saw it. */
    defaultValue: z.string().optional(),
    defaultValues: z.array(z.string()).optional(),
    options: z.array(option).optional(),
    get dependentFields() {
      return z.array(z.object({ dependentCondition: z.record(z.string(), z.unknown()), dependentField: field })).default([])
    },
    validation: z.record(z.string(), z.unknown()).optional(),
  })
  .transform(complete)

/** What the typed clients expect of each kind of field. */
function complete(given: FormField): FormField {
  const { fieldType } = given
  if (WITH_OPTIONS.has(fieldType)) return { ...given, options: given.options ?? [], defaultValues: given.defaultValues ?? [] }
  if (fieldType === 'email') return { ...given, validation: { blockedEmailDomains: [], useDefaultBlockList: false, ...given.validation } }
  if (fieldType === 'phone' || fieldType === 'mobile_phone') {
    return {
      useCountryCodeSelect: false,
      ...given,
      validation: { minAllowedDigits: 7, maxAllowedDigits: 20, ...given.validation },
    } as FormField
  }
  return given
}

const group: z.ZodType<FieldGroup> = z.looseObject({
  groupType: z.enum(['default_group', 'progressive', 'queued']).default('default_group'),
  richTextType: z.enum(['text', 'image']).default('text'),
  richText: z.string().optional(),
  fields: z.array(field).default([]),
})

const checkbox = z.object({ label: z.string(), required: z.boolean().default(false), subscriptionTypeId: z.coerce.number().int() })
const consentTexts = {
  communicationsCheckboxes: z.array(checkbox).default([]),
  privacyText: z.string().default(''),
  communicationConsentText: z.string().optional(),
  consentToProcessText: z.string().optional(),
}

const legalConsent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('none') }),
  z.object({
    type: z.literal('legitimate_interest'),
    lawfulBasis: z.enum(['client', 'lead', 'other']),
    privacyText: z.string(),
    subscriptionTypeIds: z.array(z.coerce.number().int()).default([]),
  }),
  z.object({
    type: z.literal('explicit_consent_to_process'),
    ...consentTexts,
    consentToProcessCheckboxLabel: z.string().optional(),
    consentToProcessFooterText: z.string().optional(),
  }),
  z.object({ type: z.literal('implicit_consent_to_process'), ...consentTexts }),
])

const configuration = z.looseObject({
  language: z.string().default('en'),
  cloneable: z.boolean().default(true),
  editable: z.boolean().default(true),
  archivable: z.boolean().default(true),
  recaptchaEnabled: z.boolean().default(false),
  notifyContactOwner: z.boolean().default(false),
  notifyRecipients: z.array(z.string()).default([]),
  createNewContactForNewEmail: z.boolean().default(true),
  prePopulateKnownValues: z.boolean().default(true),
  allowLinkToResetKnownValues: z.boolean().default(false),
  lifecycleStages: z.array(z.object({ objectTypeId: z.string(), value: z.string() })).optional(),
  postSubmitAction: z
    .object({ type: z.enum(['thank_you', 'redirect_url']), value: z.string() })
    .default({ type: 'thank_you', value: 'Thanks for submitting the form.' }),
})

const STYLE = {
  fontFamily: 'arial, helvetica, sans-serif',
  backgroundWidth: '100%',
  labelTextColor: '#33475b',
  labelTextSize: '14px',
  helpTextColor: '#7C98B6',
  helpTextSize: '11px',
  legalConsentTextColor: '#33475b',
  legalConsentTextSize: '14px',
  submitColor: '#ff7a59',
  submitAlignment: 'left',
  submitFontColor: '#ffffff',
  submitSize: '12px',
}

const displayOptions = z.looseObject({
  renderRawHtml: z.boolean().default(false),
  theme: z.string().default('default_style'),
  submitButtonText: z.string().default('Submit'),
  style: z
    .looseObject({})
    .default({})
    .transform((style) => ({ ...STYLE, ...style })),
})

const parts = { name: z.string().min(1), fieldGroups: z.array(group), configuration, displayOptions, legalConsentOptions: legalConsent }

/** unverified: which parts a new form may leave out; here all but its name. */
const formBody = z.object({
  formType: z.literal('hubspot').default('hubspot'),
  ...parts,
  fieldGroups: parts.fieldGroups.default([]),
  configuration: configuration.prefault({}),
  displayOptions: displayOptions.prefault({}),
  legalConsentOptions: legalConsent.default({ type: 'none' }),
})
const patchBody = z.object(parts).partial().extend({ archived: z.boolean().optional() })

export type FormBody = Pick<Form, 'formType' | 'name' | 'fieldGroups' | 'configuration' | 'displayOptions' | 'legalConsentOptions'>

/** Everything but id, dates and state, with what was left out filled in. Throws the 400 that applies. */
export function readForm(body: Record<string, unknown>): FormBody {
  return accept(formBody, body)
}

export function readFormPatch(body: Record<string, unknown>): Partial<FormBody> & { archived?: boolean } {
  const given = accept(patchBody, body)
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function accept<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map((issue) => ({ message: `${issue.path.join('.')}: ${issue.message}`, in: issue.path.join('.') }))
  // unverified: the text for a form that does not fit.
  throw invalidRequest(`Invalid input JSON on line 1, column 1: ${errors[0]!.message}`, { errors })
}
