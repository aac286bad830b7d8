/** Sessions and limits against a whole org: the sandbox over HTTP. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { contactId, live, thrown } from './org.ts'
import { sandboxOrg } from './sandbox-org.ts'

const people = (n: number) => Array.from({ length: n }, (_, i) => ({ Id: contactId(i + 1), LastName: `Nom ${i}` }))
const request = { object: 'Contact', fields: ['LastName'] }

describe('a session', () => {
  it('is opened by a signed assertion', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    const auth = {
      clientId: 'sandbox-client',
      username: 'integration@sandbox.example',
      privateKey,
      audience: 'https://login.salesforce.com',
    }
    const { crm, connector } = await sandboxOrg({ auth })
    const before = await connector.check([], live())
    expect(before.problems.map(({ kind }) => kind)).toEqual(['credentials'])
    crm.pull('jwt-key', { pem: publicKey })
    const { connector: second, crm: other } = await sandboxOrg({ auth })
    other.pull('jwt-key', { pem: publicKey })
    expect(await second.check([], live())).toMatchObject({ account: expect.stringMatching(/^00D/), problems: [] })
  })

  it('is opened by a refresh token', async () => {
    const { connector } = await sandboxOrg({
      auth: { clientId: 'sandbox-client', clientSecret: 'sandbox-secret', refreshToken: 'sandbox-refresh' },
    })
    expect((await connector.check([], live())).problems).toEqual([])
  })

  it.each([
    ['REST', { bulkThreshold: 1_000, pageSize: 4 }],
    ['Bulk', { bulkThreshold: 0, bulkPageSize: 4, pageSize: 4 }],
  ])('may end in the middle of a pull by %s: the positions of the pull are not its', async (_road, settings) => {
    const { crm, connector } = await sandboxOrg(settings)
    crm.load('Contact', people(10))
    const ids: string[] = []
    for await (const page of connector.read(request, live())) {
      ids.push(...page.records.map((record) => record.ref.id))
      crm.pull('expire-tokens', {})
    }
    expect(ids).toEqual(people(10).map(({ Id }) => Id))
  })
})

it('keeps its hands off the last daily calls', async () => {
  const { crm, connector } = await sandboxOrg({ dailyReserve: 0.5, pageSize: 1, bulkThreshold: 1_000 })
  crm.load('Contact', people(20))
  crm.pull('limits', { daily: 10 })
  expect(await thrown(Array.fromAsync(connector.read(request, live())))).toMatchObject({
    kind: 'throttled',
    retryAfterMs: expect.any(Number),
  })
  expect(connector.usage.calls).toBe(6)
})

it('waits for a locked record', async () => {
  const { crm, connector } = await sandboxOrg()
  crm.load('Contact', people(2))
  crm.pull('lock-row', { id: contactId(1), times: 2 })
  const patches = [1, 2].map((n) => ({ ref: { object: 'Contact', id: contactId(n) }, set: { Department: 'x' } }))
  expect((await connector.write(patches, live())).map((result) => result.outcome)).toEqual(['written', 'written'])
})
