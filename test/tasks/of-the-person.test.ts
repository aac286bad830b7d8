import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consentOf, storedRows } from '../flows/stored.ts'
import { consumer, professional, proved } from '../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { record } from './bench.ts'
import { useTwoCrms } from './two-crms.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

describe('what one record knows of the person', () => {
  const crms = useTwoCrms(() => server.url)
  const { take, settle } = crms
  const verdictOf = async (id: string): Promise<{ status: string; rules: string[]; bases: readonly string[] }> => {
    const { status, findings, bases } = (await storedRows(crms.bench.shell.db)).get(`contacts/${id}`)!.verdict!
    return { status, rules: findings.map(([rule]) => rule), bases }
  }

  const retentionOf = async (id: string): Promise<unknown> =>
    (await storedRows(crms.bench.shell.db)).get(`contacts/${id}`)!.verdict!.retention

  it('restricts the processing of every record of theirs, until the box is un-ticked (GDPR art. 18)', async () => {
    await take(crms.two, [record('201', professional)])
    await take(crms.one, [record('101', { ...professional, processing_restricted: 'true' })])
    expect(await settle()).toBe(1)
    expect(await verdictOf('101')).toMatchObject({ status: 'blocked', rules: [] })
    expect(await verdictOf('201')).toMatchObject({ status: 'blocked', rules: ['consent.restricted'], bases: [] })
    await take(crms.one, [record('101', professional)])
    await settle()
    expect(await verdictOf('201')).toMatchObject({ status: 'ok', rules: [] })
  })

  it('keeps a child from marketing where no birth date stands (GDPR art. 8)', async () => {
    await take(crms.one, [record('101', { ...consumer, date_of_birth: '2013-02-02' })])
    await take(crms.two, [record('201', { ...consumer, ...proved('newsletter_email') })])
    await settle()
    expect(await verdictOf('201')).toMatchObject({ rules: ['consent.child'] })
    expect((await verdictOf('201')).bases).not.toContain('consent')
  })

  const newsletterOf = async (id: string): Promise<string> => consentOf((await storedRows(crms.bench.shell.db)).get(`contacts/${id}`))
  const born = { date_of_birth: '2008-02-02' }

  it.each(['the birth date first', 'the birth date last'])(
    'takes no yes for theirs that they gave as a child, read with %s (GDPR art. 8)',
    async (order) => {
      const asked = (at: string): Promise<void> => take(crms.two, [record('201', { ...consumer, ...proved('newsletter_email', at) })])
      const turns = [() => take(crms.one, [record('101', { ...consumer, ...born })]), () => asked('2022-06-01T10:00:00Z')]
      for (const turn of order === 'the birth date first' ? turns : turns.reverse()) await turn()
      await settle()
      const alone = { ...consumer, ...born, ...proved('newsletter_email', '2022-06-01T10:00:00Z'), email: 'alone@example.test' }
      await take(crms.two, [record('202', alone)])
      expect([await newsletterOf('101'), await newsletterOf('201'), await newsletterOf('202')]).toEqual(['unknown', 'unknown', 'unknown'])
      expect(await verdictOf('201')).toEqual(await verdictOf('202'))
      expect(await settle()).toBe(0)
      await asked('2024-06-01T10:00:00Z')
      await settle()
      expect([await newsletterOf('101'), await newsletterOf('201')]).toEqual(['granted', 'granted'])
      expect(await settle()).toBe(0)
    },
  )

  it('takes a yes for theirs beside a birth date that cannot be', async () => {
    await take(crms.one, [record('101', { ...consumer, date_of_birth: '2080-02-02' })])
    await take(crms.two, [record('201', { ...consumer, ...proved('newsletter_email') })])
    await settle()
    expect(await newsletterOf('201')).toBe('granted')
  })

  it('holds every record of theirs for a claim', async () => {
    const old = { ...professional, createdate: '2020-01-10T09:00:00Z', collection_date: '2020-01-10' }
    await take(crms.one, [record('101', { ...old, legal_hold: 'true' })])
    await take(crms.two, [record('201', old)])
    await settle()
    expect(await verdictOf('201')).toMatchObject({ rules: ['retention.archive_due'] })
  })

  it.each(['the customer first', 'the customer last'])(
    'erases nobody anywhere while a contract of theirs runs, read with %s',
    async (order) => {
      const old = { ...professional, createdate: '2020-01-10T09:00:00Z', collection_date: '2020-01-10' }
      const customer = { ...old, customer_since: '2020-02-01', contract_status: 'active' }
      const turns = [() => take(crms.one, [record('101', customer)]), () => take(crms.two, [record('201', old)])]
      for (const turn of order === 'the customer first' ? turns : turns.reverse()) await turn()
      await settle()
      expect(await retentionOf('201')).toEqual(['prospect', 'erase', 'running_contract'])
      expect(await verdictOf('201')).toMatchObject({ status: 'ok', rules: [] })
      expect(await settle()).toBe(0)
      await take(crms.one, [record('101', { ...customer, contract_status: 'ended', contract_end_date: '2026-11-20' })])
      await settle()
      expect((await verdictOf('101')).rules).toEqual([])
      expect(await retentionOf('201')).toEqual(['prospect', 'erase', null])
    },
  )

  it('keeps the papers of a contract that has ended where they are, and no marketing profile for them', async () => {
    const old = { ...professional, createdate: '2018-01-10T09:00:00Z', collection_date: '2018-01-10' }
    await take(crms.one, [
      record('101', { ...old, customer_since: '2018-02-01', contract_status: 'ended', contract_end_date: '2022-11-20' }),
    ])
    await take(crms.two, [record('201', old)])
    await settle()
    expect((await verdictOf('101')).rules).toEqual(['retention.archive_due'])
    expect((await verdictOf('201')).rules).toEqual(['retention.erase_due'])
  })

  it('reads nobody again for a contract that both of their records show', async () => {
    const customer = { ...professional, customer_since: '2020-02-01', contract_status: 'active' }
    await take(crms.one, [record('101', customer)])
    await take(crms.two, [record('201', customer)])
    expect(await settle()).toBe(0)
  })

  it('says nothing of others who read the same mailbox', async () => {
    const other = { ...consumer, firstname: 'Zoltan', lastname: 'Kovacs' }
    await take(crms.one, [record('101', { ...consumer, processing_restricted: 'true', date_of_birth: '2013-02-02', legal_hold: 'true' })])
    await take(crms.two, [record('201', { ...other, ...proved('newsletter_email') })])
    await settle()
    expect(await verdictOf('201')).toMatchObject({ rules: [] })
  })
})
