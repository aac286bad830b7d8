/** Requests that once broke the sandbox; `npm run prove -- sandbox-fuzz` looks for more. */
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { envelope, openWorld, TOKEN } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld({ people: 20 })
})
afterAll(() => world.close())

describe('a malformed request', () => {
  it('gets a page of contacts although its Host names a port that cannot be', async () => {
    const { hostname, port } = new URL(world.sandbox.hubspot)
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { host: '127.0.0.1:99999', authorization: `Bearer ${TOKEN}` }
      const sent = request({ hostname, port, path: '/crm/v3/objects/contacts?limit=2', headers }, (response) => {
        let body = ''
        response.on('data', (chunk: Buffer) => (body += chunk.toString()))
        response.on('end', () => resolve(body))
      })
      sent.on('error', reject).end()
    })
    expect(JSON.parse(text).paging.next.link).toContain(`http://127.0.0.1:${port}/crm/v3/objects/contacts`)
  })

  it('is refused where a property type is a name that every object has', async () => {
    const property = { name: 'odd', label: 'Odd', type: 'constructor', fieldType: 'text', groupName: 'contactinformation' }
    expect(envelope(await world.call('POST', '/crm/v3/properties/contacts', property))).toMatchObject({ httpStatus: 400 })
  })

  it('is refused where a value cannot be shown as text', async () => {
    const odd = { toString: 'x', valueOf: 1 }
    const unsubscribe = { emailAddress: 'a@example.test', subscriptionId: odd }
    expect(envelope(await world.call('POST', '/communication-preferences/v3/unsubscribe', unsubscribe)).httpStatus).toBeLessThan(500)
    const escaped = '{"emailAddress":"a@example.test","subscriptionId":{"to\\u0053tring":"x"}}'
    expect(envelope(await world.call('POST', '/communication-preferences/v3/unsubscribe', escaped)).httpStatus).toBeLessThan(500)
  })

  it('is answered as any other where its path names no record but the placeholder of one', async () => {
    expect(envelope(await world.call('GET', '/crm/v3/objects/contacts/{}?idProperty=email'))).toMatchObject({ httpStatus: 404 })
  })

  it('is refused where it wants to be sent on to an address with a line break in it', async () => {
    for (const redirect of ['http://127.0%0A.0.1:9/', 'http://127.0.0.1:9/%E2%82%AC%0D']) {
      const query = `response_type=code&client_id=sandbox-client&redirect_uri=${redirect}`
      const answer = await fetch(`${world.sandbox.salesforce}/services/oauth2/authorize?${query}`, { redirect: 'manual' })
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'redirect_uri_mismatch' }])
    }
  })
})
