import { jsonBody, numberParam } from './call.ts'
import type { Answer, Call } from './call.ts'
import { addContact, contactByEmail, contactProperty, parseAddress, writeContact } from './contact.ts'
import type { Contact } from './contact.ts'
import { invalidRequest, notFound, Refusal } from './errors.ts'
import type { Form, Submission } from './form.ts'
import { findForm } from './form-routes.ts'
import { instant } from './instant.ts'
import { nextGuid } from './marketing.ts'
import { NEW_CONTACT } from './new-contact.ts'
import { nextPage } from './next-page.ts'
import type { Portal } from './portal.ts'
import type { Source } from './changes.ts'
import { legalBasisOf, recordConsent } from './submission-consent.ts'
import { checkSubmission } from './submission-check.ts'
import type { Accepted } from './submission-check.ts'
import { parseValue } from './values.ts'

const PAGE_DEFAULT = 20
const PAGE_MOST = 50

/** Submissions of one form, newest first. Source: HubSpot docs, "Get submissions for a form". */
export function listSubmissions(portal: Portal, call: Call): Answer {
  const form = portal.marketing.forms.get(call.parts[0]!.toLowerCase())
  if (form === undefined) throw notFound()
  const limit = numberParam(call.query, 'limit', PAGE_DEFAULT, PAGE_MOST)
  const sent = portal.marketing.submissions.filter(({ formId }) => formId === form.id).sort(newestFirst)
  const after = call.query.get('after') ?? ''
  const start = after === '' ? 0 : sent.findIndex((one) => cursorOf(one) === after) + 1
  if (after !== '' && start === 0)
    throw invalidRequest('Invalid value for query parameter after: the cursor of an earlier page is expected')
  const page = sent.slice(start, start + limit)
  const paging = start + limit < sent.length ? nextPage(portal, call, cursorOf(page.at(-1)!)) : {}
  return { status: 200, body: { results: page.map(wireSubmission), ...paging } }
}

function newestFirst(a: Submission, b: Submission): number {
  return b.submittedAt - a.submittedAt || (a.conversionId < b.conversionId ? -1 : 1)
}

function cursorOf({ submittedAt, conversionId }: Submission): string {
  return Buffer.from(`${submittedAt}:${conversionId}`).toString('base64url')
}

function wireSubmission({ conversionId, submittedAt, values, pageUrl }: Submission): Record<string, unknown> {
  return { conversionId, submittedAt, values, ...(pageUrl === null ? {} : { pageUrl }) }
}

/** Pages of any origin may send and read the answer. */
const ANY_ORIGIN = ['Access-Control-Allow-Origin', '*']

export function preflight(): Answer {
  const allowed = ['Access-Control-Allow-Methods', 'POST, OPTIONS', 'Access-Control-Allow-Headers', 'Content-Type, Authorization']
  return { status: 204, headers: [...ANY_ORIGIN, ...allowed] }
}

/** POST submit: what a page sends. Creates or changes the contact, and records what was agreed to. */
export function submitForm(portal: Portal, call: Call): Answer {
  try {
    return { ...accept(portal, call), headers: ['Content-Type', 'application/json;charset=utf-8', ...ANY_ORIGIN] }
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.status, error.body, ANY_ORIGIN)
    throw error
  }
}

function accept(portal: Portal, call: Call): Answer {
  const [portalId, guid] = call.parts
  if (portalId !== String(portal.id)) throw noSuchForm()
  const form = portal.marketing.forms.get(guid!.toLowerCase())
  if (form === undefined || form.archived) throw noSuchForm()
  const accepted = checkSubmission(portal, findForm(portal, form.id), jsonBody(call))
  const submission = keep(portal, form, accepted)
  if (submission.email !== null) toContact(portal, form, submission)
  const { type, value } = form.configuration.postSubmitAction
  return { status: 200, body: type === 'redirect_url' ? { redirectUri: value } : { inlineMessage: value } }
}

/** unverified: the text for a form or portal that is not there. */
function noSuchForm(): Refusal {
  return new Refusal(404, { message: 'No form was found for this portal and guid', category: 'OBJECT_NOT_FOUND' })
}

function keep(portal: Portal, form: Form, { values, submittedAt, context, legal }: Accepted): Submission {
  const text = (name: string): string | null => (typeof context[name] === 'string' ? context[name] : null)
  const email = values.find(({ name, objectTypeId }) => name === 'email' && objectTypeId === '0-1')?.value
  const submission: Submission = {
    conversionId: nextGuid(portal.marketing),
    formId: form.id,
    submittedAt,
    // What is no address belongs to nobody.
    email: parseAddress(email) ?? null,
    values,
    pageUrl: text('pageUri'),
    pageName: text('pageName'),
    ipAddress: text('ipAddress'),
    hutk: text('hutk'),
    legalConsentOptions: legal,
  }
  portal.marketing.submissions.push(submission)
  portal.marketing.changes++
  return submission
}

/** The contact with that address, made when there is none: of erased ones too, for the person came by themselves. */
function toContact(portal: Portal, form: Form, submission: Submission): void {
  const email = submission.email!
  const source: Source = { type: 'FORM', id: form.id, user: null }
  const before = contactByEmail(portal, email)
  const values = { ...submitted(portal, submission, before), ...conversion(portal, form, submission, before) }
  if (before === undefined) addContact(portal, { ...origin(form), ...values, email }, source)
  else writeContact(portal, before, values, source)
  if (submission.legalConsentOptions !== null) recordConsent(portal, email, form, submission.legalConsentOptions)
}

/** Values of contact fields in their stored form; what the property cannot hold is left out, as are empty fields. */
function submitted(portal: Portal, submission: Submission, before: Contact | undefined): Record<string, string> {
  const values: Record<string, string> = {}
  for (const { name, objectTypeId, value } of submission.values) {
    const property = objectTypeId === '0-1' && name !== 'email' ? contactProperty(portal, name) : undefined
    if (property === undefined || property.readOnlyValue || property.calculated || value.trim() === '') continue
    const parsed = parseValue(property, value.trim(), before?.value(name))
    if (!('code' in parsed)) values[name] = parsed.value
  }
  return values
}

/** What every submission leaves on the contact. */
function conversion(portal: Portal, form: Form, submission: Submission, before: Contact | undefined): Record<string, string> {
  const at = instant(submission.submittedAt)
  const name = submission.pageName === null ? form.name : `${submission.pageName}: ${form.name}`
  const own = portal.marketing.submissions.filter(({ email }) => email === submission.email)
  const basis = legalBasisOf(submission.legalConsentOptions)
  const present = (before?.value('hs_legal_basis') ?? '').split(';').filter((part) => part !== '')
  const first = before?.value('first_conversion_date') === undefined
  return {
    ...(first ? { first_conversion_date: at, first_conversion_event_name: name } : {}),
    recent_conversion_date: at,
    recent_conversion_event_name: name,
    num_conversion_events: String(own.length),
    num_unique_conversion_events: String(new Set(own.map(({ formId }) => formId)).size),
    ...(basis === undefined ? {} : { hs_legal_basis: [...new Set([...present, basis])].join(';') }),
    ...stage(form, before),
  }
}

/** The stage a form sets; the lifecycle only moves forward, and a new contact is a lead. */
function stage(form: Form, before: Contact | undefined): Record<string, string> {
  if (before?.value('lifecyclestage') !== undefined) return {}
  return { lifecyclestage: form.configuration.lifecycleStages?.find(({ objectTypeId }) => objectTypeId === '0-1')?.value ?? 'lead' }
}

function origin(form: Form): Record<string, string> {
  return {
    hs_object_source: 'FORM',
    hs_object_source_label: 'FORM',
    hs_object_source_id: form.id,
    hs_object_source_detail_1: form.name,
    ...NEW_CONTACT,
  }
}
