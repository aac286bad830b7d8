/** Proofs of what was said a long time ago, and their end. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { dayMs } from '../core/time/calendar.ts'
import { OWN } from '../core/consent/own-connection.ts'
import { KINDS } from './records.ts'
import type { OptIn } from './voices.ts'

type Db = QueryExecutorProvider
/** Epoch milliseconds. `unheldAt`: since when no CRM has a record of whoever said it. */
export type OldProof = {
  id: string
  source: number
  record: string
  event: string
  purpose: string
  channel: string
  saidAt: number
  optIn: OptIn
  unheldAt: number | null
}
export type ProofRef = Pick<OldProof, 'id' | 'source'>

/** The next ones said before `until` (ISO 8601), in the order of their ids. */
export async function loadOldProofs(db: Db, until: string, after: ProofRef | null, limit: number): Promise<OldProof[]> {
  const next = after === null ? sql`true` : sql`(id, source) > (${after.id}::uuid, ${after.source}::smallint)`
  const { rows } = await sql<Omit<OldProof, 'saidAt' | 'unheldAt'> & { said_at: Date; unheld: number | null }>`
    select id, source, record, event, purpose, channel, said_at, opt_in as "optIn", unheld_since - date '1970-01-01' as unheld
    from consent_proof
    where said_at < ${until}::timestamptz and ${next} order by id, source limit ${limit}`.execute(db)
  return rows.map(({ said_at, unheld, ...row }) => ({
    ...row,
    saidAt: said_at.getTime(),
    unheldAt: unheld === null ? null : noonOf(unheld),
  }))
}

/** Of an epoch day: a day wherever the controller is. */
function noonOf(day: number): number {
  return (day + 0.5) * dayMs
}

/** Notes for each yes since when no CRM has a living record of that person or mailbox; of those that have one again, nothing. `today`: YYYY-MM-DD. */
export async function noteUnheld(trx: Db, today: string): Promise<void> {
  await sql`
    with voice as (
      select r.source, r.id, r.subject, array_remove(array_agg(i.hash) || r.email, null) as addresses
      from record r join source s on s.id = r.source and s.crm = ${OWN} and s.object = 'email'
      left join identifier i on i.source = r.source and i.id = r.id and i.kind <> ${KINDS.name}
      group by r.source, r.id, r.subject, r.email
    ), state as (
      select v.source, v.id, exists (
          select from record o join source c on c.id = o.source and c.crm <> ${OWN} and not c.retired
          where o.verdict >= 0 and o.subject = v.subject)
        or exists (
          select from record o join source c on c.id = o.source and c.crm <> ${OWN} and not c.retired
          where o.verdict >= 0 and o.email = any(v.addresses))
        or exists (
          select from identifier i join record o on o.source = i.source and length(o.id)::smallint = length(i.id)::smallint and o.id = i.id
          join source c on c.id = o.source and c.crm <> ${OWN} and not c.retired
          where i.hash = any(v.addresses) and i.kind <> ${KINDS.name} and o.verdict >= 0) as held
      from voice v)
    update consent_proof p set unheld_since = case when not s.held then ${today}::date end
    from state s where s.source = p.source and s.id = p.record and p.event = 'given' and s.held = (p.unheld_since is not null)`.execute(trx)
}

export async function countProofs(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from consent_proof`.execute(db)
  return rows[0]!.n
}

/** With its half of the key; a subject of whom nothing is left loses theirs. Answers how many keys ended. */
export async function deleteProofs(trx: Db, refs: readonly ProofRef[]): Promise<number> {
  if (refs.length === 0) return 0
  const gone = sql`unnest(${refs.map((one) => one.id)}::uuid[], ${refs.map((one) => one.source)}::smallint[]) as g (id, source)`
  await sql`delete from confirmation c using ${gone} where g.id = c.proof and g.source = c.source and c.status <> 'pending'`.execute(trx)
  const { rows: keys } = await sql<{ key: number }>`
    delete from consent_proof p using ${gone} where g.id = p.id and g.source = p.source and p.key is not null returning p.key`.execute(trx)
  await sql`delete from consent_proof p using ${gone} where g.id = p.id and g.source = p.source`.execute(trx)
  const { rows } = await sql`
    delete from subject_key k where k.id = any(${[...new Set(keys.map(({ key }) => key))]}::int[])
      and not exists (select from consent_proof p where p.key = k.id) returning k.id`.execute(trx)
  return rows.length
}
