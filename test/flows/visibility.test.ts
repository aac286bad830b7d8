import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countFindings } from '../../src/store/findings.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'
import { consentOf, storedRows, type StoredRow } from './stored.ts'
import { changedConfig, contact, contactId, daysAgo, noonAgo, proved, sfId, sfRow } from './world.ts'

/** Long due, were it not for a running contract. */
const held = (crm: 'hubspot' | 'salesforce'): Record<string, unknown> =>
  crm === 'hubspot'
    ? { collection_date: daysAgo(2000), createdate: noonAgo(2000), contract_status: 'active' }
    : { Collection_Date__c: daysAgo(2000), Contract_Status__c: 'active' }
const dueRules = (row: StoredRow | undefined): string[] =>
  row!.verdict!.findings.map(([rule]) => rule).filter((rule) => /^retention\.(erase|archive|anonymise)_due$/.test(rule))

describe('a field that Accord needs and cannot see', () => {
  let server: TestPostgres
  let scene: Scene
  const HELD_HUBSPOT = `contacts/${contactId(1)}`
  const HELD_SALESFORCE = `Contact/${sfId('Contact', 11)}`
  const GRANTED = `Contact/${sfId('Contact', 12)}`
  const WITHDRAWN = `Contact/${sfId('Contact', 13)}`
  const rows = async (): ReturnType<typeof storedRows> => storedRows((await scene.accord()).db)

  beforeAll(async () => {
    server = await startPostgres()
    scene = await stage({
      database: await freshDatabase(server.url),
      world: {
        hubspot: { contacts: [contact(1, 'Yves', 'yves@example.fr', held('hubspot')), contact(2, 'Zoé', 'zoe@example.fr')] },
        salesforce: {
          Contact: [
            sfRow('Contact', 11, 'Yann', 'yann@example.fr', held('salesforce')),
            sfRow('Contact', 12, 'Xavier', 'xavier@example.fr', proved('salesforce', 30)),
            sfRow('Contact', 13, 'Wanda', 'wanda@example.fr', { Consent_Newsletter_Email__c: 'withdrawn' }),
          ],
        },
      },
    })
    await scene.sweep()
  })
  afterAll(async () => {
    await scene?.close()
    await server.stop()
  })

  it('because the CRM lacks it is a finding of the connection, the sweep goes on, and nobody becomes due because of it', async () => {
    const before = await rows()
    expect(dueRules(before.get(HELD_HUBSPOT))).toEqual([])
    const config = await changedConfig(join(scene.dir, 'misspelt'), {
      'connections.yaml': [['contractStatus: {from: contract_status,', 'contractStatus: {from: contract_statis,']],
    })
    const summaries = await scene.sweep({ config })
    expect(summaries.map(({ mode, records, error }) => [mode, records, error])).toEqual([
      ['full', 2, undefined],
      ['delta', expect.any(Number), undefined],
    ])
    const found = await countFindings((await scene.accord()).db, { connection: 'hubspot', kind: 'mapping' })
    expect(found.map((row) => row.rule)).toContain('mapping.field_missing')
    expect(dueRules((await rows()).get(HELD_HUBSPOT))).toEqual([])
    await scene.sweep()
    expect((await rows()).get(HELD_HUBSPOT)).toEqual(before.get(HELD_HUBSPOT))
    expect(await countFindings((await scene.accord()).db, { connection: 'hubspot', rule: 'mapping.field_missing' })).toEqual([])
  })

  it('because it was hidden since is unknown: nothing falls due, no consent is invented, no withdrawal lost; it heals when it comes back', async () => {
    const before = await rows()
    expect([GRANTED, WITHDRAWN].map((ref) => consentOf(before.get(ref)))).toEqual(['granted', 'withdrawn'])
    for (const field of ['Contract_Status__c', 'Consent_Newsletter_Email__c'])
      await scene.pull('salesforce/hide-field', { object: 'Contact', field, mode: 'read' })
    const [, summary] = await scene.sweep()
    expect([summary!.mode, summary!.error]).toEqual(['full', undefined])
    const hidden = await rows()
    expect(dueRules(hidden.get(HELD_SALESFORCE))).toEqual([])
    expect([GRANTED, WITHDRAWN].map((ref) => consentOf(hidden.get(ref)))).toEqual(['unknown', 'withdrawn'])
    const found = await countFindings((await scene.accord()).db, { connection: 'salesforce', rule: 'mapping.field_missing' })
    expect(found.filter((row) => row.object === 'Contact').length).toBeGreaterThan(0)
    for (const field of ['Contract_Status__c', 'Consent_Newsletter_Email__c'])
      await scene.pull('salesforce/hide-field', { object: 'Contact', field, mode: 'none' })
    await scene.sweep()
    expect(await rows()).toEqual(before)
  })
})
