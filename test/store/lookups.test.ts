import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { readLiveSince, saveLiveReads } from '../../src/store/live-reads.ts'
import { HEAD } from '../../src/store/memory.ts'
import * as outbox from '../../src/store/outbox.ts'
import * as records from '../../src/store/records.ts'
import { ensureSource } from '../../src/store/sources.ts'
import { openOnPostgres } from './on-postgres.ts'

/** Nobody has counted yet what a first sweep has just stored, and the lists of what is to be done are mostly empty when somebody does. */
let database: Database
let source: number
type Db = Database['db']

const THERE = 20_000
const ASKED = 25
/** Rows that may be read for each that is asked for; a look through a table reads eight hundred. */
const EACH = 12

beforeAll(async () => {
  database = await openOnPostgres()
  const { db } = database
  source = (await ensureSource(db, 'one', 'hubspot', 'contacts')).id
  const other = (await ensureSource(db, 'two', 'salesforce', 'Contact')).id
  const all = sql`(select n, (100000 + n)::text as id from generate_series(1, ${THERE}::int) as n) as a`
  for (const place of [source, other]) {
    await sql`insert into record (source, id, subject, email, name, verdict, memory)
      select ${place}::smallint, id, n, n * 7, n * 11, 0, ${Buffer.alloc(HEAD)}::bytea from ${all}`.execute(db)
  }
  await sql`insert into identifier (hash, source, kind, id) select n * 13, ${source}::smallint, 0, id from ${all}`.execute(db)
  await sql`insert into recheck (source, id, reason) select ${source}::smallint, id, 'linked' from ${all}`.execute(db)
  await sql`insert into patch (source, id, fields) select ${source}::smallint, id, '{}' from ${all}`.execute(db)
  await sql`insert into live_read (source, id, read_at) select ${source}::smallint, id, now() from ${all}`.execute(db)
})
afterAll(() => database?.close())

const numbers = Array.from({ length: ASKED }, (_, index) => 1 + index * 731)
const ids = numbers.map((n) => String(100_000 + n))
const times = (factor: number): string[] => numbers.map((n) => String(n * factor))
const sources = (): number[] => ids.map(() => source)
const refs = (): { source: number; id: string }[] => ids.map((id) => ({ source, id }))
const taking = (): outbox.Taking => ({ source, after: '', limit: ASKED, claim: 7, living: async () => [3, 4] })

const lookups: Record<string, (db: Db) => Promise<unknown>> = {
  loadByIds: (db) => records.loadByIds(db, sources(), ids),
  loadByEmails: (db) => records.loadByEmails(db, times(7)),
  loadByNames: (db) => records.loadByNames(db, times(11)),
  loadBySubjects: (db) => records.loadBySubjects(db, numbers),
  loadIdentifiersByHash: (db) => records.loadIdentifiersByHash(db, times(13)),
  loadIdentifiersOf: (db) => records.loadIdentifiersOf(db, sources(), ids),
  saveIdentifiers: (db) => records.saveIdentifiers(db, refs(), []),
  saveSubjects: (db) =>
    records.saveSubjects(
      db,
      refs().map((ref) => ({ ...ref, subject: 5 })),
    ),
  saveRecords: async (db) => records.saveRecords(db, await records.loadByIds(db, sources(), ids)),
  forgetDigests: (db) => records.forgetDigests(db, source, ids),
  takeRechecks: (db) => outbox.takeRechecks(db, taking()),
  'takeRechecks of those that are ready': (db) => outbox.takeRechecks(db, taking(), 'ready'),
  finishRechecks: (db) =>
    outbox.finishRechecks(
      db,
      source,
      ids.map((id) => ({ id, rung: 0 })),
    ),
  saveRechecks: (db) =>
    outbox.saveRechecks(
      db,
      refs().map((ref) => ({ ...ref, reason: 'linked' as const })),
    ),
  rungAmong: (db) => outbox.rungAmong(db, source, ids),
  takePatches: (db) => outbox.takePatches(db, taking(), null),
  'takePatches of some records': (db) => outbox.takePatches(db, taking(), ids),
  finishPatches: (db) =>
    outbox.finishPatches(
      db,
      refs().map((ref) => ({ ...ref, fields: {} })),
    ),
  savePatches: (db) =>
    outbox.savePatches(
      db,
      refs().map((ref) => ({ ...ref, fields: {} })),
    ),
  dropPatches: (db) => outbox.dropPatches(db, refs()),
  loadSent: (db) => outbox.loadSent(db, source, ids),
  readLiveSince: (db) => readLiveSince(db, source, ids, '2025-01-01T00:00:00Z'),
  saveLiveReads: (db) => saveLiveReads(db, source, ids, '2026-01-01T00:00:00Z'),
}

it.each(Object.keys(lookups))('%s reads what it asks for and no table to its end, in tables that nobody has counted', async (name) => {
  let read = 0
  const looking = database.db.transaction().execute(async (trx) => {
    const before = await rowsRead(trx)
    await lookups[name]!(trx)
    read = (await rowsRead(trx)) - before
    throw new Undone()
  })
  await expect(looking).rejects.toThrow(Undone)
  expect(read).toBeLessThan(EACH * ASKED)
})

class Undone extends Error {}

/** By this connection, by whatever way. */
async function rowsRead(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as n from pg_stat_xact_user_tables
    where relname in ('record', 'identifier', 'recheck', 'patch', 'live_read')`.execute(db)
  return rows[0]!.n
}
