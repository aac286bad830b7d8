/**
 * Forms that the person sent, and those of others that name them. HubSpot shows them form by form alone, newest first: all are read. A form is sent by whoever
 * stands in the e-mail field of the contact; an address in any other field is only named there ("recommend to a friend").
 */
import type { z } from 'zod'
import { normaliseEmail } from '../../core/identity/email.ts'
import type { AccessEntry } from '../../core/access/entry.ts'
import type { AccessPage } from '../access.ts'
import type { Problem, RecordRef } from '../connector.ts'
import { plainField } from './access-field.ts'
import { pagesOf } from './access-pages.ts'
import { FormPage, SubmissionPage } from './access-payloads.ts'
import type { HubspotClient } from './client.ts'
import { orGap } from './erasure-read.ts'
import type { Refusal } from './refusal.ts'

const formsPerPage = 100
/** HubSpot docs: get submissions for a form. */
const submissionsPerPage = 50
/** Requests that the forms of a portal may cost for one person; what lies beyond is told as a gap. */
const mostPages = 400
/** unverified: what HubSpot answers for forms of the types captured, flow and blog_comment, and for archived ones; a refusal of one form leaves the others. */
const refusesForm: ReadonlySet<number> = new Set([400, 404])
/** The contact's own address: `email`, with or without the object it belongs to. Another prefix, as of a company, is another object's. */
const senderField = /^(?:(?:0-1|contacts?)[./])?email$/i
const contactType = '0-1'

type Form = z.output<typeof FormPage>['results'][number]

export async function* submissionsOf(
  client: HubspotClient,
  of: RecordRef,
  emails: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<AccessPage> {
  const gaps: Problem[] = []
  const forms = await orGap(allForms(client, signal), 'forms', gaps)
  const own = new Set(emails)
  const refused: string[] = []
  let pages = 0
  for (const form of forms ?? []) {
    const path = `${client.paths.submissions}/${encodeURIComponent(form.id)}`
    const isRefused = ({ status }: Refusal): boolean => {
      if (!refusesForm.has(status)) return false
      refused.push(form.name)
      pages++
      return true
    }
    const sent = pagesOf(client, { path, query: { limit: String(submissionsPerPage) } }, SubmissionPage, signal, isRefused)
    for (let next = await orGap(sent.next(), 'form submissions', gaps); next?.done === false; next = await sent.next()) {
      const entries = next.value.results.flatMap((one) => submissionOf(of, form, one, own))
      if (entries.length > 0) yield { entries, gaps: [] }
      pages++
      if (pages >= mostPages) break
    }
    if (gaps.length > 0 || pages >= mostPages) break
  }
  if (pages >= mostPages) {
    const message = `only the newest form submissions were looked through (${mostPages} pages); HubSpot cannot search them by address`
    gaps.push({ kind: 'object', name: 'form submissions', message })
  }
  if (refused.length > 0) {
    const message = `HubSpot did not give what was sent with these forms: ${[...new Set(refused)].join(', ')}`
    gaps.push({ kind: 'object', name: 'form submissions', message })
  }
  yield { entries: [], gaps }
}

async function allForms(client: HubspotClient, signal: AbortSignal): Promise<readonly Form[]> {
  const forms: Form[] = []
  for (const archived of ['false', 'true']) {
    const query = { limit: String(formsPerPage), formTypes: 'all', archived }
    for await (const { results } of pagesOf(client, { path: client.paths.forms, query }, FormPage, signal)) forms.push(...results)
  }
  return forms
}

type Sent = z.output<typeof SubmissionPage>['results'][number]
type Value = Sent['values'][number]

function submissionOf(
  of: RecordRef,
  form: Form,
  { conversionId, submittedAt, values, pageUrl }: Sent,
  own: ReadonlySet<string>,
): AccessEntry[] {
  const isOwn = ({ value }: Value): boolean => own.has(normaliseEmail(value) ?? '')
  if (!values.some(isOwn)) return []
  const senders = values.filter(isSender)
  const isTheirs = senders.length > 0 && senders.every(isOwn)
  const at = new Date(submittedAt).toISOString()
  // In what somebody else sent, the person is at most named (GDPR art. 15(4)).
  const said = isTheirs
    ? ({ at, source: 'FORM', provenance: 'person', holds: 'plain' } as const)
    : ({ at, source: 'FORM', provenance: 'other', holds: 'another' } as const)
  const fields = [
    plainField('form', 'Form', form.name, { at }),
    ...(pageUrl ? [plainField('pageUrl', 'Page', pageUrl, isTheirs ? { at, provenance: 'observed' } : said)] : []),
    ...values.flatMap(({ name, value }) => (value === '' ? [] : [plainField(name, name, value, said)])),
  ]
  return [{ part: 'submission', of, object: 'forms', id: conversionId ?? `${form.id} ${submittedAt}`, fields }]
}

function isSender({ name, objectTypeId }: Value): boolean {
  return (objectTypeId ?? contactType) === contactType && senderField.test(name)
}
