import type { Form, FormField, LegalConsent } from './form.ts'
import { readForm } from './form-input.ts'

const FIRST_MS = Date.UTC(2021, 2, 1, 9)
const DAY_MS = 86_400_000
const PRIVACY = 'You can unsubscribe at any time. Read our <a href="https://www.sandbox.example/privacy">privacy policy</a>.'
const PROCESS = 'In order to provide you the content requested, we need to store and process your personal data.'
const NEWSLETTER = 440_010_004
const PARTNERS = 440_010_005

type Seed = { name: string; formType?: string; fields: Partial<FormField>[]; legal: LegalConsent }

const EMAIL = { name: 'email', label: 'E-mail', fieldType: 'email', required: true }
const NAMES = [
  { name: 'firstname', label: 'First name', fieldType: 'single_line_text' },
  { name: 'lastname', label: 'Last name', fieldType: 'single_line_text' },
]

/** A form for each way of asking, the bad ones too: a box ticked in advance, a consent that nobody gives. */
const SEEDS: readonly Seed[] = [
  {
    name: 'Contact us',
    fields: [EMAIL, ...NAMES, { name: 'message', label: 'Message', fieldType: 'multi_line_text' }],
    legal: { type: 'none' },
  },
  {
    name: 'Newsletter',
    fields: [
      EMAIL,
      { name: 'partner_list_version', label: 'Partner list', fieldType: 'single_line_text', hidden: true, defaultValue: '2025-03' },
    ],
    legal: {
      type: 'explicit_consent_to_process',
      communicationsCheckboxes: [
        { label: 'I agree to receive the newsletter.', required: false, subscriptionTypeId: NEWSLETTER },
        { label: 'I agree to receive offers of your partners.', required: false, subscriptionTypeId: PARTNERS },
      ],
      communicationConsentText: 'We would like to write to you by e-mail. Please tick what you want to receive.',
      consentToProcessText: PROCESS,
      consentToProcessCheckboxLabel: 'I agree to allow Sandbox to store and process my personal data.',
      consentToProcessFooterText: 'You can withdraw your consent at any time.',
      privacyText: PRIVACY,
    },
  },
  {
    name: 'White paper',
    fields: [EMAIL, ...NAMES, { name: 'company', label: 'Company', fieldType: 'single_line_text', required: true }],
    legal: {
      type: 'implicit_consent_to_process',
      communicationsCheckboxes: [{ label: 'I agree to receive the newsletter.', required: false, subscriptionTypeId: NEWSLETTER }],
      communicationConsentText: 'Tick the box to hear from us.',
      consentToProcessText:
        'By clicking submit below, you consent to allow Sandbox to store and process the personal information submitted above.',
      privacyText: PRIVACY,
    },
  },
  {
    name: 'Quote request',
    fields: [EMAIL, ...NAMES, { name: 'phone', label: 'Phone', fieldType: 'phone' }],
    legal: { type: 'legitimate_interest', lawfulBasis: 'lead', privacyText: PRIVACY, subscriptionTypeIds: [440_010_001] },
  },
  {
    name: 'Customer portal',
    fields: [EMAIL],
    legal: { type: 'legitimate_interest', lawfulBasis: 'client', privacyText: PRIVACY, subscriptionTypeIds: [440_010_001, 440_010_002] },
  },
  {
    name: 'Prize draw 2022',
    fields: [
      EMAIL,
      {
        name: 'consent_partner_sharing_email',
        label: 'Offers',
        fieldType: 'multiple_checkboxes',
        options: [{ label: 'I agree to the terms and to offers of your partners', value: 'yes', displayOrder: 0 }],
        defaultValues: ['yes'],
      },
      {
        name: 'collection_source',
        label: 'How did you hear of us?',
        fieldType: 'dropdown',
        hidden: true,
        options: [{ label: 'Partner', value: 'partner', displayOrder: 0 }],
        defaultValues: ['partner'],
      },
    ],
    legal: { type: 'none' },
  },
  { name: 'Pop-up of the shop', formType: 'flow', fields: [EMAIL], legal: { type: 'none' } },
  { name: '#comment-form', formType: 'captured', fields: [EMAIL], legal: { type: 'none' } },
]

/** The forms of the demo portal; ids end in their position. */
export function demoForms(): Form[] {
  return SEEDS.map(({ name, formType = 'hubspot', fields, legal }, index) => {
    const body = readForm({ name, fieldGroups: fields.map((field) => ({ fields: [field] })), legalConsentOptions: legal })
    const createdAt = FIRST_MS + index * DAY_MS
    const id = `44001000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`
    return { ...body, id, serial: index + 1, formType, createdAt, updatedAt: createdAt, archived: false, archivedAt: null }
  })
}
