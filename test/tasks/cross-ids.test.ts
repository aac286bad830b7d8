import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import { hubspot, world } from '../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { openBench, record } from './bench.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

it('an id that a record names is looked for in the connection that is meant, and in no other of the same CRM', async () => {
  const bench = await openBench(server.url)
  try {
    const mapping = { ...hubspot, crossIds: [{ field: 'salesforcecontactid', crm: 'hubspot', connection: 'two', object: 'contacts' }] }
    const one = await bench.add('one', world({ connection: 'one', mapping }).judge)
    const [two, three] = [await bench.add('two'), await bench.add('three')]
    const apply = (place: typeof one, id: string, email: string, more = {}) =>
      applyBatch(bench.shell, bench.landscape, place.target, { records: [record(id, { email, ...more })], gone: [] }, 'keep')
    await apply(three, '300', 'c@example.fr', { hs_email_optout: 'true' })
    await apply(two, '300', 'b@example.fr')
    await apply(one, '7', 'a@example.fr', { salesforcecontactid: '300' })
    await apply(three, '300', 'c@example.fr', { hs_email_optout: 'true', jobtitle: 'Directrice' })
    const { rows } = await sql<{ connection: string; linked: boolean; facts: number }>`
      select s.connection, r.subject is not null as linked, greatest(length(r.memory) - 12, 0) / 8 as facts
      from record r join source s on s.id = r.source order by 1`.execute(bench.shell.db)
    expect(rows).toEqual([
      { connection: 'one', linked: true, facts: 0 },
      { connection: 'three', linked: false, facts: 1 },
      { connection: 'two', linked: true, facts: 0 },
    ])
  } finally {
    await bench.close()
  }
})
