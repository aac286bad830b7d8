import { isObject } from './call.ts'
import { contactProperty, parseAddress } from './contact.ts'
import { Refusal } from './errors.ts'
import { fieldsOf } from './form.ts'
import type { Form, FormField, SubmittedValue } from './form.ts'
import { parseInstant } from './instant.ts'
import type { Portal } from './portal.ts'
import { checkLegalConsent } from './submission-consent.ts'

const VALUES_MOST = 1000
const LONGEST = 65_536
const MONTH_MS = 31 * 86_400_000
/** Domains of free mailboxes; a working subset of the vendor's list. */
const FREE_DOMAINS = new Set([
  'gmail.com',
  'yahoo.com',
  'hotmail.com',
  'outlook.com',
  'live.com',
  'aol.com',
  'icloud.com',
  'gmx.de',
  'free.fr',
  'orange.fr',
])

/** One entry of `errors` in a refused submission. Source: HubSpot docs, "Submit data to a form". */
export type Problem = { message: string; errorType: string }

export type Accepted = {
  values: SubmittedValue[]
  submittedAt: number
  context: Record<string, unknown>
  legal: Record<string, unknown> | null
}

/** Checks a submission against its form; throws the 400 that lists every mistake. */
export function checkSubmission(portal: Portal, form: Form, body: Record<string, unknown>): Accepted {
  const problems: Problem[] = []
  if (form.configuration.recaptchaEnabled)
    problems.push({ message: 'The form has reCAPTCHA enabled', errorType: 'FORM_HAS_RECAPTCHA_ENABLED' })
  const values = readValues(body.fields, problems)
  // Source: HubSpot docs, "Submit data to a form": what the form asks for can be left unchecked.
  const strict = body.skipValidation !== true
  if (strict) problems.push(...checkFields(portal, form, values))
  const context = isObject(body.context) ? body.context : {}
  problems.push(...checkContext(body.context, context))
  const submittedAt = readTime(portal, body.submittedAt, problems)
  const legal = isObject(body.legalConsentOptions) ? body.legalConsentOptions : null
  if (strict || legal !== null) problems.push(...checkLegalConsent(portal, form, body.legalConsentOptions))
  if (problems.length > 0) throw new Refusal(400, { message: 'The request is not valid', errors: problems })
  return { values, submittedAt, context, legal }
}

/** A name that occurs several times is one value of a multiple choice. */
function readValues(fields: unknown, problems: Problem[]): SubmittedValue[] {
  if (!Array.isArray(fields)) throw new Refusal(400, { message: "Error in 'fields'. A list of fields is expected", errors: [] })
  if (fields.length > VALUES_MOST) {
    problems.push({ message: `More than ${VALUES_MOST} fields were submitted`, errorType: 'MAX_NUMBER_OF_SUBMITTED_VALUES_EXCEEDED' })
    return []
  }
  const values = new Map<string, SubmittedValue>()
  for (const field of fields as unknown[]) {
    const given = isObject(field) ? field : {}
    if (typeof given.name !== 'string' || !['string', 'number', 'boolean'].includes(typeof given.value)) {
      problems.push({ message: `Error in 'fields.${String(given.name ?? '')}'`, errorType: 'INVALID_METADATA' })
      continue
    }
    const objectTypeId = typeof given.objectTypeId === 'string' ? given.objectTypeId : '0-1'
    const name = given.name.replace(/^0-1\//, '')
    const key = `${objectTypeId}/${name}`
    const before = values.get(key)
    values.set(key, { objectTypeId, name, value: before === undefined ? String(given.value) : `${before.value};${String(given.value)}` })
  }
  return [...values.values()]
}

/** Hidden fields are fields like others: what a page would fill in for them must come with the submission. */
function checkFields(portal: Portal, form: Form, values: readonly SubmittedValue[]): Problem[] {
  const known = new Map(fieldsOf(form).map((field) => [keyOf(field), field]))
  const direct = form.fieldGroups.flatMap((group) => group.fields)
  const given = new Map(values.map((value) => [keyOf(value), value.value.trim()]))
  const missing = direct
    .filter((field) => field.required && (given.get(keyOf(field)) ?? '') === '')
    .map((field) => problem(field, `Required field '${shownName(field)}' is missing`, 'REQUIRED_FIELD'))
  const wrong = values.flatMap((value) => {
    const field = known.get(keyOf(value))
    if (field === undefined) return [problem(value, 'The field is not in the form definition', 'FIELD_NOT_IN_FORM_DEFINITION')]
    return value.value.trim() === '' ? [] : checkValue(portal, field, value.value.trim())
  })
  return [...missing, ...wrong]
}

function keyOf({ objectTypeId, name }: { objectTypeId: string; name: string }): string {
  return `${objectTypeId}/${name}`
}

function shownName({ objectTypeId, name }: { objectTypeId: string; name: string }): string {
  return objectTypeId === '0-1' ? name : `${objectTypeId}/${name}`
}

function problem(field: { objectTypeId: string; name: string }, text: string, errorType: string): Problem {
  return { message: `Error in 'fields.${shownName(field)}'. ${text}`, errorType }
}

function checkValue(portal: Portal, field: FormField, value: string): Problem[] {
  if (value.length > LONGEST) return [problem(field, 'The input is too large', 'INPUT_TOO_LARGE')]
  switch (field.fieldType) {
    case 'email':
      return checkEmail(field, value)
    case 'number':
      return checkNumber(field, value)
    case 'datepicker':
      return parseInstant(value) === undefined ? [problem(field, 'Invalid date', 'INVALID_METADATA')] : []
    default:
      return checkOptions(portal, field, value)
  }
}

function checkEmail(field: FormField, value: string): Problem[] {
  const address = parseAddress(value)
  if (address === undefined) return [problem(field, 'Invalid email address', 'INVALID_EMAIL')]
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const { blockedEmailDomains, useDefaultBlockList } = field.validation ?? {}
  const blocked = Array.isArray(blockedEmailDomains) && blockedEmailDomains.includes(domain)
  if (!blocked && !(useDefaultBlockList === true && FREE_DOMAINS.has(domain))) return []
  return [problem(field, 'Blocked email address', 'BLOCKED_EMAIL')]
}

function checkNumber(field: FormField, value: string): Problem[] {
  const number = Number(value)
  if (!Number.isFinite(number)) return [problem(field, 'Invalid number', 'INVALID_NUMBER')]
  const { minAllowedDigits: least, maxAllowedDigits: most } = field.validation ?? {}
  const digits = value.replaceAll(/\D/g, '').length
  const out = (typeof least === 'number' && digits < least) || (typeof most === 'number' && digits > most)
  return out ? [problem(field, 'The number is out of range', 'NUMBER_OUT_OF_RANGE')] : []
}

/** The options of the field, or when it names none, those of the property. */
function checkOptions(portal: Portal, field: FormField, value: string): Problem[] {
  const property = field.objectTypeId === '0-1' ? contactProperty(portal, field.name) : undefined
  const options = field.options?.length ? field.options : property?.type === 'enumeration' ? property.options : []
  if (options.length === 0) return []
  const parts = field.fieldType === 'multiple_checkboxes' ? value.split(';').filter((part) => part !== '') : [value]
  if (parts.every((part) => options.some((option) => option.value === part))) return []
  return [problem(field, 'The value is not in the field definition', 'VALUE_NOT_IN_FIELD_DEFINITION')]
}

function checkContext(raw: unknown, context: Record<string, unknown>): Problem[] {
  const problems: Problem[] = []
  const { hutk, ipAddress, pageUri } = context
  const add = (name: string, errorType: string): number => problems.push({ message: `Error in 'context.${name}'`, errorType })
  if (raw !== undefined && raw !== null && !isObject(raw)) problems.push({ message: "Error in 'context'", errorType: 'INVALID_METADATA' })
  if (hutk !== undefined && hutk !== null && !/^[\da-f]{32}$/i.test(String(hutk))) add('hutk', 'INVALID_HUTK')
  if (ipAddress !== undefined && ipAddress !== null && !/^(\d{1,3}(\.\d{1,3}){3}|[\da-f:]{2,39})$/i.test(String(ipAddress)))
    add('ipAddress', 'INVALID_IP_ADDRESS')
  if (pageUri !== undefined && pageUri !== null && (typeof pageUri !== 'string' || !/^\S+$/.test(pageUri)))
    add('pageUri', 'INVALID_PAGE_URI')
  return problems
}

/** Milliseconds, at most a month ago. */
function readTime(portal: Portal, raw: unknown, problems: Problem[]): number {
  const now = portal.clock.now()
  if (raw === undefined || raw === null || raw === '') return now
  const at = /^\d{1,16}$/.test(String(raw)) ? Number(raw) : Number.NaN
  // unverified: the kind of error for a time too long ago.
  if (!(at >= now - MONTH_MS)) problems.push({ message: "Error in 'submittedAt'", errorType: 'INVALID_METADATA' })
  return Math.min(at, now)
}
