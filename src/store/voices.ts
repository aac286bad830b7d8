/** What people said to Accord itself: a source of its own, with one record for each address or number, and the proof of each statement. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { OWN } from '../core/consent/own-connection.ts'

type Db = QueryExecutorProvider

/** Numbers of the sources that are no CRM's, for `source <> all(…)`. */
export const ownSources = sql`(array(select id from source where crm = ${OWN}))`

export type OptIn = 'none' | 'asked' | 'confirmed' | 'lapsed'
/** One statement, as it can be shown to the person, a court or an authority (GDPR art. 7(1)). `hash` in hex; instants in ISO 8601. */
export type Proof = {
  id: string
  source: number
  record: string
  event: string
  purpose: string
  channel: string
  at: string
  receivedAt: string
  text: { id: string; hash: string; language: string } | null
  form: string | null
  how: string | null
  apiKey: string
  optIn: OptIn
  confirmedAt: string | null
}

/** `key`: number of the subject's; `seal`: the half of this statement. */
export type SealedProof = Proof & { key: number; seal: Buffer }

export async function saveProofs(trx: Db, proofs: readonly SealedProof[]): Promise<void> {
  for (const one of proofs) {
    await sql`
      insert into consent_proof (id, source, record, event, purpose, channel, said_at, received_at, text_id, text_hash, language, form, how, api_key, opt_in, key, seal)
      values (${one.id}, ${one.source}, ${one.record}, ${one.event}, ${one.purpose}, ${one.channel}, ${one.at}::timestamptz, ${one.receivedAt}::timestamptz,
        ${one.text?.id ?? null}, decode(${one.text?.hash ?? null}, 'hex'), ${one.text?.language ?? null}, ${one.form}, ${one.how}, ${one.apiKey}, ${one.optIn}, ${one.key}, ${one.seal})`.execute(
      trx,
    )
  }
}

/** The same person has another address now: what shows that they said it goes along, or it would end with the old one. Open confirmations stay with it. */
export async function carryProofs(trx: Db, source: number, from: string, to: string): Promise<void> {
  await sql`update consent_proof set record = ${to}, unheld_since = null where source = ${source} and record = ${from} and opt_in <> 'asked'`.execute(
    trx,
  )
}

type Row = Omit<Proof, 'text' | 'at' | 'receivedAt' | 'confirmedAt'> & {
  text_id: string | null
  text_hash: string | null
  language: string | null
  said_at: Date
  received_at: Date
  confirmed_at: Date | null
}

/** Newest first. */
export async function loadProofs(db: Db, source: number, record: string, limit: number): Promise<Proof[]> {
  const { rows } = await sql<Row>`
    select id, source, record, event, purpose, channel, said_at, received_at, text_id, encode(text_hash, 'hex') as text_hash, language, form, how,
      api_key as "apiKey", opt_in as "optIn", confirmed_at
    from consent_proof where source = ${source} and record = ${record} order by received_at desc, id limit ${limit}`.execute(db)
  return rows.map(({ text_id, text_hash, language, said_at, received_at, confirmed_at, ...row }) => ({
    ...row,
    at: said_at.toISOString(),
    receivedAt: received_at.toISOString(),
    text: text_id === null ? null : { id: text_id, hash: text_hash!, language: language! },
    confirmedAt: confirmed_at?.toISOString() ?? null,
  }))
}

/** When somebody last refused by telephone number alone: only a full read finds the records that have it. ISO 8601. */
export async function lastPhoneRefusal(db: Db): Promise<string | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select max(p.received_at) as at from consent_proof p join source s on s.id = p.source where s.crm = ${OWN} and s.object = 'phone'`.execute(
    db,
  )
  return rows[0]!.at?.toISOString() ?? null
}
