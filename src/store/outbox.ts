/** What is still to be done after a batch: patches to send, records to read again. Both survive a crash. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
export type StoredPatch = { source: number; id: string; fields: Readonly<Record<string, string | null>> }
export type Recheck = { source: number; id: string; reason: 'due' | 'vanished' | 'linked' }

/** One that is frozen stays so, whatever it would write now. */
export async function savePatches(trx: Db, patches: readonly StoredPatch[]): Promise<void> {
  if (patches.length === 0) return
  await sql`
    insert into patch (source, id, fields)
    select * from unnest(${patches.map((p) => p.source)}::smallint[], ${patches.map((p) => p.id)}::text[], ${patches.map((p) => JSON.stringify(p.fields))}::text[])
    on conflict (source, id) do update set fields = excluded.fields`.execute(trx)
}

/** Patches that a newer look has made pointless. */
export async function dropPatches(trx: Db, records: readonly { source: number; id: string }[]): Promise<void> {
  if (records.length === 0) return
  await sql`
    delete from patch p using unnest(${records.map((r) => r.source)}::smallint[], ${records.map((r) => r.id)}::text[]) as done (source, id)
    where p.source = done.source and p.id = done.id`.execute(trx)
}

/** Those that may be sent. Keyset over the ids, so that a patch that stays (a conflict) does not come up twice in one run. */
export async function loadPatches(db: Db, source: number, after: string, limit: number): Promise<StoredPatch[]> {
  const { rows } = await sql<Omit<StoredPatch, 'fields'> & { fields: string }>`
    select source, id, fields from patch where source = ${source} and id > ${after} and frozen is null order by id limit ${limit}`.execute(
    db,
  )
  return rows.map((row) => ({ ...row, fields: JSON.parse(row.fields) as StoredPatch['fields'] }))
}

/** Deletes only the very patch that was sent: a newer one for the same record stays. */
export async function finishPatches(trx: Db, patches: readonly StoredPatch[]): Promise<void> {
  if (patches.length === 0) return
  await sql`
    delete from patch p using unnest(${patches.map((p) => p.source)}::smallint[], ${patches.map((p) => p.id)}::text[], ${patches.map((p) => JSON.stringify(p.fields))}::text[])
      as done (source, id, fields)
    where p.source = done.source and p.id = done.id and p.fields = done.fields`.execute(trx)
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

export async function saveRechecks(trx: Db, rechecks: readonly Recheck[]): Promise<void> {
  if (rechecks.length === 0) return
  await sql`
    insert into recheck (source, id, reason)
    select * from unnest(${rechecks.map((r) => r.source)}::smallint[], ${rechecks.map((r) => r.id)}::text[], ${rechecks.map((r) => r.reason)}::text[])
    on conflict do nothing`.execute(trx)
}

/** Puts the records whose verdict may change today without any change in the CRM on the list of those to be read again. */
export async function saveDueRechecks(db: Db, source: number, today: string): Promise<void> {
  await sql`
    insert into recheck (source, id, reason)
    select source, id, 'due' from record where source = ${source} and review_on <= ${today}::date and mark >= 0
    on conflict do nothing`.execute(db)
}

/** Keyset over the ids: a list of a million is walked once, whatever is taken off it meanwhile. */
export async function loadRechecks(db: Db, source: number, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{
    id: string
  }>`select id from recheck where source = ${source} and id > ${after} order by id limit ${limit}`.execute(db)
  return rows.map((row) => row.id)
}

export async function finishRechecks(trx: Db, source: number, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`delete from recheck where source = ${source} and id = any(${ids}::text[])`.execute(trx)
}
