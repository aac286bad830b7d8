import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storedRows } from '../flows/stored.ts'
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

  it('holds every record of theirs for a claim', async () => {
    const old = { ...professional, createdate: '2020-01-10T09:00:00Z', collection_date: '2020-01-10' }
    await take(crms.one, [record('101', { ...old, legal_hold: 'true' })])
    await take(crms.two, [record('201', old)])
    await settle()
    expect(await verdictOf('201')).toMatchObject({ rules: ['retention.archive_due'] })
  })

  it('says nothing of others who read the same mailbox', async () => {
    const other = { ...consumer, firstname: 'Zoltan', lastname: 'Kovacs' }
    await take(crms.one, [record('101', { ...consumer, processing_restricted: 'true', date_of_birth: '2013-02-02', legal_hold: 'true' })])
    await take(crms.two, [record('201', { ...other, ...proved('newsletter_email') })])
    await settle()
    expect(await verdictOf('201')).toMatchObject({ rules: [] })
  })
})
