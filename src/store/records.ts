/** Records: what the last look at the CRM left behind. Keyset by (source, length(id), id), always in batches. */
import { sql, type QueryExecutorProvider, type RawBuilder } from 'kysely'
import { named, plainArray, textArray } from './arrays.ts'
import { DIGEST, memoryArray, readMemory } from './memory.ts'

type Db = QueryExecutorProvider
/** One row has eight columns, so that its header stays at 24 bytes. `content`: 36-bit digest of the fields. `given`: 16-bit tag; `family`: 15 bits; `personal`: `email` names the person in full. `email` and `name` are the first identifiers of their kinds: keyed hashes, 64-bit integers in decimal; `reviewOn` is YYYY-MM-DD; `verdict` null for the dead and for those that nobody judges. */
export type StoredRecord = {
  source: number
  id: string
  subject: number | null
  content: number | null
  email: string | null
  name: string | null
  given: number
  family: number
  personal: boolean
  verdict: number | null
  reviewOn: string | null
  gone: boolean
  facts: Buffer | null
}
/** A further address; a further record of another CRM that this one names; a function mailbox, which links nobody; a further address that names the person in full. */
export const KINDS = { address: 0, name: 1, quiet: 2, personal: 3 } as const
export type StoredIdentifier = { hash: string; source: number; id: string; kind: number }

const columns = sql.raw(`r.source, r.id, r.subject, r.email::text, r.name::text, r.verdict, r.review_on::text as "reviewOn", r.memory`)

/** More records than this on one address are a shared mailbox, whoever they are: no need to load them all to tell. What they refuse is in mailboxes.ts. */
export const PER_HASH = 25
/** A CRM that names one record more often than this is wrong, and to load them all would not put it right. */
const PER_NAME = 1_000

/** Ids come out as a CRM numbers them: shorter first. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

/** The records of one source in (after, last]; `after` null starts at the first. */
export async function loadRange(db: Db, source: number, after: string | null, last: string): Promise<StoredRecord[]> {
  const lower = after === null ? sql`true` : sql`(length(r.id)::smallint, r.id) > (length(${after}::text)::smallint, ${after}::text)`
  const { rows } = await sql<Row>`
    select ${columns} from record r
    where r.source = ${source} and ${lower} and (length(r.id)::smallint, r.id) <= (length(${last}::text)::smallint, ${last}::text)`.execute(
    db,
  )
  return rows.map(fromRow)
}

/** The ids behind the last page of a full pull: the CRM no longer lists them. */
export async function loadIdsAfter(db: Db, source: number, after: string | null): Promise<string[]> {
  const lower = after === null ? sql`true` : sql`(length(id)::smallint, id) > (length(${after}::text)::smallint, ${after}::text)`
  const { rows } = await sql<{ id: string }>`select id from record where source = ${source} and verdict >= 0 and ${lower}`.execute(db)
  return rows.map((row) => row.id)
}

/** The next records of one source after that id; `null` starts at the first. */
export async function loadAfter(db: Db, source: number, after: string | null, limit: number): Promise<StoredRecord[]> {
  const lower = after === null ? sql`true` : sql`(length(r.id)::smallint, r.id) > (length(${after}::text)::smallint, ${after}::text)`
  const { rows } = await sql<Row>`
    select ${columns} from record r where r.source = ${source} and ${lower} order by length(r.id)::smallint, r.id limit ${limit}`.execute(
    db,
  )
  return rows.map(fromRow)
}

export async function loadByIds(db: Db, sources: readonly number[], ids: readonly string[]): Promise<StoredRecord[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<Row>`
    select ${columns} from unnest(${plainArray(sources)}::smallint[], ${textArray(ids)}::text[]) as wanted (source, id)
    cross join lateral (
      select * from record r where r.source = wanted.source and length(r.id)::smallint = length(wanted.id)::smallint and r.id = wanted.id limit 1
    ) r`.execute(db)
  return rows.map(fromRow)
}

export async function loadByEmails(db: Db, hashes: readonly string[]): Promise<StoredRecord[]> {
  if (hashes.length === 0) return []
  const { rows } = await sql<Row>`
    select ${columns} from unnest(${plainArray(hashes)}::bigint[]) as wanted (hash)
    cross join lateral (select * from record where email = wanted.hash limit ${PER_HASH}) r`.execute(db)
  return rows.map(fromRow)
}

/** Those that name one of the given records first. */
export async function loadByNames(db: Db, hashes: readonly string[]): Promise<StoredRecord[]> {
  if (hashes.length === 0) return []
  const { rows } = await sql<Row>`
    select ${columns} from unnest(${plainArray(hashes)}::bigint[]) as wanted (hash)
    cross join lateral (select * from record where name = wanted.hash limit ${PER_NAME}) r`.execute(db)
  return rows.map(fromRow)
}

export async function loadBySubjects(db: Db, subjects: readonly number[]): Promise<StoredRecord[]> {
  if (subjects.length === 0) return []
  // One after the other: a server without statistics takes a hundred subjects for most of the table.
  const { rows } = await sql<Row>`
    select ${columns} from unnest(${plainArray(subjects)}::int[]) as wanted (subject)
    cross join lateral (select * from record where subject = wanted.subject offset 0) r`.execute(db)
  return rows.map(fromRow)
}

export async function loadIdentifiersByHash(db: Db, hashes: readonly string[]): Promise<StoredIdentifier[]> {
  if (hashes.length === 0) return []
  const { rows } = await sql<StoredIdentifier>`
    select i.hash::text, i.source, i.id, i.kind from unnest(${plainArray(hashes)}::bigint[]) as wanted (hash)
    cross join lateral (select * from identifier where hash = wanted.hash limit ${PER_HASH}) i`.execute(db)
  return rows
}

export async function loadIdentifiersOf(db: Db, sources: readonly number[], ids: readonly string[]): Promise<StoredIdentifier[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<StoredIdentifier>`
    select i.hash::text, i.source, i.id, i.kind
    from unnest(${plainArray(sources)}::smallint[], ${textArray(ids)}::text[]) as wanted (source, id)
    join identifier i on i.source = wanted.source and i.id = wanted.id`.execute(db)
  return rows
}

/** Insert or replace. */
export async function saveRecords(trx: Db, records: readonly StoredRecord[]): Promise<void> {
  if (records.length === 0) return
  await sql`${insertionOf(records)}
    on conflict (source, (length(id)::smallint), id) do update set
      subject = excluded.subject, email = excluded.email, name = excluded.name, verdict = excluded.verdict, review_on = excluded.review_on,
      memory = excluded.memory`.execute(trx)
}

/** Of which none is there: whoever holds the turn has looked. Not to look for each of them again spares the server a quarter of the insert. */
export async function insertRecords(trx: Db, records: readonly StoredRecord[]): Promise<void> {
  if (records.length === 0) return
  await insertionOf(records).execute(trx)
}

/** Rows go in key order: random order costs several times the WAL. */
function insertionOf(records: readonly StoredRecord[]): RawBuilder<unknown> {
  const rows = [...records].sort((a, b) => a.source - b.source || compareIds(a.id, b.id))
  return sql`
    insert into record (source, id, subject, email, name, verdict, review_on, memory)
    select * from unnest(
      ${plainArray(rows.map((r) => r.source))}::smallint[], ${textArray(rows.map((r) => r.id))}::text[], ${plainArray(rows.map((r) => r.subject))}::int[],
      ${plainArray(rows.map((r) => r.email))}::bigint[], ${plainArray(rows.map((r) => r.name))}::bigint[], ${plainArray(rows.map(verdictOf))}::int[],
      ${plainArray(rows.map((r) => r.reviewOn))}::date[], ${memoryArray(rows)}::bytea[])`
}

type Row = Pick<StoredRecord, 'source' | 'id' | 'subject' | 'email' | 'name' | 'reviewOn'> & { verdict: number; memory: Buffer }

/** Numbers of verdicts that are none. */
const NOT_JUDGED = 0
const GONE = -1

function verdictOf({ verdict, gone }: StoredRecord): number {
  return gone ? GONE : (verdict ?? NOT_JUDGED)
}

function fromRow({ verdict, memory, ...row }: Row): StoredRecord {
  return { ...row, verdict: verdict > NOT_JUDGED ? verdict : null, gone: verdict === GONE, ...readMemory(memory) }
}

/** Replaces the identifiers of the given records. */
export async function saveIdentifiers(
  trx: Db,
  owners: readonly { source: number; id: string }[],
  identifiers: readonly StoredIdentifier[],
): Promise<void> {
  if (owners.length > 0) {
    await sql`
      delete from identifier i using unnest(${plainArray(owners.map((o) => o.source))}::smallint[], ${textArray(owners.map((o) => o.id))}::text[]) as owner (source, id)
      where i.source = owner.source and i.id = owner.id`.execute(trx)
  }
  if (identifiers.length === 0) return
  await sql`
    insert into identifier (hash, source, kind, id)
    select * from unnest(${plainArray(identifiers.map((i) => i.hash))}::bigint[], ${plainArray(identifiers.map((i) => i.source))}::smallint[],
      ${plainArray(identifiers.map((i) => i.kind))}::smallint[], ${textArray(identifiers.map((i) => i.id))}::text[])
`.execute(trx)
}

export async function saveSubjects(trx: Db, changes: readonly { source: number; id: string; subject: number | null }[]): Promise<void> {
  if (changes.length === 0) return
  await sql`
    update record r set subject = change.subject
    from unnest(${plainArray(changes.map((c) => c.source))}::smallint[], ${textArray(changes.map((c) => c.id))}::text[], ${plainArray(changes.map((c) => c.subject))}::int[])
      as change (source, id, subject)
    where r.source = change.source and length(r.id)::smallint = length(change.id)::smallint and r.id = change.id`.execute(trx)
}

const NO_DIGEST = Buffer.alloc(DIGEST)

/** What is read of these records next counts as changed. */
export async function forgetDigests(trx: Db, source: number, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`
    update record r set memory = overlay(r.memory placing ${NO_DIGEST}::bytea from 1)
    from ${named(source, ids)}
    where r.source = named.source and length(r.id)::smallint = length(named.id)::smallint and r.id = named.id and r.verdict >= 0`.execute(
    trx,
  )
}

export async function nextSubjects(trx: Db, count: number): Promise<number[]> {
  if (count === 0) return []
  const { rows } = await sql<{ id: number }>`select nextval('subject_id') as id from generate_series(1, ${count}::int)`.execute(trx)
  return rows.map((row) => Number(row.id))
}

export async function forgetRecords(trx: Db, source: number, ids: readonly string[]): Promise<void> {
  await sql`
    delete from record r using unnest(${textArray(ids)}::text[]) as dead (id)
    where r.source = ${source} and length(r.id)::smallint = length(dead.id)::smallint and r.id = dead.id`.execute(trx)
}

/** Until the end of the transaction: two workers that store the two halves of one person at the same time must not miss each other. */
export async function takeTurn(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(4401)`.execute(trx)
}
