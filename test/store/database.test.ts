import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { plainArray, textArray } from '../../src/store/arrays.ts'
import type { StoreError } from '../../src/store/error.ts'
import { maintain } from '../../src/store/maintenance.ts'
import { migrate, migrations } from '../../src/store/migrate.ts'
import { forgetDigests, loadAfter, saveRecords } from '../../src/store/records.ts'
import { databases } from './databases.ts'
import type { TestDatabases } from './databases.ts'
import { storeOldRecords } from './old-records.ts'

const names = migrations.map(({ name }) => name)

describe.each(databases)('a database on $kind', ({ kind, start }) => {
  let server: TestDatabases
  /** For tests that leave nothing behind that another one would meet. */
  let shared: Database
  beforeAll(async () => {
    server = await start()
    shared = await openDatabase(await server.fresh())
  })
  afterAll(async () => {
    await shared?.close()
    await server.stop()
  })

  it('reads lists as they were written, whatever stands in them', async () => {
    const texts = ['plain', '', 'NULL', 'null', ' a, b ', '{x}', '"quoted"', 'back\\slash\\"', 'line\nbreak', 'é ✓ 𝄞', null]
    const plain = texts.map((_, index) => (index % 3 === 0 ? null : `-${index}${'0'.repeat(index)}`))
    const { rows } = await sql`
      select * from unnest(${textArray(texts)}::text[], ${plainArray(plain)}::bigint[]) as list (text, plain)`.execute(shared.db)
    expect(rows).toEqual(texts.map((text, i) => ({ text, plain: plain[i] === null ? null : Number(plain[i]) })))
    const none = await sql`select ${textArray([])}::text[] as texts, ${plainArray([])}::int[] as numbers`.execute(shared.db)
    expect(none.rows).toEqual([{ texts: [], numbers: [] }])
  })

  it('reads the records of an earlier release as they were, whoever they are and whatever they said', async () => {
    await shared.db.connection().execute(async (db) => {
      await sql`create schema earlier`.execute(db)
      await sql`set search_path to earlier`.execute(db)
      await migrate(db, migrations.slice(0, names.indexOf('0029-one-memory')))
      const records = await storeOldRecords(db)
      await migrate(db)
      const read = async () => [...(await loadAfter(db, 1, null, 10)), ...(await loadAfter(db, 2, null, 10))]
      expect(await read()).toEqual(records)
      await saveRecords(db, records)
      expect(await read()).toEqual(records)
      await forgetDigests(db, 1, ['1', '3'])
      expect(await read()).toEqual(records.map((record) => (record.id === '1' ? { ...record, content: null } : record)))
      await sql`drop schema earlier cascade`.execute(db)
      await sql`reset search_path`.execute(db)
    })
  })

  it('is migrated when it is opened, and keeps what was written when it is opened again', async () => {
    const options = await server.empty()
    const events: unknown[] = []
    const first = await openDatabase({ ...options, log: (event, facts) => events.push([event, facts?.kind, facts?.migrations]) })
    await sql`create table kept (id int primary key)`.execute(first.db)
    await sql`insert into kept values (1), (2)`.execute(first.db)
    await first.close()
    const second = await openDatabase({ ...options, log: (event, facts) => events.push([event, facts?.kind, facts?.migrations]) })
    const { rows } = await sql`select id from kept order by id`.execute(second.db)
    await second.close()
    expect(rows).toEqual([{ id: 1 }, { id: 2 }])
    expect(second.kind).toBe(kind)
    expect(events).toEqual([
      ['database opened', kind, names.join(' ')],
      ['database opened', kind, ''],
    ])
  })

  it('gives numbers for int8, text for dates, buffers for bytea, and refuses an int8 that no number can hold', async () => {
    const { pool } = shared
    const { rows } = await pool.query(`select 9007199254740991::bigint as large, date '2026-03-29' as day, '\\x00ff'::bytea as bytes,
      array[1, null]::bigint[] as numbers, array[date '2026-03-29', null] as days, current_setting('timezone') as zone,
      timestamptz '2026-03-29 02:30+00' as moment`)
    expect(rows).toEqual([
      {
        large: 9_007_199_254_740_991,
        day: '2026-03-29',
        bytes: Buffer.from([0, 255]),
        numbers: [1, null],
        days: ['2026-03-29', null],
        zone: 'UTC',
        moment: new Date('2026-03-29T02:30:00Z'),
      },
    ])
    await expect(pool.query('select 9007199254740992::bigint')).rejects.toThrow(RangeError)
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  })

  it('applies each migration once when several runs start together', async () => {
    const { db, close } = await openDatabase(await server.fresh())
    try {
      const more = [
        ...migrations,
        { name: '9998-once', up: async (trx: typeof db) => void (await sql`create table once (id int)`.execute(trx)) },
      ]
      const applied = await Promise.all([migrate(db, more), migrate(db, more), migrate(db, more)])
      expect(applied.flat()).toEqual(['9998-once'])
    } finally {
      await close()
    }
  })

  it('applies all missing migrations or none', async () => {
    const { db } = shared
    const broken = [
      ...migrations,
      { name: '9998-fine', up: async (trx: typeof db) => void (await sql`create table fine (id int)`.execute(trx)) },
      { name: '9999-broken', up: async (trx: typeof db) => void (await sql`create nonsense`.execute(trx)) },
    ]
    await expect(migrate(db, broken)).rejects.toMatchObject({ code: '42601' })
    const { rows } =
      await sql`select to_regclass('fine') as fine, array(select name from schema_migrations order by name) as names`.execute(db)
    expect(rows).toEqual([{ fine: null, names }])
  })

  it('is not opened by a release older than its schema', async () => {
    const options = await server.fresh()
    const { db, close } = await openDatabase(options)
    await sql`insert into schema_migrations (name) values ('9999-from-the-future')`.execute(db)
    await close()
    await expect(openDatabase(options)).rejects.toMatchObject({ kind: 'newer', message: expect.stringContaining('9999-from-the-future') })
  })

  // One kind says it for both: what is opened makes no difference here.
  it.runIf(kind === 'postgres')('of an earlier release is not changed by whoever only looks', async () => {
    const options = await server.fresh()
    const { db, close } = await openDatabase(options)
    const last = names.at(-1)!
    await sql`delete from schema_migrations where name = ${last}`.execute(db)
    await close()
    await expect(openDatabase({ ...options, existing: true })).rejects.toMatchObject({
      kind: 'older',
      message: expect.stringContaining(last),
    })
    // Still so: the first look has brought nothing up to date.
    await expect(openDatabase({ ...options, existing: true })).rejects.toMatchObject({ kind: 'older' })
  })

  it('gives a transaction that was interrupted by an error, or by the loss of its connection, back whole', async () => {
    const { db, pool } = shared
    await sql`create table t (id int primary key)`.execute(db)
    await expect(
      db.transaction().execute(async (trx) => {
        await sql`insert into t values (1)`.execute(trx)
        await sql`insert into t values (1)`.execute(trx)
      }),
    ).rejects.toMatchObject({ code: '23505' })
    const client = await pool.connect()
    await client.query('begin')
    await client.query('insert into t values (2)')
    client.release(new Error('gone')) // closes the connection in the middle of its transaction
    await expect
      .poll(async () => (await sql`insert into t values (2) on conflict do nothing returning id`.execute(db)).rows)
      .toEqual([{ id: 2 }])
    expect((await sql`select id from t`.execute(db)).rows).toEqual([{ id: 2 }])
  })

  it('keeps the answers of many connections apart, through errors, transactions and rollbacks', async () => {
    const { pool } = shared
    await pool.query('create table turns (worker int, turn int, primary key (worker, turn))')
    const wrong: unknown[] = []
    await Promise.all(
      Array.from({ length: 8 }, async (_, worker) => {
        for (let turn = 0; turn < 40; turn++) {
          const mine = await pool.query(`select $1::text as turn, ${worker} as worker`, [String(turn)])
          if (mine.rows[0].turn !== String(turn) || mine.rows[0].worker !== worker) wrong.push(mine.rows)
          const failed = await pool.query(`select missing_${worker}($1::text)`, ['x']).catch((error: { message: string }) => error.message)
          if (!String(failed).includes(`missing_${worker}`)) wrong.push(failed)
          const client = await pool.connect()
          await client.query('begin')
          await client.query('insert into turns values ($1, $2)', [worker, turn])
          if (turn % 3 === 0) await client.query('select broken').catch(() => undefined)
          await client.query(turn % 3 === 1 ? 'rollback' : 'commit')
          client.release()
        }
      }),
    )
    expect(wrong).toEqual([])
    const kept = Array.from({ length: 40 }, (_, turn) => turn).filter((turn) => turn % 3 === 2).length
    expect((await pool.query('select count(*) as n from turns')).rows).toEqual([{ n: 8 * kept }])
  })

  it('can be maintained after a bulk change, and closed twice', async () => {
    const database = await openDatabase(await server.fresh())
    await database.pool.query('create table bulk as select generate_series(1, 10000) as id')
    await database.pool.query('delete from bulk where id > 100')
    const events: string[] = []
    await maintain(database, (event) => events.push(event))
    const { rows } = await database.pool.query(`select reltuples::int as estimate from pg_class where relname = 'bulk'`)
    await Promise.all([database.close(), database.close()])
    expect(rows).toEqual([{ estimate: 100 }])
    expect(events).toEqual([])
  })
})

describe('a database on Postgres', () => {
  const postgres = databases[0]
  let server: TestDatabases
  beforeAll(async () => {
    server = await postgres!.start()
  })
  afterAll(() => server.stop())

  it('looks again only at tables that have changed', async () => {
    const database = await openDatabase(await server.fresh())
    const { pool } = database
    const looks = async (): Promise<number> => {
      const { rows } = await pool.query<{ n: number }>(`select analyze_count as n from pg_stat_user_tables where relname = 'bulk'`)
      return rows[0]!.n
    }
    const change = async (statement: string): Promise<void> => {
      await pool.query(statement)
      await pool.query('select pg_stat_force_next_flush()')
    }
    const seen: number[] = []
    for (const statement of [
      'create table bulk as select generate_series(1, 1000) as id',
      'select',
      'update bulk set id = id + 1 where id <= 100',
    ]) {
      await change(statement)
      await maintain(database, () => undefined)
      await change('select')
      seen.push(await looks())
    }
    await database.close()
    expect(seen).toEqual([1, 1, 2])
  })

  it('survives the death of every connection', async () => {
    const events: unknown[] = []
    const { pool, close } = await openDatabase({ ...(await server.fresh()), log: (event, facts) => events.push([event, facts?.code]) })
    try {
      const held = await Promise.all(Array.from({ length: 3 }, () => pool.connect()))
      const [killer, ...victims] = held
      for (const victim of victims) victim.release()
      await killer!.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      killer!.release()
      await expect.poll(() => events.filter((event) => String(event).includes('lost')).length).toBe(2)
      expect((await Promise.all(Array.from({ length: 5 }, () => pool.query('select 1 as one')))).map(({ rows }) => rows[0].one)).toEqual([
        1, 1, 1, 1, 1,
      ])
      expect(events.slice(1)).toEqual([
        ['database connection lost', '57P01'],
        ['database connection lost', '57P01'],
      ])
    } finally {
      await close()
    }
  })

  it('says without password or address that it cannot be reached', async () => {
    const options = { dir: '/nowhere', log: () => undefined }
    const error = await openDatabase({ ...options, url: 'postgres://someone:hunter2@127.0.0.1:1/none' }).catch(
      (caught: StoreError) => caught,
    )
    expect(error).toMatchObject({ name: 'StoreError', kind: 'unreachable', message: expect.not.stringContaining('hunter2') })
  })
})
