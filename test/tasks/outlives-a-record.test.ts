import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CrmRecord, Gone } from '../../src/connectors/connector.ts'
import { settleRetired } from '../../src/store/retired.ts'
import { forgetConnection } from '../../src/tasks/connection/connections.ts'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import { recheck } from '../../src/tasks/sweep/recheck.ts'
import { consentOf, storedRows } from '../flows/stored.ts'
import { consumer, hubspot, professional, proved, world } from '../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { always, goneRecord, openBench, record, rechecksOf, type Values } from './bench.ts'
import { useTwoCrms } from './two-crms.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const restricted = { processing_restricted: 'true' }
/** Another address of the same person: nothing but a merge tells who it is. */
const other = { ...professional, email: 'c.martin@acier.example.fr' }
const old = { createdate: '2020-01-10T09:00:00Z', collection_date: '2020-01-10' }

describe('what binds a person', () => {
  const crms = useTwoCrms(() => server.url)
  const { take, settle } = crms
  const rulesOf = async (id: string): Promise<readonly string[]> =>
    (await storedRows(crms.bench.shell.db)).get(`contacts/${id}`)!.verdict!.findings.map(([rule]) => rule)
  const all = async (...ids: string[]): Promise<(readonly string[])[]> => Promise.all(ids.map(rulesOf))
  const tickAndUntick = async (side: typeof crms.one, id: string, fields: Values): Promise<void> => {
    await take(side, [record(id, { ...fields, ...restricted })])
    await settle()
    await take(side, [record(id, fields)])
    await settle()
  }

  it.each(['with the page of the winner', 'on a page of its own', 'before the other CRM is read'])(
    'outlives a merge that is told %s, until the box of the winner was ticked and un-ticked',
    async (when) => {
      const twin = (): Promise<void> => take(crms.two, [record('201', professional)])
      await take(crms.one, [record('101', professional), record('102', { ...other, ...restricted })])
      if (when !== 'before the other CRM is read') await twin()
      await take(crms.one, when === 'on a page of its own' ? [] : [record('101', professional)], [goneRecord('102', '101')])
      if (when === 'before the other CRM is read') await twin()
      await settle()
      expect(await all('101', '201')).toEqual([['consent.restricted'], ['consent.restricted']])
      expect(await settle()).toBe(0)
      await tickAndUntick(crms.one, '101', professional)
      expect(await all('101', '201')).toEqual([[], []])
    },
  )

  it('outlives one merge after the other', async () => {
    await take(crms.one, [record('101', professional), record('102', other), record('103', { ...other, ...restricted })])
    await take(crms.one, [], [goneRecord('103', '102')])
    await take(crms.one, [], [goneRecord('102', '101')])
    await settle()
    expect(await rulesOf('101')).toEqual(['consent.restricted'])
  })

  it('holds a merged record for a claim', async () => {
    await take(crms.one, [record('101', { ...professional, ...old }), record('102', { ...other, ...old, legal_hold: 'true' })])
    await take(crms.one, [record('101', { ...professional, ...old })], [goneRecord('102', '101')])
    await settle()
    expect(await rulesOf('101')).toEqual(['retention.archive_due'])
  })

  it('is a child in the record that is left, up to the birthday', async () => {
    const parent = { ...consumer, ...proved('newsletter_email') }
    await take(crms.one, [record('101', parent), record('102', { ...consumer, email: 'cam@example.test', date_of_birth: '2011-11-23' })])
    await take(crms.one, [record('101', parent)], [goneRecord('102', '101')])
    await settle()
    expect(await rulesOf('101')).toEqual(['consent.child'])
    expect((await storedRows(crms.bench.shell.db)).get('contacts/101')!.reviewOn).toBe('2026-11-23')
  })

  it('takes no yes for theirs that they gave as a child, when the record that knew is gone', async () => {
    await take(crms.one, [record('101', { ...consumer, date_of_birth: '2008-02-02' })])
    await take(crms.two, [record('201', { ...consumer, ...proved('newsletter_email', '2022-06-01T10:00:00Z') })])
    await settle()
    await take(crms.one, [], [goneRecord('101')])
    await settle()
    expect(consentOf((await storedRows(crms.bench.shell.db)).get('contacts/201'))).toBe('unknown')
    await take(crms.two, [record('201', { ...consumer, ...proved('newsletter_email') })])
    expect(consentOf((await storedRows(crms.bench.shell.db)).get('contacts/201'))).toBe('granted')
  })

  it.each(['the same CRM', 'the other CRM'])('outlives the record that said it, in a record of %s', async (where) => {
    const side = where === 'the same CRM' ? crms.one : crms.two
    await take(crms.one, [record('101', { ...professional, ...restricted })])
    await take(side, [record('201', professional)])
    await take(crms.one, [], [goneRecord('101')])
    await settle()
    expect(await rulesOf('201')).toEqual(['consent.restricted'])
    expect(await settle()).toBe(0)
    await tickAndUntick(side, '201', professional)
    expect(await rulesOf('201')).toEqual([])
  })

  it('says nothing of others who read the mailbox of a record that is gone', async () => {
    await take(crms.one, [record('101', { ...consumer, ...restricted })])
    await take(crms.two, [record('201', { ...consumer, firstname: 'Zoltan', lastname: 'Kovacs', ...proved('newsletter_email') })])
    await take(crms.one, [], [goneRecord('101')])
    await settle()
    expect(await rulesOf('201')).toEqual([])
  })

  it('outlives a connection that is taken out of the configuration, and one that is forgotten', async () => {
    const { shell } = crms.bench
    const { source } = crms.one.target
    const settleTwo = (): Promise<number> => recheck(shell, retired, crms.two.target, { which: 'all', onBatch: () => undefined }, always)
    const retired = { places: [crms.two.target], retired: new Set([source.id]) }
    await take(crms.two, [record('201', professional)])
    await take(crms.one, [record('101', { ...professional, ...restricted, customer_since: '2020-02-01', contract_status: 'active' })])
    await settle()
    await settleRetired(shell.db, [source.id])
    expect(await rechecksOf(crms.bench, crms.two.target.source.id)).toEqual(['201'])
    await settleTwo()
    expect(await rulesOf('201')).toEqual(['consent.restricted'])
    await forgetConnection(shell.db, 'one', '2026-11-21T12:00:00Z')
    expect(await settleTwo()).toBe(1)
    expect(await rulesOf('201')).toEqual(['consent.restricted'])
    expect(await settleTwo()).toBe(0)
  })
})

it('reaches whom the winner of a merge names, whatever addresses they have', async () => {
  const bench = await openBench(server.url)
  try {
    const mapping = { ...hubspot, crossIds: [{ field: 'salesforcecontactid', crm: 'hubspot', connection: 'two', object: 'contacts' }] }
    const one = await bench.add('one', world({ connection: 'one', mapping }).judge)
    const two = await bench.add('two')
    const winner = record('101', { ...professional, salesforcecontactid: '201' })
    const [loser, twin] = [record('102', { ...other, ...restricted }), record('201', { ...professional, email: 'camille@example.test' })]
    const apply = ({ target, crm }: typeof one, records: readonly CrmRecord[], gone: readonly Gone[] = []): Promise<unknown> => {
      for (const each of records) crm.held.set(each.ref.id, each)
      return applyBatch(bench.shell, bench.landscape, target, { records, gone }, 'keep')
    }
    await apply(two, [twin])
    await apply(one, [winner, loser])
    await apply(one, [], [goneRecord('102', '101')])
    for (const { target } of [one, two, one, two])
      await recheck(bench.shell, bench.landscape, target, { which: 'all', onBatch: () => undefined }, always)
    const { verdict } = (await storedRows(bench.shell.db)).get('contacts/201')!
    expect(verdict!.findings.map(([rule]) => rule)).toEqual(['consent.restricted'])
  } finally {
    await bench.close()
  }
})
