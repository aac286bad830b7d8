import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from '../flows/scene.ts'
import { tableCounts } from '../flows/stored.ts'
import { changedConfig, contact, contactId, sfId, sfRow } from '../flows/world.ts'
import { runHere } from './here.ts'
import { lastLine, run, type Ended } from './run.ts'

const CANARY = 'zqcanaryqz'

describe('the command line on two CRMs', () => {
  let server: TestPostgres
  let scene: Scene
  let database: string
  let elsewhere: string
  const outputs: Ended[] = []
  const saidBy = async (how: typeof run, args: string[]): Promise<Ended> => {
    const ended = await how([...args, '--data', scene.dir], { ...scene.env, ACCORD_LOG_LEVEL: 'debug' })
    if (args[0] !== 'explain') outputs.push(ended)
    return ended
  }
  const accord = (...args: string[]): Promise<Ended> => saidBy(runHere, args)
  /** In a process of its own, as users have it. */
  const accordApart = (...args: string[]): Promise<Ended> => saidBy(run, args)

  beforeAll(async () => {
    server = await startPostgres()
    database = await freshDatabase(server.url)
    elsewhere = await mkdtemp(join(tmpdir(), 'accord-cli-config-'))
    scene = await stage({
      database,
      world: {
        hubspot: {
          contacts: [
            contact(1, CANARY, `${CANARY}@example.fr`, {
              lastname: CANARY,
              phone: '+33639980001',
              sales_notes: `carte 4970 1000 0000 0006 ${CANARY}\u001b[31m`,
            }),
            contact(2, CANARY, `${CANARY} broken@@example`, { hs_email_optout: 'true' }),
          ],
        },
        salesforce: { Contact: [sfRow('Contact', 11, CANARY, `${CANARY}@example.fr`, { LastName: CANARY, Description: CANARY })] },
      },
    })
  })
  afterAll(async () => {
    await scene?.close()
    await server.stop()
    await rm(elsewhere, { recursive: true, force: true })
  })

  it('provision --webhooks subscribes where an API can and says the clicks where a person must', async () => {
    const live = {
      ACCORD_PUBLIC_URL: 'https://accord.example.org',
      HUBSPOT_APP_ID: '4400101',
      HUBSPOT_DEVELOPER_KEY: 'sandbox-developer-key',
      SALESFORCE_STREAM: 'true',
    }
    const tried = (env: Record<string, string>, ...flags: string[]) =>
      runHere(['provision', '--webhooks', ...flags, '--data', scene.dir], { ...scene.env, ...env })
    const unset = await tried({})
    expect([unset.code, unset.stderr]).toEqual([2, expect.stringContaining('ACCORD_PUBLIC_URL')])
    const outcomes = async (...flags: string[]) => {
      const { code, stdout } = await tried(live, '--json', ...flags)
      const { connections } = lastLine(stdout) as { connections: { connection: string; steps: { outcome: string }[] }[] }
      return [code, connections.map(({ connection, steps }) => [connection, ...new Set(steps.map(({ outcome }) => outcome))])]
    }
    const all = (outcome: string) => [
      0,
      [
        ['hubspot', outcome],
        ['salesforce', outcome, 'by-hand'],
      ],
    ]
    expect(await outcomes('--dry-run')).toEqual(all('to-create'))
    expect(await outcomes()).toEqual(all('created'))
    expect(await outcomes()).toEqual(all('present'))
    const { code, stdout } = await tried({ ...live, HUBSPOT_APP_ID: '' })
    expect(code).toBe(0)
    expect(stdout).toMatch(/by-hand +target: .*https:\/\/accord\.example\.org\/webhooks\/hubspot\n/)
    expect(stdout).not.toContain(live.HUBSPOT_DEVELOPER_KEY)
  })

  it('check names each field that is still missing, and fails; provision tells, creates, and then finds everything present', async () => {
    const untouched = join(elsewhere, 'untouched')
    for (const looking of [['check'], ['provision', '--dry-run'], ['provision', '--webhooks', '--dry-run']])
      await runHere([...looking, '--data', untouched], { ...scene.env, DATABASE_URL: '', ACCORD_PUBLIC_URL: 'https://accord.example.test' })
    expect(existsSync(untouched)).toBe(false)
    const before = await accord('check', '--json')
    expect(before.code).toBe(1)
    expect(before.stdout).toContain('accord_status')
    const outcomes = async (...flags: string[]): Promise<[number | null, string[]]> => {
      const { code, stdout } = await accord('provision', '--json', ...flags)
      const { connections } = lastLine(stdout) as { connections: { steps: { outcome: string }[] }[] }
      return [code, [...new Set(connections.flatMap(({ steps }) => steps.map(({ outcome }) => outcome)))].sort()]
    }
    const [, planned] = await outcomes('--dry-run')
    expect(planned).toContain('to-create')
    expect(planned).not.toContain('created')
    const [code, made] = await outcomes()
    expect([code, made.includes('created'), made.includes('refused')]).toEqual([0, true, false])
    expect(await outcomes()).toEqual([0, ['present']])
    const after = await accord('check')
    expect([after.code, after.stdout.match(/everything that Accord needs is there/g)?.length]).toEqual([0, 2])
  })

  it('sweep ends with one line of JSON, draws no bars into a pipe, and tells nobody’s name', async () => {
    const dry = await accord('sweep', '--dry-run')
    expect([dry.code, dry.stdout.includes('nothing was stored, nothing was sent')]).toEqual([0, true])
    const { code, stdout, stderr } = await accordApart('sweep', '--json')
    expect([code, stdout.trimEnd().split('\n').length, stderr.includes('\u001b')]).toEqual([0, 1, false])
    const { connections } = lastLine(stdout) as { connections: Record<string, unknown>[] }
    expect(connections.map(({ connection, mode, records, waiting }) => [connection, mode, records, waiting])).toEqual([
      ['hubspot', 'full', 2, 0],
      ['salesforce', 'full', 2, 0],
    ])
    const one = await accord('sweep', 'salesforce', '--full', '--json')
    expect((lastLine(one.stdout) as { connections: unknown[] }).connections).toEqual([
      expect.objectContaining({ connection: 'salesforce', mode: 'full' }),
    ])
  })

  it('findings counts and lists by reference, filtered', async () => {
    const table = await accord('findings')
    expect([table.code, table.stdout.includes('sensitive.card')]).toEqual([0, true])
    const counted = lastLine((await accord('findings', '--json', '--rule', 'sensitive.card')).stdout)
    expect(counted).toEqual({
      counts: [{ connection: 'hubspot', object: 'contacts', kind: 'sensitive', rule: 'sensitive.card', severity: 'critical', records: 1 }],
    })
    const listed = lastLine((await accord('findings', '--list', '--json', '--kind', 'sensitive')).stdout) as {
      findings: { record: string; fields: string[] }[]
    }
    expect(listed.findings.map(({ record, fields }) => [record, fields])).toEqual([[`hubspot/contacts/${contactId(1)}`, ['sales_notes']]])
  })

  it('explain shows the values of the record, its law and its twin, and stores nothing', async () => {
    const { db } = await scene.accord()
    const before = await tableCounts(db)
    const shown = await accord('explain', `hubspot/contacts/${contactId(1)}`)
    expect(shown.code).toBe(0)
    for (const part of ['sensitive.card', `carte 4970 1000 0000 0006 ${CANARY}`, `salesforce/Contact/${sfId('Contact', 11)}`])
      expect(shown.stdout).toContain(part)
    expect([shown.stdout.includes('\u001b'), shown.stdout.includes('\\u001b[31m')]).toEqual([false, true])
    const silent = await accord('explain', `hubspot/contacts/${contactId(1)}`, '--no-values')
    expect(silent.stdout).not.toContain(CANARY)
    const json = lastLine((await accord('explain', `salesforce/Contact/${sfId('Contact', 11)}`, '--json')).stdout)
    expect(json).toMatchObject({ linked: [`hubspot/contacts/${contactId(1)}`], values: { FirstName: CANARY } })
    expect((await accord('explain', 'hubspot/contacts/999')).code).toBe(2)
    expect(await tableCounts(db)).toEqual(before)
  })

  it('says that there is no such thing, rather than that there is nothing wrong with it', async () => {
    const asked = [
      ['findings', '--connection', 'nope'],
      ['findings', '--rule', 'consent.unproven', '--list'],
      ['explain', `hubspot/contact/${contactId(1)}`],
    ]
    const answers = await Promise.all(asked.map((args) => accord(...args)))
    expect(answers.map(({ code, stdout, stderr }) => [code, stdout, stderr.trimEnd().split('\n').at(-1)])).toEqual([
      [2, '', 'there is no connection "nope"; there is hubspot, salesforce'],
      [2, '', 'there is no rule "consent.unproven"; did you mean "consent.unproved"?'],
      [2, '', 'connection hubspot has no object "contact" in connections.yaml; did you mean "contacts"?'],
    ])
    const quiet = await accord('findings', '--rule', 'consent.child')
    expect([quiet.code, quiet.stdout]).toEqual([0, 'No open findings.\n'])
  })

  it('knows a Salesforce record by its short id, too', async () => {
    const id = sfId('Contact', 11)
    const { stdout } = await accord('explain', `salesforce/Contact/${id.slice(0, 15)}`, '--json', '--no-values')
    expect(lastLine(stdout)).toMatchObject({ record: `salesforce/Contact/${id}`, linked: [`hubspot/contacts/${contactId(1)}`] })
  })

  it('policy check counts, and policy diff tells what a change would do, without doing it', async () => {
    expect(lastLine((await accord('policy', 'check', '--json')).stdout)).toMatchObject({ ok: true, connections: 2 })
    const changed = await changedConfig(join(elsewhere, 'changed'), {
      'policy.yaml': [
        [
          'clock: [collectedAt, actsOfThePerson], duration: P3Y, then: erase',
          'clock: [collectedAt, actsOfThePerson], duration: P2M, then: erase',
        ],
      ],
    })
    const { db } = await scene.accord()
    const before = await tableCounts(db)
    const { connections } = lastLine((await accord('policy', 'diff', changed, '--json')).stdout) as {
      connections: { connection: string; records: number; changed: number; changes: { name: string; before: number; after: number }[] }[]
    }
    expect(connections.map(({ connection, records, changed: count }) => [connection, records, count])).toEqual([
      ['hubspot', 2, 2],
      ['salesforce', 2, 2],
    ])
    expect(connections[0]!.changes).toContainEqual({ name: 'finding retention.erase_due', before: 0, after: 2 })
    expect(await tableCounts(db)).toEqual(before)
  })

  it('takes another configuration by --config', async () => {
    const named = await changedConfig(join(elsewhere, 'renamed'), { 'connections.yaml': [['- id: hubspot', '- id: marketing']] })
    const { code, stdout } = await accord('check', 'marketing', '--config', named, '--json')
    const { connections } = lastLine(stdout) as { connections: { connection: string; report: { problems: object[] } }[] }
    const problem = { kind: 'account', name: 'marketing', message: expect.stringContaining('accord connection rename hubspot marketing') }
    expect([code, connections[0]]).toEqual([
      1,
      expect.objectContaining({ connection: 'marketing', report: expect.objectContaining({ problems: [problem] }) }),
    ])
  })

  it('fails with code 1 and the reason when a CRM refuses, and check names the scope', async () => {
    await scene.pull('hubspot/revoke-scope', { scope: 'crm.objects.contacts.write' })
    const check = await accordApart('check', 'hubspot')
    expect([check.code, check.stdout.includes('crm.objects.contacts.write')]).toEqual([1, true])
    await scene.pull('hubspot/grant-scope', { scope: 'crm.objects.contacts.write' })
    await scene.pull('hubspot/revoke-token', {})
    const sweep = await accord('sweep')
    expect([sweep.code, /hubspot[^]*FAILED \(auth\)/.test(sweep.stdout)]).toEqual([1, true])
    await scene.pull('hubspot/restore-token', {})
    expect((await accord('sweep')).code).toBe(0)
  })

  it('ledger verify proves the chain, and names the block that somebody changed', async () => {
    const whole = await accord('ledger', 'verify', '--json')
    expect([whole.code, lastLine(whole.stdout)]).toMatchObject([0, { ok: true }])
    const client = new pg.Client({ connectionString: database })
    await client.connect()
    await client.query(`update ledger_blocks set body = replace(body::text, 'decision', 'decisiom')::text where seq = 2`)
    await client.end()
    const broken = await accordApart('ledger', 'verify')
    expect([broken.code, broken.stdout]).toEqual([
      1,
      expect.stringMatching(/body at block 2\): its entries are not those .* Proved up to block 1;/),
    ])
  })

  it('never says a name, an address, a phone or a note, at the loudest log level, in any of the above', () => {
    const said = outputs.map(({ stdout, stderr }) => stdout + stderr).join('\n')
    for (const canary of [CANARY, '639980001', '4970 1000']) expect(said).not.toContain(canary)
    expect(said).not.toContain('pat-eu1-sandbox')
    expect(said).not.toContain('sandbox-secret')
  })
})
