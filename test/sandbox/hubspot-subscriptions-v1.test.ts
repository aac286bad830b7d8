import { expect, test } from 'vitest'
import { envelope, useWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

const V1 = '/email/public/v1/subscriptions'
const NEWSLETTER = 440_010_004
const PARTNERS = 440_010_005
const ALIX = 'alix@example.test'
const START = Date.UTC(2030, 0, 1)

const world: World = useWorld(async () => {
  await world.control('POST', '/clock', { freeze: true })
  await world.load(
    { hs_object_id: '7001', email: ALIX, createdate: '2024-01-01T00:00:00Z' },
    { hs_object_id: '7002', email: 'out@example.test', hs_email_optout: 'true', createdate: '2024-01-02T00:00:00Z' },
  )
})

const put = (email: string, body: unknown) => world.call('PUT', `${V1}/${encodeURIComponent(email)}`, body)
const status = async (email: string) => (await world.call('GET', `${V1}/${email}`)).json
const pass = (advanceMs: number) => world.control('POST', '/clock', { advanceMs })
const timeline = async (query = '') => (await world.call('GET', `${V1}/timeline?startTimestamp=0&endTimestamp=${START * 2}${query}`)).json

test('version 1 tells what was chosen, and nothing of what was not', async () => {
  const none = { markedAsSpam: false, portalId: 4400001, bounced: false, subscriptionStatuses: [] }
  expect(await status(ALIX)).toEqual({ ...none, email: ALIX, subscribed: true, status: 'subscribed' })
  expect(await status('out@example.test')).toEqual({ ...none, email: 'out@example.test', subscribed: false, status: 'unsubscribed' })
  const kept = await put(ALIX, {
    subscriptionStatuses: [{ id: NEWSLETTER, subscribed: true, legalBasis: 'CONSENT_WITH_NOTICE', legalBasisExplanation: 'form of May' }],
  })
  expect([kept.status, kept.json]).toEqual([200, { status: 'ok' }])
  expect((await status(ALIX)).subscriptionStatuses).toEqual([
    {
      id: NEWSLETTER,
      updatedAt: expect.any(Number),
      subscribed: true,
      optState: 'OPT_IN',
      legalBasis: 'CONSENT_WITH_NOTICE',
      legalBasisExplanation: 'form of May',
    },
  ])
  const { subscriptionDefinitions } = (await world.call('GET', V1)).json
  expect(subscriptionDefinitions).toHaveLength(6)
  expect(subscriptionDefinitions[3]).toMatchObject({ id: NEWSLETTER, portalId: 4400001, name: 'Newsletter', active: true })
})

test('version 1 leaves one kind or everything, and brings nobody back', async () => {
  await put(ALIX, { subscriptionStatuses: [{ id: PARTNERS, optState: 'OPT_OUT' }] })
  const back = await put(ALIX, { subscriptionStatuses: [{ id: PARTNERS, subscribed: true }] })
  expect(envelope(back)).toMatchObject({ httpStatus: 400, category: 'VALIDATION_ERROR' })
  await put('new@example.test', { unsubscribeFromAll: true })
  expect((await status('new@example.test')).status).toBe('unsubscribed')
  const { json } = await world.call('GET', '/communication-preferences/v4/statuses/new@example.test/unsubscribe-all?channel=EMAIL')
  expect(json.results).toHaveLength(1)
  for (const body of [{ subscriptionStatuses: 1 }, { subscriptionStatuses: [{ id: 1 }] }, { subscriptionStatuses: [1] }, []])
    expect((await put(ALIX, body)).status, JSON.stringify(body)).toBe(400)
  expect((await put('nobody', { unsubscribeFromAll: true })).status).toBe(400)
})

test('the timeline tells changes, the newest first, with one item a recipient and moment', async () => {
  await put('new@example.test', { subscriptionStatuses: [{ id: NEWSLETTER, subscribed: true }] })
  await pass(5_000)
  await put(ALIX, { subscriptionStatuses: [NEWSLETTER, PARTNERS].map((id) => ({ id, subscribed: false })) })
  await pass(5_000)
  const all = await timeline()
  expect(all.hasMore).toBe(false)
  expect(all.timeline.map(({ recipient }: { recipient: string }) => recipient)).toEqual([ALIX, 'new@example.test', 'out@example.test'])
  expect(all.timeline[0]).toEqual({
    timestamp: expect.any(Number),
    portalId: 4400001,
    recipient: ALIX,
    changes: [NEWSLETTER, PARTNERS].map((subscriptionId) => ({
      timestamp: all.timeline[0].timestamp,
      change: 'UNSUBSCRIBED',
      source: 'SOURCE_HUBSPOT_CUSTOMER',
      portalId: 4400001,
      subscriptionId,
      changeType: 'SUBSCRIPTION_STATUS',
    })),
  })
  const wide = (await timeline('&changeType=PORTAL_STATUS')).timeline
  expect(wide).toEqual([
    expect.objectContaining({ recipient: 'out@example.test', changes: [expect.objectContaining({ change: 'UNSUBSCRIBED' })] }),
  ])
  const first = await timeline('&limit=2')
  expect([first.hasMore, first.timeline.length]).toEqual([true, 2])
  const second = await timeline(`&limit=2&offset=${first.offset}`)
  expect([second.hasMore, second.timeline.length]).toEqual([false, 1])
  expect((await timeline('&offset=none')).status).toBe('error')
  await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: ALIX, idProperty: 'email' })
  expect((await timeline()).timeline).toHaveLength(2)
})
