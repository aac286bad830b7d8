import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CrmRecord } from '../../src/connectors/connector.ts'
import { storedRows } from '../flows/stored.ts'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import { recheck } from '../../src/tasks/sweep/recheck.ts'
import type { Target } from '../../src/tasks/shell.ts'
import { consumer, proved } from '../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { always, goneRecord, openBench, record, type Bench, type PlayedCrm, type Values, rechecksOf } from './bench.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const old = { ...consumer, createdate: '2020-01-10T09:00:00Z', collection_date: '2020-01-10' }
const clicked = (day: string): Values => ({ ...old, hs_email_last_click_date: `${day}T10:00:00Z` })

describe('what a person does', () => {
  let bench: Bench
  let one: { target: Target; crm: PlayedCrm }
  let two: { target: Target; crm: PlayedCrm }
  beforeEach(async () => {
    bench = await openBench(server.url)
    one = await bench.add('one')
    two = await bench.add('two')
  })
  afterEach(() => bench.close())

  const take = async ({ target, crm }: typeof one, taken: CrmRecord): Promise<void> => {
    crm.held.set(taken.ref.id, taken)
    await applyBatch(bench.shell, bench.landscape, target, { records: [taken], gone: [] }, 'keep')
  }
  const rung = async (): Promise<string[]> => [
    ...(await rechecksOf(bench, one.target.source.id)),
    ...(await rechecksOf(bench, two.target.source.id)),
  ]
  const settle = async (): Promise<void> => {
    for (const { target } of [one, two])
      await recheck(bench.shell, bench.landscape, target, { which: 'all', onBatch: () => undefined }, always)
  }
  /** Next day on which the end of each record is looked at, and what is due now. */
  const ends = async (): Promise<unknown[]> =>
    [...(await storedRows(bench.shell.db)).values()].map(({ ref, reviewOn, verdict }) => [
      ref,
      reviewOn,
      verdict!.findings.map(([rule]) => rule).filter((rule) => rule.startsWith('retention.')),
    ])

  it('rings for no other record of the person that says and shows the very same, as where one CRM copies the other', async () => {
    const both = { ...clicked('2026-11-20'), ...proved('newsletter_email') }
    await take(one, record('101', both))
    await take(two, record('201', both))
    expect(await rung()).toEqual([])
    await take(two, record('201', { ...both, ...proved('newsletter_email', '2026-06-02T10:00:00Z') }))
    expect(await rung()).toEqual(['101'])
  })

  it('keeps the other record of the person, whichever is read first', async () => {
    const both = [record('101', clicked('2026-11-20')), record('201', old)] as const
    await take(one, both[0])
    await take(two, both[1])
    await settle()
    const expected = [
      ['contacts/101', '2029-09-21', []],
      ['contacts/201', '2029-09-21', []],
    ]
    expect(await ends()).toEqual(expected)
    await bench.close()
    bench = await openBench(server.url)
    one = await bench.add('one')
    two = await bench.add('two')
    await take(two, both[1])
    expect(await ends()).toEqual([['contacts/201', null, ['retention.erase_due']]])
    await take(one, both[0])
    expect(await rung()).toEqual(['201'])
    await settle()
    expect(await ends()).toEqual(expected)
  })

  it('asks for the other record only if that moves its end, and for nobody where nobody is linked', async () => {
    await take(one, record('102', { ...clicked('2026-11-19'), email: 'alone@example.fr' }))
    await take(one, record('102', { ...clicked('2026-11-20'), email: 'alone@example.fr' }))
    await take(two, record('201', clicked('2026-11-18')))
    await take(one, record('101', clicked('2026-11-10')))
    await settle()
    expect(await rung()).toEqual([])
    await take(one, record('101', clicked('2026-11-12')))
    expect(await rung()).toEqual([])
    await take(one, record('101', clicked('2026-11-19')))
    expect(await rung()).toEqual(['201'])
    await settle()
    expect(await rung()).toEqual([])
  })

  it('counts no longer when the record that showed it is gone', async () => {
    await take(one, record('101', clicked('2026-11-20')))
    await take(two, record('201', old))
    await applyBatch(bench.shell, bench.landscape, one.target, { records: [], gone: [goneRecord('101')] }, 'keep')
    await settle()
    expect(await ends()).toEqual([['contacts/201', null, ['retention.erase_due']]])
  })

  it('keeps both when it cannot be read', async () => {
    await take(two, record('201', old))
    await take(one, record('101', { ...old, hs_email_last_click_date: 'garbage' }))
    await settle()
    expect(await ends()).toEqual([
      ['contacts/101', null, ['retention.start_unknown']],
      ['contacts/201', null, ['retention.start_unknown']],
    ])
  })
})
