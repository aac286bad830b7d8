import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene, type StageOptions } from './scene.ts'
import { consentOf, personsOf, storedRows } from './stored.ts'
import { contact, contactId, noonAgo, proved, sfId, sfRow, type World } from './world.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const scene = async (options: StageOptions): Promise<Scene> => stage({ ...options, database: await freshDatabase(server.url) })
const HUBSPOT = (id: number): string => `contacts/${contactId(id)}`
const CONTACT = (id: number): string => `Contact/${sfId('Contact', id)}`
const LEAD = (id: number): string => `Lead/${sfId('Lead', id)}`
const withdrawn = { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(5) }

/** Each pair of records is a case of its own; the numbers keep them apart. */
const world: World = {
  hubspot: {
    contacts: [
      contact(1, 'Élodie', 'elodie.martin@example.fr', withdrawn),
      // A couple on one mailbox: he has said no to e-mail.
      contact(2, 'Jean', 'famille.martin@example.fr', withdrawn),
      contact(3, 'Karim', 'info@example.org', withdrawn),
      contact(4, 'Louise', 'louise.a@example.fr', withdrawn),
      // Named by the CRM itself, without any address.
      contact(5, 'Manon', null, { ...withdrawn, salesforcecontactid: sfId('Contact', 15).slice(0, 15) }),
      contact(6, 'Nina', 'nina@example.fr', proved('hubspot', 30)),
    ],
  },
  salesforce: {
    Contact: [
      sfRow('Contact', 11, 'ELODIE', 'Elodie.Martin@EXAMPLE.fr', proved('salesforce', 30)),
      sfRow('Contact', 12, 'Marie', 'famille.martin@example.fr', proved('salesforce', 30)),
      sfRow('Contact', 13, 'Karim', 'info@example.org', proved('salesforce', 30)),
      sfRow('Contact', 14, 'Louise', 'louise.b@example.fr', proved('salesforce', 30)),
      sfRow('Contact', 15, 'Manon', null, proved('salesforce', 30)),
    ],
    Lead: [sfRow('Lead', 16, 'Nina', 'nina@example.fr')],
  },
}

describe('records of one person in two CRMs', () => {
  let first: Scene
  beforeAll(async () => {
    first = await scene({ world })
    await first.sweep()
  })
  afterAll(() => first.close())

  it('are linked by equal e-mail and given name, in whatever case and accents, and by the ids that the CRMs keep of each other', async () => {
    const rows = await storedRows((await first.accord()).db)
    expect(personsOf(rows)).toEqual([
      [CONTACT(11), HUBSPOT(1)],
      [CONTACT(15), HUBSPOT(5)],
      [LEAD(16), HUBSPOT(6)],
    ])
  })

  it('share a withdrawal in the same sweep, down to the field in the other CRM', async () => {
    for (const id of [11, 15])
      expect(await first.crm.row('Contact', sfId('Contact', id))).toMatchObject({ Accord_C_newsletter_email__c: 'withdrawn' })
    expect(await first.crm.row('Lead', sfId('Lead', 16))).toMatchObject({ Accord_C_newsletter_email__c: 'granted' })
  })

  it('stay two when two given names share a mailbox, and a refusal by e-mail holds for both', async () => {
    const rows = await storedRows((await first.accord()).db)
    expect([rows.get(HUBSPOT(2))!.subject, rows.get(CONTACT(12))!.subject]).toEqual([null, null])
    expect([consentOf(rows.get(HUBSPOT(2))), consentOf(rows.get(CONTACT(12)))]).toEqual(['withdrawn', 'withdrawn'])
    expect(await first.crm.row('Contact', sfId('Contact', 12))).toMatchObject({ Accord_C_newsletter_email__c: 'withdrawn' })
  })

  it('are never linked by a function mailbox or by equal names', async () => {
    const rows = await storedRows((await first.accord()).db)
    for (const id of [13, 14]) expect(rows.get(CONTACT(id))!.subject).toBeNull()
    expect(consentOf(rows.get(CONTACT(14)))).toBe('granted')
  })

  it('who read one function mailbox are all bound by a refusal that one of them sent', async () => {
    const rows = await storedRows((await first.accord()).db)
    expect([consentOf(rows.get(HUBSPOT(3))), consentOf(rows.get(CONTACT(13)))]).toEqual(['withdrawn', 'withdrawn'])
    expect(await first.crm.row('Contact', sfId('Contact', 13))).toMatchObject({ Accord_C_newsletter_email__c: 'withdrawn' })
  })

  it('end in the same verdicts and the same CRM fields, whichever CRM is swept first', async () => {
    const [hubspotFirst, salesforceFirst] = [await scene({ world }), await scene({ world })]
    try {
      const sweepInOrder = async (one: Scene, order: readonly string[]): Promise<void> => {
        for (const only of order) await one.sweep({ only })
        await one.sweep()
      }
      await Promise.all([sweepInOrder(hubspotFirst, ['hubspot', 'salesforce']), sweepInOrder(salesforceFirst, ['salesforce', 'hubspot'])])
      const expected = await outcome(first)
      expect(await outcome(hubspotFirst)).toEqual(expected)
      expect(await outcome(salesforceFirst)).toEqual(expected)
    } finally {
      await hubspotFirst.close()
      await salesforceFirst.close()
    }
  })
})

describe('a link that changes', () => {
  let changing: Scene
  beforeAll(async () => {
    changing = await scene({
      world: {
        hubspot: {
          contacts: [
            contact(1, 'Ada', 'ada@example.fr', proved('hubspot', 30)),
            contact(2, 'Bruno', null, withdrawn),
            contact(3, 'Carl', 'carl@example.fr', proved('hubspot', 30)),
            contact(4, 'Dora', 'dora@example.fr', withdrawn),
          ],
        },
        salesforce: {
          Contact: [
            sfRow('Contact', 11, 'Ada', 'ada@example.fr'),
            sfRow('Contact', 12, 'Bruno', null, proved('salesforce', 30)),
            sfRow('Contact', 13, 'Carl', 'carl@example.fr'),
            sfRow('Contact', 14, 'Dorian', 'dora@example.fr', proved('salesforce', 30)),
          ],
        },
      },
    })
    await changing.sweep()
  })
  afterAll(() => changing.close())

  it('is cut when a third record shows that the mailbox is shared, and both are judged again', async () => {
    expect(await changing.crm.row('Contact', sfId('Contact', 11))).toMatchObject({ Accord_C_newsletter_email__c: 'granted' })
    await changing.crm.createRow('Contact', { FirstName: 'Bob', LastName: 'Martin', Email: 'ada@example.fr' })
    await changing.sweep()
    const rows = await storedRows((await changing.accord()).db)
    // Ada keeps her given name on both sides; what Bob shares is the mailbox.
    expect(personsOf(rows)).toContainEqual([CONTACT(11), HUBSPOT(1)])
    await changing.crm.editRow('Contact', sfId('Contact', 11), { FirstName: null })
    await changing.sweep()
    const after = await storedRows((await changing.accord()).db)
    expect([after.get(HUBSPOT(1))!.subject, after.get(CONTACT(11))!.subject]).toEqual([null, null])
    expect([consentOf(after.get(HUBSPOT(1))), consentOf(after.get(CONTACT(11)))]).toEqual(['granted', 'unknown'])
  })

  it('is made when the CRM writes the id of the other later, although the other CRM is read second', async () => {
    await changing.pull('hubspot/edit', {
      id: contactId(2),
      properties: { salesforcecontactid: sfId('Contact', 12) },
      sourceType: 'SALESFORCE',
    })
    await changing.sweep()
    const rows = await storedRows((await changing.accord()).db)
    expect(personsOf(rows)).toContainEqual([CONTACT(12), HUBSPOT(2)])
    expect(consentOf(rows.get(CONTACT(12)))).toBe('withdrawn')
  })

  it('is cut when the twin that brought the consent is gone', async () => {
    expect(await changing.crm.row('Contact', sfId('Contact', 13))).toMatchObject({ Accord_C_newsletter_email__c: 'granted' })
    await changing.crm.archiveContact(contactId(3))
    await changing.sweep({ full: true })
    const rows = await storedRows((await changing.accord()).db)
    expect([rows.has(HUBSPOT(3)), rows.get(CONTACT(13))!.subject, consentOf(rows.get(CONTACT(13)))]).toEqual([false, null, 'unknown'])
  })

  it('frees the other reader of a mailbox when the one who refused takes another address', async () => {
    expect(await changing.crm.row('Contact', sfId('Contact', 14))).toMatchObject({ Accord_C_newsletter_email__c: 'withdrawn' })
    await changing.crm.editContact(contactId(4), { email: 'dora.new@example.fr' })
    await changing.sweep()
    expect(await changing.crm.row('Contact', sfId('Contact', 14))).toMatchObject({ Accord_C_newsletter_email__c: 'granted' })
  })
})

/** Verdicts and links without the numbers that depend on the order of work, and what stands in the CRMs. */
async function outcome(one: Scene): Promise<unknown> {
  const rows = await storedRows((await one.accord()).db)
  const crm: unknown[] = []
  for (const row of world.hubspot!.contacts) crm.push(accordFields(await one.crm.contact(String(row['hs_object_id']))))
  for (const row of world.salesforce!.Contact!) crm.push(accordFields(await one.crm.row('Contact', String(row['Id']))))
  return {
    verdicts: [...rows.values()].map(({ ref, verdict, reviewOn, facts }) => ({ ref, key: verdict?.key, reviewOn, facts })),
    persons: personsOf(rows),
    crm,
  }
}

function accordFields(record: Readonly<Record<string, unknown>> | null): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record ?? {}).filter(([name, value]) => /^accord_/i.test(name) && value !== null && value !== ''),
  )
}
