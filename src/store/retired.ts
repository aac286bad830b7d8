/** Sources that the configuration no longer has: what they said yes to counts no longer, what was refused there does. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { OWN } from '../core/consent/own-connection.ts'
import { renameAccount } from './accounts.ts'
import { renameTraces } from './connection-traces.ts'
import { renameRetention } from './retention-load.ts'

type Db = QueryExecutorProvider
export type KnownSource = {
  id: number
  connection: string
  crm: string
  object: string
  account: string | null
  retired: boolean
  records: number
}

/** Every source of a CRM that was ever swept, with the number of its living records. */
export async function loadKnownSources(db: Db): Promise<KnownSource[]> {
  const { rows } = await sql<KnownSource>`
    select s.id, s.connection, s.crm, s.object, a.account, s.retired, coalesce(n.records, 0)::int as records
    from source s left join connection_account a on a.connection = s.connection and a.forgotten_at is null
    left join (select source, count(*) as records from record where verdict >= 0 group by source) n on n.source = s.id
    where s.crm <> ${OWN}
    order by s.connection, s.id`.execute(db)
  return rows
}

/** Ids of the sources that are none of the given ones. What was said to Accord itself is no connection's, and never retires. */
export async function loadOtherSources(db: Db, configured: readonly number[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from source where id <> all(${configured}::smallint[]) and crm <> ${OWN}`.execute(db)
  return rows.map((row) => row.id)
}

/** Notes which sources are configured. For those of which that is news, everybody who is one person with a record there is put on the list of those to be read again. */
export async function settleRetired(trx: Db, retired: readonly number[]): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    update source set retired = not retired where retired <> (id = any(${retired}::smallint[])) returning id`.execute(trx)
  await ringTwins(
    trx,
    rows.map((row) => row.id),
  )
}

export async function ringTwins(trx: Db, sources: readonly number[]): Promise<void> {
  if (sources.length === 0) return
  await sql`
    insert into recheck (source, id, reason)
    select distinct twin.source, twin.id, 'linked' from record r
    join record twin on twin.subject = r.subject and twin.source <> r.source and twin.verdict >= 0
    join source s on s.id = twin.source and not s.retired and s.crm <> ${OWN}
    where r.source = any(${sources}::smallint[]) and r.subject is not null
    on conflict do nothing`.execute(trx)
}

/** What is known of one connection is from now on known of another one, which has nothing yet but empty sources. */
export async function renameSources(trx: Db, from: string, to: string): Promise<void> {
  await sql`delete from connection_finding c using source s where s.id = c.source and s.connection = ${to}`.execute(trx)
  await sql`delete from source where connection = ${to}`.execute(trx)
  await sql`update source set connection = ${to}, retired = false where connection = ${from}`.execute(trx)
  await renameAccount(trx, from, to)
  await renameRetention(trx, from, to)
  await renameTraces(trx, from, to)
  await sql`update sweep set connection = ${to} where connection = ${from}`.execute(trx)
  // Facts tell which field they come from; that the same box said the same before is how an undated refusal keeps its date.
  await sql`
    update fact_kind k set source = ${to} || substring(source from position(':' in source)) where split_part(source, ':', 1) = ${from}
    and not exists (select from fact_kind o where (o.purpose, o.channel, o.event, o.grade) = (k.purpose, k.channel, k.event, k.grade)
      and o.source = ${to} || substring(k.source from position(':' in k.source)))`.execute(trx)
}

/** The source whose records are forgotten: its row stays as long as graves need it. */
export async function clearSource(trx: Db, source: number): Promise<void> {
  await sql`delete from source where id = ${source} and not exists (select from record where source = ${source})`.execute(trx)
}

export async function forgetSweeps(trx: Db, connection: string): Promise<void> {
  await sql`delete from sweep where connection = ${connection}`.execute(trx)
}
