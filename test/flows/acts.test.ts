import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'
import { storedRows } from './stored.ts'
import { contact, contactId, daysAgo, noonAgo, sfId, sfRow, type World } from './world.ts'

const old = { createdate: noonAgo(2_000), collection_date: daysAgo(2_000) }
const oldRow = { CreatedDate: noonAgo(2_000).replace('Z', '+0000'), Collection_Date__c: daysAgo(2_000) }

/** Both have been known for more than five years; one clicked yesterday, and only HubSpot knows. */
const world: World = {
  hubspot: {
    contacts: [
      contact(1, 'Sacha', 'sacha@example.fr', { ...old, hs_email_last_click_date: noonAgo(1) }),
      contact(2, 'Tess', 'tess@example.fr', { ...old, hs_email_last_open_date: noonAgo(1) }),
    ],
  },
  salesforce: {
    Contact: [sfRow('Contact', 11, 'Sacha', 'sacha@example.fr', oldRow), sfRow('Contact', 12, 'Tess', 'tess@example.fr', oldRow)],
  },
}

describe('a click that only HubSpot knows of', () => {
  let server: TestPostgres
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  it.each([
    ['HubSpot', ['hubspot', 'salesforce']],
    ['Salesforce', ['salesforce', 'hubspot']],
  ])('keeps the Salesforce contact of the person, and an open does not, with %s swept first', async (_, order) => {
    const scene: Scene = await stage({ world, database: await freshDatabase(server.url) })
    try {
      for (const only of order) await scene.sweep({ only })
      await scene.sweep()
      const [sacha, tess] = await Promise.all([11, 12].map((id) => scene.crm.row('Contact', sfId('Contact', id))))
      const keepUntil = (await scene.crm.contact(contactId(1)))!['accord_keep_until']
      expect(sacha!['Accord_Keep_Until__c']).toBe(keepUntil)
      expect(String(sacha!['Accord_Findings__c'])).not.toContain('retention.')
      expect(String(tess!['Accord_Findings__c'])).toContain('retention.erase_due')
      expect(tess!['Accord_Status__c']).toBe('blocked')
      const rows = await storedRows((await scene.accord()).db)
      const due = (id: number) => rows.get(`Contact/${sfId('Contact', id)}`)!.verdict!.findings.map(([rule]) => rule)
      expect([due(11).includes('retention.erase_due'), due(12).includes('retention.erase_due')]).toEqual([false, true])
    } finally {
      await scene.close()
    }
  })
})
