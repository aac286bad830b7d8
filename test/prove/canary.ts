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
  try {
    say(`${canaries.length} canaries`)
    const seedDir = join(root, 'seed')
    const [swept, erased] = [await freshDatabase(server.url), await freshDatabase(server.url)]
    // Most of a lane is waiting; each has CRMs, a data folder and a database of its own.
    const ended = await Promise.allSettled([
      lookAfterSweeps(undefined, seedDir, canaries),
      lookAfterSweeps(swept, seedDir, canaries),
      lookAfterErasure(undefined, seed),
      lookAfterErasure(erased, seed),
    ])
    const all = ended.map((one) => {
      if (one.status === 'rejected') throw one.reason
      return one.value
    })
    for (const { what, places, trials } of all) say(`${what}: ${trials} values looked for in ${places} places`)
    return {
      trials: all.reduce((sum, { trials }) => sum + trials, 0),
      violations: all.flatMap(({ what, found }) => found.map((line) => `${what}: ${line}`)),
    }
  } finally {
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

type Looked = { what: string; places: number; trials: number; found: string[] }

async function lookAfterSweeps(url: string | undefined, seedDir: string, canaries: readonly Canary[]): Promise<Looked> {
  const scene = await stage({ seedDir })
  try {
    const output = await sweepLoudly(scene.env, scene.sandbox.control, scene.dir, url)
    const places = new Map<string, string>([['output', output], ...(await dump(scene.dir, url)), ...(await files(scene.dir))])
    const found = standing(places, canaries).map(({ place, field }) => `a ${field} stands in ${place}`)
    return { what: `${kindOf(url)}, swept`, places: places.size, trials: places.size * canaries.length, found }
  } finally {
    await scene.close()
  }
}

async function lookAfterErasure(url: string | undefined, seed: number): Promise<Looked> {
  const { tokens, places } = await eraseCanary(url, seed, { dump, files })
  const traits = tokens.map((token, index) => ({ token, field: `trait ${index}` }))
  const found = standing(places, traits).map(({ place, field }) => `${field} of somebody who was erased stands in ${place}`)
  return { what: `${kindOf(url)}, erased`, places: places.size, trials: places.size * tokens.length, found }
}

function kindOf(url: string | undefined): string {
  return url === undefined ? 'embedded' : 'postgres'
}

/** Hundreds of values begin alike: where not even that beginning stands, none of them does, and the text is read once instead of hundreds of times. */
function standing(places: ReadonlyMap<string, string>, canaries: readonly Canary[]): { place: string; field: string }[] {
  const alike = Map.groupBy(canaries, ({ token }) => token.slice(0, BEGINNING))
  return [...places].flatMap(([place, text]) =>
    [...alike]
      .filter(([beginning]) => text.includes(beginning))
      .flatMap(([, some]) => some.filter(({ token }) => text.includes(token)).map(({ field }) => ({ place, field }))),
  )
}

/** Characters: the mark and the seed of a text, the country and the first digits of a number. */
const BEGINNING = 6

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
