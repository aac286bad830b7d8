/** Forms that the person sent. HubSpot shows them form by form alone, newest first: all are read, and those with one of the person's addresses are theirs. */
import type { z } from 'zod'
import { normaliseEmail } from '../../core/identity-email.ts'
import type { AccessEntry } from '../../core/access-entry.ts'
import type { AccessPage } from '../access.ts'
import type { Problem, RecordRef } from '../connector.ts'
import { plainField } from './access-field.ts'
import { pagesOf } from './access-pages.ts'
import { FormPage, SubmissionPage } from './access-payloads.ts'
import type { HubspotClient } from './client.ts'
import { orGap } from './erasure-read.ts'

const formsPerPage = 100
/** HubSpot docs: get submissions for a form. */
const submissionsPerPage = 50
/** Requests that the forms of a portal may cost for one person; what lies beyond is told as a gap. */
const mostPages = 400

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
  let pages = 0
  for (const form of forms ?? []) {
    const path = `${client.paths.submissions}/${encodeURIComponent(form.id)}`
    const sent = pagesOf(client, { path, query: { limit: String(submissionsPerPage) } }, SubmissionPage, signal)
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

function submissionOf(
  of: RecordRef,
  form: Form,
  { conversionId, submittedAt, values, pageUrl }: Sent,
  own: ReadonlySet<string>,
): AccessEntry[] {
  if (!values.some(({ value }) => own.has(normaliseEmail(value) ?? ''))) return []
  const at = new Date(submittedAt).toISOString()
  const said = { at, source: 'FORM', provenance: 'person' } as const
  const fields = [
    plainField('form', 'Form', form.name, { at }),
    ...(pageUrl ? [plainField('pageUrl', 'Page', pageUrl, { at, provenance: 'observed' })] : []),
    ...values.flatMap(({ name, value }) => (value === '' ? [] : [plainField(name, name, value, said)])),
  ]
  return [{ part: 'submission', of, object: 'forms', id: conversionId ?? `${form.id} ${submittedAt}`, fields }]
}
