import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { openHashKey } from '../../src/store/hash-key.ts'
import { nowhere, runHere } from '../cli/here.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'

const other = Buffer.alloc(32, 9).toString('base64')

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

describe('the hash key of a database', () => {
  let dir: string
  let url: string
  let database: Database
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'accord-hash-key-'))
    url = await freshDatabase(server.url)
    database = await openDatabase({ url, dir, log: () => undefined })
  })
  afterEach(async () => {
    await database.close()
    await rm(dir, { recursive: true, force: true })
  })

  it('is made once and noted, and is the only one that opens it', async () => {
    const first = await openHashKey(database.db, dir)
    expect(await openHashKey(database.db, dir)).toEqual(first)
    expect(await openHashKey(database.db, dir, Buffer.from(first.key).toString('base64'))).toEqual(first)
    await expect(openHashKey(database.db, dir, other)).rejects.toMatchObject({ kind: 'key', message: expect.stringContaining(first.keyId) })
  })

  it('is not made anew when it is lost, also where the database is older than the note', async () => {
    await openHashKey(database.db, dir)
    await rm(join(dir, 'keys'), { recursive: true })
    await expect(openHashKey(database.db, dir)).rejects.toMatchObject({ kind: 'key', message: expect.stringContaining('backup') })
    await sql`delete from hash_key`.execute(database.db)
    await sql`insert into record (verdict, source, id, memory) values (0, 1, '7', '')`.execute(database.db)
    await expect(openHashKey(database.db, dir)).rejects.toMatchObject({ kind: 'key' })
    await sql`delete from record`.execute(database.db)
    expect(await openHashKey(database.db, dir)).toMatchObject({ keyId: expect.any(String) })
  })

  it('is a setting: with a wrong one every command that would write ends with exit code 2, before any CRM is asked', async () => {
    await openHashKey(database.db, dir)
    const { code, stderr } = await runHere(['sweep', '--data', dir], { ...nowhere, DATABASE_URL: url, ACCORD_HASH_KEY: other })
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^ACCORD_HASH_KEY holds the key [0-9a-f]{16}, and what the database holds/)])
  })
})
