/** Mails that are to be sent. The address is sealed, and shredded in the transaction that notes the end of the mail. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/**
 * `confirm`: double opt-in. `identify`: is this address yours? `copy`: your data are here. `address`: is this new address yours? `notice`: a restriction ends. `alert`: to the DPO, whose address
 * stands in the policy.
 */
export type Template = 'confirm' | 'identify' | 'copy' | 'address' | 'notice' | 'alert'
/** `language`: null as the company writes. `facts`: JSON without personal data. `link`: the id of the link in it. */
export type NewMail = {
  id: string
  template: Template
  confirmation: Buffer | null
  link: Buffer | null
  language: string | null
  facts: string
  address: { sealed: Buffer; seal: Buffer } | null
}
/** `attempts`: this one included. `expiresAt` in epoch milliseconds: of the link in it, or when nobody needs it any more. */
export type DueMail = Omit<NewMail, 'confirmation'> & { attempts: number; expiresAt: number }

/** What could not be told within this time shows in the list of requests by itself. */
const STALE = '3 days'

export async function insertMail(
  trx: Db,
  { id, template, confirmation, link, language, facts, address }: NewMail,
  at: string,
): Promise<void> {
  await sql`
    insert into mail (id, template, confirmation, link, language, facts, sealed, seal, status, due_at, created_at)
    values (${id}, ${template}, ${confirmation}, ${link}, ${language}, ${facts}, ${address?.sealed ?? null}, ${address?.seal ?? null}, 'waiting',
      ${at}::timestamptz, ${at}::timestamptz)`.execute(trx)
}

type Row = Omit<DueMail, 'expiresAt' | 'address' | 'facts'> & {
  expires_at: Date
  facts: string | null
  purpose: string | null
  channel: string | null
  sealed: Buffer | null
  seal: Buffer | null
}

/** Takes the one that is longest due until `until`: whoever dies with it in hand leaves it to others from then on. Null: none is due. */
export async function takeMail(db: Db, now: string, until: string): Promise<DueMail | null> {
  const { rows } = await sql<Row>`
    with next as (
      select id from mail where status = 'waiting' and due_at <= ${now}::timestamptz order by due_at, id limit 1 for update skip locked),
    taken as (
      update mail m set due_at = ${until}::timestamptz, attempts = m.attempts + 1 from next where m.id = next.id returning m.*)
    select t.id, t.template, coalesce(t.confirmation, t.link) as link, t.language, t.facts, t.sealed, t.seal, t.attempts, c.purpose, c.channel,
      coalesce(c.expires_at, l.expires_at, y.expires_at,
        case when t.template = 'notice' then (t.facts::jsonb->>'effectiveAt')::timestamptz end, t.created_at + ${STALE}::interval) as expires_at
    from taken t left join confirmation c on c.id = t.confirmation left join request_link l on l.id = t.link
      left join copy_link y on y.id = t.link`.execute(db)
  const [taken] = rows
  if (taken === undefined) return null
  const { expires_at, facts, purpose, channel, sealed, seal, ...row } = taken
  return {
    ...row,
    facts: facts ?? JSON.stringify({ purpose, channel }),
    address: sealed === null || seal === null ? null : { sealed, seal },
    expiresAt: expires_at.getTime(),
  }
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

/** Whether a mail server has taken the mail that tells when the restriction of this request ends (ISO 8601). */
export async function isNoticeSent(db: Db, request: string, effectiveAt: string): Promise<boolean> {
  const { rows } = await sql<{ sent: boolean }>`
    select exists (
      select from mail where template = 'notice' and status = 'sent' and facts::jsonb @> ${JSON.stringify({ request, effectiveAt })}::jsonb) as sent`.execute(
    db,
  )
  return rows[0]!.sent
}

/** Of links that have ended, or of what nobody needs any more: given up, whether or not anything ever sends mail. As `takeMail` counts. */
export async function expireMails(db: Db, at: string): Promise<void> {
  await sql`
    update mail m set status = 'given up', fault = 'expired', sealed = null, seal = null, ended_at = ${at}::timestamptz
    where m.status = 'waiting' and coalesce(
      (select c.expires_at from confirmation c where c.id = m.confirmation), (select l.expires_at from request_link l where l.id = m.link),
      (select y.expires_at from copy_link y where y.id = m.link),
      case when m.template = 'notice' then (m.facts::jsonb->>'effectiveAt')::timestamptz end, m.created_at + ${STALE}::interval) <= ${at}::timestamptz`.execute(
    db,
  )
}

/** Of a request that is over: nobody is to be written to any more, and what its links were keyed by goes with their mails. */
export async function endMailsOf(trx: Db, request: string, at: string): Promise<void> {
  await sql`
    update mail set status = 'cancelled', sealed = null, seal = null, ended_at = ${at}::timestamptz
    where status = 'waiting' and (
      link in (select id from request_link where request = ${request} union all select id from copy_link where request = ${request})
      or (template = 'notice' and facts::jsonb @> ${JSON.stringify({ request })}::jsonb))`.execute(trx)
  await sql`
    update request_link set person = null, address = null, status = case when status = 'pending' then 'cancelled' else status end,
      settled_at = coalesce(settled_at, ${at}::timestamptz)
    where request = ${request}`.execute(trx)
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
