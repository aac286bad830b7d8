/** Salesforce's own command line, installed for the run: login by JWT and by token, then data in and out. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { control } from './round.ts'
import { installTemporarily } from './temp-install.ts'
import type { Addresses, Report, Round } from './round.ts'

const SPEC = '@salesforce/cli@2'
const USER = 'integration@sandbox.example'
const PATIENCE = 120_000

type Sf = (command: string, ...flags: string[]) => Promise<unknown>

export const salesforceCliRound: Round = {
  name: 'salesforce-cli',
  async run(at, report) {
    const installed = await installTemporarily(SPEC)
    if (installed === undefined) return report.skip(`${SPEC} cannot be installed here`)
    try {
      const home = join(installed.folder, 'home')
      await mkdir(home)
      const sf = commandLine(installed.folder, home, at, await accessToken(at))
      await loginSteps(at, report, sf, home)
      await dataSteps(report, sf, home)
      // `sf org login sfdx-url` speaks https only, which the sandbox does not.
      report.skip('sf org login sfdx-url needs TLS')
    } finally {
      await installed.remove()
    }
  },
}

async function accessToken(at: Addresses): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
  const answer = await fetch(`${at.salesforce}/services/oauth2/token`, { method: 'POST', body })
  return ((await answer.json()) as { access_token: string }).access_token
}

/** Runs `sf … --json` in a home of its own, without telemetry or updates, and answers its `result`. */
function commandLine(folder: string, home: string, at: Addresses, token: string): Sf {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    SF_ACCESS_TOKEN: token,
    SF_AUDIENCE_URL: at.salesforce,
    SF_AUTOUPDATE_DISABLE: 'true',
    SF_DISABLE_DNS_CHECK: 'true',
    SF_DISABLE_LOG_FILE: 'true',
    SF_DISABLE_TELEMETRY: 'true',
    SF_SKIP_NEW_VERSION_CHECK: 'true',
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  }
  const script = join(folder, 'node_modules/@salesforce/cli/bin/run.js')
  return async (command, ...flags) => {
    const stdout = await new Promise<string>((resolve) => {
      const args = [script, ...command.split(' '), ...flags, '--json']
      // A refusal is JSON on stdout too: the exit code adds nothing.
      execFile(process.execPath, args, { cwd: home, env, timeout: PATIENCE, maxBuffer: 1 << 26 }, (_, text) => resolve(text))
    })
    const answer = JSON.parse(stdout) as { status: number; message?: string; result?: unknown }
    if (answer.status !== 0) throw new Error(`sf ${command}: ${answer.message ?? stdout}`)
    return answer.result
  }
}

async function loginSteps(at: Addresses, { step }: Report, sf: Sf, home: string): Promise<void> {
  await step('sf org login access-token', async () => {
    const flags = ['--instance-url', at.salesforce, '--no-prompt']
    equal(((await sf('org login access-token', ...flags)) as { username: string }).username, USER)
  })
  await step('sf org login jwt', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
    await control(at, '/salesforce/jwt-key', { pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() })
    const key = join(home, 'key.pem')
    await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const flags = ['--client-id', 'sandbox-client', '--jwt-key-file', key, '--username', USER, '--instance-url', at.salesforce]
    equal(((await sf('org login jwt', ...flags, '--set-default')) as { orgId: string }).orgId, '00D440000000001EAA')
  })
}

async function dataSteps({ step }: Report, sf: Sf, home: string): Promise<void> {
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(home, name), text)
    return name
  }
  await step('sf data query, sf sobject describe and list', async () => {
    equal(((await sf('data query', '--query', 'SELECT Id, Email FROM Contact LIMIT 2')) as { totalSize: number }).totalSize, 2)
    equal(((await sf('sobject describe', '--sobject', 'Contact')) as { keyPrefix: string }).keyPrefix, '003')
    ok(((await sf('sobject list', '--sobject', 'all')) as string[]).includes('Lead'))
  })
  await step('sf data create, update, get and delete record', async () => {
    const contact = ['--sobject', 'Contact']
    const where = ['--where', 'Email=cli@example.test']
    await sf('data create record', ...contact, '--values', 'LastName=Cli Email=cli@example.test')
    await sf('data update record', ...contact, ...where, '--values', 'Title=Boss')
    equal(((await sf('data get record', ...contact, ...where)) as { Title: string }).Title, 'Boss')
    await sf('data delete record', ...contact, ...where)
  })
  await step('sf data import bulk, export bulk, upsert bulk and delete bulk', async () => {
    const contact = ['--sobject', 'Contact', '--wait', '2']
    const file = await write('in.csv', 'LastName,Email\nClibulk,a@cli.example.test\nClibulk,b@cli.example.test\n')
    const { successfulRecords, failedRecords } = (await sf('data import bulk', ...contact, '--file', file)) as Record<string, number>
    deepEqual([successfulRecords, failedRecords], [2, 0])
    const query = "SELECT Id FROM Contact WHERE LastName = 'Clibulk'"
    await sf('data export bulk', '--query', query, '--output-file', 'out.csv', '--result-format', 'csv', '--wait', '2')
    equal((await readFile(join(home, 'out.csv'), 'utf8')).trim().split('\n').length, 3)
    await sf(
      'data upsert bulk',
      ...contact,
      '--external-id',
      'Email',
      '--file',
      await write('up.csv', 'Email,Title\na@cli.example.test,Up\n'),
    )
    await sf('data delete bulk', ...contact, '--file', 'out.csv')
  })
  await step('sf data import tree', async () => {
    const records = [
      {
        attributes: { type: 'Account', referenceId: 'a' },
        Name: 'Tree',
        Contacts: { records: [{ attributes: { type: 'Contact', referenceId: 'c' }, LastName: 'Leaf' }] },
      },
    ]
    equal(((await sf('data import tree', '--files', await write('tree.json', JSON.stringify({ records })))) as object[]).length, 2)
  })
  await step('sf org list limits and display user', async () => {
    ok(((await sf('org list limits')) as object[]).length > 0)
    equal(((await sf('org display user')) as { username: string }).username, USER)
  })
}
