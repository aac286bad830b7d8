/** Mails that are to be sent. The address is sealed, and shredded in the transaction that notes the end of the mail. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/** `attempts`: this one included. `expiresAt` in epoch milliseconds: of the link in it. */
export type DueMail = {
  id: string
  confirmation: Buffer
  language: string
  sealed: Buffer
  seal: Buffer
  attempts: number
  purpose: string
  channel: string
  expiresAt: number
}
export type NewMail = Pick<DueMail, 'id' | 'confirmation' | 'language' | 'sealed' | 'seal'>

export async function insertMail(trx: Db, { id, confirmation, language, sealed, seal }: NewMail, at: string): Promise<void> {
  await sql`
    insert into mail (id, template, confirmation, language, sealed, seal, status, due_at, created_at)
    values (${id}, 'confirm', ${confirmation}, ${language}, ${sealed}, ${seal}, 'waiting', ${at}::timestamptz, ${at}::timestamptz)`.execute(
    trx,
  )
}

/** Takes the mails that are due until `until`: whoever dies with one in hand leaves it to others from then on. */
export async function takeMails(db: Db, now: string, until: string, limit: number): Promise<DueMail[]> {
  const { rows } = await sql<Omit<DueMail, 'expiresAt'> & { expires_at: Date }>`
    with next as (
      select id from mail where status = 'waiting' and due_at <= ${now}::timestamptz order by due_at, id limit ${limit} for update skip locked)
    update mail m set due_at = ${until}::timestamptz, attempts = m.attempts + 1 from next, confirmation c
    where m.id = next.id and c.id = m.confirmation
    returning m.id, m.confirmation, m.language, m.sealed, m.seal, m.attempts, c.purpose, c.channel, c.expires_at`.execute(db)
  return rows.map(({ expires_at, ...row }) => ({ ...row, expiresAt: expires_at.getTime() }))
}

/** Ciphertext and key go together. `fault`: a code, never a text of the mail server's, which quotes the address. */
export async function endMail(db: Db, id: string, end: { status: 'sent' | 'given up'; fault: string | null }, at: string): Promise<void> {
  await sql`
    update mail set status = ${end.status}, fault = ${end.fault}, sealed = null, seal = null, ended_at = ${at}::timestamptz
    where id = ${id} and status = 'waiting'`.execute(db)
}

export async function postponeMail(db: Db, id: string, dueAt: string, fault: string): Promise<void> {
  await sql`update mail set due_at = ${dueAt}::timestamptz, fault = ${fault} where id = ${id} and status = 'waiting'`.execute(db)
}

/** When the next one is due, ISO 8601. */
export async function nextMail(db: Db): Promise<string | null> {
  const { rows } = await sql<{ at: Date | null }>`select min(due_at) as at from mail where status = 'waiting'`.execute(db)
  return rows[0]!.at?.toISOString() ?? null
}

/** What is left of mails that ended says only that there was one. */
export async function forgetMails(db: Db, until: string): Promise<void> {
  await sql`delete from mail where status <> 'waiting' and ended_at < ${until}::timestamptz`.execute(db)
}
