/** A form as the forms API returns it, with times in epoch milliseconds. Source: HubSpot docs, "Forms". */
export type Form = {
  id: string
  /** Position in the order of creation, which pages follow. */
  serial: number
  formType: string
  name: string
  createdAt: number
  updatedAt: number
  archived: boolean
  archivedAt: number | null
  fieldGroups: FieldGroup[]
  configuration: FormConfiguration
  displayOptions: Record<string, unknown>
  legalConsentOptions: LegalConsent
}

export type FormField = {
  objectTypeId: string
  name: string
  label: string
  fieldType: string
  required: boolean
  hidden: boolean
  defaultValue?: string | undefined
  defaultValues?: string[] | undefined
  options?: { label: string; value: string; displayOrder: number; description?: string | undefined }[] | undefined
  dependentFields: { dependentCondition: Record<string, unknown>; dependentField: FormField }[]
  validation?: Record<string, unknown> | undefined
}

export type FieldGroup = { groupType: string; richTextType: string; richText?: string | undefined; fields: FormField[] }

export type FormConfiguration = {
  createNewContactForNewEmail: boolean
  recaptchaEnabled: boolean
  postSubmitAction: { type: string; value: string }
  lifecycleStages?: { objectTypeId: string; value: string }[] | undefined
} & Record<string, unknown>

export type ConsentCheckbox = { label: string; required: boolean; subscriptionTypeId: number }

export type LegalConsent =
  | { type: 'none' }
  | { type: 'legitimate_interest'; lawfulBasis: 'client' | 'lead' | 'other'; privacyText: string; subscriptionTypeIds: number[] }
  | {
      type: 'explicit_consent_to_process' | 'implicit_consent_to_process'
      communicationsCheckboxes: ConsentCheckbox[]
      privacyText: string
      communicationConsentText?: string | undefined
      consentToProcessText?: string | undefined
      consentToProcessCheckboxLabel?: string | undefined
      consentToProcessFooterText?: string | undefined
    }

export type SubmittedValue = { objectTypeId: string; name: string; value: string }

export type Submission = {
  conversionId: string
  formId: string
  submittedAt: number
  /** Lower-case address it was sent with, if it was. */
  email: string | null
  values: SubmittedValue[]
  pageUrl: string | null
  pageName: string | null
  ipAddress: string | null
  hutk: string | null
  /** What was agreed to, word for word as it was sent. */
  legalConsentOptions: Record<string, unknown> | null
}

/** Every field of a form, those that depend on others included. */
export function fieldsOf(form: Form): FormField[] {
  return form.fieldGroups.flatMap((group) => group.fields.flatMap(withDependents))
}

function withDependents(field: FormField): FormField[] {
  return [field, ...field.dependentFields.flatMap(({ dependentField }) => withDependents(dependentField))]
}
