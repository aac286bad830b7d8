/**
 * After a full sweep with write-back, under faults: no seeded name, address, phone or note in the database, its files, the log or an error. And after an erasure
 * nothing of whom it was about.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { generatePeople } from '../../src/sandbox/people/index.ts'
import { openDatabase } from '../../src/store/database.ts'
import { stage } from '../flows/scene.ts'
import { freshDatabase, startPostgres } from '../postgres.ts'
import { eraseCanary } from './canary-erasure.ts'
import type { Proof } from './proof.ts'

/** What holds a person in clear, in either CRM. Each value is replaced by one that occurs nowhere else. */
const HUBSPOT = [
  'firstname',
  'lastname',
  'email',
  'hs_additional_emails',
  'work_email',
  'phone',
  'mobilephone',
  'address',
  'message',
  'sales_notes',
]
const SALESFORCE = ['FirstName', 'LastName', 'Email', 'Phone', 'MobilePhone', 'MailingStreet', 'Street', 'Description', 'Sales_Notes__c']

export const canary: Proof = async ({ short, seed, say }) => {
  const people = short ? 60 : 2_000
  const root = await mkdtemp(join(tmpdir(), 'accord-canary-'))
  const canaries = await plant(root, people, seed)
  const server = await startPostgres()
  const violations: string[] = []
  let trials = 0
  try {
    for (const kind of ['embedded', 'postgres'] as const) {
      say(`${kind}: ${canaries.length} canaries`)
      const url = kind === 'postgres' ? await freshDatabase(server.url) : undefined
      const scene = await stage({ seedDir: join(root, 'seed') })
      try {
        const output = await sweepLoudly(scene.env, scene.sandbox.control, scene.dir, url)
        const places = new Map<string, string>([['output', output], ...(await dump(scene.dir, url)), ...(await files(scene.dir))])
        for (const [place, text] of places) {
          for (const { token, field } of canaries) {
            trials += 1
            if (text.includes(token)) violations.push(`${kind}: a ${field} stands in ${place}`)
          }
        }
      } finally {
        await scene.close()
      }
      const erased = await eraseCanary(kind === 'postgres' ? await freshDatabase(server.url) : undefined, seed, { dump, files })
      for (const [place, text] of erased.places) {
        for (const [index, token] of erased.tokens.entries()) {
          trials += 1
          if (text.includes(token)) violations.push(`${kind}: trait ${index} of somebody who was erased stands in ${place}`)
        }
      }
      say(`${kind}: somebody was erased, ${erased.places.size} places read`)
    }
    return { trials, violations }
  } finally {
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

type Canary = { token: string; field: string }

async function plant(root: string, people: number, seed: number): Promise<Canary[]> {
  const canaries: Canary[] = []
  const world = generatePeople(people, seed, Date.now())
  const token = (field: string): string => {
    const value = field.toLowerCase().includes('phone')
      ? `+3363998${String(canaries.length).padStart(4, '0')}`
      : `zq${seed.toString(36)}x${canaries.length.toString(36)}qz`
    canaries.push({ token: value, field })
    return value
  }
  const replace = (row: Readonly<Record<string, unknown>>, fields: readonly string[]): string => {
    const copy: Record<string, unknown> = { ...row }
    for (const field of fields) {
      const value = copy[field]
      if (typeof value !== 'string' || value === '') continue
      const mark = token(field)
      if (/e-?mail/i.test(field)) copy[field] = `${mark}@example.test`
      else if (/phone/i.test(field)) copy[field] = mark
      else copy[field] = `${value.length > 60 ? value.slice(0, 60) : value} ${mark}`
    }
    return JSON.stringify(copy)
  }
  const files: [string, Iterable<Readonly<Record<string, unknown>>>, readonly string[]][] = [
    ['hubspot/contacts.jsonl', world.hubspot.contacts(), HUBSPOT],
    ['salesforce/Account.jsonl', world.salesforce.Account(), []],
    ['salesforce/Individual.jsonl', world.salesforce.Individual(), []],
    ['salesforce/Contact.jsonl', world.salesforce.Contact(), SALESFORCE],
    ['salesforce/Lead.jsonl', world.salesforce.Lead(), SALESFORCE],
  ]
  for (const [name, rows, fields] of files) {
    const path = join(root, 'seed', name)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, [...rows].map((row) => `${replace(row, fields)}\n`).join(''))
  }
  return canaries
}

/** The command line as a user runs it, at the loudest log level, while the CRMs misbehave. */
async function sweepLoudly(env: Readonly<Record<string, string>>, control: string, dir: string, url: string | undefined): Promise<string> {
  const run = async (...args: string[]): Promise<string> => {
    const options = { env: { ...process.env, ...env, DATABASE_URL: url ?? '', ACCORD_LOG_LEVEL: 'debug' }, maxBuffer: 1 << 28 }
    const done = promisify(execFile)(
      process.execPath,
      [new URL('../../bin/accord.js', import.meta.url).pathname, ...args, '--data', dir],
      options,
    )
    return done.then(
      ({ stdout, stderr }) => stdout + stderr,
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    )
  }
  const faults = [
    { crm: 'hubspot', path: 'batch/update', times: 1, kind: 'status', status: 500 },
    { crm: 'hubspot', path: 'contacts\\?', after: 1, times: 1, kind: 'truncate' },
    { crm: 'salesforce', path: 'composite/sobjects', times: 1, kind: 'html', status: 503 },
  ]
  const outputs = [await run('provision')]
  await fetch(`${control}/faults`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) })
  outputs.push(await run('sweep'))
  await fetch(`${control}/faults`, { method: 'DELETE' })
  outputs.push(
    await run('sweep', '--json'),
    await run('sweep', '--full'),
    await run('findings', '--list', '--limit', '100000'),
    await run('check'),
    await run('ledger', 'verify'),
  )
  if (!outputs[2]!.includes('"connections"')) throw new Error(`the sweep did not finish: ${outputs[2]!.slice(-500)}`)
  return outputs.join('\n')
}

/** Every row of every table as text: what a dump would show. */
async function dump(dir: string, url: string | undefined): Promise<[string, string][]> {
  const database = await openDatabase({ url, dir, log: () => undefined })
  try {
    const { rows } = await database.pool.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    )
    const tables: [string, string][] = []
    for (const { name } of rows) {
      const content = await database.pool.query<{ row: string }>(`select t::text as row from ${pg.escapeIdentifier(name)} t`)
      tables.push([`table ${name}`, content.rows.map((one) => one.row).join('\n')])
    }
    if (!tables.some(([, text]) => text.length > 10_000)) throw new Error('the database is empty: nothing was proved')
    return tables
  } finally {
    await database.close()
  }
}

/** Data files and write-ahead log as bytes: what a thief of the disk would read. */
async function files(dir: string): Promise<[string, string][]> {
  const names = await readdir(dir, { recursive: true, withFileTypes: true })
  const found: [string, string][] = []
  for (const entry of names)
    if (entry.isFile()) found.push([`file ${entry.name}`, await readFile(join(entry.parentPath, entry.name), 'latin1')])
  return found
}
