/** What is still to be done after a batch: patches to send, records to read again. Both survive a crash. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { named } from './arrays.ts'
import { claimFree, type Claimed, type Living } from './claim-free.ts'
import { ownSources } from './voices.ts'

type Db = QueryExecutorProvider
export type StoredPatch = { source: number; id: string; fields: Readonly<Record<string, string | null>> }
/** `retaken`: a worker that did not come to its end had it before, so that nobody knows whether it was sent. */
export type TakenPatch = StoredPatch & { retaken: boolean }
export type Recheck = { source: number; id: string; reason: 'due' | 'vanished' | 'linked' | 'heard' }
/** `rung`: how often it was asked for, when it was taken. */
export type TakenRecheck = { id: string; rung: number }
/** Rows that another worker has taken are passed over: `claim` is ours. */
export type Taking = { source: number; after: string; limit: number; claim: number; living: Living }

/**
 * What of a source comes after that id, for `order by source, id`. These lists are mostly empty, so that a server has no idea of what one source has in them:
 * asked for `source = …` it takes that for a handful of rows, and reads and sorts all of them for each few that are taken. So it is asked for a range of the key.
 */
const behind = (source: number, after: string) => sql`(source, id) > (${source}::smallint, ${after}) and source <= ${source}::smallint`

/** One that is frozen stays so, whatever it would write now. Of one that is on its way `sent` keeps what that is: however often it is replaced, it may still land. */
export async function savePatches(trx: Db, patches: readonly StoredPatch[]): Promise<void> {
  if (patches.length === 0) return
  await sql`
    insert into patch (source, id, fields)
    select * from unnest(${patches.map((p) => p.source)}::smallint[], ${patches.map((p) => p.id)}::text[], ${patches.map((p) => JSON.stringify(p.fields))}::text[])
    on conflict (source, id) do update set fields = excluded.fields,
      sent = case when patch.claimed_by is not null then coalesce(patch.sent, patch.fields) end`.execute(trx)
}

/** Patches that a newer look has made pointless. */
export async function dropPatches(trx: Db, records: readonly { source: number; id: string }[]): Promise<void> {
  if (records.length === 0) return
  await sql`
    delete from patch p using unnest(${records.map((r) => r.source)}::smallint[], ${records.map((r) => r.id)}::text[]) as done (source, id)
    where p.source = done.source and p.id = done.id`.execute(trx)
}

/**
 * Nothing is written to a record that an erasure or the end of a period is at, or that it has taken: the opt-out there is the erasure's own step. Looked up for
 * one record after the other (`offset 0`): as a join, all patches would be joined for each few that are taken.
 */
const notErased = (source: number) => sql`
  and not exists (
    select from request_record q join source o on o.connection = q.connection and o.object = q.object join request w on w.id = q.request
    where o.id = ${source} and q.id = patch.id and q.action <> 'keep' and (w.erasure = 'running' or q.outcome in ('erased', 'gone')) offset 0)
  and not exists (
    select from retention_record q join source o on o.connection = q.connection and o.object = q.object join retention_case w using (list, n)
    where o.id = ${source} and q.id = patch.id and q.action <> 'keep'
      and ((w.status = 'begun' and w.standing is null) or q.outcome in ('erased', 'gone')) offset 0)`

/**
 * Takes those that may be sent. Keyset over the ids, so that a patch that stays (a conflict) does not come up twice in one run. `only`: of these records.
 * `num_nonnulls`: where nobody has counted, the server takes `frozen is null` for true of one in two hundred, and would sort them all for the few that are taken.
 */
export async function takePatches(db: Db, taking: Taking, only: readonly string[] | null): Promise<TakenPatch[]> {
  const { source, after, limit, claim } = taking
  const among = only === null ? sql`` : sql`and id = any(${only}::text[])`
  const take = async (living: readonly number[]) => {
    const { rows } = await sql<Claimed & { fields: string }>`
      with next as (
        select source, id, claimed_by from patch where ${behind(source, after)} and num_nonnulls(frozen) < 1 and ${isFree(living)} ${among} ${notErased(source)}
        order by source, id limit ${limit} for update skip locked)
      update patch p set claimed_by = ${claim} from next where p.source = next.source and p.id = next.id
      returning p.id, p.fields, next.claimed_by as before`.execute(db)
    return rows
  }
  const taken = await claimFree(taking.living, take, (rows) => giveBack(db, 'patch', taking, rows))
  await forgetSent(
    db,
    taking,
    taken.filter(({ before }) => before !== null),
  )
  return taken
    .map(({ id, fields, before }) => ({ source, id, fields: JSON.parse(fields) as StoredPatch['fields'], retaken: before !== null }))
    .sort(byId)
}

/** What a worker that is gone was sending: the patch that is taken now goes after it. Not before it is sure that they are gone. */
async function forgetSent(db: Db, { source, claim }: Taking, retaken: readonly Claimed[]): Promise<void> {
  if (retaken.length === 0) return
  const ids = retaken.map(({ id }) => id)
  await sql`update patch set sent = null where source = ${source} and id = any(${ids}::text[]) and claimed_by = ${claim}`.execute(db)
}

const isFree = (living: readonly number[]) => sql`(claimed_by is null or claimed_by <> all(${living}::integer[]))`

/**
 * Who has finished with one meanwhile has taken it off the list, or let go of it. One that somebody holds is passed over, so that two who hold several never
 * wait for each other: it stays bound to us, who do nothing with it, until this claim ends.
 */
async function giveBack(db: Db, list: 'patch' | 'recheck', { source, claim }: Taking, rows: readonly Claimed[]): Promise<void> {
  await sql`
    with former as (
      select l.source, l.id, f.claim
      from unnest(${rows.map(() => source)}::smallint[], ${rows.map(({ id }) => id)}::text[], ${rows.map(({ before }) => before)}::integer[]) as f (source, id, claim)
      join ${sql.table(list)} l using (source, id) where l.claimed_by = ${claim} for update of l skip locked)
    update ${sql.table(list)} l set claimed_by = former.claim from former where l.source = former.source and l.id = former.id`.execute(db)
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1
}

/**
 * What is on its way to these records: it may land after they were read. What still waits is held until the transaction ends: sent in between, as it was,
 * it would be taken for what replaces it.
 */
export async function loadSent(trx: Db, source: number, ids: readonly string[]): Promise<ReadonlyMap<string, StoredPatch['fields']>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; fields: string; taken: boolean }>`
    select p.* from ${named(source, [...ids].sort())} cross join lateral (
      select id, coalesce(sent, fields) as fields, claimed_by is not null as taken from patch
      where source = named.source and id = named.id and frozen is null for update) p`.execute(trx)
  return new Map(rows.flatMap(({ id, fields, taken }) => (taken ? [[id, JSON.parse(fields) as StoredPatch['fields']]] : [])))
}

/** Those of the ids that somebody is about to read again, or is reading now. */
export async function rungAmong(trx: Db, source: number, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string }>`select id from recheck join ${named(source, ids)} using (source, id)`.execute(trx)
  return rows.map(({ id }) => id)
}

/** Deletes only the very patch that was sent: a newer one for the same record stays, and is free to be taken. */
export async function finishPatches(trx: Db, patches: readonly StoredPatch[]): Promise<void> {
  if (patches.length === 0) return
  await sql`
    with done as (
      select * from unnest(${patches.map((p) => p.source)}::smallint[], ${patches.map((p) => p.id)}::text[], ${patches.map((p) => JSON.stringify(p.fields))}::text[])
        as done (source, id, fields)),
    sent as (delete from patch p using done where p.source = done.source and p.id = done.id and p.fields = done.fields)
    update patch p set claimed_by = null, sent = null from done where p.source = done.source and p.id = done.id and p.fields <> done.fields`.execute(
    trx,
  )
}

/** These records take no write any more: their patches stay, and are not sent again. */
export async function freezePatches(trx: Db, source: number, frozen: readonly { id: string; reason: string }[]): Promise<void> {
  if (frozen.length === 0) return
  await sql`
    update patch p set frozen = cold.reason from unnest(${frozen.map((one) => one.id)}::text[], ${frozen.map((one) => one.reason)}::text[]) as cold (id, reason)
    where p.source = ${source} and p.id = cold.id`.execute(trx)
}

/** After a change of rights in the CRM each is worth one more try. */
export async function thawPatches(db: Db, connection: string): Promise<void> {
  await sql`update patch set frozen = null where frozen is not null and source in (select id from source where connection = ${connection})`.execute(
    db,
  )
}

export async function countPatches(db: Db, source: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from patch where source = ${source} and frozen is null`.execute(db)
  return rows[0]!.n
}

/**
 * One that is asked for again while it is being read will be read again. What was said to Accord itself is in no CRM: nothing there is to be read.
 * Call it after `takeTurn`: then nobody waits for two of these rows crosswise.
 */
export async function saveRechecks(trx: Db, rechecks: readonly Recheck[]): Promise<void> {
  if (rechecks.length === 0) return
  await sql`
    insert into recheck as r (source, id, reason)
    select distinct on (source, id) * from unnest(${rechecks.map((r) => r.source)}::smallint[], ${rechecks.map((r) => r.id)}::text[], ${rechecks.map((r) => r.reason)}::text[])
      as asked (source, id, reason)
    where asked.source <> all(${ownSources})
    on conflict (source, id) do update set rung = r.rung + 1`.execute(trx)
}

/**
 * Records whose verdict may change today without any change in the CRM; keyset over the ids. A look through all records of the source: not while anybody
 * waits for the turn, and as a statement by itself, which the server shares out among its processors.
 */
export async function loadDue(db: Db, source: number, today: string, after: string | null, limit: number): Promise<string[]> {
  const lower = after === null ? sql`true` : sql`(length(id)::smallint, id) > (length(${after}::text)::smallint, ${after}::text)`
  const { rows } = await sql<{ id: string }>`
    select id from record where source = ${source} and review_on <= ${today}::date and verdict >= 0 and ${lower}
    order by length(id)::smallint, id limit ${limit}`.execute(db)
  return rows.map(({ id }) => id)
}

/** Those that are on the list already are not asked for once more. Call it after `takeTurn`. */
export async function saveDueRechecks(trx: Db, source: number, ids: readonly string[]): Promise<void> {
  await sql`
    insert into recheck (source, id, reason) select ${source}, id, 'due' from unnest(${ids}::text[]) as due (id) on conflict do nothing`.execute(
    trx,
  )
}

/** Keyset over the ids: a list of a million is walked once, whatever is taken off it meanwhile. `readyAt`: those that may wait a little longer do so. */
export async function takeRechecks(db: Db, taking: Taking, which: 'ready' | 'all' = 'all'): Promise<TakenRecheck[]> {
  const { source, after, limit, claim } = taking
  const ready = which === 'ready' ? sql`and (ready_at is null or ready_at <= clock_timestamp())` : sql``
  const take = async (living: readonly number[]) => {
    const { rows } = await sql<Claimed & TakenRecheck>`
      with next as (
        select source, id, claimed_by from recheck where ${behind(source, after)} and ${isFree(living)} ${ready}
        order by source, id limit ${limit} for update skip locked)
      update recheck r set claimed_by = ${claim} from next where r.source = next.source and r.id = next.id
      returning r.id, r.rung, next.claimed_by as before`.execute(db)
    return rows
  }
  const taken = await claimFree(taking.living, take, (rows) => giveBack(db, 'recheck', taking, rows))
  return taken.map(({ id, rung }) => ({ id, rung })).sort(byId)
}

/** Takes off the list what nobody asked for again meanwhile; the rest is free to be taken. */
export async function finishRechecks(trx: Db, source: number, taken: readonly TakenRecheck[]): Promise<void> {
  if (taken.length === 0) return
  await sql`
    with done as (
      select * from unnest(${taken.map(() => source)}::smallint[], ${taken.map((one) => one.id)}::text[], ${taken.map((one) => one.rung)}::integer[])
        as done (source, id, rung)),
    finished as (delete from recheck r using done where r.source = done.source and r.id = done.id and r.rung = done.rung)
    update recheck r set claimed_by = null from done where r.source = done.source and r.id = done.id and r.rung <> done.rung`.execute(trx)
}
