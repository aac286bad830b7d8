import { inspect } from 'node:util'
import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { salesforce } from '../../../src/connectors/salesforce/index.ts'
import {
  answer,
  api,
  connect,
  DATA,
  described,
  fault,
  grant,
  INSTANCE,
  live,
  LOGIN,
  row,
  SECRET,
  strictNock,
  thrown,
  TOKEN,
  tokenAnswer,
} from './org.ts'

const request = { object: 'Contact', fields: ['Email'] }
const query = () => api().get(`${DATA}/query`).query(true)
const pull = (connector: ReturnType<typeof connect>['connector']) => Array.fromAsync(connector.read(request, live()))
/** A connector that has its token and its describe. */
async function ready(more: object = {}) {
  grant()
  described()
  const connection = connect(more)
  await connection.connector.describe(['Contact'], live())
  return connection
}
strictNock()

describe('an answer that is none', () => {
  it.each([
    ['an empty body', '', { 'content-type': 'application/json' }],
    ['an HTML page', '<html><body>Please log in</body></html>', { 'content-type': 'text/html' }],
    ['half a JSON', '{"totalSize":1,"done":tr', { 'content-type': 'application/json' }],
  ])('%s with 200 is tried again a few times, and then an error and no empty result', async (_what, body, headers) => {
    const { connector, deps } = await ready()
    query().twice().reply(200, body, headers)
    query().reply(200, answer([row(1, { Email: null })]))
    expect(await pull(connector)).toHaveLength(1)
    expect(deps.slept).toHaveLength(2)
    query().times(4).reply(200, body, headers)
    expect(await thrown(pull(connector))).toMatchObject({ name: 'ConnectorError', kind: 'unexpected-shape' })
  })

  it('JSON of another kind is an error at once', async () => {
    const { connector } = await ready()
    query().reply(200, { ok: true })
    expect(await thrown(pull(connector))).toMatchObject({ name: 'ConnectorError', kind: 'unexpected-shape' })
  })

  it.each([
    ['with a JSON body', 503, fault('SERVER_UNAVAILABLE'), { 'content-type': 'application/json' }],
    ['with an HTML page', 502, '<html>Bad gateway for anna@example.test</html>', { 'content-type': 'text/html;charset=utf-8' }],
    ['without a content type', 500, 'oops', {}],
    ['with an empty body', 504, '', {}],
  ])('a %s 5xx is tried again a few times', async (_what, status, body, headers) => {
    const { connector, deps } = await ready()
    query()
      .twice()
      .reply(status, body, headers as Record<string, string>)
    query().reply(200, answer([row(1, { Email: null })]))
    expect(await pull(connector)).toHaveLength(1)
    expect(deps.slept).toHaveLength(2)
    query()
      .times(4)
      .reply(status, body, headers as Record<string, string>)
    const error = await thrown(pull(connector))
    expect(error).toMatchObject({ kind: 'unavailable', message: expect.stringContaining(`HTTP ${status}`) })
    expect(inspect(error, { depth: 9 })).not.toContain('example.test')
  })

  it.each([404, 403])('a %i without an error of Salesforce’s own is tried again: it tells of no object and of no right', async (status) => {
    grant()
    const describe = () => api().get(`${DATA}/sobjects/Contact/describe`)
    describe().times(4).reply(status, '<html>no such service</html>', { 'content-type': 'text/html' })
    const { connector } = connect()
    const failed = { kind: 'unexpected-shape', message: expect.stringContaining('check loginUrl, instanceUrl and apiVersion') }
    expect(await thrown(connector.describe(['Contact'], live()))).toMatchObject(failed)
  })

  it('a connection that breaks is tried again, and then unavailable', async () => {
    const { connector } = await ready()
    query().replyWithError(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
    query().reply(200, answer([row(1, { Email: null })]))
    expect(await pull(connector)).toHaveLength(1)
    query()
      .times(4)
      .replyWithError(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
    expect(await thrown(pull(connector))).toMatchObject({ kind: 'unavailable' })
  })

  it('a redirect is not followed, for it would carry the token to another host', async () => {
    const { connector } = await ready()
    query().reply(302, '', { location: 'https://evil.example.test/' })
    expect(await thrown(pull(connector))).toMatchObject({ kind: 'unexpected-shape' })
  })
})

describe('being held back', () => {
  it('waits as long as a 429 says, and counts it', async () => {
    const { connector, deps } = await ready()
    query().reply(429, fault('TOO_MANY_REQUESTS'), { 'retry-after': '7' })
    query().reply(200, answer([row(1, { Email: null })]))
    expect(await pull(connector)).toHaveLength(1)
    expect([deps.slept, connector.usage.throttled]).toEqual([[7_000], 1])
  })

  it('leaves a long wait to the caller', async () => {
    const { connector } = await ready()
    query().reply(429, '', { 'retry-after': '3600' })
    expect(await thrown(pull(connector))).toMatchObject({ kind: 'throttled', retryAfterMs: 3_600_000 })
  })

  it('does not knock again when the daily calls are used up', async () => {
    const { connector } = await ready()
    query().reply(403, fault('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'))
    expect(await thrown(pull(connector))).toMatchObject({ kind: 'throttled' })
    const { calls } = connector.usage
    expect(await thrown(pull(connector))).toMatchObject({ kind: 'throttled', message: expect.stringContaining('share') })
    expect(connector.usage.calls).toBe(calls)
  })

  it('knocks again when too many long calls run', async () => {
    const { connector } = await ready()
    query().reply(403, fault('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.'))
    query().reply(200, answer([row(1, { Email: null })]))
    expect(await pull(connector)).toHaveLength(1)
  })

  it('stops before it eats the share of the company’s other tools, and looks again after a while', async () => {
    const { connector, deps } = await ready({ dailyReserve: 0.2 })
    query().reply(200, answer([row(1, { Email: null })]), {
      'sforce-limit-info': 'per-app-api-usage=17/250(appName=accord); api-usage=80001/100000',
    })
    expect(await pull(connector)).toHaveLength(1)
    const calls = connector.usage.calls
    const error = await thrown(pull(connector))
    expect(error).toMatchObject({ kind: 'throttled', message: expect.stringContaining('dailyReserve') })
    expect(connector.usage.calls).toBe(calls)
    await deps.sleep((error as { retryAfterMs: number }).retryAfterMs, live())
    query().reply(200, answer([row(1, { Email: null })]), { 'sforce-limit-info': 'api-usage=100/100000' })
    expect(await pull(connector)).toHaveLength(1)
  })
})

describe('the session', () => {
  const expired = () => fault('INVALID_SESSION_ID', 'Session expired or invalid')

  it('that is renewed for another organisation, as of a sandbox that was refreshed, is not used', async () => {
    const { connector } = await ready()
    query().reply(401, expired())
    grant({ ...tokenAnswer('00Dother!token'), id: `${LOGIN}/id/00D440000000009EAA/005440000000001AAA` })
    const failure = { kind: 'refused', message: expect.stringContaining('lead to 00D440000000009EAA since the last login') }
    expect(await thrown(pull(connector))).toMatchObject(failure)
    expect(await thrown(pull(connector))).toMatchObject(failure)
  })

  it('is renewed once for many requests that find it expired', async () => {
    const { connector } = await ready()
    const withToken = (token: string) =>
      nock(INSTANCE, { reqheaders: { authorization: `Bearer ${token}` } })
        .get(`${DATA}/query`)
        .query(true)
    withToken(TOKEN).times(5).reply(401, expired())
    grant(tokenAnswer('00Dfresh!token'))
    withToken('00Dfresh!token')
      .times(5)
      .reply(200, answer([row(1, { Email: null })]))
    const pages = await Promise.all(Array.from({ length: 5 }, () => pull(connector)))
    expect(pages.map((page) => page.length)).toEqual([1, 1, 1, 1, 1])
  })

  it('is given up after one renewal, and nothing is sent for a minute', async () => {
    const { connector, deps } = await ready()
    query().reply(401, expired())
    grant()
    query().reply(401, expired())
    expect(await thrown(pull(connector))).toMatchObject({ kind: 'auth' })
    expect(await thrown(pull(connector))).toMatchObject({ kind: 'auth' })
    await deps.sleep(60_000, live())
    grant()
    query().reply(200, answer([row(1, { Email: null })]))
    expect(await pull(connector)).toHaveLength(1)
  })

  it('is not renewed for a user who may not use the API at all', async () => {
    const { connector } = await ready()
    query().reply(401, fault('INVALID_SESSION_ID', 'This session is not valid for use with the REST API'))
    expect(await thrown(pull(connector))).toMatchObject({ kind: 'auth', message: expect.stringContaining('API Enabled') })
  })

  it.each([
    ['https://evil.example.test', 'auth'],
    ['https://salesforce.com.example.test', 'auth'],
    ['https://evilsalesforce.com', 'auth'],
    ['http://acme.my.salesforce.com', 'auth'],
    ['https://acme.my.salesforce.com:8443', 'auth'],
    ['https://user@acme.my.salesforce.com', 'auth'],
    ['http://127.0.0.1:80', 'auth'],
    ['no url', 'auth'],
  ])('sends its token to no instance like %s', async (instance, kind) => {
    grant({ ...tokenAnswer(), instance_url: instance })
    expect(await thrown(pull(connect().connector))).toMatchObject({ kind, message: expect.stringContaining('instance') })
  })

  it.each([
    [
      'a refused grant',
      400,
      { error: 'invalid_grant', error_description: 'expired access/refresh token for anna@example.test' },
      'auth',
      'invalid_grant',
    ],
    [
      'a wrong secret',
      401,
      { error: 'invalid_client', error_description: 'invalid client credentials' },
      'auth',
      'check clientId and clientSecret',
    ],
    ['an answer without id', 200, { access_token: 'x', instance_url: INSTANCE }, 'unexpected-shape', 'id is missing'],
  ])('tells %s apart, without its words', async (_what, status, body, kind, says) => {
    grant(body, status)
    const error = await thrown(pull(connect().connector))
    expect(error).toMatchObject({ name: 'ConnectorError', kind, message: expect.stringContaining(says) })
    expect(inspect(error, { depth: 9 })).not.toMatch(/anna|canary/)
  })

  it('asks with a signed assertion where a key is configured', async () => {
    const { privateKey, publicKey } = await keys()
    let form = new URLSearchParams()
    nock(LOGIN)
      .post('/services/oauth2/token', (body: Record<string, string>) => Boolean((form = new URLSearchParams(body))))
      .reply(200, tokenAnswer())
    described()
    const { connector } = connect({ auth: { clientId: 'app', username: 'integration@acme.example.test', privateKey } })
    await connector.describe(['Contact'], live())
    const [head, claims, signature] = form.get('assertion')!.split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
    expect([form.get('grant_type'), read(head!), { ...read(claims!), exp: 0 }]).toEqual([
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      { alg: 'RS256' },
      { iss: 'app', sub: 'integration@acme.example.test', aud: LOGIN, exp: 0 },
    ])
    const { createVerify } = await import('node:crypto')
    expect(createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature!, 'base64url')).toBe(true)
  })

  it('goes on with the refresh token that the last answer brought', async () => {
    const post = (token: string) =>
      nock(LOGIN).post('/services/oauth2/token', { grant_type: 'refresh_token', refresh_token: token, client_id: 'app' })
    post('first').reply(200, { ...tokenAnswer(), refresh_token: 'second' })
    described()
    const { connector } = connect({ auth: { clientId: 'app', refreshToken: 'first' } })
    await connector.describe(['Contact'], live())
    query().reply(401, expired())
    post('second').reply(200, tokenAnswer())
    query().reply(200, answer([row(1, { Email: null })]))
    expect(await pull(connector)).toHaveLength(1)
  })
})

describe('settings', () => {
  it.each([
    { loginUrl: 'http://login.salesforce.com' },
    { instanceUrl: 'http://acme.example.test' },
    { apiVersion: '67' },
    { auth: { clientId: 'x' } },
    { nonsense: 1 },
  ])('refuse %j', (more) => {
    expect(() => connect(more)).toThrow()
  })
})

it('takes numbers that come from the environment as text, but not an empty one', () => {
  const parse = (more: object) => salesforce.settings.parse({ auth: { clientId: 'x', clientSecret: 'y' }, ...more })
  expect(parse({ lookbackMs: '120000', bulkPageSize: '20000', dailyReserve: '0.2' })).toMatchObject({
    lookbackMs: 120_000,
    bulkPageSize: 20_000,
    dailyReserve: 0.2,
  })
  for (const bad of ['', ' ', 'x', '-1', '1e3']) expect(() => parse({ lookbackMs: bad })).toThrow()
})

it('lets no token, secret or address into an error, whatever went wrong', async () => {
  const { connector, deps } = await ready()
  query().reply(400, fault('MALFORMED_QUERY', `unexpected token: anna@example.test ${SECRET} ${TOKEN}`, ['Email']))
  const error = await thrown(pull(connector))
  expect(error).toMatchObject({ kind: 'refused', message: 'Salesforce refused to query Contact: HTTP 400 MALFORMED_QUERY (Email)' })
  expect(inspect([error, deps.logs], { depth: 12, showHidden: true })).not.toMatch(/anna|canary/)
})

async function keys() {
  const { generateKeyPairSync } = await import('node:crypto')
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
}
