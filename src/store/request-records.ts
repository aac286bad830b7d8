/** The records of a request, a row each, so that they can be asked for without reading what its events add up to. */
import { sql, type QueryExecutorProvider, type RawBuilder } from 'kysely'
import type { Erasure, ItemState, Standing } from '../core/erasure/erasure.ts'

type Db = QueryExecutorProvider

export function standingOf(erasure: Erasure): Standing | null {
  return erasure.status === 'settled' || erasure.status === 'returned' ? erasure.standing : null
}

export function itemsOf(erasure: Erasure): readonly ItemState[] {
  if (erasure.status === 'none') return []
  if (erasure.status === 'planned') return erasure.plan.items.map((item) => ({ ...item, outcome: null, reason: null, trace: null }))
  return erasure.items
}

/** Those of a request that were kept, and not found gone since, in a CRM that is not lost. `request`: alias of its table. */
export function keptRecords(request: string): RawBuilder<unknown> {
  return sql`select from request_record q where q.request = ${sql.ref(`${request}.id`)} and q.action <> 'erase'
    and q.trace is distinct from 'absent' and q.trace is distinct from 'out-of-reach'`
}

/** As the records of these requests stand now, in place of what stood there. */
export async function saveItems(trx: Db, requests: readonly { id: string; erasure: Erasure }[]): Promise<void> {
  if (requests.length === 0) return
  await sql`delete from request_record where request = any(${requests.map(({ id }) => id)}::uuid[])`.execute(trx)
  const rows = requests.flatMap(({ id: request, erasure }) =>
    itemsOf(erasure).map(({ connection, object, id, action, reasons, outcome, reason: fault, trace }) => ({
      request,
      connection,
      object,
      id,
      action,
      reasons,
      outcome,
      fault,
      trace,
    })),
  )
  if (rows.length === 0) return
  await sql`
    insert into request_record (request, connection, object, id, action, reasons, outcome, fault, trace)
    select request, connection, object, id, action, reasons, outcome, fault, trace
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (request uuid, connection text, object text, id text, action text, reasons text[], outcome text, fault text, trace text)`.execute(
    trx,
  )
}
