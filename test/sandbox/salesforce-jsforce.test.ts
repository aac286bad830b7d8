import { generateKeyPairSync } from 'node:crypto'
import { Connection } from 'jsforce'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contacts, startSalesforce, START } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

let client: Client
let conn: Connection

beforeAll(async () => {
  client = await startSalesforce({ Account: [{ Id: '001440000000001AAA', Name: 'Acme' }], Contact: contacts(4_500) })
  conn = new Connection({
    version: '60.0',
    instanceUrl: client.url,
    loginUrl: client.url,
    oauth2: { loginUrl: client.url, clientId: 'sandbox-client', clientSecret: 'sandbox-secret' },
  })
  await conn.authorize({ grant_type: 'client_credentials' })
})
afterAll(() => client.close())

test('client credentials bring a token of the classic shape and the identity behind it', async () => {
  expect(conn.accessToken).toMatch(/^00D440000000001!\S{60,}$/)
  expect(conn.instanceUrl).toBe(client.url)
  expect(conn.userInfo).toEqual({
    id: '005440000000001AAA',
    organizationId: '00D440000000001EAA',
    url: `${client.url}/id/00D440000000001EAA/005440000000001AAA`,
  })
  // jsforce sends the token in the URL, as it does in life.
  expect((await conn.identity()).user_id).toBe('005440000000001AAA')
})

test('a JWT signed under a registered key brings a token; another key, audience, user or a past expiry does not', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  client.crm.pull('jwt-key', { pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() })
  const sign = (claims: Record<string, unknown>, key = privateKey) =>
    new SignJWT({
      iss: 'sandbox-client',
      sub: 'integration@sandbox.example',
      aud: 'https://login.salesforce.com',
      exp: START / 1_000 + 180,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(key)
  const attempt = async (assertion: string) => {
    const jwt = new Connection({ version: '60.0', loginUrl: client.url, instanceUrl: client.url })
    return jwt.authorize({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).then(
      () => jwt.accessToken?.slice(0, 16),
      (error: Error) => `${error.name}: ${error.message}`,
    )
  }
  expect(await attempt(await sign({}))).toBe('00D440000000001!')
  expect(await attempt(await sign({ aud: client.url }))).toBe('00D440000000001!')
  expect(await attempt(await sign({}, stranger.privateKey))).toBe('invalid_grant: invalid assertion')
  expect(await attempt(await sign({ aud: 'https://elsewhere.example' }))).toBe('invalid_grant: audience is invalid')
  expect(await attempt(await sign({ exp: START / 1_000 - 1 }))).toBe('invalid_grant: expired authorization code')
  expect(await attempt(await sign({ sub: 'nobody@sandbox.example' }))).toBe("invalid_grant: user hasn't approved this consumer")
  expect(await attempt('nonsense')).toBe('invalid_grant: invalid assertion')
})

test('autoFetch walks the pages and queryMore takes the next one', async () => {
  const all = await conn.query<{ Id: string }>('SELECT Id FROM Contact', { autoFetch: true, maxFetch: 10_000 })
  expect({ done: all.done, total: all.totalSize, ids: new Set(all.records.map(({ Id }) => Id)).size }).toEqual({
    done: true,
    total: 4_500,
    ids: 4_500,
  })
  const first = await conn.query('SELECT Id FROM Contact')
  const second = await conn.queryMore(first.nextRecordsUrl ?? '')
  const third = await conn.queryMore(second.nextRecordsUrl ?? '')
  expect([first, second, third].map(({ done, records }) => [done, records.length])).toEqual([
    [false, 2_000],
    [false, 2_000],
    [true, 500],
  ])
})

test('records are made, changed and destroyed, one by one and in arrays', async () => {
  const one = await conn.create('Contact', { LastName: 'Moreau', Email: 'moreau@example.test' })
  expect(one).toEqual({ id: expect.stringMatching(/^003\w{15}$/), success: true, errors: [] })
  const id = one.id ?? ''
  expect(await conn.update('Contact', { Id: id, Title: 'Buyer' })).toEqual({ id, success: true, errors: [] })
  expect((await conn.retrieve('Contact', id, { fields: ['Title', 'OwnerId'] })).Title).toBe('Buyer')
  const many = await conn.create('Contact', [{ LastName: 'Petit' }, { FirstName: 'Nameless' }])
  expect(many).toEqual([
    { id: expect.any(String), success: true, errors: [] },
    {
      success: false,
      errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [LastName]', fields: ['LastName'] }],
    },
  ])
  expect(await conn.upsert('Contact', { Email: 'MOREAU@example.test', Department: 'Sales' }, 'Email')).toMatchObject({ id, created: false })
  expect(await conn.destroy('Contact', [id, many[0]?.id ?? ''])).toMatchObject([{ success: true }, { success: true }])
  await expect(conn.retrieve('Contact', id)).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED' })
  await expect(conn.destroy('Contact', id)).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted' })
})

test('describe, limits and the count in the limit header', async () => {
  const { fields, keyPrefix, childRelationships } = await conn.describe('Contact')
  expect(keyPrefix).toBe('003')
  expect(fields.find(({ name }) => name === 'Email')).toMatchObject({
    type: 'email',
    soapType: 'xsd:string',
    length: 80,
    byteLength: 240,
    idLookup: true,
    nillable: true,
    updateable: true,
  })
  expect(childRelationships).toContainEqual(
    expect.objectContaining({ childSObject: 'Lead', field: 'ConvertedContactId', cascadeDelete: false }),
  )
  const { DailyApiRequests } = await conn.limits()
  expect(conn.limitInfo.apiUsage).toEqual({ used: 101_000 - (DailyApiRequests?.Remaining ?? 0), limit: 101_000 })
})

test('a Bulk query of one page comes back as records', async () => {
  const stream = await conn.bulk2.query(
    "SELECT Id, Email, HasOptedOutOfEmail, SystemModstamp FROM Contact WHERE Email = 'person3@example.test'",
  )
  expect(await stream.toArray()).toEqual([
    {
      Id: expect.stringMatching(/^003/),
      Email: 'person3@example.test',
      HasOptedOutOfEmail: 'true',
      SystemModstamp: '2025-01-01T00:03:00.000Z',
    },
  ])
})

test('a Bulk update reports what it did row by row', async () => {
  const [record] = (await conn.query<{ Id: string }>("SELECT Id FROM Contact WHERE Email = 'person9@example.test'")).records
  const result = await conn.bulk2.loadAndWaitForResults({
    object: 'Contact',
    operation: 'update',
    input: [
      { Id: record?.Id ?? '', Title: 'Says "hello", twice' },
      { Id: '003000000000001AAA', Title: 'None' },
    ],
  })
  expect(result.successfulResults).toEqual([{ sf__Id: record?.Id, sf__Created: 'false', Id: record?.Id, Title: 'Says "hello", twice' }])
  expect(result.failedResults).toEqual([
    {
      sf__Id: '003000000000001AAA',
      sf__Error: 'INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--',
      Id: '003000000000001AAA',
      Title: 'None',
    },
  ])
})

test('deleted() lists what went into the bin', async () => {
  client.advance(120_000)
  const { id } = await conn.create('Contact', { LastName: 'Gone' })
  await conn.destroy('Contact', id ?? '')
  client.advance(120_000)
  const now = client.now()
  const { deletedRecords } = await conn.deleted('Contact', new Date(now - 240_000), new Date(now))
  expect(deletedRecords).toContainEqual({ id, deletedDate: '2026-03-02T09:02:00.000+0000' })
})
