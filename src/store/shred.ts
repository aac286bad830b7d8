/** Destroys what Accord itself holds of somebody: the keys of what they said, the proofs of it, and the records that it was kept by. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { OWN } from '../core/consent/own-connection.ts'
import { HEAD } from './memory.ts'
import { KINDS } from './records.ts'

type Db = QueryExecutorProvider
/** A record of the source that is no CRM's. */
export type OwnRecord = { source: number; id: string; email: string | null }
/** `key`: null where everything was said before there were keys. `spokeAgain`: a yes was said after the given moment. */
export type Speaker = { key: number | null; records: readonly OwnRecord[]; spokeAgain: boolean }

/** Who speaks by this holder or by this record's name, in whatever spelling of the address. `since`: ISO 8601, or null for never. */
export async function findSpeaker(
  trx: Db,
  { holder, object, id }: { holder: Buffer; object: 'email' | 'phone'; id: string },
  since: string | null,
): Promise<Speaker> {
  const keys = await sql<{ id: number }>`select id from subject_key where holder = ${holder}`.execute(trx)
  const key = keys.rows[0]?.id ?? null
  const { rows } = await sql<OwnRecord>`
    with spoken as (
      select s.id as source, ${id}::text as record from source s where s.crm = ${OWN} and s.object = ${object}
      union select source, record from consent_proof where key = ${key})
    select spoken.source, spoken.record as id, r.email::text as email from spoken
    left join record r on r.source = spoken.source and length(r.id)::smallint = length(spoken.record)::smallint and r.id = spoken.record
    where r.id is not null or exists (select from consent_proof p where p.source = spoken.source and p.record = spoken.record)`.execute(trx)
  const again = await sql<{ again: boolean }>`
    select exists (
      select from consent_proof p join unnest(${rows.map((row) => row.source)}::smallint[], ${rows.map((row) => row.id)}::text[]) as o (source, id)
        on o.source = p.source and o.id = p.record
      where p.event = 'given' and p.received_at > ${since}::timestamptz) as again`.execute(trx)
  return { key, records: rows, spokeAgain: again.rows[0]!.again }
}

/** Whether a CRM has a living record at one of these addresses that is none of the request's: then they are somebody else's as well. What was known of a CRM that is no longer connected holds nobody. */
export async function isSharedWithOthers(trx: Db, request: string, addresses: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ shared: boolean }>`
    with holder as (
      select r.source, r.id from record r where r.email = any(${addresses}::bigint[]) and r.verdict >= 0
      union
      select r.source, r.id from identifier i join record r on r.source = i.source and length(r.id)::smallint = length(i.id)::smallint and r.id = i.id
      where i.hash = any(${addresses}::bigint[]) and i.kind <> ${KINDS.name} and r.verdict >= 0)
    select exists (
      select from holder h join source s on s.id = h.source where s.crm <> ${OWN} and not s.retired and not exists (
        select from request_record q where q.request = ${request}::uuid and q.connection = s.connection and q.object = s.object and q.id = h.id)) as shared`.execute(
    trx,
  )
  return rows[0]!.shared
}

/** The keys first of all; then the proofs, questions and records. Answers how many statements there were. */
export async function shredSpeakers(trx: Db, speakers: readonly Speaker[]): Promise<number> {
  if (speakers.length === 0) return 0
  const keys = speakers.flatMap(({ key }) => key ?? [])
  const records = speakers.flatMap((one) => one.records)
  const owned = sql`unnest(${records.map((one) => one.source)}::smallint[], ${records.map((one) => one.id)}::text[]) as o (source, id)`
  await sql`delete from mail where confirmation in (select c.id from confirmation c join ${owned} on o.source = c.source and o.id = c.record)`.execute(
    trx,
  )
  await sql`delete from confirmation c using ${owned} where o.source = c.source and o.id = c.record`.execute(trx)
  const { rows } = await sql<{ id: string }>`
    delete from consent_proof p where p.key = any(${keys}::int[]) or exists (select from ${owned} where o.source = p.source and o.id = p.record)
    returning p.id`.execute(trx)
  await sql`delete from subject_key where id = any(${keys}::int[])`.execute(trx)
  await sql`delete from identifier i using ${owned} where o.source = i.source and o.id = i.id`.execute(trx)
  await sql`
    delete from record r using ${owned} where o.source = r.source and length(r.id)::smallint = length(o.id)::smallint and r.id = o.id`.execute(
    trx,
  )
  return new Set(rows.map((row) => row.id)).size
}

/**
 * What outlives CRM records at these addresses for the sake of a refusal: the suppression list has taken its place. A grave that stands for a function mailbox
 * as well goes on standing for that, and for nobody.
 */
export async function clearGraves(trx: Db, addresses: readonly string[]): Promise<void> {
  if (addresses.length === 0) return
  const grave = sql`
    with dead as (
      select r.source, r.id from record r where r.email = any(${addresses}::bigint[]) and r.verdict < 0
      union
      select r.source, r.id from identifier i join record r on r.source = i.source and length(r.id)::smallint = length(i.id)::smallint and r.id = i.id
      where i.hash = any(${addresses}::bigint[]) and i.kind <> ${KINDS.name} and r.verdict < 0
    ), grave as (
      select d.source, d.id, exists (
        select from identifier i where i.source = d.source and i.id = d.id and i.kind = ${KINDS.quiet}) as shared from dead d)`
  await sql`
    ${grave}, emptied as (
      update record r set email = null, name = null, subject = null, memory = overlay(memory placing ${Buffer.alloc(HEAD)}::bytea from 1) from grave g
      where g.shared and g.source = r.source and length(r.id)::smallint = length(g.id)::smallint and r.id = g.id),
    freed as (
      delete from identifier i using grave g where i.source = g.source and i.id = g.id and (not g.shared or i.kind <> ${KINDS.quiet}))
    delete from record r using grave g
    where not g.shared and g.source = r.source and length(r.id)::smallint = length(g.id)::smallint and r.id = g.id`.execute(trx)
}
