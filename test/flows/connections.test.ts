import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { countFindings, countStatuses, listFindings } from '../../src/store/findings.ts'
import { loadKnownSources } from '../../src/store/retired.ts'
import { lastSweeps } from '../../src/store/sweeps.ts'
import { runHere } from '../cli/here.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
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
    const rows = await storedRows((await scene.house()).db)
    return [ADA, BRUNO].map((ref) => consentOf(rows.get(ref)))
  }
  const accord = (config: string, ...args: string[]) => runHere([...args, '--data', scene.dir, '--config', config], scene.env)

  it('gives no consent any more, and its refusals stay; it is in no list, and counts again when it comes back', async () => {
    const { db } = await scene.house()
    expect(await states()).toEqual(['granted', 'withdrawn'])
    await scene.sweep({ config: without })
    expect(await states()).toEqual(['unknown', 'withdrawn'])
    const shown = [await countFindings(db, {}), await listFindings(db, {}, 1_000), await countStatuses(db), await lastSweeps(db)]
    expect(shown.flat().filter((one) => one.connection === 'hubspot')).toEqual([])
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
    expect((await accord(shippedConfig, 'connection', 'rename', 'hubspot', 'hubspot-eu')).stderr).toContain('still has "hubspot"')
    expect(await accord(renamed, 'connection', 'rename', 'hubspot', 'hubspot-eu')).toMatchObject({ code: 0 })
    await scene.crm.editContact(contactId(1), { consent_newsletter_email: null, consent_newsletter_email_date: null })
    await scene.sweep({ config: renamed })
    expect(await states()).toEqual(['unknown', 'withdrawn'])
    const sources = await loadKnownSources((await scene.house()).db)
    expect(sources.map(({ connection, object, retired }) => [connection, object, retired])).toEqual([
      ['hubspot-eu', 'contacts', false],
      ['salesforce', 'Contact', false],
      ['salesforce', 'Lead', false],
    ])
  })

  it('is forgotten when that is asked for, but for the hashes that a refusal needs', async () => {
    expect((await accord(shippedConfig, 'connection', 'forget', 'hubspot')).code).toBe(2)
    const forgotten = await accord(without, 'connection', 'forget', 'hubspot', '--json')
    expect([forgotten.code, JSON.parse(forgotten.stdout)]).toEqual([0, { connection: 'hubspot', forgotten: 1, kept: 1 }])
    await scene.sweep({ config: without })
    expect(await states()).toEqual(['unknown', 'withdrawn'])
    const rows = await storedRows((await scene.house()).db)
    expect([rows.has(`contacts/${contactId(1)}`), rows.get(`contacts/${contactId(2)}`)]).toEqual([
      false,
      expect.objectContaining({ gone: true, verdict: null, facts: 1 }),
    ])
    expect((await ledgerEntries((await scene.house()).db)).filter(([what]) => what === 'connection')).toEqual([
      ['connection', 'hubspot', 'forgotten', 1, 1],
    ])
    await scene.sweep()
    expect(await states()).toEqual(['granted', 'withdrawn'])
  })
})
