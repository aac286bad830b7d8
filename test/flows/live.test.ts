import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Service } from '../../src/service.ts'
import { openDatabase } from '../../src/store/database.ts'
import { openJobs } from '../../src/store/jobs.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { lastLine } from '../cli/run.ts'
import { runHere } from '../cli/here.ts'
import { openMailbox, type Mailbox } from '../server/mailbox.ts'
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
  let service: Service
  let mailbox: Mailbox
  let database: string
  const inSalesforce = async (id: number): Promise<unknown> =>
    (await live.scene.crm.row('Contact', sfId('Contact', id + 10)))?.['Accord_C_newsletter_email__c']

  beforeAll(async () => {
    server = await startPostgres()
    mailbox = await openMailbox()
    database = await freshDatabase(server.url)
    live = await stageLive({ world, database }, { ACCORD_SMTP_URL: mailbox.url, ACCORD_MAIL_FROM: 'Exemple <bonjour@example.fr>' })
    service = await live.start()
  })
  afterAll(async () => {
    await live?.close()
    await mailbox?.close()
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

  it('takes a withdrawal from a form to both CRMs, and a new yes once the person has confirmed it by mail', async () => {
    const made = await runHere(['api-key', 'create', 'form', '--scope', 'consents:write', '--json'], { DATABASE_URL: database })
    const { key } = lastLine(made.stdout) as { key: string }
    const identifier = { email: address(5) }
    const post = (body: object): Promise<Response> =>
      fetch(`${live.url}/api/v1/consents`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify({ identifier, ...body }),
      })
    const inBoth = async (): Promise<unknown> => [
      await inSalesforce(5),
      (await live.scene.crm.contact(contactId(5)))!['accord_consent_newsletter_email'],
    ]
    expect(await inBoth()).toEqual(['granted', 'granted'])
    expect((await post({ event: 'withdrawn' })).status).toBe(201)
    await live.scene.until(async () => String(await inBoth()) === 'withdrawn,withdrawn')
    const shown = { text: { id: 'NL-2026-01', hash: 'a'.repeat(64), language: 'fr' }, form: 'example.fr/newsletter', how: 'checkbox' }
    const yes = { event: 'given', purpose: 'newsletter', channel: 'email', at: new Date().toISOString(), ...shown }
    expect((await post({ ...yes, doubleOptIn: true })).status).toBe(201)
    await live.scene.until(async () => mailbox.mails.length === 1)
    expect(await inBoth()).toEqual(['withdrawn', 'withdrawn'])
    expect((await fetch(mailbox.mails[0]!.link, { method: 'POST' })).status).toBe(200)
    await live.scene.until(async () => String(await inBoth()) === 'granted,granted')
  })

  it('refuses what HubSpot did not sign, what is about another portal, and what is for nobody', async () => {
    const timestamp = String(Date.now())
    const post = async (connection: string, secret: string, portalId = 4400001): Promise<number> => {
      const body = JSON.stringify([
        { eventId: 1, subscriptionId: 1, portalId, occurredAt: Date.now(), subscriptionType: 'contact.creation', objectId: 1 },
      ])
      const signature = createHmac('sha256', secret).update(`POST${live.url}/webhooks/${connection}${body}${timestamp}`).digest('base64')
      const headers = {
        'content-type': 'application/json',
        'x-hubspot-request-timestamp': timestamp,
        'x-hubspot-signature-v3': signature,
      }
      return (await fetch(`${live.url}/webhooks/${connection}`, { method: 'POST', headers, body })).status
    }
    const answers = [
      await post('hubspot', 'sandbox-secret'),
      await post('hubspot', 'another'),
      await post('hubspot', 'sandbox-secret', 4400002),
      await post('nobody', 'sandbox-secret'),
    ]
    expect(answers).toEqual([200, 401, 403, 404])
  })

  it('tells a sender whose delivery is too long why, and goes on', async () => {
    const post = (body: string): Promise<Response> =>
      fetch(`${live.url}/webhooks/hubspot`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const long = await post('x'.repeat(3_000_000))
    expect([long.status, await long.json()]).toEqual([413, { error: 'a delivery has at most 1048576 bytes' }])
    expect((await post('[]')).status).toBe(401)
  })

  it('that ends pauses its sweeps at once, also while somebody keeps it waiting for the rest of a request', async () => {
    const { hostname, port } = new URL(live.url)
    const opened = await openDatabase({ url: database, dir: '', log: () => undefined })
    const jobs = await openJobs(opened, () => undefined, { worker: false })
    const active = async (): Promise<boolean> =>
      (await sql`select from pgboss.job where name = 'sweep' and state = 'active'`.execute(opened.db)).rows.length > 0
    await live.quiet()
    await live.scene.pull('faults', { crm: 'hubspot', kind: 'hang' })
    await jobs.ring(opened.db, { queue: 'sweep', key: 'hubspot', facts: { full: true } })
    await live.scene.until(active)
    const half = connect(Number(port), hostname)
    half.write(`POST /webhooks/hubspot HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\nhalf`)
    await once(half, 'data')
    const ended = service.close()
    await live.scene.until(async () => !(await active()))
    expect(half.closed).toBe(false)
    half.destroy()
    await ended
    await live.scene.clearFaults()
    await jobs.stop(0)
    await opened.close()
  })
})
