/** What a process holds in memory of the stored addresses spares it questions, and never a link: whoever else stores records meanwhile. */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createKnownHashes, type KnownHashes } from '../../../src/store/known-hashes.ts'
import { applyBatch } from '../../../src/tasks/sweep/batch.ts'
import { consumer, hubspot, world } from '../../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { openBench, record, type Bench } from '../bench.ts'

const asksAlways: KnownHashes = { follow: () => undefined, begin: () => undefined, add: () => undefined, mayBeStored: () => true }
/** Record `id` of CRM `side` as worker `worker` stores it, or fails to. `names`: a record of the second CRM that one of the first knows. */
type Step = { worker: number; side: number; id: number; emails: readonly string[]; names?: number | undefined; mode: 'keep' | 'dry run' }

let server: TestPostgres
let bench: Bench
let sides: Awaited<ReturnType<Bench['add']>>[]
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())
beforeEach(async () => {
  bench = await openBench(server.url)
  const crossIds = [{ field: 'salesforcecontactid', crm: 'hubspot', connection: 'two', object: 'contacts' }]
  sides = [await bench.add('one', world({ connection: 'one', mapping: { ...hubspot, crossIds } }).judge), await bench.add('two')]
})
afterEach(() => bench.close())

function take(hashes: KnownHashes, { side, id, emails, names, mode }: Omit<Step, 'worker'>): Promise<unknown> {
  const [email = null, ...further] = emails
  const fields = {
    ...consumer,
    email,
    hs_additional_emails: further.join(';') || null,
    salesforcecontactid: names === undefined ? null : String(names),
  }
  const batch = { records: [record(String(id), fields)], gone: [] }
  return applyBatch({ ...bench.shell, hashes }, bench.landscape, sides[side]!.target, batch, mode)
}

/** Who is one person with whom. */
async function people(): Promise<string[]> {
  const { rows } = await sql<{ records: string }>`
    select string_agg(source || '/' || id, ' ' order by source, id) as records from record group by coalesce(subject::text, source || '/' || id)
    order by 1`.execute(bench.shell.db)
  return rows.map(({ records }) => records)
}

const kept = { mode: 'keep' } as const

describe('hashes that a process holds in memory', () => {
  it('spare the questions of a first pull, and link those who share an address all the same', async () => {
    const { hashes } = bench.shell
    await take(hashes, { ...kept, side: 0, id: 1, emails: ['a@example.fr', 'b@example.fr'] })
    await take(hashes, { ...kept, side: 0, id: 2, emails: ['c@example.fr'] })
    await take(hashes, { ...kept, side: 1, id: 3, emails: ['d@example.fr', 'b@example.fr'] })
    expect(hashes.mayBeStored('4711')).toBe(false)
    const [first, second] = sides.map(({ target }) => target.source.id)
    expect(await people()).toEqual([`${first}/1 ${second}/3`, `${first}/2`])
  })

  it('tell of a record that another CRM has named before it came', async () => {
    const { hashes } = bench.shell
    await take(hashes, { ...kept, side: 0, id: 1, emails: ['a@example.fr'], names: 9 })
    await take(hashes, { ...kept, side: 1, id: 8, emails: ['b@example.fr'] })
    await take(hashes, { ...kept, side: 1, id: 9, emails: ['c@example.fr'] })
    const [first, second] = sides.map(({ target }) => target.source.id)
    expect(await people()).toEqual([`${first}/1 ${second}/9`, `${second}/8`])
  })

  it('are not relied on once another process has stored somebody', async () => {
    const [ours, theirs] = [createKnownHashes(), createKnownHashes()]
    await take(ours, { ...kept, side: 0, id: 1, emails: ['a@example.fr'] })
    await take(theirs, { ...kept, side: 1, id: 2, emails: ['b@example.fr'] })
    await take(ours, { ...kept, side: 0, id: 3, emails: ['b@example.fr'] })
    const [first, second] = sides.map(({ target }) => target.source.id)
    expect(await people()).toEqual([`${first}/1`, `${first}/3 ${second}/2`])
  })

  it('lead to the same people as asking each time, in any order of workers, records and failures', async () => {
    const email = fc.constantFrom(...'abcdefgh').map((name) => `${name}@example.fr`)
    const step: fc.Arbitrary<Step> = fc.record({
      worker: fc.nat(1),
      side: fc.nat(1),
      id: fc.integer({ min: 1, max: 4 }),
      emails: fc.uniqueArray(email, { minLength: 1, maxLength: 2 }),
      names: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      mode: fc.constantFrom('keep', 'keep', 'keep', 'dry run'),
    })
    const run = async (steps: readonly Step[], workers: readonly KnownHashes[]): Promise<string[]> => {
      await sql`truncate record, identifier, recheck, patch`.execute(bench.shell.db)
      for (const { worker, ...one } of steps) await take(workers[worker]!, one)
      return people()
    }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
        expect(await run(steps, [createKnownHashes(), createKnownHashes()])).toEqual(await run(steps, [asksAlways, asksAlways]))
      }),
      { numRuns: 30 },
    )
  })
})
