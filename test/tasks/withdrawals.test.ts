import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CrmRecord } from '../../src/connectors/connector.ts'
import { consentOf, storedRows } from '../flows/stored.ts'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import { consumer, proved } from '../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { goneRecord, record, type Values } from './bench.ts'
import { useTwoCrms } from './two-crms.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const days = (n: number): number => Date.parse('2026-06-01T12:00:00Z') + n * 86_400_000
const withdrawn = { ...consumer, consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: '2026-07-01T10:00:00Z' }
const agreed = { ...consumer, ...proved('newsletter_email') }

describe('a withdrawal', () => {
  const crms = useTwoCrms(() => server.url)
  const { take, settle } = crms

  const stateOf = async (id: string): Promise<string> => consentOf((await storedRows(crms.bench.shell.db)).get(`contacts/${id}`))

  it('stays with the other record of the person when the link is cut', async () => {
    await take(crms.two, [record('201', agreed)])
    await take(crms.one, [record('101', withdrawn)])
    expect(await settle()).toBe(1)
    expect([await stateOf('101'), await stateOf('201')]).toEqual(['withdrawn', 'withdrawn'])
    await take(crms.one, [record('101', { ...withdrawn, email: 'moved@example.fr' })])
    await settle()
    await take(crms.two, [record('201', { ...agreed, jobtitle: 'Directrice' })])
    expect([await stateOf('101'), await stateOf('201')]).toEqual(['withdrawn', 'withdrawn'])
  })

  it('of an address with a plus tag reaches who is written to without it, and the other way round', async () => {
    const tagged = { email: 'lea+news@example.fr' }
    const plain = { email: 'lea@example.fr', firstname: 'Lea', lastname: 'Roche' }
    await take(crms.two, [record('201', { ...agreed, ...plain })])
    await take(crms.one, [record('101', { ...withdrawn, ...tagged })])
    await settle()
    expect(await stateOf('201')).toBe('withdrawn')
    await take(crms.two, [record('202', { ...withdrawn, email: 'zoe@example.fr' })])
    await take(crms.one, [record('102', { ...agreed, email: 'zoe+shop@example.fr', firstname: 'Zoe', lastname: 'Roche' })])
    expect(await stateOf('102')).toBe('withdrawn')
  })

  it('counts anew when a box without a date is un-ticked, a yes is given, and it is ticked again', async () => {
    const box = (more: Values): Values => ({ ...consumer, ...more })
    await take(crms.one, [record('101', box({ consent_newsletter_email: 'withdrawn' }), days(0))])
    const yes = proved('newsletter_email', '2026-06-05T10:00:00Z')
    await take(crms.one, [record('101', box(yes), days(4))])
    expect(await stateOf('101')).toBe('granted')
    await take(crms.two, [record('201', box(yes), days(4))])
    await settle()
    await take(crms.one, [record('101', box({ consent_newsletter_email: 'withdrawn' }), days(9))])
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
    await take(crms.one, known)
    expect([await stateOf('103'), await stateOf('106')]).toEqual(['granted', 'granted'])
    await take(
      crms.one,
      [known[2]!],
      [goneRecord('101', '102'), goneRecord('102', '103'), goneRecord('104', '105'), goneRecord('105', '106')],
    )
    await settle()
    expect([await stateOf('103'), await stateOf('106')]).toEqual(['withdrawn', 'withdrawn'])
  })

  it('reaches the winner of a merge that is told of when the loser is in its grave already, and once only', async () => {
    const other = (id: string, more: Values): CrmRecord =>
      record(id, { ...more, email: `m${id}@example.fr`, firstname: `Mo${'abcdefgh'[Number(id) % 8]}` })
    const known = [other('121', withdrawn), other('122', agreed)]
    await take(crms.one, known)
    await take(crms.one, [known[1]!], [goneRecord('121')])
    await settle()
    expect(await stateOf('122')).toBe('granted')
    await take(crms.one, [], [goneRecord('121', '122')])
    expect([(await settle()) > 0, await stateOf('122')]).toEqual([true, 'withdrawn'])
    await take(crms.one, [], [goneRecord('121', '122')])
    expect(await settle()).toBe(0)
  })

  it('ends for both records of the person with a newer proved yes, and reading them again changes nothing more', async () => {
    await take(crms.two, [record('201', consumer)])
    await take(crms.one, [record('101', withdrawn)])
    await settle()
    await take(crms.one, [record('101', { ...consumer, ...proved('newsletter_email', '2026-08-01T10:00:00Z') })])
    await settle()
    expect([await stateOf('101'), await stateOf('201')]).toEqual(['granted', 'granted'])
    const before = await storedRows(crms.bench.shell.db)
    await applyBatch(
      crms.bench.shell,
      crms.bench.landscape,
      crms.one.target,
      { records: [...crms.one.crm.held.values()], gone: [], force: true },
      'keep',
    )
    await applyBatch(
      crms.bench.shell,
      crms.bench.landscape,
      crms.two.target,
      { records: [...crms.two.crm.held.values()], gone: [], force: true },
      'keep',
    )
    expect(await settle()).toBe(0)
    expect(await storedRows(crms.bench.shell.db)).toEqual(before)
  })
})
