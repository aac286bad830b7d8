import { spawn } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEnv } from '../compiled.ts'
import { describeFailure, exitCodeOf } from '../../src/cli/failure.ts'
import { visible } from '../../src/cli/output.ts'
import { clearStaleDemos } from '../../src/cli/stale-demos.ts'
import { takeLock } from '../../src/store/lock.ts'
import { runHere } from './here.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'accord-trouble-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

describe('what stands in the way of a file', () => {
  it.each([
    ['EACCES', 2, '/data/keys: permission denied; give this user the right to write there, or choose another folder with --data (EACCES)'],
    ['EROFS', 2, '/data/keys: the file system is read-only; choose another folder with --data (EROFS)'],
    ['ENOSPC', 1, '/data/keys: no space is left on the device (ENOSPC)'],
  ])('is said in words: %s', (code, exit, text) => {
    const error = Object.assign(new Error(`${code}: mkdir`), { code, syscall: 'mkdir', path: '/data/keys' })
    expect([describeFailure(error), exitCodeOf(error)]).toEqual([text, exit])
  })

  it('is said when the data folder is a file, or lies under one', async () => {
    const file = join(dir, 'file')
    await writeFile(file, '')
    const env = { HUBSPOT_TOKEN: 'x', SALESFORCE_CLIENT_ID: 'x', SALESFORCE_CLIENT_SECRET: 'x' }
    for (const data of [file, join(file, 'below')]) {
      const { code, stderr } = await runHere(['sweep', '--data', data], env)
      expect([code, stderr]).toEqual([2, expect.stringMatching(/^\S+file\S*: a file stands where a folder is needed; .+\n$/)])
    }
  })

  it.each([
    ['of somebody else', 0o000, 'data'],
    ['that may only be read', 0o500, 'data'],
    ['with a lock of somebody else', 0o700, 'data/db.lock'],
  ])('is said of a data folder %s, which is not the same as none', async (_what, mode, closed) => {
    const own = await mkdtemp(join(tmpdir(), 'accord-rights-'))
    const data = join(own, 'data')
    await mkdir(join(data, 'db'), { recursive: true })
    await writeFile(join(data, 'db', 'PG_VERSION'), '17')
    await writeFile(join(data, 'db.lock'), '')
    if (mode === 0o500) await rm(join(data, 'db.lock'))
    await chmod(own, 0o755)
    if (process.getuid?.() === 0) await chown(data, 65_534, 65_534)
    await chmod(join(own, closed), closed === 'data' ? mode : 0o000)
    const script = fileURLToPath(new URL('../store/without-rights.ts', import.meta.url))
    const child = spawn(process.execPath, [script, data], { env: startEnv(), stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
    await new Promise((resolve) => child.once('close', resolve))
    await chmod(data, 0o700)
    await rm(own, { recursive: true })
    const answers = JSON.parse(said) as [number, string][]
    expect(answers.length).toBeGreaterThan(0)
    for (const [code, text] of answers)
      expect([code, text]).toEqual([2, expect.stringMatching(/^\S+: permission denied; give this user the right .+--data \(EACCES\)$/)])
  })

  it('is said when another process has the embedded database: a service does not start beside it', async () => {
    const data = join(dir, 'shared')
    const lock = takeLock(join(data, 'db.lock'))
    const [port, level] = [join(dir, 'port'), join(dir, 'level')]
    await writeFile(port, '4300\n')
    await writeFile(level, 'silent\n')
    const files = { ACCORD_PORT_FILE: port, ACCORD_LOG_LEVEL_FILE: level }
    const env = { HUBSPOT_TOKEN: 'x', SALESFORCE_CLIENT_ID: 'x', SALESFORCE_CLIENT_SECRET: 'x', ...files }
    const { code, stdout, stderr } = await runHere(['serve', '--data', data, '--port', '0'], env)
    lock.release()
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      expect.stringMatching(/^database: the embedded database is in use by process \d+ on \S+; stop it first, or set DATABASE_URL .+\n$/),
    ])
  })

  it.each(['65534', '70000'])('is said of a port that no machine has: %s', async (port) => {
    const { code, stderr } = await runHere(['sandbox', '--people', '0', '--port', port])
    expect([code, stderr]).toEqual([2, '--port takes a whole number, 0 to 65533\n'])
  })

  it('is said of a database in which a table of Accord is missing', () => {
    const error = Object.assign(new Error('relation "ledger_blocks" does not exist'), { code: '42P01' })
    expect(describeFailure(error)).toBe(
      'database: relation "ledger_blocks" does not exist; somebody has changed the tables of Accord: put a backup back',
    )
  })

  it('is said of a line of a seed file, and of a number that is none', async () => {
    await mkdir(join(dir, 'seed', 'hubspot'), { recursive: true })
    await writeFile(join(dir, 'seed', 'hubspot', 'contacts.jsonl'), '{"email":"a@example.fr"}\n{"email":\n')
    const seed = await runHere(['sandbox', '--seed', join(dir, 'seed'), '--port', '0'])
    expect([seed.code, seed.stderr]).toEqual([2, `${join(dir, 'seed/hubspot/contacts.jsonl')}:2: the line is not JSON\n`])
    for (const command of ['demo', 'sandbox']) {
      const { code, stderr } = await runHere([command, '--latency', 'abc', '--data', dir])
      expect([code, stderr]).toEqual([2, '--latency takes a whole number, 0 or more\n'])
    }
  })
})

it('a text that would steer the terminal is shown as what it is', () => {
  expect(visible('a\u001b[31mred\u009b0m\u0007\r\u202egro.elpmaxe\u2069\tb\nc é 👩‍👧')).toBe(
    'a\\u001b[31mred\\u009b0m\\u0007\\u000d\\u202egro.elpmaxe\\u2069\tb\nc é 👩‍👧',
  )
})

describe('a demo', () => {
  const demos = async (): Promise<string[]> => (await readdir(dir)).filter((name) => name.startsWith('demo-'))

  it('that is interrupted leaves nothing behind', async () => {
    const accord = fileURLToPath(new URL('../../bin/accord.js', import.meta.url))
    const child = spawn(process.execPath, [accord, 'demo', '--once', '--people', '40', '--latency', '400', '--data', dir], {
      env: startEnv(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    while ((await demos()).length === 0 && child.exitCode === null) await setTimeout(20)
    child.kill('SIGINT')
    expect([await ended, said, await demos()]).toEqual([1, 'interrupted; nothing of the demo is left\n', []])
  })

  it('that was killed is cleared away by the next one, one that runs is not', async () => {
    const [dead, alive, young] = ['demo-Dead00', 'demo-Alive0', 'demo-Young0'].map((name) => join(dir, name)) as [string, string, string]
    for (const folder of [dead, alive, young]) await mkdir(join(folder, 'keys'), { recursive: true })
    await mkdir(join(dir, 'demo-reports'))
    const lock = takeLock(join(alive, 'db.lock'))
    for (const folder of [dead, alive]) await utimes(folder, 0, 0)
    await clearStaleDemos(dir)
    lock.release()
    expect((await demos()).sort()).toEqual(['demo-Alive0', 'demo-Young0', 'demo-reports'])
  })
})
