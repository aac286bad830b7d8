/** Links by which somebody shows that an address is theirs, and what became of them. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Right } from '../core/request/request.ts'

type Db = QueryExecutorProvider
/** `cancelled`: the request has ended otherwise. */
export type LinkStatus = 'pending' | 'confirmed' | 'cancelled' | 'expired'
/** `id`: 16 bytes. Instants in epoch milliseconds. `language`: null as the company writes. */
export type RequestLink = {
  id: Buffer
  request: string
  right: Right
  status: LinkStatus
  language: string | null
  receivedAt: number
  expiresAt: number
  /** Keyed hash of the new address that it is about; null: it is about who asks. */
  address: Buffer | null
}

/** `person`: keyed hash of the address that it goes to. */
export async function insertLink(
  trx: Db,
  { id, request, person, address, expiresAt }: Pick<RequestLink, 'id' | 'request' | 'expiresAt' | 'address'> & { person: Buffer },
  at: string,
): Promise<void> {
  await sql`
    insert into request_link (id, request, person, address, status, asked_at, expires_at)
    values (${id}, ${request}, ${person}, ${address}, 'pending', ${at}::timestamptz, ${new Date(expiresAt).toISOString()}::timestamptz)`.execute(
    trx,
  )
}

/** How many links this address was sent since `day`, and whether one for this request since `moment`. */
export async function countLinks(
  db: Db,
  { person, request }: { person: Buffer; request: string },
  { day, moment }: { day: string; moment: string },
): Promise<{ today: number; justNow: boolean }> {
  const { rows } = await sql<{ today: number; just_now: boolean | null }>`
    select count(*)::int as today, bool_or(request = ${request}::uuid and asked_at > ${moment}::timestamptz and status = 'pending') as just_now
    from request_link where person = ${person} and asked_at > ${day}::timestamptz`.execute(db)
  return { today: rows[0]!.today, justNow: rows[0]!.just_now === true }
}

/** Call it after `takeTurn` when something is to be done with it: two clicks at once then come one after the other. */
export async function loadLink(db: Db, id: Buffer): Promise<RequestLink | null> {
  const { rows } = await sql<Omit<RequestLink, 'receivedAt' | 'expiresAt'> & { received_at: Date; expires_at: Date }>`
    select l.id, l.request, r.kind as "right", l.status, r.language, r.received_at, l.expires_at, l.address
    from request_link l join request r on r.id = l.request where l.id = ${id}`.execute(db)
  const [row] = rows
  if (row === undefined) return null
  const { received_at, expires_at, ...rest } = row
  return { ...rest, receivedAt: received_at.getTime(), expiresAt: expires_at.getTime() }
}

export async function settleLink(trx: Db, id: Buffer, status: 'confirmed' | 'cancelled', at: string): Promise<void> {
  await sql`
    update request_link set status = ${status}, settled_at = ${at}::timestamptz where id = ${id} and status = 'pending'`.execute(trx)
}

/** Nothing is left of who was written to. Mails of links that have expired are given up by themselves. */
export async function forgetLinks(db: Db, until: string): Promise<void> {
  await sql`update request_link set person = null where person is not null and asked_at < ${until}::timestamptz`.execute(db)
}
