import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPushWorld } from './salesforce-push-world.ts'
import type { BayeuxMessage, PushWorld } from './salesforce-push-world.ts'

const CONTACTS = '/data/ContactChangeEvent'
const DAY = 86_400_000

let world: PushWorld
beforeAll(async () => {
  world = await openPushWorld()
  await world.control('POST', '/clock', { set: '2030-05-01T10:00:00Z' })
  await world.control('POST', '/clock', { freeze: true })
  await world.control('POST', '/snapshot')
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.lever('change-events', { entities: [] })
  await world.lever('streaming', { forgetClients: true, timeoutMs: 110_000, dailyLimit: 25_000, clientLimit: 1_000, requireCookie: false })
})

const headerOf = (message: BayeuxMessage) => message.data.payload.ChangeEventHeader

describe('CometD', () => {
  it('shakes hands, subscribes while it connects, and delivers a change to the poll that waits', async () => {
    await world.lever('change-events', { entities: ['Contact'] })
    const shaken = await world.bayeux([
      { channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['in-process', 'websocket', 'long-polling'], id: '1' },
    ])
    const clientId = shaken.messages[0]!.clientId as string
    expect(shaken).toEqual({
      status: 200,
      messages: [
        {
          ext: { replay: true, 'payload.format': true },
          minimumVersion: '1.0',
          clientId,
          supportedConnectionTypes: ['long-polling'],
          channel: '/meta/handshake',
          id: '1',
          version: '1.0',
          successful: true,
        },
      ],
    })
    const both = await world.bayeux([
      { channel: '/meta/connect', clientId, connectionType: 'long-polling', id: '2', advice: { timeout: 0 } },
      { channel: '/meta/subscribe', clientId, subscription: CONTACTS, id: '3', ext: { replay: { [CONTACTS]: -2 } } },
    ])
    expect(both.messages).toEqual([
      { clientId, advice: { interval: 0, timeout: 110_000, reconnect: 'retry' }, channel: '/meta/connect', id: '2', successful: true },
      { clientId, subscription: CONTACTS, channel: '/meta/subscribe', id: '3', successful: true },
    ])
    const waiting = world.connect(clientId)
    const id = await world.create(
      'Contact',
      { LastName: 'Martin', FirstName: 'Zoé', Email: 'zoe@example.test' },
      { 'sforce-call-options': 'client=your-app' },
    )
    const [event, reply] = await waiting
    expect(reply).toEqual({ clientId, channel: '/meta/connect', id: '2', successful: true })
    expect(headerOf(event!)).toEqual({
      entityName: 'Contact',
      recordIds: [id],
      changeType: 'CREATE',
      changeOrigin: 'com/salesforce/api/rest/60.0;client=your-app',
      transactionKey: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
      sequenceNumber: 1,
      commitTimestamp: Date.UTC(2030, 4, 1, 10),
      commitNumber: expect.any(Number),
      commitUser: expect.stringMatching(/^005/),
      changedFields: [],
    })
    expect(event).toMatchObject({
      channel: CONTACTS,
      data: {
        schema: expect.any(String),
        payload: { Name: { FirstName: 'Zoé', LastName: 'Martin' }, Email: 'zoe@example.test', CreatedDate: '2030-05-01T10:00:00.000Z' },
        event: { replayId: expect.any(Number) },
      },
    })
    expect(Object.keys(event!.data.payload)).not.toEqual(expect.arrayContaining(['SystemModstamp']))
    expect((await world.bayeux([{ channel: '/meta/disconnect', clientId, id: '9' }])).messages).toEqual([
      { clientId, channel: '/meta/disconnect', id: '9', successful: true },
    ])
  })

  it('answers the probe for a WebSocket with 400 and lives on', async () => {
    const status = await new Promise((resolve, reject) => {
      const probe = request(`${world.sandbox.salesforce}/cometd/60.0`, {
        headers: {
          upgrade: 'websocket',
          connection: 'Upgrade',
          authorization: `OAuth ${world.token}`,
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'sec-websocket-version': '13',
        },
      })
      probe.on('response', (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      probe.on('error', reject)
      probe.end()
    })
    expect(status).toBe(400)
    expect(await world.handshake()).toMatch(/^[\da-z]+$/)
  })

  it('refuses a handshake without a token that works, nested as Salesforce nests it', async () => {
    const shake = [{ channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'] }]
    const denied = (failureReason: string) => [
      {
        ext: { sfdc: { failureReason }, replay: true, 'payload.format': true },
        advice: { reconnect: 'none' },
        channel: '/meta/handshake',
        error: '403::Handshake denied',
        successful: false,
      },
    ]
    expect((await world.bayeux(shake, { authorization: 'OAuth nonsense' })).messages).toEqual(denied('401::Authentication invalid'))
    expect((await world.bayeux(shake, { authorization: '' })).messages).toEqual(denied('401::Request requires authentication'))
  })

  it('tells a client whose token died to stop, and one it forgot to shake hands again', async () => {
    const clientId = await world.handshake()
    expect(
      (
        await world.bayeux([{ channel: '/meta/connect', clientId, connectionType: 'long-polling', id: '7' }], {
          authorization: 'OAuth dead',
        })
      ).messages,
    ).toEqual([
      {
        advice: { reconnect: 'none', interval: 0 },
        clientId,
        channel: '/meta/connect',
        id: '7',
        error: '401::Authentication invalid',
        successful: false,
      },
    ])
    expect(await world.lever('streaming', { forgetClients: true })).toEqual({ forgotten: 1 })
    expect(await world.connect(clientId)).toEqual([
      {
        advice: { interval: 0, reconnect: 'handshake' },
        channel: '/meta/connect',
        id: '2',
        error: '403::Unknown client',
        successful: false,
      },
    ])
  })

  it('refuses other transports, missing versions, unknown channels, publishing, and what is no Bayeux', async () => {
    const clientId = await world.handshake()
    const errorOf = async (message: object, version?: string) =>
      (await world.bayeux([message], version === undefined ? {} : { version })).messages[0]!.error
    expect(await errorOf({ channel: '/meta/connect', clientId, connectionType: 'websocket' })).toBe(
      '400::Invalid connection type websocket',
    )
    expect(await errorOf({ channel: '/meta/handshake' }, '')).toBe("400::API version in the URI is mandatory. URI format: '/cometd/67.0'")
    expect(await errorOf({ channel: '/meta/subscribe', clientId, subscription: '/data/Nothing' })).toBe(
      '400::The channel you requested to subscribe to does not exist {/data/Nothing}',
    )
    expect(await errorOf({ channel: '/meta/subscribe', clientId, subscription: 'data' })).toBe(
      "400::Channel subscriptions must start with a leading '/'",
    )
    expect(await errorOf({ channel: '/meta/subscribe', clientId })).toBe('400::Channel name not specified')
    expect(await errorOf({ channel: CONTACTS, clientId, data: {} })).toMatch(/^403::/)
    expect(await world.bayeux('{not json')).toMatchObject({ status: 400, messages: [{ successful: false }] })
    await world.lever('streaming', { requireCookie: true })
    world.dropCookie()
    expect(await errorOf({ channel: '/meta/subscribe', clientId, subscription: CONTACTS })).toMatch(
      /^400::Client \w+ has established a session, but no/,
    )
  })

  it('replays what it kept: everything, from an id on, or nothing; three days and no longer', async () => {
    await world.lever('change-events', { entities: ['Contact'] })
    const ids = [await world.create('Contact', { LastName: 'One' }), await world.create('Contact', { LastName: 'Two' })]
    const replayed = async (from: number): Promise<BayeuxMessage[]> => {
      const clientId = await world.handshake()
      await world.connect(clientId)
      expect(await world.subscribe(clientId, CONTACTS, from)).toMatchObject({ successful: true })
      return (await world.connect(clientId, 0)).filter(({ channel }) => channel === CONTACTS)
    }
    const all = await replayed(-2)
    expect(all.slice(-2).map((event) => headerOf(event).recordIds)).toEqual([[ids[0]], [ids[1]]])
    const first = all.at(-2)!.data.event.replayId as number
    expect((await replayed(first)).map((event) => headerOf(event).recordIds)).toEqual([[ids[1]]])
    expect(await replayed(-1)).toEqual([])
    await world.control('POST', '/clock', { advanceMs: 3 * DAY + 1_000 })
    expect((await world.subscribe(await openClient(), CONTACTS, first)).error).toBe(
      `400::The replayId {${first}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`,
    )
  })

  it('ends the day of a client whose org has spent its deliveries', async () => {
    await world.control('POST', '/rate-limit', { on: true })
    await world.lever('change-events', { entities: ['Contact'] })
    await world.lever('streaming', { dailyLimit: 1 })
    const clientId = await openClient()
    await world.subscribe(clientId, CONTACTS)
    await world.create('Contact', { LastName: 'One' })
    expect(await world.connect(clientId, 0)).toHaveLength(2)
    await world.create('Contact', { LastName: 'Two' })
    expect((await world.connect(clientId, 0))[0]).toMatchObject({ error: '403::Organization total events daily limit exceeded' })
    await world.control('POST', '/rate-limit', { on: false })
    await world.lever('streaming', { clientLimit: 0 })
    expect((await world.bayeux([{ channel: '/meta/handshake', supportedConnectionTypes: ['long-polling'] }])).messages[0]).toMatchObject({
      error: '403::Handshake denied',
      ext: { sfdc: { failureReason: '403::Organization concurrent user limit exceeded' } },
    })
  })
})

async function openClient() {
  const clientId = await world.handshake()
  await world.connect(clientId, 0)
  return clientId
}
