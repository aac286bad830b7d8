import { Kysely, PostgresDialect, sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHasher } from '../../src/core/identity/hash.ts'
import { loadAccounts } from '../../src/store/accounts.ts'
import { countFindings } from '../../src/store/findings.ts'
import { emptyDictionary, loadDictionary } from '../../src/store/dictionary.ts'
import { migrate, migrations } from '../../src/store/migrate.ts'
import { createPool } from '../../src/store/pool.ts'
import { loadByEmails, loadByNames, loadIdentifiersOf } from '../../src/store/records.ts'
import { findSource } from '../../src/store/sources.ts'
import type { Tables } from '../../src/store/tables.ts'
import { emptyDatabase, startPostgres, type TestPostgres } from '../postgres.ts'

let server: TestPostgres
let db: Kysely<Tables>

beforeAll(async () => {
  server = await startPostgres()
  db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: createPool({ connectionString: await emptyDatabase(server.url), max: 2 }, () => undefined) }),
  })
})
afterAll(async () => {
  await db.destroy()
  await server.stop()
})

/** The 128-bit form of what the hasher now gives in 64 bits: its first half, and anything behind. */
function wide(hash: string): string {
  return BigInt.asUintN(64, BigInt(hash)).toString(16).padStart(16, '0').padEnd(32, 'f')
}

it('keeps records, who they are and what they name when a database of the first release is opened', async () => {
  const hasher = createHasher(Buffer.alloc(32, 1))
  const email = hasher.identifier('email', 'ines@example.fr')
  const further = hasher.identifier('email', 'i.roche@example.fr')
  const named = hasher.identifier('record', 'salesforce:Contact:003x')
  await migrate(db, migrations.slice(0, 2))
  await sql`insert into source (connection, crm, object, policy, cursor) values ('hubspot', 'hubspot', 'contacts', 'p', 'c')`.execute(db)
  await sql`insert into rule (id, kind, remedy, ref) values ('consent.child', 'consent', 'r', 'a')`.execute(db)
  await sql`insert into verdict (key, body) values (decode(repeat('0a', 16), 'hex'), '{"status":"blocked","audience":"consumer","bases":[],
    "retention":["prospect","erase",null],"findings":[["consent.child","high",["birthDate"]]],"consent":[]}')`.execute(db)
  await sql`insert into record (mark, email, verdict, source, id) values (65541, ${wide(email)}::uuid, 1, 1, '7')`.execute(db)
  await sql`insert into identifier (hash, source, kind, id)
    values (${wide(further)}::uuid, 1, 0, '7'), (${wide(named)}::uuid, 1, 1, '7')`.execute(db)
  await migrate(db, migrations.slice(0, 5))
  await sql`update source set account = '4400001'`.execute(db)

  await migrate(db)

  expect(await loadAccounts(db)).toEqual([{ connection: 'hubspot', crm: 'hubspot', account: '4400001', forgotten: false, grant: null }])

  const row = {
    source: 1,
    id: '7',
    subject: null,
    email,
    name: named,
    verdict: 1,
    reviewOn: null,
    facts: null,
    gone: false,
    given: 5,
    family: 0,
    personal: false,
    content: 0,
  }
  const dictionary = emptyDictionary()
  await loadDictionary(db, dictionary)
  expect(dictionary.verdictIds.get('0a'.repeat(16))).toBe(1)
  expect(await loadByEmails(db, [email, further])).toEqual([row])
  expect(await loadByNames(db, [named])).toEqual([row])
  expect(await loadIdentifiersOf(db, [1], ['7'])).toEqual([{ hash: further, source: 1, id: '7', kind: 0 }])
  // Everybody is read again: the name of the family is not known yet.
  expect(await findSource(db, 'hubspot', 'contacts')).toMatchObject({ policy: null, cursor: null })
  expect(await countFindings(db, {})).toEqual([
    { connection: 'hubspot', object: 'contacts', kind: 'consent', rule: 'consent.child', severity: 'high', records: 1 },
  ])
})
