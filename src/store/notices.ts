/** What other systems are to be told (GDPR art. 19). The person stands sealed in the row until somebody has answered or nobody tries any more. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Told } from '../core/request/recipients.ts'

type Db = QueryExecutorProvider
/** `told`: handed over to a mail server; whether it was read, nobody says. `failed`: given up after days of trying. */
export type NoticeStatus = 'waiting' | 'told' | 'acknowledged' | 'failed' | 'impossible' | 'disproportionate'
export type NoticeWay = 'webhook' | 'email' | 'none'
export type NewNotice = {
  id: string
  request: string
  right: Told
  recipient: string
  way: NoticeWay
  status: Extract<NoticeStatus, 'waiting' | 'impossible' | 'disproportionate'>
  vault: { sealed: Buffer; seal: Buffer } | null
}
/** `attempts`: this one included. Times in epoch milliseconds. */
export type DueNotice = Pick<NewNotice, 'id' | 'request' | 'right' | 'recipient'> & {
  attempts: number
  sealed: Buffer
  seal: Buffer
  createdAt: number
}
/** `by`: the user who noted it; null when the recipient answered. */
export type Notice = Pick<NewNotice, 'id' | 'recipient' | 'right' | 'way'> & {
  status: NoticeStatus
  attempts: number
  fault: string | null
  by: string | null
  endedAt: number | null
}

/** False: this recipient is told already, or will be. The end of a restriction is another thing than the restriction. */
export async function insertNotice(trx: Db, notice: NewNotice, at: string): Promise<boolean> {
  const { id, request, right, recipient, way, status, vault } = notice
  const [dueAt, endedAt] = status === 'waiting' ? [at, null] : [null, at]
  const { rows } = await sql`
    insert into notice (id, request, right_kind, recipient, way, status, sealed, seal, created_at, due_at, ended_at)
    values (${id}, ${request}, ${right}, ${recipient}, ${way}, ${status}, ${vault?.sealed ?? null}, ${vault?.seal ?? null}, ${at}::timestamptz,
      ${dueAt}::timestamptz, ${endedAt}::timestamptz)
    on conflict (request, recipient, (right_kind = 'restriction-lifted')) do nothing returning id`.execute(trx)
  return rows.length > 0
}

/** Takes those that are due until `until`: whoever dies with one in hand leaves it to others from then on. */
export async function takeNotices(db: Db, now: string, until: string, limit: number): Promise<DueNotice[]> {
  const { rows } = await sql<Omit<DueNotice, 'createdAt'> & { created_at: Date }>`
    with next as (
      select id from notice where due_at <= ${now}::timestamptz order by due_at, id limit ${limit} for update skip locked)
    update notice n set due_at = ${until}::timestamptz, attempts = n.attempts + 1 from next where n.id = next.id
    returning n.id, n.request, n.right_kind as right, n.recipient, n.attempts, n.sealed, n.seal, n.created_at`.execute(db)
  return rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.getTime() }))
}

/** Text and key go with the end. `fault`: a code. Answers whether it had not ended before. */
export async function endNotice(
  trx: Db,
  id: string,
  end: { status: Exclude<NoticeStatus, 'waiting'>; fault: string | null; by: string | null },
  at: string,
): Promise<boolean> {
  const open = end.by === null ? sql`and status = 'waiting'` : sql``
  const { rows } = await sql`
    update notice set status = ${end.status}, fault = ${end.fault}, answered_by = ${end.by}, sealed = null, seal = null, due_at = null, ended_at = ${at}::timestamptz
    where id = ${id} ${open} returning id`.execute(trx)
  return rows.length > 0
}

export async function postponeNotice(db: Db, id: string, dueAt: string, fault: string): Promise<void> {
  await sql`update notice set due_at = ${dueAt}::timestamptz, fault = ${fault} where id = ${id} and status = 'waiting'`.execute(db)
}

export async function loadNotices(db: Db, request: string): Promise<Notice[]> {
  const { rows } = await sql<Omit<Notice, 'endedAt'> & { ended_at: Date | null }>`
    select id, recipient, right_kind as right, way, status, attempts, fault, answered_by as by, ended_at from notice
    where request = ${request} order by recipient, created_at, id`.execute(db)
  return rows.map(({ ended_at, ...row }) => ({ ...row, endedAt: ended_at?.getTime() ?? null }))
}

/** When the next of these recipients is tried, epoch milliseconds; null: none waits any more. */
export async function nextNoticeOf(db: Db, request: string): Promise<number | null> {
  const { rows } = await sql<{ at: Date | null }>`select min(due_at) as at from notice where request = ${request}`.execute(db)
  return rows[0]!.at?.getTime() ?? null
}
