import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CrmRecord, Gone } from '../../src/connectors/connector.ts'
import { applyBatch } from '../../src/tasks/batch.ts'
import { recheck } from '../../src/tasks/recheck.ts'
import type { Target } from '../../src/tasks/shell.ts'
import { consumer, proved } from '../core/judge-world.ts'
import { consentOf, storedRows } from '../flows/stored.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { always, goneRecord, openBench, record, type Bench, type PlayedCrm, type Values } from './bench.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

/** No two of the first 676 are alike. */
const given = (n: number): string => `L${String.fromCharCode(97 + (Math.floor(n / 26) % 26), 97 + (n % 26))}`
const agreed = { ...consumer, ...proved('newsletter_email') }
const out = { ...agreed, hs_email_optout: 'true' }

describe.each([
  ['a function mailbox', 'info@gros-client.example.fr'],
  ['any other mailbox', 'planning@gros-client.example.fr'],
])('%s that more than twenty records share', (_name, email) => {
  let bench: Bench
  let one: { target: Target; crm: PlayedCrm }
  let two: { target: Target; crm: PlayedCrm }
  beforeEach(async () => {
    bench = await openBench(server.url)
    one = await bench.add('one')
    two = await bench.add('two')
  })
  afterEach(() => bench.close())

  const reader = (n: number, values: Values = agreed): CrmRecord => record(String(n), { ...values, email, firstname: given(n) })
  const take = async ({ target, crm }: typeof one, records: readonly CrmRecord[], gone: readonly Gone[] = []): Promise<void> => {
    for (const each of records) crm.held.set(each.ref.id, each)
    for (const each of gone) crm.held.delete(each.ref.id)
    await applyBatch(bench.shell, bench.house, target, { records, gone }, 'keep')
  }
  const settle = async (): Promise<number> => {
    let asked = 0
    for (const { target } of [one, two, one, two])
      asked += await recheck(bench.shell, bench.house, target, { which: 'all', onBatch: () => undefined }, always)
    return asked
  }
  const states = async (): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {}
    for (const row of (await storedRows(bench.shell.db)).values()) if (!row.gone) counts[consentOf(row)] = (counts[consentOf(row)] ?? 0) + 1
    return counts
  }
  const fill = async (): Promise<void> => {
    await take(
      one,
      Array.from({ length: 22 }, (_, index) => reader(100 + index)),
    )
    await take(
      two,
      Array.from({ length: 8 }, (_, index) => reader(200 + index)),
    )
    await settle()
  }

  it('passes a later objection of one of them on to all, and settles', async () => {
    await fill()
    expect(await states()).toEqual({ granted: 30 })
    await take(one, [reader(121, out)])
    await settle()
    expect(await states()).toEqual({ withdrawn: 30 })
    await take(one, [reader(121, { ...out, jobtitle: 'Directrice' })])
    expect(await settle()).toBe(0)
  })

  it('passes the objection of the first on to those who come later, also once its record is gone', async () => {
    await take(one, [reader(100, out)])
    await fill()
    // `fill` shows 100 without its box: the withdrawal is remembered.
    expect(await states()).toEqual({ withdrawn: 30 })
    await take(one, [], [goneRecord('100')])
    await take(two, [reader(250)])
    await settle()
    expect(await states()).toEqual({ withdrawn: 30 })
  })

  it('is free again when the one who refused takes another address', async () => {
    await fill()
    await take(two, [reader(207, out)])
    await settle()
    await take(two, [record('207', { ...out, email: 'parti@example.fr' })])
    await settle()
    expect(await states()).toEqual({ granted: 29, withdrawn: 1 })
  })

  it('hears of an objection that one of them inherits from a merged record with another address', async () => {
    await take(one, [record('300', { ...out, email: 'ailleurs@example.fr', firstname: 'Zoé', lastname: 'Autre' })])
    await fill()
    expect(await states()).toEqual({ granted: 30, withdrawn: 1 })
    await take(one, [], [goneRecord('300', '121')])
    await settle()
    expect(await states()).toEqual({ withdrawn: 30 })
  })
})
