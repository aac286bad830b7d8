/** One SOQL query, one answer: no cursor of the server is ever used, for it dies with the token that opened it. */
import type { Reply } from './client.ts'
import { type Attempt, retrying } from '../http.ts'
import { faultsIn, isPassing, refusal } from './fault.ts'
import type { Org } from './org.ts'
import { CompositeAnswer, QueryAnswer, type Row, shaped } from './payloads.ts'
import type { Plan } from './schema.ts'

/** `whole`: the answer holds all rows the query names; false when the server cut it short. */
export type Rows = {
  readonly plan: Plan
  readonly rows: readonly Row[]
  readonly total: number
  readonly whole: boolean
  readonly at: number
}

/**
 * Of a statement as it stands in a URL, which with all headers may have 16,384 bytes; of these a token alone may take thousands (Salesforce docs: request limits),
 * and gateways in between let no more than 8 KiB through.
 */
const LONGEST_IN_URL = 7_500
const RETRY = { attempts: 4, baseMs: 500, maxMs: 15_000 }

export type Question = { object: string; fields: readonly string[]; resource: 'query' | 'queryAll'; soql: (plan: Plan) => string }

/** Plans the SELECT from describe; when a field was hidden in the meantime, describes again and asks once more. */
export async function queryRows(org: Org, question: Question, signal: AbortSignal): Promise<Rows> {
  const { object, fields, resource } = question
  const doing = `query ${object}`
  for (let again = false; ; again = true) {
    const plan = await org.schemas.plan(object, fields, signal)
    const reply = await ask(org, resource, question.soql(plan), doing, signal)
    if (reply.ok) {
      const answer = shaped(QueryAnswer, reply.body, `the query of ${object}`)
      return { plan, rows: answer.records, total: answer.totalSize, whole: answer.done, at: reply.at }
    }
    if (again || !reply.faults.some((fault) => fault.code === 'INVALID_FIELD')) throw refusal(doing, reply.status, reply.faults)
    org.schemas.forget()
  }
}

/** An object may have 900 fields: a longer statement goes inside a composite request, whose body has room for it (Salesforce help, article 000386264). */
async function ask(org: Org, resource: Question['resource'], q: string, doing: string, signal: AbortSignal): Promise<Reply<unknown>> {
  const encoded = encodeURIComponent(q)
  if (encoded.length <= LONGEST_IN_URL) return org.client.json({ method: 'GET', path: `/${resource}`, query: { q }, doing }, signal)
  const url = `/services/data/v${org.settings.apiVersion}/${resource}?q=${encoded}`
  const body = { compositeRequest: [{ method: 'GET', referenceId: 'rows', url }] }
  const inside = async (): Promise<Attempt<Reply<unknown>>> => {
    const reply = await org.client.json({ method: 'POST', path: '/composite', body, doing, repeatable: true }, signal)
    if (!reply.ok) return { done: reply }
    const [{ httpStatusCode: status, body: answer }] = shaped(CompositeAnswer, reply.body, `the request to ${doing}`).compositeResponse
    if (status < 300) return { done: { ...reply, body: answer } }
    const faults = faultsIn(answer)
    // The request itself went well, so nobody else has tried this one again.
    if (faults.some(isPassing)) return { failed: refusal(doing, status, faults), again: true }
    return { done: { ok: false, at: reply.at, status, faults } }
  }
  return retrying(inside, RETRY, org.deps, signal)
}
