import { hash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { countFindings } from '../../src/store/findings.ts'
import { ensureSource, saveConnectionFindings } from '../../src/store/sources.ts'
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
