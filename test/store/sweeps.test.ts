import { hash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { countFindings } from '../../src/store/findings.ts'
import { ensureSource, saveConnectionFindings } from '../../src/store/sources.ts'
import { createHearing } from '../../src/store/hearing.ts'
import type { HeardEvent } from '../../src/store/inbox.ts'
import { openSession } from '../../src/store/session.ts'
import { finishSweep, lockConnection, startSweep } from '../../src/store/sweeps.ts'
import { databases, type TestDatabases } from './databases.ts'

let fixture: TestDatabases
let one: Database
let other: Database
beforeAll(async () => {
  fixture = await databases.find(({ kind }) => kind === 'postgres')!.start()
  const options = await fixture.fresh()
  one = await openDatabase(options)
  other = await openDatabase(options)
})
afterAll(async () => {
  await one?.close()
  await other?.close()
  await fixture.stop()
})

it('gives a connection to one worker at a time, and to the next as soon as the first has let go', async () => {
  for (let turn = 0; turn < 50; turn++) {
    const lock = await lockConnection(one, 'hubspot')
    expect(lock).not.toBeNull()
    expect(await lockConnection(other, 'hubspot')).toBeNull()
    await lock!.release()
    const next = await lockConnection(other, 'hubspot')
    expect(next).not.toBeNull()
    await next!.release()
    expect([lock!.lost.aborted, next!.lost.aborted]).toEqual([false, false])
  }
})

it('tells the worker whose session is cut, for the next one may begin', async () => {
  const lock = (await lockConnection(one, 'hubspot'))!
  const lost = new Promise((resolve) => lock.lost.addEventListener('abort', resolve, { once: true }))
  // The server is shared: in other databases, other files hold locks of their own.
  await other.pool.query(`select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`)
  await lost
  expect(lock.lost.reason).toMatchObject({ name: 'StoreError', kind: 'unreachable' })
  // The session says goodbye before it lets go.
  const next = { lock: await lockConnection(other, 'hubspot') }
  await expect.poll(async () => (next.lock ??= await lockConnection(other, 'hubspot'))).not.toBeNull()
  await next.lock!.release()
  await lock.release()
})

it('is lost with a session that stops answering, and so is a lock that somebody else has freed', async () => {
  const deaf = await openSession(one.pool, 'a lock', 50)
  await expect(deaf.ask('select pg_sleep(20)')).rejects.toThrow()
  expect(deaf.lost.reason).toMatchObject({ kind: 'unreachable', message: 'the database session that held a lock is lost' })
  await deaf.end()
  const session = await openSession(one.pool, 'a lock')
  await expect(session.unlock('select pg_advisory_unlock(1) as freed', [])).rejects.toMatchObject({ kind: 'unreachable' })
  expect(session.lost.aborted).toBe(true)
  await session.end()
})

it('and every other session ends soon after its host is gone', async () => {
  const asked = `select name, setting::int from pg_settings where name ~ '^tcp_|^idle_in_tr' order by 1`
  const session = await openSession(one.pool, 'a lock')
  const bounds = [
    { name: 'idle_in_transaction_session_timeout', setting: 300_000 },
    { name: 'tcp_keepalives_count', setting: 3 },
    { name: 'tcp_keepalives_idle', setting: 10 },
    { name: 'tcp_keepalives_interval', setting: 5 },
    { name: 'tcp_user_timeout', setting: 30_000 },
  ]
  expect([await session.ask(asked), (await one.pool.query(asked)).rows]).toEqual([bounds, bounds])
  expect(one.pool.options).toMatchObject({ keepAlive: true, keepAliveInitialDelayMillis: 10_000 })
  await session.end()
})

it('lets deliveries go to another connection when a commit hangs, and sends away what is too much', async () => {
  const stuck = await other.pool.connect()
  await stuck.query('begin; lock table inbox in access exclusive mode')
  const bells = { ring: async () => undefined, onRung: () => undefined, onFailure: () => undefined }
  const hearing = createHearing(one.db, bells, { commitMs: 50, events: 2 })
  const event = (n: number): HeardEvent => ({
    key: n.toString(16).padStart(32, '0'),
    connection: 'hubspot',
    object: 'contacts',
    id: String(n),
    kind: 'changed',
    at: 1_790_000_000_000,
  })
  const hung = hearing.add([event(1)])
  const waits = hearing.add([event(2), event(3)])
  await expect(hearing.add([event(4)])).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringContaining('more events') })
  await expect(hung).rejects.toMatchObject({ kind: 'unreachable' })
  await stuck.query('rollback')
  stuck.release()
  await Promise.allSettled([waits])
  await hearing.add([event(1), event(2)])
  await hearing.stop()
})

it('leaves the pool to the work, however many connections are held', async () => {
  const names = Array.from({ length: one.pool.options.max! + 2 }, (_, index) => `portal ${index}`)
  const locks = await Promise.all(names.map((name) => lockConnection(one, name)))
  expect((await one.pool.query('select 1 as answer')).rows).toEqual([{ answer: 1 }])
  await Promise.all(locks.map((lock) => lock!.release()))
})

it('is written down as what it turned out to be: a first sweep reads everything unasked', async () => {
  const id = await startSweep(one.db, 'hubspot', 'delta', '2026-03-01T00:00:00Z')
  await finishSweep(one.db, id, '2026-03-01T00:10:00Z', 'full', '{"mode":"full"}')
  expect((await one.pool.query('select mode, summary from sweep')).rows).toEqual([{ mode: 'full', summary: '{"mode":"full"}' }])
})

it('keeps what it found of a connection whose fields nobody ever tidied up, and once only', async () => {
  const { id } = await ensureSource(one.db, 'portal', 'hubspot', 'contacts')
  const fields = Array.from({ length: 1_000 }, (_, i) => `survey_${i}_${hash('sha256', String(i), 'hex').slice(0, 20)}`).sort()
  const unused = {
    rule: 'minimisation.unused-field',
    kind: 'minimisation',
    severity: 'low',
    fields,
    remedy: 'Delete.',
    ref: 'GDPR art. 5',
  } as const
  for (let sweep = 0; sweep < 2; sweep++) await saveConnectionFindings(one.db, id, 'minimisation', [unused, unused])
  expect(await countFindings(one.db, {})).toEqual([
    { connection: 'portal', object: 'contacts', kind: 'minimisation', rule: unused.rule, severity: 'low', records: 0 },
  ])
})
