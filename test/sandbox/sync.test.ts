import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPushWorld } from './salesforce-push-world.ts'
import type { PushWorld } from './salesforce-push-world.ts'

const QUARTER = 15 * 60_000
const TOKEN = 'pat-eu1-sandbox-0000-0000-000000000001'

let world: PushWorld
beforeAll(async () => {
  world = await openPushWorld()
  await world.control('POST', '/clock', { freeze: true })
  await world.control('POST', '/snapshot')
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.control('POST', '/reset')
  await world.login()
  await world.control('POST', '/clock', { advanceMs: 60_000 })
})

type Properties = Record<string, string | null>

async function hubspot(method: string, path: string, body?: unknown) {
  const response = await fetch(`${world.sandbox.hubspot}/crm/v3/objects/contacts${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
}
const NAMES = 'email,firstname,lastname,jobtitle,hs_email_optout,salesforcecontactid,salesforceleadid,salesforcedeleted'
async function hubspotPeople(): Promise<(Properties & { id: string })[]> {
  const { json } = await hubspot('GET', `?properties=${NAMES}&limit=100`)
  return json.results.map(({ id, properties }: { id: string; properties: Properties }) => ({ id, ...properties }))
}
async function salesforcePeople(object: 'Contact' | 'Lead'): Promise<Record<string, unknown>[]> {
  const { json } = await world.rest(
    'GET',
    `/query?q=${encodeURIComponent(`SELECT Id, Email, FirstName, LastName, Title, HasOptedOutOfEmail FROM ${object}`)}`,
  )
  return json.records
}
const run = async () => {
  await world.control('POST', '/clock', { advanceMs: 60_000 })
  return world.control('POST', '/sync/run')
}
const addToHubSpot = async (properties: Properties): Promise<string> => (await hubspot('POST', '', { properties })).json.id
const addToSalesforce = (fields: Record<string, unknown>): Promise<string> =>
  world.create('Contact', { LastName: 'Roux', Email: 'ada@example.test', ...fields })

/** One person, linked. */
async function pair(settings: object = {}): Promise<{ here: string; there: string }> {
  const there = await addToSalesforce({ FirstName: 'Ada' })
  const here = await addToHubSpot({ email: 'ada@example.test', lastname: 'Roux', firstname: 'Ada' })
  await world.control('POST', '/clock', { advanceMs: 60_000 })
  expect(await world.control('POST', '/sync', { on: true, ...settings })).toMatchObject({ pairs: 1, linked: 1, created: 0 })
  return { here, there }
}

describe('the native integration', () => {
  it('is off until it is switched on, and then links whom both sides know by address', async () => {
    const there = await addToSalesforce({ FirstName: 'Ada' })
    await addToSalesforce({ Email: 'only-there@example.test' })
    const here = await addToHubSpot({ email: 'ada@example.test', firstname: 'Ada' })
    expect(await world.control('GET', '/sync')).toMatchObject({ settings: { on: false }, pairs: 0, nextAt: null })
    await world.control('POST', '/clock', { advanceMs: QUARTER })
    expect((await hubspotPeople()).map(({ salesforcecontactid }) => salesforcecontactid)).toEqual([null])
    const { now } = await world.control('GET', '/clock')
    expect(await world.control('POST', '/sync', { on: true })).toMatchObject({
      pairs: 1,
      linked: 1,
      created: 0,
      nextAt: new Date(Date.parse(now) + QUARTER).toISOString(),
    })
    expect(await hubspotPeople()).toMatchObject([{ id: here, salesforcecontactid: there, salesforceleadid: null }])
  })

  it('carries new people and changes over, to HubSpot as contacts and to Salesforce as leads', async () => {
    const { here, there } = await pair()
    await world.control('POST', '/clock', { advanceMs: 60_000 })
    const lead = await addToHubSpot({ email: 'zoe@example.test', lastname: 'Martin' })
    await addToSalesforce({ Email: 'new@example.test', LastName: 'Petit' })
    await addToSalesforce({ Email: null, LastName: 'Nameless' })
    await world.rest('PATCH', `/sobjects/Contact/${there}`, { Title: 'CTO' })
    expect(await run()).toMatchObject({ pairs: 3, created: 2, written: 1, refused: 0 })
    await hubspot('PATCH', `/${here}`, { properties: { lastname: 'Lovelace' } })
    expect(await run()).toMatchObject({ created: 0, written: 1 })
    expect((await salesforcePeople('Contact'))[0]).toMatchObject({ LastName: 'Lovelace', Title: 'CTO' })
    const [made] = await salesforcePeople('Lead')
    expect(made).toMatchObject({ Email: 'zoe@example.test', LastName: 'Martin' })
    expect((await hubspotPeople()).toSorted((a, b) => a.email!.localeCompare(b.email!))).toMatchObject([
      { id: here, jobtitle: 'CTO', lastname: 'Lovelace' },
      { email: 'new@example.test', lastname: 'Petit' },
      { id: lead, salesforceleadid: made!.Id },
    ])
    expect(await run()).toMatchObject({ created: 0, written: 0, linked: 0 })
  })

  it('brings back on the next cycle whom only HubSpot deleted', async () => {
    const { here, there } = await pair()
    await hubspot('DELETE', `/${here}`)
    expect(await hubspotPeople()).toEqual([])
    expect(await run()).toMatchObject({ recreated: 1, created: 1, pairs: 1 })
    const [back] = await hubspotPeople()
    expect(back).toMatchObject({ email: 'ada@example.test', lastname: 'Roux', salesforcecontactid: there })
    expect(back!.id).not.toBe(here)
  })

  it('brings back whom only HubSpot erased for good, flagged as returned', async () => {
    const { here } = await pair()
    await hubspot('POST', '/gdpr-delete', { objectId: here })
    expect(await run()).toMatchObject({ recreated: 1 })
    expect(await world.control('POST', '/hubspot/inspect', { email: 'ada@example.test' })).toMatchObject({
      blocklisted: true,
      returned: true,
    })
    await world.control('POST', '/hubspot/recreate-erased', { on: false })
    await hubspot('POST', '/gdpr-delete', { objectId: (await hubspotPeople())[0]!.id })
    expect(await run()).toMatchObject({ recreated: 0, refused: 1 })
    expect(await hubspotPeople()).toEqual([])
  })

  it('brings back on the next cycle whom only Salesforce deleted, as a lead', async () => {
    const { here, there } = await pair()
    await world.rest('DELETE', `/sobjects/Contact/${there}`)
    expect(await run()).toMatchObject({ recreated: 1, pairs: 1 })
    const [lead] = await salesforcePeople('Lead')
    expect(lead).toMatchObject({ Email: 'ada@example.test', FirstName: 'Ada', LastName: 'Roux' })
    expect(await hubspotPeople()).toMatchObject([{ id: here, salesforceleadid: lead!.Id, salesforcecontactid: null }])
    expect(await run()).toMatchObject({ created: 0, written: 0 })
  })

  it('brings nobody back whom both sides deleted', async () => {
    const { here, there } = await pair()
    await hubspot('DELETE', `/${here}`)
    await world.rest('DELETE', `/sobjects/Contact/${there}`)
    expect(await run()).toMatchObject({ recreated: 0, created: 0, unlinked: 1, pairs: 0 })
    await run()
    expect([await hubspotPeople(), await salesforcePeople('Contact'), await salesforcePeople('Lead')]).toEqual([[], [], []])
  })

  it('deletes on the other side, waits for a change, or leaves alone, where the team chose so', async () => {
    const { here, there } = await pair({ deletedInSalesforce: 'delete', deletedInHubSpot: 'recreate-on-change' })
    await hubspot('DELETE', `/${here}`)
    expect(await run()).toMatchObject({ recreated: 0, removed: 0 })
    await run()
    await world.rest('PATCH', `/sobjects/Contact/${there}`, { Title: 'CTO' })
    expect(await run()).toMatchObject({ recreated: 1 })
    await world.rest('DELETE', `/sobjects/Contact/${there}`)
    expect(await run()).toMatchObject({ removed: 1, recreated: 0 })
    expect(await hubspotPeople()).toEqual([])
  })

  it('carries opting out both ways, and opting in again neither way', async () => {
    const { here, there } = await pair()
    await world.control('POST', '/hubspot/opt-out-lag', { ms: 0 })
    await world.rest('PATCH', `/sobjects/Contact/${there}`, { HasOptedOutOfEmail: true })
    expect(await run()).toMatchObject({ optedOut: 1 })
    expect((await hubspotPeople())[0]).toMatchObject({ hs_email_optout: 'true' })
    await world.rest('PATCH', `/sobjects/Contact/${there}`, { HasOptedOutOfEmail: false })
    expect((await run()).optedOut).toBe(1)
    expect((await salesforcePeople('Contact'))[0]).toMatchObject({ HasOptedOutOfEmail: true })
    await world.control('POST', '/sync', { optOuts: 'none' })
    await world.control('POST', '/hubspot/edit', { id: here, properties: { hs_email_optout: 'false' } })
    await run()
    expect((await hubspotPeople())[0]).toMatchObject({ hs_email_optout: 'false' })
  })

  it('follows directions and the inclusion list', async () => {
    await world.control('POST', '/sync', {
      on: true,
      directions: 'to-salesforce',
      createAs: 'Contact',
      inclusion: { property: 'city', values: ['Lyon'] },
    })
    await world.control('POST', '/clock', { advanceMs: 60_000 })
    await addToHubSpot({ email: 'in@example.test', lastname: 'In', city: 'Lyon' })
    await addToHubSpot({ email: 'out@example.test', lastname: 'Out', city: 'Paris' })
    await world.create('Lead', { LastName: 'There', Company: 'Example', Email: 'there@example.test' })
    expect(await run()).toMatchObject({ created: 1 })
    expect((await salesforcePeople('Contact')).map(({ Email }) => Email)).toEqual(['in@example.test'])
    expect(await hubspotPeople()).toHaveLength(2)
  })

  it('leaves a Salesforce record with the contact that it was linked to first', async () => {
    const { here, there } = await pair()
    const other = await addToHubSpot({ email: 'other@example.test', lastname: 'Roux' })
    await world.control('POST', '/hubspot/edit', { id: other, properties: { salesforcecontactid: there } })
    expect(await run()).toMatchObject({ pairs: 1, linked: 0, created: 0 })
    await hubspot('PATCH', `/${here}`, { properties: { jobtitle: 'CEO' } })
    await run()
    expect(await salesforcePeople('Contact')).toMatchObject([{ Id: there, Title: 'CEO', Email: 'ada@example.test' }])
  })

  it('runs by the clock, every quarter of an hour', async () => {
    await pair()
    await addToHubSpot({ email: 'zoe@example.test', lastname: 'Martin' })
    await world.control('POST', '/clock', { advanceMs: QUARTER - 1_000 })
    expect((await world.control('GET', '/sync')).cycles).toBe(1)
    await world.control('POST', '/clock', { advanceMs: 1_000 })
    await expect.poll(async () => (await world.control('GET', '/sync')).cycles).toBe(2)
    expect(await salesforcePeople('Lead')).toHaveLength(1)
  })

  it('writes as a client of its own: change events and histories name it', async () => {
    const { here, there } = await pair()
    await world.lever('change-events', { entities: ['Contact'] })
    const clientId = await world.handshake()
    await world.connect(clientId, 0)
    await world.subscribe(clientId, '/data/ContactChangeEvent')
    await world.control('POST', '/clock', { advanceMs: 60_000 })
    await hubspot('PATCH', `/${here}`, { properties: { jobtitle: 'CEO' } })
    await run()
    const [event] = await world.connect(clientId, 0)
    expect(event!.data.payload).toMatchObject({
      ChangeEventHeader: { recordIds: [there], changeOrigin: expect.stringContaining('client=HubSpot') },
      Title: 'CEO',
    })
    await world.rest('PATCH', `/sobjects/Contact/${there}`, { Title: 'CTO' })
    await run()
    const { json } = await hubspot('GET', `/${here}?propertiesWithHistory=jobtitle`)
    expect(json.propertiesWithHistory.jobtitle[0]).toMatchObject({ value: 'CTO', sourceType: 'SALESFORCE' })
  })
})
