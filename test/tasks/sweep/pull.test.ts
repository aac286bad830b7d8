import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest'
import { ConnectorError } from '../../../src/connectors/connector.ts'
import type { JudgedRecord, RawFields } from '../../../src/core/judge/judge.ts'
import { loadSource } from '../../../src/store/sources.ts'
import { openAssessing } from '../../../src/tasks/judge/assess-thread.ts'
import { pull } from '../../../src/tasks/sweep/pull.ts'
import type { Target } from '../../../src/tasks/shell.ts'
import { answersOf, consumer, world } from '../../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { storedRows } from '../../flows/stored.ts'
import { always, openBench, record, type Bench, type PlayedCrm, rechecksOf } from '../bench.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

describe('a pull', () => {
  let bench: Bench
  let target: Target
  let crm: PlayedCrm
  beforeEach(async () => {
    bench = await openBench(server.url)
    const added = await bench.add('hubspot')
    target = added.target
    crm = added.crm
  })
  afterEach(() => bench.close())
  const run = (one: Target, full = false) =>
    pull(bench.shell, bench.landscape, one, { full, onBatch: () => undefined, thread: openAssessing() }, always)
  const broken = new ConnectorError('unavailable', 'the CRM fell over')
  const [first, second] = [record('101', consumer), record('102', { ...consumer, email: 'alex.petit@example.fr', firstname: 'Alex' })]

  it('judges everybody again when the policy goes back to the old one in the middle of the change', async () => {
    crm.pages = [{ records: [first, second] }]
    await run(target)
    const before = await storedRows(bench.shell.db)
    const { judge } = world()
    const stricter = {
      ...judge,
      record: (fields: RawFields): JudgedRecord => {
        const read = judge.record(fields)
        return { ...answersOf(read), judge: (context) => ({ ...read.judge(context), status: 'blocked' }) }
      },
    }
    crm.pages = [{ records: [first] }, broken]
    await expect(run({ ...target, judge: stricter, policy: 'policy B' })).rejects.toBe(broken)
    expect((await storedRows(bench.shell.db)).get('contacts/101')!.verdict!.status).toBe('blocked')
    crm.pages = [{ records: [first, second] }]
    expect(await run(target)).toMatchObject({ mode: 'full', records: 2 })
    expect(crm.reads).toEqual([null, null, null])
    expect(await storedRows(bench.shell.db)).toEqual(before)
    expect(await loadSource(bench.shell.db, target.source.id)).toMatchObject({ policy: 'policy A', fullSince: null, position: null })
  })

  it('rings for records behind the last page before it counts as finished', async () => {
    crm.pages = [{ records: [first, second] }]
    await run(target)
    crm.pages = [{ records: [first] }]
    const dying = { ...bench.shell, oneAtATime: () => Promise.reject(new Error('killed')) }
    await expect(
      pull(dying, bench.landscape, target, { full: true, onBatch: () => undefined, thread: openAssessing() }, always),
    ).rejects.toThrow('killed')
    expect(await rechecksOf(bench, target.source.id)).toEqual(['102'])
  })

  it('leaves a source as it was while not one page of a full pull has come, and goes on where one broke', async () => {
    const { id } = target.source
    crm.pages = [{ records: [first, second] }]
    await run(target)
    const before = await loadSource(bench.shell.db, id)
    crm.pages = [broken]
    await expect(run(target, true)).rejects.toBe(broken)
    expect(await loadSource(bench.shell.db, id)).toEqual(before)
    crm.pages = [{ records: [first] }, broken]
    await expect(run(target, true)).rejects.toBe(broken)
    crm.pages = [{ records: [second] }]
    expect(await run(target, true)).toMatchObject({ mode: 'full', records: 1 })
    expect(crm.reads).toEqual([null, null, null, 'page 1'])
    expect(await rechecksOf(bench, id)).toEqual([])
  })

  it('takes nothing for stored that a broken connection has lost', async () => {
    crm.pages = [{ records: [first] }]
    const cut = {
      ...bench.shell,
      ring: async (trx: typeof bench.shell.db) => void (await sql`select pg_terminate_backend(pg_backend_pid())`.execute(trx)),
    }
    await expect(
      pull(cut, bench.landscape, target, { full: false, onBatch: () => undefined, thread: openAssessing() }, always),
    ).rejects.toThrow()
    crm.pages = [{ records: [first, second] }]
    await run(target)
    const stored = await storedRows(bench.shell.db)
    expect([...stored.values()].map(({ verdict }) => verdict?.status)).toEqual(['ok', 'ok'])
  })
})
