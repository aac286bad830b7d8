import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CrmRecord, Gone } from '../../src/connectors/connector.ts'
import { consentOf, storedRows } from '../flows/stored.ts'
import { applyBatch } from '../../src/tasks/batch.ts'
import { recheck } from '../../src/tasks/recheck.ts'
import type { Target } from '../../src/tasks/shell.ts'
import { consumer, proved } from '../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { always, goneRecord, openBench, record, type Bench, type PlayedCrm, type Values } from './bench.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const days = (n: number): number => Date.parse('2026-06-01T12:00:00Z') + n * 86_400_000
const withdrawn = { ...consumer, consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: '2026-07-01T10:00:00Z' }
const agreed = { ...consumer, ...proved('newsletter_email') }

describe('a withdrawal', () => {
  let bench: Bench
  let one: { target: Target; crm: PlayedCrm }
  let two: { target: Target; crm: PlayedCrm }
  beforeEach(async () => {
    bench = await openBench(server.url)
    one = await bench.add('one')
    two = await bench.add('two')
  })
  afterEach(() => bench.close())

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
  const stateOf = async (id: string): Promise<string> => consentOf((await storedRows(bench.shell.db)).get(`contacts/${id}`))

  it('stays with the other record of the person when the link is cut', async () => {
    await take(two, [record('201', agreed)])
    await take(one, [record('101', withdrawn)])
    expect(await settle()).toBe(1)
    expect([await stateOf('101'), await stateOf('201')]).toEqual(['withdrawn', 'withdrawn'])
    await take(one, [record('101', { ...withdrawn, email: 'moved@example.fr' })])
    await settle()
    await take(two, [record('201', { ...agreed, jobtitle: 'Directrice' })])
    expect([await stateOf('101'), await stateOf('201')]).toEqual(['withdrawn', 'withdrawn'])
  })

  it('counts anew when a box without a date is un-ticked, a yes is given, and it is ticked again', async () => {
    const box = (more: Values): Values => ({ ...consumer, ...more })
    await take(one, [record('101', box({ consent_newsletter_email: 'withdrawn' }), days(0))])
    const yes = proved('newsletter_email', '2026-06-05T10:00:00Z')
    await take(one, [record('101', box(yes), days(4))])
    expect(await stateOf('101')).toBe('granted')
    await take(two, [record('201', box(yes), days(4))])
    await settle()
    await take(one, [record('101', box({ consent_newsletter_email: 'withdrawn' }), days(9))])
    await settle()
    expect([await stateOf('101'), await stateOf('201')]).toEqual(['withdrawn', 'withdrawn'])
  })

  it('goes down a chain of merges that one batch tells of, whether the last winner is in it or not', async () => {
    const other = (id: string, more: Values): CrmRecord =>
      record(id, { ...more, email: `p${id}@example.fr`, firstname: `Pat${'abcdefgh'[Number(id) % 8]}` })
    const known = [
      other('101', withdrawn),
      other('102', agreed),
      other('103', agreed),
      other('104', withdrawn),
      other('105', agreed),
      other('106', agreed),
    ]
    await take(one, known)
    expect([await stateOf('103'), await stateOf('106')]).toEqual(['granted', 'granted'])
    await take(one, [known[2]!], [goneRecord('101', '102'), goneRecord('102', '103'), goneRecord('104', '105'), goneRecord('105', '106')])
    await settle()
    expect([await stateOf('103'), await stateOf('106')]).toEqual(['withdrawn', 'withdrawn'])
  })

  it('reaches the winner of a merge that is told of when the loser is in its grave already, and once only', async () => {
    const other = (id: string, more: Values): CrmRecord =>
      record(id, { ...more, email: `m${id}@example.fr`, firstname: `Mo${'abcdefgh'[Number(id) % 8]}` })
    const known = [other('121', withdrawn), other('122', agreed)]
    await take(one, known)
    await take(one, [known[1]!], [goneRecord('121')])
    await settle()
    expect(await stateOf('122')).toBe('granted')
    await take(one, [], [goneRecord('121', '122')])
    expect([(await settle()) > 0, await stateOf('122')]).toEqual([true, 'withdrawn'])
    await take(one, [], [goneRecord('121', '122')])
    expect(await settle()).toBe(0)
  })

  it('ends for both records of the person with a newer proved yes, and reading them again changes nothing more', async () => {
    await take(two, [record('201', consumer)])
    await take(one, [record('101', withdrawn)])
    await settle()
    await take(one, [record('101', { ...consumer, ...proved('newsletter_email', '2026-08-01T10:00:00Z') })])
    await settle()
    expect([await stateOf('101'), await stateOf('201')]).toEqual(['granted', 'granted'])
    const before = await storedRows(bench.shell.db)
    await applyBatch(bench.shell, bench.house, one.target, { records: [...one.crm.held.values()], gone: [], force: true }, 'keep')
    await applyBatch(bench.shell, bench.house, two.target, { records: [...two.crm.held.values()], gone: [], force: true }, 'keep')
    expect(await settle()).toBe(0)
    expect(await storedRows(bench.shell.db)).toEqual(before)
  })
})
