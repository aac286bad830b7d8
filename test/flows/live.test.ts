import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stageLive, type LiveScene } from './live-scene.ts'
import { contact, contactId, noonAgo, proved, sfId, sfRow, type World } from './world.ts'

const names = ['Alba', 'Basile', 'Chloé', 'Denis', 'Emma', 'Farid']
const address = (id: number): string => `person${id}@example.fr`

/** Six people, each in both CRMs, each with a proved yes in both. */
const world: World = {
  hubspot: { contacts: names.map((name, index) => contact(index + 1, name, address(index + 1), proved('hubspot', 30))) },
  salesforce: { Contact: names.map((name, index) => sfRow('Contact', index + 11, name, address(index + 1), proved('salesforce', 30))) },
}

describe('the service', () => {
  let server: TestPostgres
  let live: LiveScene
  const inSalesforce = async (id: number): Promise<unknown> =>
    (await live.scene.crm.row('Contact', sfId('Contact', id + 10)))?.['Accord_C_newsletter_email__c']

  beforeAll(async () => {
    server = await startPostgres()
    live = await stageLive({ world, database: await freshDatabase(server.url) })
    await live.start()
  })
  afterAll(async () => {
    await live?.close()
    await server.stop()
  })

  it('hears of a withdrawal in one CRM and writes it to the other', async () => {
    expect(await inSalesforce(1)).toBe('granted')
    await live.scene.crm.editContact(contactId(1), { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(0) })
    await live.scene.until(async () => (await inSalesforce(1)) === 'withdrawn')
    await live.quiet()
    expect((await live.scene.crm.contact(contactId(1)))!['accord_consent_newsletter_email']).toBe('withdrawn')
  })

  it('hears that a person was merged into another, and that the other keeps the refusal', async () => {
    await live.scene.crm.editContact(contactId(2), { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(0) })
    await live.scene.until(async () => (await inSalesforce(2)) === 'withdrawn')
    const winner = await live.scene.crm.mergeContacts(contactId(3), contactId(2))
    await live.scene.until(async () => (await inSalesforce(3)) === 'withdrawn')
    expect((await live.scene.crm.contact(winner))!['accord_consent_newsletter_email']).toBe('withdrawn')
  })

  it('refuses what HubSpot did not sign, and what is for nobody', async () => {
    const body = JSON.stringify([
      { eventId: 1, subscriptionId: 1, portalId: 4400001, occurredAt: Date.now(), subscriptionType: 'contact.creation', objectId: 1 },
    ])
    const timestamp = String(Date.now())
    const post = async (connection: string, secret: string): Promise<number> => {
      const signature = createHmac('sha256', secret).update(`POST${live.url}/webhooks/${connection}${body}${timestamp}`).digest('base64')
      const headers = {
        'content-type': 'application/json',
        'x-hubspot-request-timestamp': timestamp,
        'x-hubspot-signature-v3': signature,
      }
      return (await fetch(`${live.url}/webhooks/${connection}`, { method: 'POST', headers, body })).status
    }
    expect([await post('hubspot', 'sandbox-secret'), await post('hubspot', 'another'), await post('nobody', 'sandbox-secret')]).toEqual([
      200, 401, 404,
    ])
  })
})
