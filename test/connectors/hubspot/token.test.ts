import nock from 'nock'
import { describe, expect, it } from 'vitest'
import { hubspot } from '../../../src/connectors/hubspot/index.ts'
import { api, batchRead, connected, error, live, row, strictPortal } from './portal.ts'

const auth = { clientId: 'app', clientSecret: 'canary-secret', refreshToken: 'canary-refresh' }
const form = { grant_type: 'refresh_token', client_id: 'app', client_secret: 'canary-secret', refresh_token: 'canary-refresh' }
const grant = (access_token: string, expires_in = 1_800) =>
  nock(api).post('/oauth/v1/token', form).reply(200, { access_token, expires_in, token_type: 'bearer' })
const withToken = (token: string) =>
  nock(api, { reqheaders: { authorization: `Bearer ${token}` } }).post('/crm/v3/objects/contacts/batch/read')
const found = { status: 'COMPLETE', results: [row(1)] }
const get = (connector: ReturnType<typeof connected>['connector']) => connector.get({ object: 'contacts', ids: ['1'], fields: [] }, live())

describe('hubspot oauth', () => {
  strictPortal()

  it('asks for one access token, whoever waits for it', async () => {
    const { connector } = connected({ auth })
    grant('first')
    withToken('first').times(5).reply(200, found)
    await Promise.all(Array.from({ length: 5 }, () => get(connector)))
    expect(connector.usage.calls).toBe(6)
  })

  it('renews a token before it expires', async () => {
    const { connector, deps } = connected({ auth })
    grant('first')
    withToken('first').reply(200, found)
    await get(connector)
    await deps.sleep(1_750_000, live())
    grant('second')
    withToken('second').reply(200, found)
    await get(connector)
  })

  it('takes a token that does not say how long it lives for one of half an hour', async () => {
    const { connector, deps } = connected({ auth })
    nock(api).post('/oauth/v1/token', form).reply(200, { access_token: 'first', token_type: 'bearer', hub_id: 1 })
    withToken('first').times(2).reply(200, found)
    await get(connector)
    await deps.sleep(28 * 60_000, live())
    await get(connector)
    await deps.sleep(60_000, live())
    grant('second')
    withToken('second').reply(200, found)
    await get(connector)
  })

  it('goes on with the refresh token that the last answer brought', async () => {
    const { connector, deps } = connected({ auth })
    nock(api).post('/oauth/v1/token', form).reply(200, { access_token: 'first', expires_in: 1_800, refresh_token: 'canary-next' })
    withToken('first').reply(200, found)
    await get(connector)
    await deps.sleep(1_750_000, live())
    nock(api)
      .post('/oauth/v1/token', { ...form, refresh_token: 'canary-next' })
      .reply(200, { access_token: 'second', expires_in: 1_800, refresh_token: null })
    withToken('second').reply(200, found)
    await get(connector)
  })

  it('renews a refused token once, for all requests that were under way with it', async () => {
    const { connector } = connected({ auth })
    grant('first')
    withToken('first')
      .times(3)
      .reply(401, error(401, { category: 'EXPIRED_AUTHENTICATION' }))
    grant('second')
    withToken('second').times(3).reply(200, found)
    await Promise.all(Array.from({ length: 3 }, () => get(connector)))
    expect(connector.usage.calls).toBe(8)
  })

  it('gives up after one renewal, and is silent for a minute', async () => {
    const { connector, deps } = connected({ auth })
    grant('first')
    withToken('first').reply(401, error(401))
    grant('second')
    withToken('second').reply(401, error(401))
    await expect(get(connector)).rejects.toMatchObject({ kind: 'auth' })
    await expect(get(connector)).rejects.toMatchObject({ kind: 'auth' })
    expect(connector.usage.calls).toBe(4)
    await deps.sleep(61_000, live())
    grant('third')
    withToken('third').reply(200, found)
    await get(connector)
  })

  it('says so when the app was removed, with no secret in the words', async () => {
    const { connector, deps } = connected({ auth })
    nock(api).post('/oauth/v1/token').reply(400, { status: 'BAD_REFRESH_TOKEN', message: 'canary-refresh', category: 'BAD_REFRESH_TOKEN' })
    const failed = await get(connector).catch((thrown: Error) => thrown)
    expect(failed).toMatchObject({
      kind: 'auth',
      message: 'HubSpot refused the refresh token (400 BAD_REFRESH_TOKEN); install the app again',
    })
    expect(JSON.stringify([String(failed), deps.logs])).not.toContain('canary')
  })

  it('gets over an outage of the token endpoint', async () => {
    const { connector } = connected({ auth })
    nock(api).post('/oauth/v1/token').reply(503)
    grant('first')
    withToken('first').reply(200, found)
    await get(connector)
  })

  it('ends a request that waits for a token when it is aborted, and leaves the token to the others', async () => {
    const { connector } = connected({ auth })
    nock(api).post('/oauth/v1/token', form).delay(50).reply(200, { access_token: 'first', expires_in: 1_800 })
    withToken('first').reply(200, found)
    const abort = new AbortController()
    const impatient = connector.get({ object: 'contacts', ids: ['1'], fields: [] }, abort.signal)
    const patient = get(connector)
    abort.abort(new Error('stop'))
    await expect(impatient).rejects.toBe(abort.signal.reason)
    await patient
  })
})

describe('hubspot settings', () => {
  strictPortal()
  const parse = (settings: unknown) => hubspot.settings.safeParse(settings).success
  it.each([
    [{ auth: { token: 't' } }, true],
    [{ auth, apiUrl: 'http://127.0.0.1:4401/' }, true],
    [{ auth: { token: 't' }, apiUrl: 'http://localhost:4401' }, true],
    [{ auth: { token: 't' }, apiUrl: 'http://api.hubapi.com' }, false],
    [{ auth: { token: 't' }, apiUrl: 'http://127.0.0.1.elsewhere.example' }, false],
    [{ auth: { token: 't' }, apiUrl: 'https://user:pass@api.hubapi.com' }, false],
    [{ auth: { token: '' } }, false],
    [{ auth: { token: 't', refreshToken: 'r' } }, false],
    [{ auth: { token: 't' }, pageSize: 101 }, false],
    [{ auth: { token: 't' }, requestsPer10s: '190' }, true],
    [{ auth: { token: 't' }, requestsPer10s: '' }, false],
    [{ auth: { token: 't' }, requestsPer10s: 'many' }, false],
    [{}, false],
  ])('%j is acceptable: %s', (settings, acceptable) => {
    expect(parse(settings)).toBe(acceptable)
  })

  it('sends the token to no other host than the configured one', async () => {
    const { connector } = connected()
    batchRead().reply(307, '', { location: 'https://elsewhere.example/crm/v3/objects/contacts/batch/read' })
    await expect(get(connector)).rejects.toMatchObject({ kind: 'unexpected-shape' })
  })
})
