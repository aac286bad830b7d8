/** Links that ask a person to confirm, and what became of them. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
export type ConfirmationStatus = 'pending' | 'confirmed' | 'cancelled' | 'expired'
/** `id`: 16 bytes. Instants in epoch milliseconds. `saidAt`: when the form was sent; `form`, `textId`: of its proof. */
export type Confirmation = {
  id: Buffer
  proof: string
  source: number
  record: string
  purpose: string
  channel: string
  language: string
  status: ConfirmationStatus
  expiresAt: number
  saidAt: number
  form: string | null
  textId: string | null
}
export type NewConfirmation = Pick<Confirmation, 'id' | 'proof' | 'source' | 'record' | 'purpose' | 'channel' | 'language' | 'expiresAt'>

export async function insertConfirmation(trx: Db, one: NewConfirmation, at: string): Promise<void> {
  await sql`
    insert into confirmation (id, proof, source, record, purpose, channel, language, status, asked_at, expires_at)
    values (${one.id}, ${one.proof}, ${one.source}, ${one.record}, ${one.purpose}, ${one.channel}, ${one.language}, 'pending', ${at}::timestamptz,
      ${iso(one.expiresAt)}::timestamptz)`.execute(trx)
}

/** Call it after `takeTurn` when something is to be done with it: two clicks at once then come one after the other. */
export async function loadConfirmation(db: Db, id: Buffer): Promise<Confirmation | null> {
  const { rows } = await sql<Omit<Confirmation, 'expiresAt' | 'saidAt'> & { expires_at: Date; said_at: Date }>`
    select c.id, c.proof, c.source, c.record, c.purpose, c.channel, c.language, c.status, c.expires_at, p.said_at, p.form, p.text_id as "textId"
    from confirmation c join consent_proof p on p.id = c.proof and p.source = c.source where c.id = ${id}`.execute(db)
  const [row] = rows
  if (row === undefined) return null
  const { expires_at, said_at, ...rest } = row
  return { ...rest, expiresAt: expires_at.getTime(), saidAt: said_at.getTime() }
}

/** How many mails this record was sent since `day`, and whether one for the same question went out since `moment`. Each mail that nobody asked for is a nuisance. */
export async function countAsked(
  db: Db,
  { source, record, purpose, channel }: Pick<Confirmation, 'source' | 'record' | 'purpose' | 'channel'>,
  { day, moment }: { day: string; moment: string },
): Promise<{ today: number; justNow: boolean }> {
  const { rows } = await sql<{ today: number; just_now: boolean | null }>`
    select count(*)::int as today,
      bool_or(asked_at > ${moment}::timestamptz and purpose = ${purpose} and channel = ${channel} and status = 'pending') as just_now
    from confirmation where source = ${source} and record = ${record} and asked_at > ${day}::timestamptz`.execute(db)
  return { today: rows[0]!.today, justNow: rows[0]!.just_now === true }
}

export async function settleConfirmation(trx: Db, id: Buffer, status: 'confirmed' | 'expired', at: string): Promise<void> {
  await sql`
    with settled as (
      update confirmation set status = ${status}, settled_at = ${at}::timestamptz where id = ${id} and status = 'pending' returning proof, source)
    update consent_proof p set opt_in = ${status === 'confirmed' ? 'confirmed' : 'lapsed'}, confirmed_at = ${status === 'confirmed' ? at : null}::timestamptz
    from settled where p.id = settled.proof and p.source = settled.source`.execute(trx)
}

/** A no takes back what was asked and not yet answered: `*` covers every purpose, or every channel. The addresses of its mails go at once. */
export async function cancelConfirmations(
  trx: Db,
  { source, record, purpose, channel }: Pick<Confirmation, 'source' | 'record' | 'purpose' | 'channel'>,
  at: string,
): Promise<void> {
  await sql`
    with gone as (
      update confirmation set status = 'cancelled', settled_at = ${at}::timestamptz
      where source = ${source} and record = ${record} and status = 'pending' and ${purpose} in ('*', purpose) and ${channel} in ('*', channel)
      returning id, proof, source),
    lapsed as (update consent_proof p set opt_in = 'lapsed' from gone where p.id = gone.proof and p.source = gone.source)
    update mail set status = 'cancelled', sealed = null, seal = null, ended_at = ${at}::timestamptz
    where status = 'waiting' and confirmation in (select id from gone)`.execute(trx)
}

export async function expireConfirmations(db: Db, at: string): Promise<void> {
  await sql`
    with gone as (
      update confirmation set status = 'expired', settled_at = ${at}::timestamptz
      where status = 'pending' and expires_at <= ${at}::timestamptz returning id, proof, source),
    ended as (
      update mail set status = 'given up', sealed = null, seal = null, ended_at = ${at}::timestamptz
      where status = 'waiting' and confirmation in (select id from gone))
    update consent_proof p set opt_in = 'lapsed' from gone where p.id = gone.proof and p.source = gone.source`.execute(db)
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
