import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CrmRecord } from '../../src/connectors/connector.ts'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import { recheck } from '../../src/tasks/sweep/recheck.ts'
import { storedRows } from '../flows/stored.ts'
import { consumer, proved } from '../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { randomFrom } from '../prove/random.ts'
import { always, openBench, record, type Values } from './bench.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const old = { createdate: '2019-01-10T09:00:00Z', collection_date: '2019-01-10' }
const parts: readonly (readonly Values[])[] = [
  [{}, old],
  [{}, {}, { processing_restricted: 'true' }],
  [{}, {}, { legal_hold: 'true' }],
  [{}, {}, { date_of_birth: '2008-02-02' }, { date_of_birth: '2013-02-02' }, { date_of_birth: '1980-02-02' }],
  [{}, { customer_since: '2020-02-01', contract_status: 'active' }, { customer_since: '2020-02-01', contract_end_date: '2023-02-01' }],
  [{}, proved('newsletter_email', '2022-06-01T10:00:00Z'), proved('newsletter_email')],
]

it('what binds a person ends in the same verdicts, whatever was changed in between and whichever CRM was read first', async () => {
  const random = randomFrom(20_261_123)
  const pick = <T>(some: readonly T[]): T => some[random(some.length)]!
  const bench = await openBench(server.url)
  try {
    const sides = [await bench.add('one'), await bench.add('two')]
    const take = async (side: number, records: readonly CrmRecord[]): Promise<void> => {
      const { target, crm } = sides[side]!
      for (const each of records) crm.held.set(each.ref.id, each)
      await applyBatch(bench.shell, bench.landscape, target, { records, gone: [] }, 'keep')
    }
    const settle = async (): Promise<number> => {
      let asked = 0
      for (let again = -1; again !== asked;) {
        again = asked
        for (const { target } of sides)
          asked += await recheck(bench.shell, bench.landscape, target, { which: 'all', onBatch: () => undefined }, always)
      }
      return asked
    }
    const anyone = (email: string): Values => Object.assign({}, consumer, ...parts.map((some) => pick(some)), { email })
    for (let trial = 0; trial < 12; trial++) {
      const [changed, fresh] = [`changed.${trial}@example.test`, `fresh.${trial}@example.test`]
      const places = [0, 1, random(2)].map((side, index) => ({ side, id: String(1000 + trial * 10 + index) }))
      for (let edit = 0; edit < 4; edit++) {
        const { side, id } = pick(places)
        await take(side, [record(id, anyone(changed))])
        if (random(2) === 0) await settle()
      }
      const last = places.map((place) => ({ ...place, fields: anyone(changed) }))
      for (const { side, id, fields } of random(2) === 0 ? last : last.toReversed()) await take(side, [record(id, fields)])
      await settle()
      expect(await settle()).toBe(0)
      for (const { side, id, fields } of last) await take(side, [record(`9${id}`, { ...fields, email: fresh })])
      await settle()
      const rows = await storedRows(bench.shell.db)
      const bodies = (prefix: string): unknown[] =>
        places.map(({ id }) => ({ ...rows.get(`contacts/${prefix}${id}`)!.verdict, on: rows.get(`contacts/${prefix}${id}`)!.reviewOn }))
      expect(bodies(''), `trial ${trial}: ${JSON.stringify(last)}`).toEqual(bodies('9'))
    }
  } finally {
    await bench.close()
  }
})
