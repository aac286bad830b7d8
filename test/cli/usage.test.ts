import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { changedConfig } from '../flows/world.ts'
import { databases } from '../store/databases.ts'
import { nowhere, runHere } from './here.ts'
import { lastLine, run } from './run.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'accord-cli-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

describe('help', () => {
  it('names every command, the first steps, the environment and the exit codes', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const word of [
      'demo',
      'start',
      'check',
      'provision',
      'sweep',
      'findings',
      'explain',
      'policy',
      'ledger',
      'sandbox',
      'DATABASE_URL',
      'Exit codes',
    ])
      expect(stdout).toContain(word)
  })

  it('tells the version that package.json has', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
    const { code, stdout } = await run(['--version'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` })
  })

  const commands: [string, string[]][] = [
    ['demo', ['--once', '--people']],
    ['start', ['--port']],
    ['check', ['[connection]', 'permission']],
    ['provision', ['--dry-run', '--webhooks', '[connection]']],
    ['sweep', ['--full', '--dry-run', '--no-write', '--as-of', 'interrupted']],
    ['findings', ['--list', '--rule', '--kind', '--limit', '--connection']],
    ['explain', ['<record>', '--no-values']],
    ['policy check', ['mistake']],
    ['policy diff', ['<folder>']],
    ['ledger verify', ['--checkpoints', '--public-key']],
    ['ledger public-key', ['elsewhere']],
    ['ledger rotate-key', ['public half']],
    ['backup', ['<folder>', '--no-keys', 'pg_dump']],
    ['restore', ['<folder>', 'Overwrites nothing']],
    ['replay', ['erased.jsonl', 'restore']],
    ['request unconfirmed', ['--refuse', '--digest', '--user']],
    ['connection list', ['swept']],
    ['connection rename', ['<from>', '<to>']],
    ['connection forget', ['<connection>', 'Refusals']],
    ['api-key create', ['<name>', '--scope', 'consents:write']],
    ['api-key list', []],
    ['api-key revoke', ['<id>']],
    ['sandbox', ['--people', '--seed', '--rate-limit', 'sandbox-secret']],
  ]
  it('of each command tells its arguments, and that every one of them takes --config, --data and --json', async () => {
    const answers = await Promise.all(commands.map(([command]) => runHere([...command.split(' '), '--help'])))
    answers.forEach(({ code, stdout }, index) => {
      expect([commands[index]![0], code]).toEqual([commands[index]![0], 0])
      for (const word of [...commands[index]![1], '--config', '--data', '--json']) expect(stdout).toContain(word)
    })
  })
})

describe('a wrong command line or configuration ends with code 2 and says what to do', () => {
  it.each([
    ['an unknown command', ['swep'], /unknown command 'swep'/],
    ['an unknown option', ['sweep', '--fast'], /unknown option '--fast'/],
    ['an unknown connection', ['sweep', 'pipedrive'], /no connection "pipedrive".*hubspot, salesforce/],
    ['a day without a dry run', ['sweep', '--as-of', '2030-01-01'], /--dry-run/],
    ['a day that is none', ['sweep', '--dry-run', '--as-of', 'tomorrow'], /YYYY-MM-DD/],
    ['a limit of nothing', ['findings', '--limit', '0'], /--limit/],
    ['half a person', ['demo', '--people', '0.5'], /--people/],
    ['a limit that is neither on nor off', ['sandbox', '--rate-limit', 'maybe'], /"on" or "off"/],
    ['a record without an object', ['explain', 'hubspot/123'], /connection\/object\/id/],
    ['a record of an unknown connection', ['explain', 'pipedrive/contacts/1'], /no connection "pipedrive"/],
    ['a folder without a policy', ['policy', 'check', '--config', '/nonexistent'], /policy\.yaml/],
  ])('%s', async (_what, args, message) => {
    const { code, stdout, stderr } = await runHere([...args, '--data', dir], nowhere)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it('a wrong policy, by file and line', async () => {
    const config = await changedConfig(join(dir, 'wrong'), {
      'policy.yaml': [['duration: P3Y, then: erase', 'duration: 3 years, then: erase']],
    })
    const { code, stderr } = await runHere(['policy', 'check', '--config', config])
    expect(code).toBe(2)
    expect(stderr).toMatch(/policy\.yaml:\d+/)
  })

  it('a missing variable, by name', async () => {
    const { code, stderr } = await runHere(['check', '--data', dir], { ...nowhere, HUBSPOT_TOKEN: '' })
    expect([code, stderr.includes('HUBSPOT_TOKEN')]).toEqual([2, true])
  })

  it('a connector setting, by file and line, before anything is asked of a CRM', async () => {
    const config = await changedConfig(join(dir, 'settings'), {
      'connections.yaml': [['apiUrl: "${HUBSPOT_API_URL', 'apiURL: "${HUBSPOT_API_URL']],
    })
    for (const command of [['policy', 'check'], ['check']]) {
      const { code, stderr } = await runHere([...command, '--config', config, '--data', dir], nowhere)
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/^connections\.yaml:\d+: connections\[0\]\.settings\.apiURL: unknown key "apiURL"; did you mean "apiUrl"\?/),
      ])
    }
  })

  it('a log level or a port that does not exist', async () => {
    const answers = await Promise.all([
      runHere(['findings', '--data', dir], { ACCORD_LOG_LEVEL: 'loud' }),
      runHere(['start', '--data', dir, '--port', '70000'], nowhere),
    ])
    expect(answers.map(({ code, stderr }) => [code, stderr.split(' ')[0]])).toEqual([
      [2, 'ACCORD_LOG_LEVEL'],
      [2, 'ACCORD_PORT'],
    ])
  })
})

describe('the embedded database', () => {
  it('belongs to one process: another one is told which has it, with code 1', async () => {
    const fixture = await databases.find((one) => one.kind === 'embedded')!.start()
    const options = await fixture.fresh()
    const held = await openDatabase(options)
    try {
      const { code, stderr } = await run(['findings', '--data', options.dir])
      expect([code, stderr.includes(`process ${process.pid}`)]).toEqual([1, true])
    } finally {
      await held.close()
      await fixture.stop()
    }
  })
})

describe('the demo', () => {
  it('shows the whole job on the embedded database, leaves nothing behind, and ends with one line of JSON', async () => {
    const { code, stdout, stderr } = await run(['demo', '--once', '--json', '--people', '60', '--data', dir], {}, dir)
    expect([code, stderr]).toEqual([0, ''])
    const { connections } = lastLine(stdout) as { connections: Record<string, unknown>[] }
    const counts = { written: expect.any(Number), unchanged: 0, conflict: 0, rejected: 0, gone: 0, frozen: expect.any(Number) }
    expect(connections).toEqual(
      ['hubspot', 'salesforce'].map((connection) => ({
        connection,
        mode: 'full',
        records: 60,
        pages: expect.any(Number),
        apiCalls: expect.any(Number),
        statuses: expect.any(Object),
        findings: expect.objectContaining({ consent: expect.any(Number) }),
        patches: counts,
        waiting: 0,
        seconds: expect.any(Number),
        peakRssMiB: expect.any(Number),
      })),
    )
  }, 600_000)
})
