import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Database } from '../../src/store/database.ts'
import { bringForward, misdatedPersons } from '../../src/store/misdated.ts'
import { listOpenRequests } from '../../src/store/request-lists.ts'
import { countFailing, countRights } from '../../src/store/workload.ts'
import { openOnPostgres } from './on-postgres.ts'

describe('what is open', () => {
  let database: Database
  beforeAll(async () => {
    database = await openOnPostgres()
  })
  afterAll(() => database.close())

  it('is found without a look at what has ended, which stays for years', async () => {
    const { db } = database
    await sql`
      insert into request (id, kind, version, status, erasure, standing, request_state, erasure_state, received_at, last_day, closed_at)
      select gen_random_uuid(), 'erasure', 1, 'answered', 'settled', 'proved', '{}', '{}', now(), now(), now() from generate_series(1, 2000)`.execute(
      db,
    )
    await sql`insert into retention_list (id, version, status, state, list, made_at) values (gen_random_uuid(), 1, 'ended', '{}', '{}', now())`.execute(
      db,
    )
    await sql`
      insert into retention_case (list, n, status, standing, state, entry, erasure)
      select id, n, 'closed', 'proved', '{}', '{}', '{}' from retention_list, generate_series(1, 2000) as n`.execute(db)
    await sql`analyze request, retention_case, retention_list`.execute(db)
    const later = '2100-01-01T00:00:00Z'
    const read = await db.transaction().execute(async (trx) => {
      expect([await countRights(trx), await listOpenRequests(trx), await misdatedPersons(trx, later, 9)]).toMatchObject([
        { open: 0 },
        { files: [], damaged: [] },
        [],
      ])
      expect([await countFailing(trx), await bringForward(trx, later, { tries: later, notices: later })]).toMatchObject([
        [{ n: 0 }, { n: 0 }, { n: 0 }, { n: 0 }],
        0,
      ])
      const { rows } = await sql<{ name: string; read: number }>`
        select relname as name, pg_stat_get_xact_tuples_returned(oid) + pg_stat_get_xact_tuples_fetched(oid) as read
        from pg_class where relname in ('request', 'retention_case') order by 1`.execute(trx)
      return rows
    })
    expect(read).toEqual([
      { name: 'request', read: 0 },
      { name: 'retention_case', read: 0 },
    ])
  })
})
