/** Whether who reads the answer can act on it: a marketing manager, a data protection officer. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stage, type Scene } from '../flows/scene.ts'
import { changedConfig, contact, contactId, proved } from '../flows/world.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { runHere } from './here.ts'
import { lastLine, type Ended } from './run.ts'

describe('what the command line says of records', () => {
  let server: TestPostgres
  let scene: Scene
  let config: string
  const accord = (...args: string[]): Promise<Ended> => runHere([...args, '--config', config, '--data', scene.dir], scene.env)

  beforeAll(async () => {
    server = await startPostgres()
    const crowd = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`house_field_${String(index).padStart(3, '0')}`, 'x']))
    scene = await stage({
      database: await freshDatabase(server.url),
      world: {
        hubspot: {
          contacts: [
            contact(1, 'Ada', 'ada@example.fr', { date_of_birth: '2016-04-04' }),
            contact(2, 'Bea', 'bea@example.fr', { ...proved('hubspot', 20), ...crowd }),
          ],
        },
      },
    })
    const folder = await mkdtemp(join(tmpdir(), 'accord-readable-'))
    config = await changedConfig(join(folder, 'config'), {
      'connections.yaml': [
        ['\n          jobTitle: jobtitle', '\n          jobTitle: job_title_of_old'],
        ['civility: salutation', 'civility: none'],
      ],
    })
    await scene.accord()
    expect((await accord('sweep', '--json')).code).toBe(0)
  })
  afterAll(async () => {
    await scene?.close()
    await server.stop()
    await rm(join(config, '..'), { recursive: true, force: true })
  })

  it('names the fields that a mapping asks for and the CRM lacks, in the list of findings', async () => {
    const { code, stdout } = await accord('findings', '--list', '--kind', 'mapping')
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^hubspot\/contacts: all +mapping\.field_missing +high +job_title_of_old /m)])
    expect(lastLine((await accord('findings', '--list', '--kind', 'mapping', '--json')).stdout)).toMatchObject({
      findings: [
        { record: null, connection: 'hubspot', object: 'contacts', id: null, rule: 'mapping.field_missing', fields: ['job_title_of_old'] },
      ],
      more: false,
    })
  })

  it('says that a list of findings was cut', async () => {
    const cut = await accord('findings', '--list', '--connection', 'hubspot', '--limit', '1')
    expect(cut.stdout).toMatch(/There are more: only 1 are shown\. --limit shows more/)
    expect(lastLine((await accord('findings', '--list', '--connection', 'hubspot', '--limit', '1', '--json')).stdout)).toMatchObject({
      more: true,
    })
    expect((await accord('findings', '--list', '--limit', '500')).stdout).not.toContain('There are more')
  })

  it('keeps a record of three hundred undeclared fields on a line that can be read', async () => {
    const { stdout } = await accord('findings', '--list', '--rule', 'minimisation.undeclared_field')
    expect(stdout).toContain('house_field_000, house_field_001, house_field_002, house_field_003 and 296 more')
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(220)
  })

  it('explain names the field of the CRM behind a word of the policy, with what stands in it', async () => {
    const child = `hubspot/contacts/${contactId(1)}`
    const { stdout } = await accord('explain', child)
    expect(stdout).toContain('field   date_of_birth = 2016-04-04 (birthDate)')
    expect((await accord('explain', child, '--no-values')).stdout).toContain('field   date_of_birth (birthDate)')
    expect(lastLine((await accord('explain', child, '--json')).stdout)).toMatchObject({ where: { birthDate: ['date_of_birth'] } })
  })

  it('explain says for each purpose and channel whether the person may be contacted, and by which rule', async () => {
    const { stdout } = await accord('explain', `hubspot/contacts/${contactId(2)}`)
    expect(stdout).toMatch(/^ {4}newsletter by email +yes {2}newsletter +consent granted \(proved\)$/m)
    expect(stdout).toMatch(/^ {4}prospecting_consumer by sms +no {3}\S+ +consent \S+/m)
    const child = await accord('explain', `hubspot/contacts/${contactId(1)}`)
    expect(child.stdout).toMatch(/^ {4}newsletter by email +no {3}child /m)
    expect(child.stdout).not.toMatch(/ yes {2}/)
  })

  it('tells the whole of a reference, however much its id looks like a telephone', async () => {
    const unknown = await accord('explain', 'hubspot/contacts/163548291234')
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      'hubspot/contacts/163548291234 is not in the CRM any more; if it should be, check the id\n',
    ])
    const short = await accord('explain', '163548291234')
    expect([short.code, short.stderr]).toEqual([
      2,
      expect.stringContaining('such as hubspot/contacts/12345678901 or salesforce/Contact/003'),
    ])
  })
})

describe('what the command line says of a sweep', () => {
  let server: TestPostgres
  let scene: Scene
  const accord = (...args: string[]): Promise<Ended> => runHere([...args, '--data', scene.dir], scene.env)

  beforeAll(async () => {
    server = await startPostgres()
    scene = await stage({ database: await freshDatabase(server.url), people: 120 })
  })
  afterAll(async () => {
    await scene?.close()
    await server.stop()
  })

  it('in a dry run counts what it would write back', async () => {
    const { stdout } = await accord('sweep', 'hubspot', '--dry-run')
    expect(stdout).toMatch(/^hubspot: 120 records read \(all of them\)/)
    expect(stdout).toMatch(/^ {2}would be written back: 120 records$/m)
    expect(stdout).not.toContain('not sent)')
  })

  it('counts the records by what may be done with them', async () => {
    const { stdout } = await accord('sweep', 'hubspot', '--dry-run')
    const [, ...counts] = /^ {2}status: (\d+) ok, (\d+) attention, (\d+) blocked$/m.exec(stdout) ?? []
    expect(counts.map(Number).reduce((sum, count) => sum + count, 0)).toBe(120)
  })

  it('that broke calls a full one full, with what it had read, and says how it goes on', async () => {
    await scene.pull('hubspot/force-next-host', { host: 'elsewhere.example.test' })
    const { code, stdout } = await accord('sweep', 'hubspot')
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^hubspot: (?:nothing|100 records) read/)])
    expect(stdout).toContain('FAILED (unexpected-shape): ')
    expect(stdout).toContain('what was read until then is stored; the next sweep goes on from there')
    const { connections } = lastLine((await accord('sweep', 'hubspot', '--json')).stdout) as { connections: object[] }
    expect(connections).toEqual([expect.objectContaining({ mode: 'full', error: expect.anything() })])
    await scene.pull('hubspot/force-next-host', { host: null })
  })

  it('that could not even begin has read nothing, and check says that the account is unknown', async () => {
    await scene.pull('hubspot/revoke-token', {})
    const { stdout } = await accord('sweep', 'hubspot')
    expect(stdout).toMatch(/^hubspot: nothing read, \d API calls?, /)
    expect((await accord('check', 'hubspot')).stdout).toMatch(/^hubspot: account unknown at 127\.0\.0\.1:\d+$/m)
    await scene.pull('hubspot/restore-token', {})
  })

  it('that may not write for want of fields says where these are named', async () => {
    const { code, stdout } = await accord('sweep', 'hubspot')
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/ mapping +fields .*\n {12}"accord findings --list --kind mapping" names them$/m),
    ])
    expect(stdout).toMatch(/^ {2}written back: 0 updates/m)
    expect((await accord('findings', '--list', '--kind', 'mapping')).stdout).toContain('accord_consent_customer_offers_call')
  })

  it('that wrote before another CRM was ever read says so, until it is', async () => {
    await accord('provision')
    const early = await accord('sweep', 'hubspot', '--full')
    expect(early.stdout).toMatch(/^ {2}CAUTION: salesforce has not been read to its end yet; what people refused there /m)
    const whole = await accord('sweep', '--full')
    expect([whole.code, whole.stdout]).toEqual([0, expect.not.stringContaining('CAUTION')])
  })
})
