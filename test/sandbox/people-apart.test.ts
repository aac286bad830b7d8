import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Kept, SandboxCrm } from '../../src/sandbox/crm.ts'
import { loadPeople } from '../../src/sandbox/populate.ts'
import { CRMS } from '../../src/sandbox/registry.ts'
import { TOKEN } from './hubspot-world.ts'

const NOW = Date.UTC(2026, 2, 2, 9)
const PEOPLE = 400
const OBJECTS = ['contacts', 'companies', 'deals', 'notes', 'calls', 'emails']

type Side = { crms: SandboxCrm[]; hubspot: SandboxCrm; kept: Kept; server: Server; url: string }
let together: Side
let apart: Side
beforeAll(async () => {
  together = await openSide(Infinity)
  apart = await openSide(1)
})
afterAll(() => {
  for (const { server } of [together, apart]) {
    server.close()
    server.closeAllConnections()
  }
})

async function openSide(apartFrom: number): Promise<Side> {
  const clock = { now: () => NOW, at: () => () => undefined }
  const crms = CRMS.map((create) => create({ clock, rateLimit: false, seed: 1 }))
  await loadPeople(crms, PEOPLE, 1, NOW, apartFrom)
  const hubspot = crms.find(({ name }) => name === 'hubspot')!
  const server = createServer((request, response) => void hubspot.handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { crms, hubspot, kept: hubspot.keep(), server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function ask(
  side: Side,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: ReturnType<typeof JSON.parse> }> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
  const response = await fetch(side.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  const text = (await response.text()).replaceAll(side.url, 'https://portal.example.test')
  const json = JSON.parse(text)
  delete json.correlationId
  return { status: response.status, json }
}

async function everything(side: Side): Promise<unknown> {
  const seen: unknown[] = []
  for (const object of OBJECTS) {
    const properties = (await ask(side, 'GET', `/crm/v3/properties/${object}`)).json.results
    seen.push(properties)
    const names = properties.map((property: { name: string }) => property.name)
    for (let after: string | undefined = '0'; after !== undefined;) {
      const page = await ask(
        side,
        'GET',
        `/crm/v3/objects/${object}?limit=100&after=${after}&associations=contacts,companies,deals&properties=${names}`,
      )
      seen.push(page)
      after = page.json.paging?.next?.after
    }
  }
  return seen
}

/** Reads and writes that need more than the bytes of a record: addresses, merged ids, the next id, the search index. */
async function doings(side: Side): Promise<unknown[]> {
  const search = { query: 'a', filterGroups: [{ filters: [{ propertyName: 'hs_merged_object_ids', operator: 'HAS_PROPERTY' }] }], limit: 3 }
  const found = await ask(side, 'POST', '/crm/v3/objects/contacts/search', { ...search, properties: ['email', 'hs_merged_object_ids'] })
  const [merged] = found.json.results
  const email: string = merged.properties.email
  const loser = String(merged.properties.hs_merged_object_ids).split(';')[0]
  return [
    found,
    await ask(side, 'GET', `/crm/v3/objects/contacts/${loser}`),
    await ask(side, 'GET', `/crm/v3/objects/contacts/${encodeURIComponent(email)}?idProperty=email`),
    await ask(side, 'POST', '/crm/v3/objects/contacts', { properties: { email } }),
    await ask(side, 'POST', '/crm/v3/objects/contacts', { properties: { email: 'newcomer@example.test', children_count: '2' } }),
    await ask(side, 'PATCH', `/crm/v3/objects/contacts/${merged.id}`, { properties: { email: 'moved@example.test' } }),
    await ask(side, 'POST', '/crm/v3/objects/contacts', { properties: { email } }),
  ]
}

test('a portal that another thread has filled is the one that this thread would have filled', async () => {
  const [one, other] = [await everything(together), await everything(apart)]
  expect(other).toEqual(one)
  expect(await doings(apart)).toEqual(await doings(together))
  for (const { kept } of [together, apart]) kept.restore()
  expect(await everything(apart)).toEqual(one)
  expect(await doings(apart)).toEqual(await doings(together))
})

test('a portal that holds records takes none over', async () => {
  await expect(loadPeople([apart.hubspot], 1, 1, NOW, 1)).rejects.toThrow('there are contacts already')
})
