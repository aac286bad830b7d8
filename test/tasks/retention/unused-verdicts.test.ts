import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emptyDictionary, loadDictionary } from '../../../src/store/dictionary.ts'
import { applyBatch } from '../../../src/tasks/sweep/batch.ts'
import type { Shell, Target } from '../../../src/tasks/shell.ts'
import { forgetUnusedVerdicts } from '../../../src/tasks/retention/unused-verdicts.ts'
import { consumer, proved } from '../../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { openBench, record, type Bench, type Values } from '../bench.ts'

let server: TestPostgres
let bench: Bench
let target: Target
beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
  target = (await bench.add('one')).target
})
afterAll(async () => {
  await bench.close()
  await server.stop()
})

/** Another process on the same database, which knows by heart what was stored when it began. */
async function worker(): Promise<Shell> {
  const dictionary = emptyDictionary()
  await loadDictionary(bench.shell.db, dictionary)
  let queue: Promise<unknown> = Promise.resolve()
  const oneAtATime: Shell['oneAtATime'] = (work) => {
    const turn = queue.then(work)
    queue = turn.catch(() => undefined)
    return turn
  }
  return { ...bench.shell, dictionary, oneAtATime }
}
const yes: Values = { ...consumer, ...proved('newsletter_email') }
const no: Values = { ...consumer, consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: '2026-07-01T10:00:00Z' }
/** Each with an address of its own, so that they are nobody's together. */
const store = (shell: Shell, id: number, values: Values): Promise<unknown> =>
  applyBatch(
    shell,
    bench.landscape,
    target,
    { records: [record(String(id), { ...values, email: `p${id}@example.fr` })], gone: [], force: true },
    'keep',
  )
/** Verdicts that are stored and that records have; records whose verdict is nowhere. */
const counts = async (): Promise<{ stored: number; used: number; dangling: number }> => {
  const { rows } = await sql<{ stored: number; used: number; dangling: number }>`
    select (select count(*) from verdict)::int as stored, (select count(distinct verdict) from record where verdict > 0)::int as used,
      (select count(*) from record r where r.verdict > 0 and not exists (select from verdict v where v.id = r.verdict))::int as dangling`.execute(
    bench.shell.db,
  )
  return rows[0]!
}

describe('a verdict that no record has any more', () => {
  it('goes the night after it was found, and comes back under another number for a worker that remembers the old one', async () => {
    const other = await worker()
    await store(other, 1, yes)
    await store(bench.shell, 1, no)
    await store(bench.shell, 2, yes)
    await store(bench.shell, 2, no)
    expect(await counts()).toEqual({ stored: 2, used: 1, dangling: 0 })
    expect(await forgetUnusedVerdicts(bench.shell)).toBe(0)
    await store(other, 3, yes)
    expect(await counts()).toEqual({ stored: 3, used: 2, dangling: 0 })
    expect(await forgetUnusedVerdicts(other)).toBe(1)
    expect(await counts()).toEqual({ stored: 2, used: 2, dangling: 0 })
    await store(bench.shell, 4, yes)
    expect(await counts()).toEqual({ stored: 2, used: 2, dangling: 0 })
  })

  it('has no worker read all the others anew more than once when thousands end in one night, as after a change of the policy', async () => {
    const { db } = bench.shell
    const age = async (): Promise<number> => (await sql<{ age: number }>`select age from verdict_age`.execute(db)).rows[0]!.age
    await sql`insert into verdict (key, body) select gen_random_uuid(), '[]' from generate_series(1, 3000)`.execute(db)
    const before = await age()
    await forgetUnusedVerdicts(bench.shell)
    expect([(await age()) - before, await forgetUnusedVerdicts(bench.shell)]).toEqual([1, 3_000])
  })

  it('never goes while a record has it, however workers come and go beside those who look', async () => {
    const [one, two] = [await worker(), await worker()]
    const old = { createdate: '2015-01-10T09:00:00Z', collection_date: '2015-01-10' }
    const kinds: readonly Values[] = [yes, no, consumer, { ...yes, ...old }, { ...no, ...old }, { ...consumer, ...old }]
    let busy = 2
    // One record each, so that at any moment most of the verdicts are nobody's.
    const flip = async (shell: Shell, id: number, step: number): Promise<void> => {
      for (let n = 0; n < 30; n++) {
        await store(shell, id, kinds[(n * step) % kinds.length]!)
        expect((await counts()).dangling).toBe(0)
      }
      busy--
    }
    const look = async (shell: Shell): Promise<void> => {
      while (busy > 0) await forgetUnusedVerdicts(shell)
    }
    await Promise.all([flip(one, 11, 1), flip(two, 12, 5), look(bench.shell), look(await worker())])
    for (let night = 0; night < 2; night++) await forgetUnusedVerdicts(one)
    const { stored, used, dangling } = await counts()
    expect([stored, dangling]).toEqual([used, 0])
  })
})
