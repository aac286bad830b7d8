/** The present state of records by id through sObject collections: up to 2,000 ids in one request, fields of the object only. */
import { refusal } from './fault.ts'
import type { Org } from './org.ts'
import { RetrieveAnswer, type Row, shaped } from './payloads.ts'
import { idOf } from './record.ts'
import { recordId } from './record-id.ts'

/** `rows` by 18-character id; a record that is missing is in the recycle bin, or gone, or not ours to see. */
export async function retrieve(
  org: Org,
  object: string,
  ids: readonly string[],
  fields: readonly string[],
  signal: AbortSignal,
): Promise<{ rows: ReadonlyMap<string, Row>; at: number }> {
  const doing = `read ${object} records by id`
  const body = { ids, fields: [...new Set(['Id', 'SystemModstamp', ...fields])] }
  const reply = await org.client.json({ method: 'POST', path: `/composite/sobjects/${object}`, body, doing, repeatable: true }, signal)
  if (!reply.ok) {
    // Describe is an hour old at most: the next write asks again.
    if (reply.faults.some((fault) => fault.code === 'INVALID_FIELD')) org.schemas.forget()
    throw refusal(doing, reply.status, reply.faults)
  }
  const rows = shaped(RetrieveAnswer, reply.body, `the ${object} records`).filter((row) => row !== null)
  return { rows: new Map(rows.map((row) => [recordId(idOf(row), null) ?? '', row])), at: reply.at }
}
