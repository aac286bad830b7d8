/** One SOQL query, one answer: no cursor of the server is ever used, for it dies with the token that opened it. */
import { refusal } from './fault.ts'
import type { Org } from './org.ts'
import { QueryAnswer, type Row, shaped } from './payloads.ts'
import type { Plan } from './schema.ts'

/** `whole`: the answer holds all rows the query names; false when the server cut it short. */
export type Rows = {
  readonly plan: Plan
  readonly rows: readonly Row[]
  readonly total: number
  readonly whole: boolean
  readonly at: number
}
export type Question = { object: string; fields: readonly string[]; resource: 'query' | 'queryAll'; soql: (plan: Plan) => string }

/** Plans the SELECT from describe; when a field was hidden in the meantime, describes again and asks once more. */
export async function queryRows(org: Org, question: Question, signal: AbortSignal): Promise<Rows> {
  const { object, fields, resource } = question
  const doing = `query ${object}`
  for (let again = false; ; again = true) {
    const plan = await org.schemas.plan(object, fields, signal)
    const reply = await org.client.json({ method: 'GET', path: `/${resource}`, query: { q: question.soql(plan) }, doing }, signal)
    if (reply.ok) {
      const answer = shaped(QueryAnswer, reply.body, `the query of ${object}`)
      return { plan, rows: answer.records, total: answer.totalSize, whole: answer.done, at: reply.at }
    }
    if (again || !reply.faults.some((fault) => fault.code === 'INVALID_FIELD')) throw refusal(doing, reply.status, reply.faults)
    org.schemas.forget()
  }
}
