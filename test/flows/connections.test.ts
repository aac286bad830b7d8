import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { takeCensus } from '../../src/store/census.ts'
import { countFindings, listFindings } from '../../src/store/findings.ts'
import { loadKnownSources } from '../../src/store/retired.ts'
import { lastSweeps } from '../../src/store/sweeps.ts'
import { runHere } from '../cli/here.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { storeRequest } from '../store/stored-request.ts'
import { stage, type Scene } from './scene.ts'
import { consentOf, ledgerEntries, storedRows } from './stored.ts'
import { changedConfig, contact, contactId, noonAgo, proved, sfId, sfRow, shippedConfig } from './world.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const ADA = `Contact/${sfId('Contact', 11)}`
const BRUNO = `Contact/${sfId('Contact', 12)}`

describe('a connection that leaves the configuration', () => {
  let scene: Scene
  let renamed: string
  let without: string
  beforeEach(async () => {
    scene = await stage({
      database: await freshDatabase(server.url),
      world: {
        hubspot: {
          contacts: [
            contact(1, 'Ada', 'ada@example.fr', proved('hubspot', 30)),
            contact(2, 'Bruno', 'bruno@example.fr', { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(5) }),
          ],
        },
        salesforce: {
          Contact: [
            sfRow('Contact', 11, 'Ada', 'ada@example.fr'),
            sfRow('Contact', 12, 'Bruno', 'bruno@example.fr', proved('salesforce', 30)),
          ],
        },
      },
    })
    renamed = await changedConfig(join(scene.dir, 'renamed'), { 'connections.yaml': [['- id: hubspot\n', '- id: hubspot-eu\n']] })
    const shipped = await readFile(join(shippedConfig, 'connections.yaml'), 'utf8')
    const hubspot = shipped.slice(shipped.indexOf('  - id: hubspot\n'), shipped.indexOf('  - id: salesforce\n'))
    without = await changedConfig(join(scene.dir, 'without'), { 'connections.yaml': [[hubspot, '']] })
    await scene.sweep()
  })
  afterEach(() => scene.close())

  const states = async (): Promise<string[]> => {
    const rows = await storedRows((await scene.accord()).db)
    return [ADA, BRUNO].map((ref) => consentOf(rows.get(ref)))
  }
  const accord = (config: string, ...args: string[]) => runHere([...args, '--data', scene.dir, '--config', config], scene.env)

  /** Every table that has anything under this name, but for the files of what is over. */
  const namedBy = async (connection: string): Promise<string[]> => {
    const { db } = await scene.accord()
    const tables = await sql<{ name: string }>`
      select table_name as name from information_schema.columns where column_name = 'connection' and table_schema = current_schema() order by 1`.execute(
      db,
    )
    const named: string[] = []
    for (const { name } of tables.rows) {
      const { rows } = await sql`select from ${sql.table(name)} where connection = ${connection} limit 1`.execute(db)
      if (rows.length > 0) named.push(name)
    }
    return named
  }
  /** An erasure that is carried out, a list that is shown, and somebody who came back: each with its one way to end. */
  const underWay = async (): Promise<{ ids: string[]; end: () => Promise<void> }> => {
    const { db } = await scene.accord()
    const [request, list, erased, comeback] = [1, 2, 3, 4].map((n) => `abcdefab-cdef-4abc-8def-abcdefabcde${n}`)
    const at = new Date().toISOString()
    for (const id of [request!, erased!]) await storeRequest(db, id, at)
    await sql`update request set closed_at = now(), sealed = null, seal = null, person = null where id = ${erased}`.execute(db)
    await sql`insert into request_record (request, connection, object, id, action, reasons, trace)
      values (${erased}, 'hubspot', 'contacts', '1', 'keep', '{}', 'present')`.execute(db)
    await sql`update request set erasure_state = '{"status":"settled","plan":{"connections":["salesforce","hubspot"]}}' where id = ${request}`.execute(
      db,
    )
    await sql`insert into retention_list (id, version, status, state, list, made_at)
      values (${list}, 0, 'shown', '{}', '{"entries":[{"key":"hubspot:contacts:101"}]}', now())`.execute(db)
    await sql`insert into comeback (id, request, version, state, opened_at) values (${comeback}, ${erased}, 1, '{}', now())`.execute(db)
    await sql`insert into reappearance (source, id, request, seen_at, comeback)
      select id, '101', ${erased}, now(), ${comeback} from source where connection = 'hubspot'`.execute(db)
    await sql`insert into stream_position (connection, position) values ('hubspot', '7')`.execute(db)
    await sql`insert into schedule_window (connection, kind, opens_at) values ('hubspot', 'sweep', '2026-03-01')`.execute(db)
    const end = async (): Promise<void> => {
      await sql`update request set closed_at = now(), sealed = null, seal = null, person = null`.execute(db)
      await sql`update retention_list set status = 'ended'`.execute(db)
      await sql`update comeback set closed_at = now()`.execute(db)
    }
    return { ids: [`request ${request}`, `retention list ${list}`, `the case of request ${erased}`], end }
  }

  it('gives no consent any more, and its refusals stay; it is in no list, and counts again when it comes back', async () => {
    const { db } = await scene.accord()
    expect(await states()).toEqual(['granted', 'withdrawn'])
    await scene.sweep({ config: without })
    expect(await states()).toEqual(['unknown', 'withdrawn'])
    const shown = [await countFindings(db, {}), await listFindings(db, {}, 1_000), await lastSweeps(db)]
    expect(shown.flat().filter((one) => one.connection === 'hubspot')).toEqual([])
    expect(await takeCensus(db, 'hubspot')).toEqual({ statuses: {}, findings: {}, held: [] })
    await scene.sweep()
    expect(await states()).toEqual(['granted', 'withdrawn'])
  })

  it('is not swept under a second name, and goes on under the new one once it is told', async () => {
    const [summary] = await scene.sweep({ config: renamed, only: 'hubspot-eu' })
    expect(summary!.error).toEqual({
      kind: 'refused',
      message:
        'hubspot-eu is the hubspot account 4400001 that was swept as hubspot, which connections.yaml no longer has: ' +
        'run "accord connection rename hubspot hubspot-eu" to keep what is known of it, or "accord connection forget hubspot"',
    })
    // Beside the first one it would be everything of that account twice.
    const text = await readFile(join(shippedConfig, 'connections.yaml'), 'utf8')
    const block = text.slice(text.indexOf('  - id: hubspot\n'), text.indexOf('  - id: salesforce\n'))
    const twice = await changedConfig(join(scene.dir, 'twice'), {
      'connections.yaml': [['  - id: salesforce\n', `${block.replace('id: hubspot\n', 'id: hubspot-two\n')}  - id: salesforce\n`]],
    })
    const twin = 'hubspot-two and hubspot of connections.yaml are one and the same hubspot account 4400001'
    expect((await scene.sweep({ config: twice, only: 'hubspot-two' }))[0]!.error).toEqual({
      kind: 'refused',
      message: expect.stringContaining(twin),
    })
    expect((await scene.sweep({ config: twice, only: 'hubspot' }))[0]!.error).toBeUndefined()
    expect((await accord(shippedConfig, 'connection', 'rename', 'hubspot', 'hubspot-eu')).stderr).toContain('still has "hubspot"')
    const rename = () => accord(renamed, 'connection', 'rename', 'hubspot', 'hubspot-eu')
    const { ids, end } = await underWay()
    expect(await rename()).toMatchObject({ code: 2, stderr: expect.stringContaining(ids.join(', ')) })
    await end()
    // The Accord of the scene is at work on the same database.
    expect(await rename()).toMatchObject({ code: 1, stderr: expect.stringContaining('another process of Accord is at work') })
    await scene.leave()
    expect(await rename()).toMatchObject({ code: 0 })
    // Signed at once: nobody can cut it off unseen.
    expect(await accord(renamed, 'ledger', 'verify')).toMatchObject({ code: 0 })
    expect(await namedBy('hubspot')).toEqual([])
    expect(await namedBy('hubspot-eu')).toEqual(
      expect.arrayContaining(['connection_account', 'request_record', 'schedule_window', 'source', 'sweep']),
    )
    await scene.crm.editContact(contactId(1), { consent_newsletter_email: null, consent_newsletter_email_date: null })
    await scene.sweep({ config: renamed })
    expect(await states()).toEqual(['unknown', 'withdrawn'])
    const sources = await loadKnownSources((await scene.accord()).db)
    // The one that was refused has left its name, and nothing else.
    expect(sources.filter(({ connection }) => connection === 'hubspot-two')).toMatchObject([{ records: 0, retired: true }])
    const kept = sources.filter(({ connection }) => connection !== 'hubspot-two')
    expect(kept.map(({ connection, object, retired }) => [connection, object, retired])).toEqual([
      ['hubspot-eu', 'contacts', false],
      ['salesforce', 'Contact', false],
      ['salesforce', 'Lead', false],
    ])
  })

  it('is forgotten when that is asked for, but for the hashes that a refusal needs', async () => {
    expect((await accord(shippedConfig, 'connection', 'forget', 'hubspot')).code).toBe(2)
    const { ids, end } = await underWay()
    const forget = () => accord(without, 'connection', 'forget', 'hubspot')
    expect(await forget()).toMatchObject({ code: 2, stderr: expect.stringContaining(ids.join(', ')) })
    await end()
    expect(await forget()).toMatchObject({ code: 1, stderr: expect.stringContaining('another process of Accord is at work') })
    await scene.leave()
    const forgotten = await accord(without, 'connection', 'forget', 'hubspot', '--json')
    expect([forgotten.code, JSON.parse(forgotten.stdout)]).toEqual([0, { connection: 'hubspot', forgotten: 1, kept: 1 }])
    expect(await accord(without, 'ledger', 'verify')).toMatchObject({ code: 0 })
    // What is over keeps its file; of the source, what refusals need.
    expect(await namedBy('hubspot')).toEqual(['connection_account', 'request_record', 'source'])
    await scene.sweep({ config: without })
    expect(await states()).toEqual(['unknown', 'withdrawn'])
    const rows = await storedRows((await scene.accord()).db)
    expect([rows.has(`contacts/${contactId(1)}`), rows.get(`contacts/${contactId(2)}`)]).toEqual([
      false,
      expect.objectContaining({ gone: true, verdict: null, facts: 1 }),
    ])
    expect((await ledgerEntries((await scene.accord()).db)).filter(([what]) => what === 'connection')).toEqual([
      ['connection', 'hubspot', 'forgotten', 1, 1],
    ])
    await scene.sweep()
    expect(await states()).toEqual(['granted', 'withdrawn'])
  })
})
