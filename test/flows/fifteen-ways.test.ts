/** Fifteen ways in which CRMs, imports and people bring a withdrawn consent back by accident or on purpose. None works. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { HUBSPOT_TOKEN } from './crms.ts'
import { stage, type Scene } from './scene.ts'
import { contact, contactId, daysAgo, noonAgo, proved, sfId, sfRow, type Row, type World } from './world.ts'

/** The records in which the person is to be found from now on. */
type Person = { n: number; email: string; contacts: string[]; rows: string[] }
type Way = { name: string; before?: Row; first: (person: Person) => Promise<unknown>; then?: (person: Person) => Promise<unknown> }

const NEWSLETTER = 440_010_004
/** Days since the yes: before the last change of any record, which dates a no that has no date of its own. */
const OLD = 95
const withdrawn = { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(10) }
const oldYes = proved('hubspot', OLD) as never
const oldYesThere = proved('salesforce', OLD) as never
const elsewhere = (n: number): string => `other${n}@example.fr`
let scene: Scene

const ways: readonly Way[] = [
  {
    name: 'an import that says yes',
    first: ({ contacts: [id] }) => scene.crm.editContact(id!, { consent_newsletter_email: 'yes', consent_newsletter_email_date: null }),
  },
  {
    name: 'a merge into a contact with an older yes',
    first: async ({ n, contacts }) =>
      contacts.push(await scene.crm.createContact({ email: elsewhere(n), firstname: 'Ada', ...proved('hubspot', OLD) } as never)),
    then: async (person) => (person.contacts = [await scene.crm.mergeContacts(person.contacts[1]!, person.contacts[0]!)]),
  },
  {
    name: 'a box that is un-ticked',
    before: { consent_newsletter_email: null, consent_newsletter_email_date: null, newsletter_status: 'unsubscribed' },
    first: ({ contacts: [id] }) => scene.crm.editContact(id!, { newsletter_status: null }),
    then: ({ contacts: [id] }) => scene.crm.editContact(id!, { newsletter_status: 'subscribed' }),
  },
  {
    name: 'a sync of the older yes from the other CRM',
    first: ({ contacts: [id] }) => scene.crm.editContact(id!, oldYes),
    then: ({ rows: [id] }) => scene.crm.editRow('Contact', id!, { Newsletter_Status__c: 'subscribed' }),
  },
  {
    name: 'a record that is deleted and made again',
    first: async (person) => {
      await scene.crm.archiveContact(person.contacts[0]!)
      person.contacts = []
    },
    then: async ({ email, contacts }) =>
      contacts.push(await scene.crm.createContact({ email, firstname: 'Ada', ...proved('hubspot', OLD) } as never)),
  },
  {
    name: 'a change of address, and back',
    first: ({ n, contacts: [id] }) => scene.crm.editContact(id!, { ...proved('hubspot', OLD), email: elsewhere(n) } as never),
    then: ({ email, contacts: [id] }) => scene.crm.editContact(id!, { email }),
  },
  {
    name: 'a second mailbox of the same person',
    first: async ({ n, contacts: [id], rows }) => {
      await scene.crm.editContact(id!, { work_email: elsewhere(n) })
      const row = { LastName: 'Martin', FirstName: 'Ada', Email: elsewhere(n), ...proved('salesforce', OLD) }
      rows.push(await scene.crm.createRow('Contact', row as never))
    },
  },
  {
    name: 'a lead with an older yes that is converted',
    first: async (person) => {
      const lead = { LastName: 'Martin', FirstName: 'Ada', Company: 'Ada', Email: person.email, ...proved('salesforce', OLD) }
      leads.set(person.n, await scene.crm.createRow('Lead', lead as never))
    },
    then: async ({ n, rows }) => {
      const { contactId: made } = await scene.pull('salesforce/convert-lead', { leadId: leads.get(n) })
      rows.push(String(made))
      await scene.crm.editRow('Contact', String(made), oldYesThere)
    },
  },
  {
    name: 'a clock that runs ahead, once its day has come',
    first: ({ contacts: [id] }) =>
      scene.crm.editContact(id!, { ...proved('hubspot', 0), consent_newsletter_email_date: noonAgo(-2) } as never),
    then: () => scene.advance(4 * 86_400_000),
  },
  {
    name: 'a grant dated later, without its proof',
    first: ({ contacts: [id] }) =>
      scene.crm.editContact(id!, {
        consent_newsletter_email: 'yes',
        consent_newsletter_email_date: noonAgo(2),
        consent_newsletter_email_text: null,
      }),
  },
  {
    name: 'a newer text under the old proof',
    first: ({ rows: [id] }) => scene.crm.editRow('Contact', id!, { Consent_Newsletter_Email_Text__c: `NL-${daysAgo(0)}` }),
  },
  {
    name: 'a proved yes to another purpose',
    first: ({ contacts: [id] }) =>
      scene.crm.editContact(id!, {
        consent_newsletter_email: null,
        consent_newsletter_email_date: null,
        consent_prospecting_consumer_email: 'yes',
        consent_prospecting_consumer_email_date: noonAgo(1),
        consent_prospecting_consumer_email_text: 'PC-2026-01',
      }),
  },
  {
    name: 'a record that is restored from the recycle bin',
    first: async (person) => {
      await scene.crm.editContact(person.contacts[0]!, oldYes)
      await scene.crm.archiveContact(person.contacts[0]!)
      await scene.crm.deleteRow('Contact', person.rows[0]!)
    },
    then: async ({ contacts: [id], rows }) => {
      await scene.pull('hubspot/restore', { id: Number(id) })
      await scene.pull('salesforce/undelete', { ids: rows })
    },
  },
  {
    name: 'an address that becomes the secondary one of another contact',
    first: async (person) => {
      await scene.crm.archiveContact(person.contacts[0]!)
      person.contacts = [
        await scene.crm.createContact({ email: elsewhere(person.n), firstname: 'Ada', ...proved('hubspot', OLD) } as never),
      ]
    },
    then: ({ email, contacts: [id] }) => scene.pull('hubspot/edit', { id: Number(id), properties: { hs_additional_emails: email } }),
  },
  {
    name: 'a new subscription through the API of the CRM',
    before: { consent_newsletter_email: null, consent_newsletter_email_date: null, hs_email_optout: 'true' },
    first: ({ email }) => subscribe(email),
    then: ({ rows: [id] }) => scene.crm.editRow('Contact', id!, { HasOptedOutOfEmail: false }),
  },
]
const leads = new Map<number, string>()

async function subscribe(email: string): Promise<void> {
  const answer = await fetch(`${scene.sandbox.hubspot}/communication-preferences/v4/statuses/${encodeURIComponent(email)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${HUBSPOT_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ subscriptionId: NEWSLETTER, statusState: 'SUBSCRIBED', channel: 'EMAIL' }),
  })
  const { results } = (await answer.json()) as { results: { setStatusSuccessReason: string }[] }
  expect(results[0]?.setStatusSuccessReason).toBe('RESUBSCRIBE_OCCURRED')
}

const people: readonly Person[] = ways.map((_, index) => ({
  n: index + 1,
  email: `ada${index + 1}@example.fr`,
  contacts: [contactId(index + 1)],
  rows: [sfId('Contact', index + 1)],
}))
const world: World = {
  hubspot: { contacts: people.map(({ n, email }, index) => contact(n, 'Ada', email, { ...withdrawn, ...ways[index]!.before })) },
  salesforce: { Contact: people.map(({ n, email }) => sfRow('Contact', n, 'Ada', email, proved('salesforce', OLD))) },
}

describe('a withdrawn consent does not come back by', () => {
  let server: TestPostgres
  const shown = async ({ contacts, rows }: Person): Promise<unknown[]> => [
    ...(await Promise.all(contacts.map(async (id) => (await scene.crm.contact(id))?.['accord_consent_newsletter_email']))),
    ...(await Promise.all(rows.map(async (id) => (await scene.crm.row('Contact', id))?.['Accord_C_newsletter_email__c']))),
  ]
  const seen: { first: unknown[][]; then: unknown[][] } = { first: [], then: [] }
  beforeAll(async () => {
    server = await startPostgres()
    scene = await stage({ world, database: await freshDatabase(server.url) })
    await scene.sweep()
    for (const person of people) expect(await shown(person)).toEqual(['withdrawn', 'withdrawn'])
    for (const [index, { first }] of ways.entries()) await first(people[index]!)
    await scene.sweep()
    for (const person of people) seen.first.push(await shown(person))
    for (const [index, { then }] of ways.entries()) await then?.(people[index]!)
    await scene.sweep()
    for (const person of people) seen.then.push(await shown(person))
  })
  afterAll(async () => {
    await scene?.close()
    await server.stop()
  })

  it('any other way than these fifteen', () => {
    expect(ways.length).toBe(15)
  })
  it.each(ways.map(({ name }, index) => [name, index] as const))('%s', (_name, index) => {
    expect(seen.then[index]!.length).toBeGreaterThanOrEqual(2)
    expect(new Set(seen.then[index])).toEqual(new Set(['withdrawn']))
    const meanwhile = seen.first[index]!.filter((status) => status !== undefined)
    if (index !== MERGED && index !== NEW_MAILBOX) expect(meanwhile.filter((status) => status !== 'withdrawn')).toEqual([])
  })
})

/** Somebody else as far as anybody can tell, until the CRM says that it is the same person. */
const MERGED = ways.findIndex(({ name }) => name.startsWith('a merge'))
const NEW_MAILBOX = ways.findIndex(({ name }) => name.startsWith('an address that becomes'))
