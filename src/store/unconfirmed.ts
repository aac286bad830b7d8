/** Requests by a form whose address nobody has confirmed: somebody else's, a mistake, or a machine's. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/** `receivedAt`: epoch milliseconds. */
export type Unconfirmed = { id: string; kind: string; receivedAt: number }

/** Asked by a link, and not for what takes effect at once. A row that is no JSON any more is none, and no error for the others. */
const asked = sql`
  r.status = 'received' and strpos(r.request_state, '"origin":"form"') > 0
  and exists (select from request_link l where l.request = r.id and l.address is null)`

/** The longest waiting first. */
export async function listUnconfirmed(db: Db, limit: number): Promise<Unconfirmed[]> {
  const { rows } = await sql<Omit<Unconfirmed, 'receivedAt'> & { received_at: Date }>`
    select r.id, r.kind, r.received_at from request r where ${asked} order by r.received_at, r.id limit ${limit}`.execute(db)
  return rows.map(({ received_at, ...row }) => ({ ...row, receivedAt: received_at.getTime() }))
}

/** Received before, with no link left that could still be used (ISO 8601). */
export async function lapsedRequests(db: Db, { before, now }: { before: string; now: string }, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select r.id from request r where ${asked} and r.received_at <= ${before}::timestamptz
      and not exists (select from request_link l where l.request = r.id and l.status = 'pending' and l.expires_at > ${now}::timestamptz)
    order by r.received_at, r.id limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}
