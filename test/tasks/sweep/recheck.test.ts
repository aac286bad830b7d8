import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { takeCensus } from '../../../src/store/census.ts'
import { countFindings, listFindings } from '../../../src/store/findings.ts'
import { saveRechecks } from '../../../src/store/outbox.ts'
import { applyBatch } from '../../../src/tasks/sweep/batch.ts'
import { takeTurn } from '../../../src/store/records.ts'
import { recheck } from '../../../src/tasks/sweep/recheck.ts'
import { ringDue } from '../../../src/tasks/sweep/sweep.ts'
import { consumer, proved } from '../../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { always, goneRecord, openBench, record, type Bench } from '../bench.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

describe('reading again', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await openBench(server.url)
  })
  afterEach(() => bench.close())

  it('goes on until nobody is rung for, those included whose turn had passed', async () => {
    const { target, crm } = await bench.add('one')
    const twins = [record('101', consumer), record('999', { ...consumer, ...proved('newsletter_email') })]
    await applyBatch(bench.shell, bench.landscape, target, { records: twins, gone: [] }, 'keep')
    // The last of the list turns out to be gone, and rings for the first.
    crm.held.set('101', twins[0]!)
    const list = ['101', '999'].map((id) => ({ source: target.source.id, id, reason: 'due' as const }))
    await saveRechecks(bench.shell.db, list)
    const asked: string[][] = []
    const one = { ...target.connector, limits: { ...target.connector.limits, idsPerGet: 1 } }
    const connector: typeof one = {
      ...one,
      get: (request, signal) => {
        asked.push([...request.ids])
        return one.get(request, signal)
      },
    }
    expect(await recheck(bench.shell, bench.landscape, { ...target, connector }, { which: 'all', onBatch: () => undefined }, always)).toBe(
      3,
    )
    expect(asked).toEqual([['101'], ['999'], ['101']])
  })

  it('is asked for of all whose day has come, once, and does not wait for the turn to look for them', async () => {
    const { target } = await bench.add('one')
    const { db } = bench.shell
    const { id } = target.source
    const waiting = async (): Promise<unknown> =>
      (await sql`select count(*)::int as records, max(rung)::int as rung, min(reason) as reason from recheck`.execute(db)).rows[0]
    await db.transaction().execute(async (trx) => {
      await takeTurn(trx)
      // It would wait for ever.
      await ringDue(bench.shell, target)
    })
    expect(await waiting()).toEqual({ records: 0, rung: null, reason: null })
    // More than are put on the list at once; the last two are not due yet, or gone.
    await sql`
      insert into record (source, id, verdict, review_on, memory)
      select ${id}, n::text, case n when 12346 then -1 else 0 end, date '2026-11-21' + (n = 12345)::int, decode(repeat('00', 9), 'hex') from generate_series(1, 12346) as n`.execute(
      db,
    )
    await ringDue(bench.shell, target)
    const all = await waiting()
    await ringDue(bench.shell, target)
    expect([all, await waiting()]).toEqual([{ records: 12_344, rung: expect.any(Number), reason: 'due' }, all])
  })
})

describe('the list of findings', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await openBench(server.url)
  })
  afterEach(() => bench.close())

  it('comes in the order of sources, of ids as the CRM numbers them, and of rules, filtered and cut', async () => {
    const [one, two] = [await bench.add('one'), await bench.add('two')]
    const card = { message: 'carte 4970 1000 0000 0006' }
    const records = ['99', '100', '101'].map((id) => record(id, { ...card, email: `p${id}@example.fr` }))
    await applyBatch(bench.shell, bench.landscape, two.target, { records, gone: [] }, 'keep')
    await applyBatch(
      bench.shell,
      bench.landscape,
      one.target,
      { records: [record('7', { ...card, email: 'p7@example.fr' })], gone: [] },
      'keep',
    )
    await applyBatch(bench.shell, bench.landscape, two.target, { records: [], gone: [goneRecord('101')] }, 'keep')
    const held = (records: number): object => [{ object: 'contacts', records, acted: 0 }]
    const censuses = [await takeCensus(bench.shell.db, 'one'), await takeCensus(bench.shell.db, 'two')]
    expect(censuses).toEqual([
      { statuses: { blocked: 1 }, findings: { consent: 1, retention: 1, sensitive: 1 }, held: held(1) },
      { statuses: { blocked: 2 }, findings: { consent: 2, retention: 2, sensitive: 2 }, held: held(2) },
    ])
    const all = await listFindings(bench.shell.db, {}, 1_000)
    const sorted = all.map((row) => [row.connection, Number(row.id), row.rule])
    expect(sorted).toEqual(sorted.toSorted((a, b) => (String(a) === String(b) ? 0 : compare(a, b))))
    const cards = (await listFindings(bench.shell.db, { kind: 'sensitive' }, 1_000)).map(
      (row) => `${row.connection}/${row.id} ${row.fields.join()}`,
    )
    expect(cards).toEqual(['one/7 message', 'two/99 message', 'two/100 message'])
    expect(await listFindings(bench.shell.db, { kind: 'sensitive', connection: 'two' }, 1)).toEqual([
      all.find((row) => row.id === '99' && row.kind === 'sensitive'),
    ])
    expect(await listFindings(bench.shell.db, { rule: 'no.such_rule' }, 10)).toEqual([])
  })

  it('of one connection is counted without a look at the records of another, however many those are', async () => {
    const { db } = bench.shell
    const [{ target }, foreign] = [await bench.add('one'), await bench.add('two')]
    await applyBatch(
      bench.shell,
      bench.landscape,
      target,
      { records: [record('7', { message: 'carte 4970 1000 0000 0006', email: 'p7@example.fr' })], gone: [] },
      'keep',
    )
    await sql`
      insert into record (source, id, verdict, memory)
      select ${foreign.target.source.id}, n::text, verdict, memory from record, generate_series(1000, 5999) as n order by n`.execute(db)
    await sql`analyze record`.execute(db)
    const read = await db.transaction().execute(async (trx) => {
      const counted = [await takeCensus(trx, 'one'), await countFindings(trx, { connection: 'one' })]
      expect(counted).toMatchObject([{ held: [{ records: 1 }] }, [{ records: 1 }, { records: 1 }, { records: 1 }]])
      const { rows } = await sql<{ read: number }>`
        select pg_stat_get_xact_tuples_returned(oid) + pg_stat_get_xact_tuples_fetched(oid) as read from pg_class where relname = 'record'`.execute(
        trx,
      )
      return rows[0]!.read
    })
    expect(read).toBeLessThan(10)
  })
})

function compare(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index]
    if (value !== other) return (value as string) < (other as string) ? -1 : 1
  }
  return 0
}
