import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'
import { consentOf, storedRows } from './stored.ts'
import { contact, contactId, noonAgo, proved, sfId, sfRow, type World } from './world.ts'

const withdrawn = { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(5) }
const names = ['Alba', 'Basile', 'Chloé', 'Denis', 'Emma', 'Farid', 'Gaëlle', 'Hugo', 'Inès', 'Jonas']
const address = (id: number): string => `person${id}@example.fr`

/** Ten people, each in both CRMs, each with a withdrawal in HubSpot and an older proved yes in Salesforce. */
const world: World = {
  hubspot: { contacts: names.map((name, index) => contact(index + 1, name, address(index + 1), withdrawn)) },
  salesforce: { Contact: names.map((name, index) => sfRow('Contact', index + 11, name, address(index + 1), proved('salesforce', 30))) },
}

describe('a withdrawn consent', () => {
  let server: TestPostgres
  let scene: Scene
  const inSalesforce = async (id: number): Promise<unknown> =>
    (await scene.crm.row('Contact', sfId('Contact', id + 10)))!['Accord_C_newsletter_email__c']
  const inHubspot = async (id: string): Promise<unknown> => (await scene.crm.contact(id))!['accord_consent_newsletter_email']

  beforeAll(async () => {
    server = await startPostgres()
    scene = await stage({ world, database: await freshDatabase(server.url) })
    await scene.sweep()
  })
  afterAll(async () => {
    await scene?.close()
    await server.stop()
  })

  it('stays when the box is un-ticked or cleared, when a yes without proof or with an older proof is imported, and in the other CRM too', async () => {
    await scene.crm.editContact(contactId(1), { consent_newsletter_email: null, consent_newsletter_email_date: null })
    await scene.crm.editContact(contactId(2), { consent_newsletter_email: 'yes', consent_newsletter_email_date: null })
    await scene.crm.editContact(contactId(3), proved('hubspot', 20) as never)
    await scene.crm.editRow('Contact', sfId('Contact', 14), { Consent_Newsletter_Email__c: 'yes', Consent_Newsletter_Email_Text__c: null })
    await scene.sweep()
    const seen = await Promise.all([1, 2, 3, 4].map(async (id) => [await inHubspot(contactId(id)), await inSalesforce(id)]))
    expect(seen).toEqual(Array.from({ length: 4 }, () => ['withdrawn', 'withdrawn']))
  })

  it('stays when the record is merged into another person’s contact, or into one that the next sweep finds gone', async () => {
    const id = await scene.crm.createContact({ email: 'emma.work@example.fr', firstname: 'Emma', ...proved('hubspot', 20) } as never)
    await scene.sweep()
    expect(await inHubspot(id)).toBe('granted')
    const winner = await scene.crm.mergeContacts(id, contactId(5))
    await scene.crm.editContact(winner, { consent_newsletter_email: 'yes' })
    await scene.sweep()
    expect([await inHubspot(winner), await inSalesforce(5)]).toEqual(['withdrawn', 'withdrawn'])
    await scene.crm.archiveContact(winner)
    await scene.sweep({ full: true })
    expect(await inSalesforce(5)).toBe('withdrawn')
    const again = await scene.crm.createContact({ email: address(5), firstname: 'Emma', ...proved('hubspot', 20) } as never)
    await scene.sweep()
    expect(await inHubspot(again)).toBe('withdrawn')
  })

  it('stays when the record is archived and made again with the same address', async () => {
    await scene.crm.archiveContact(contactId(6))
    await scene.sweep({ full: true })
    const { db } = await scene.accord()
    const tomb = (await storedRows(db)).get(`contacts/${contactId(6)}`)
    expect(tomb).toMatchObject({ gone: true, verdict: null, facts: 1, reviewOn: null })
    const again = await scene.crm.createContact({ email: address(6).toUpperCase(), firstname: 'Farid', ...proved('hubspot', 20) } as never)
    await scene.sweep()
    expect([await inHubspot(again), await inSalesforce(6)]).toEqual(['withdrawn', 'withdrawn'])
  })

  it('stays when the address alone moves to a new contact', async () => {
    await scene.crm.editContact(contactId(7), { email: 'gaelle.new@example.fr' })
    await scene.crm.editRow('Contact', sfId('Contact', 17), { Email: 'gaelle.new@example.fr' })
    await scene.sweep()
    expect([await inHubspot(contactId(7)), await inSalesforce(7)]).toEqual(['withdrawn', 'withdrawn'])
  })

  it('ends with a newer proved opt-in, in both CRMs', async () => {
    await scene.crm.editContact(contactId(8), proved('hubspot', 1) as never)
    await scene.sweep()
    expect([await inHubspot(contactId(8)), await inSalesforce(8)]).toEqual(['granted', 'granted'])
  })

  it('ends in the same state whichever CRM shows its half of a conflict first', async () => {
    await scene.crm.editContact(contactId(9), proved('hubspot', 2) as never)
    await scene.crm.editRow('Contact', sfId('Contact', 19), {
      Consent_Newsletter_Email__c: 'withdrawn',
      Consent_Newsletter_Email_Date__c: noonAgo(1),
    })
    await scene.crm.editRow('Contact', sfId('Contact', 20), proved('salesforce', 2) as never)
    await scene.crm.editContact(contactId(10), { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(1) })
    await scene.sweep({ only: 'salesforce' })
    await scene.sweep({ only: 'hubspot' })
    await scene.sweep()
    const seen = await Promise.all([9, 10].map(async (id) => [await inHubspot(contactId(id)), await inSalesforce(id)]))
    expect(seen).toEqual([
      ['withdrawn', 'withdrawn'],
      ['withdrawn', 'withdrawn'],
    ])
    const rows = await storedRows((await scene.accord()).db)
    expect(consentOf(rows.get(`contacts/${contactId(9)}`))).toBe('withdrawn')
  })
})
