import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { appendBlock, readHead } from '../../src/store/ledger.ts'
import { openRehearsal, type Rehearsal } from '../../src/store/rehearsal.ts'
import { nextSubjects } from '../../src/store/records.ts'
import { ensureSource } from '../../src/store/sources.ts'
import { tableCounts } from '../flows/stored.ts'
import { databases, type TestDatabases } from './databases.ts'

describe.each(databases)('a rehearsal on $kind', ({ start }) => {
  let server: TestDatabases
  let database: Database
  beforeAll(async () => {
    server = await start()
    database = await openDatabase(await server.fresh())
    await ensureSource(database.db, 'hubspot', 'hubspot', 'contacts')
    await nextSubjects(database.db, 5)
    await database.db.transaction().execute((trx) => appendBlock(trx, ['["a"]'], '2026-03-01T00:00:00Z'))
  })
  afterAll(async () => {
    await database.close()
    await server.stop()
  })
  const rehearse = async <T>(work: (rehearsal: Rehearsal) => Promise<T>): Promise<T> => {
    const rehearsal = await openRehearsal(database, () => undefined)
    try {
      return await work(rehearsal)
    } finally {
      await rehearsal.close()
    }
  }

  it('goes on from what is stored, and leaves everything as it was', async () => {
    const before = [await tableCounts(database.db), await readHead(database.db)]
    const seen = await rehearse(async ({ db }) => {
      const known = await ensureSource(db, 'hubspot', 'hubspot', 'contacts')
      const fresh = await ensureSource(db, 'salesforce', 'salesforce', 'Lead')
      const block = await db.transaction().execute((trx) => appendBlock(trx, ['["b"]'], '2026-03-02T00:00:00Z'))
      return { sources: [known.id, fresh.id], seq: block.seq, next: await nextSubjects(db, 1) }
    })
    expect(seen).toEqual({ sources: [1, 2], seq: 2, next: [6] })
    expect([await tableCounts(database.db), await readHead(database.db)]).toEqual(before)
    expect(await nextSubjects(database.db, 1)).toEqual([6])
    expect((await ensureSource(database.db, 'salesforce', 'salesforce', 'Lead')).id).toBe(2)
  })

  it('cannot write what is real, even by its full name, nor in a session that has lost the copies', async () => {
    await rehearse(async ({ db }) => {
      await expect(sql`delete from public.source`.execute(db)).rejects.toMatchObject({ code: '25006' })
      await sql`discard temporary`.execute(db).catch(() => undefined)
      await sql`begin read write`.execute(db)
      await sql`discard temporary`.execute(db)
      await sql`commit`.execute(db)
      await expect(ensureSource(db, 'new', 'hubspot', 'contacts')).rejects.toMatchObject({ code: '42P01' })
    })
    expect((await tableCounts(database.db))['source']).toBe(2)
  })
})
