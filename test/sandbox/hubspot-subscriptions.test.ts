import { describe, expect, test } from 'vitest'
import { envelope, useWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

const V3 = '/communication-preferences/v3'
const V4 = '/communication-preferences/v4'
const NEWSLETTER = 440_010_004
const PARTNERS = 440_010_005
const ALIX = 'alix@example.test'

const world: World = useWorld(async () => {
  await world.load({ hs_object_id: '7001', email: ALIX }, { hs_object_id: '7002', email: 'out@example.test', hs_email_optout: 'true' })
})

function subscribe(email = ALIX, more: Record<string, unknown> = {}) {
  return world.call('POST', `${V3}/subscribe`, { emailAddress: email, subscriptionId: String(NEWSLETTER), ...more })
}

function unsubscribe(email = ALIX, subscriptionId = String(NEWSLETTER)) {
  return world.call('POST', `${V3}/unsubscribe`, { emailAddress: email, subscriptionId })
}

function set(statusState: string, more: Record<string, unknown> = {}, email = ALIX) {
  return world.call('POST', `${V4}/statuses/${encodeURIComponent(email)}`, {
    subscriptionId: NEWSLETTER,
    statusState,
    channel: 'EMAIL',
    ...more,
  })
}

async function statusOf(id = NEWSLETTER, email = ALIX): Promise<Record<string, unknown>> {
  const { json } = await world.call('GET', `${V4}/statuses/${email}?channel=EMAIL`)
  return json.results.find((status: { subscriptionId: number }) => status.subscriptionId === id)
}

async function properties(id = '7001'): Promise<Record<string, string | null>> {
  const names = `hs_email_optout,hs_email_optout_${NEWSLETTER},hs_email_optout_${PARTNERS}`
  const { json } = await world.call('GET', `/crm/v3/objects/contacts/${id}?properties=${names}`)
  const { hs_email_optout: all, [`hs_email_optout_${NEWSLETTER}`]: newsletter, [`hs_email_optout_${PARTNERS}`]: partners } = json.properties
  return { all, newsletter, partners }
}

const grant = (scope: string) => world.control('POST', '/hubspot/grant-scope', { scope })

describe('version 3', () => {
  test('tells the definitions, inactive ones too, and no brand while there are none', async () => {
    const { subscriptionDefinitions } = (await world.call('GET', `${V3}/definitions`)).json
    expect(subscriptionDefinitions).toHaveLength(6)
    expect(subscriptionDefinitions[3]).toEqual({
      id: '440010004',
      name: 'Newsletter',
      description: 'Our monthly newsletter.',
      purpose: 'Marketing',
      communicationMethod: 'Email',
      isActive: true,
      isDefault: false,
      isInternal: false,
      createdAt: '2020-01-01T00:00:00Z',
      updatedAt: '2020-01-01T00:00:00Z',
    })
    const typed = await world.client.communicationPreferences.definitionApi.getPage()
    expect(typed.subscriptionDefinitions.filter(({ isActive }) => !isActive).map(({ name }) => name)).toEqual(['Event invitations 2019'])
  })

  test('subscribes and unsubscribes through the official client', async () => {
    const { statusApi } = world.client.communicationPreferences
    const joined = await statusApi.subscribe({ emailAddress: 'Alix@Example.test', subscriptionId: String(NEWSLETTER) })
    expect(joined).toMatchObject({ id: '440010004', name: 'Newsletter', status: 'SUBSCRIBED', sourceOfStatus: 'SUBSCRIPTION_STATUS' })
    const left = await statusApi.unsubscribe({ emailAddress: ALIX, subscriptionId: String(NEWSLETTER) })
    expect(left.status).toBe('NOT_SUBSCRIBED')
    const all = await statusApi.getEmailStatus(ALIX)
    expect(all.recipient).toBe(ALIX)
    expect(all.subscriptionStatuses.map(({ status }) => status)).toEqual(Array(5).fill('NOT_SUBSCRIBED'))
  })

  test('refuses what is so already, and never subscribes somebody again', async () => {
    await subscribe()
    const refusal = (message: string) => ({ httpStatus: 400, category: 'VALIDATION_ERROR', message })
    expect(envelope(await subscribe())).toEqual(refusal(`${ALIX} is already subscribed to subscription ${NEWSLETTER}`))
    await unsubscribe()
    expect(envelope(await unsubscribe())).toEqual(refusal(`${ALIX} is already unsubscribed from subscription ${NEWSLETTER}`))
    expect(envelope(await subscribe())).toEqual(
      refusal(`Subscription ${NEWSLETTER} for ${ALIX} cannot be updated because they have unsubscribed`),
    )
  })

  test('names the attributes a body lacks', async () => {
    expect(envelope(await world.call('POST', `${V3}/subscribe`, {}))).toEqual({
      httpStatus: 400,
      category: 'VALIDATION_ERROR',
      message:
        'Invalid input JSON on line 1, column 2: Cannot build PublicUpdateSubscriptionStatusRequest, some of required attributes are not set [emailAddress, subscriptionId]',
    })
  })

  test('refuses unknown and inactive types, wrong bases and what is no address', async () => {
    for (const body of [
      { emailAddress: ALIX, subscriptionId: '1' },
      { emailAddress: ALIX, subscriptionId: '440010006' },
      { emailAddress: 'nobody', subscriptionId: String(NEWSLETTER) },
      { emailAddress: ALIX, subscriptionId: String(NEWSLETTER), legalBasis: 'BECAUSE' },
    ]) {
      expect(envelope(await world.call('POST', `${V3}/subscribe`, body))).toMatchObject({ httpStatus: 400, category: 'VALIDATION_ERROR' })
    }
    expect((await world.call('GET', `${V3}/status/email/nobody`)).status).toBe(400)
    expect((await world.call('PUT', `${V3}/subscribe`, {})).status).toBe(405)
    expect((await world.call('POST', `${V3}/subscribe`, '{"emailAddress":')).status).toBe(400)
  })

  test('asks for basis and explanation once the privacy settings are on', async () => {
    await world.control('POST', '/hubspot/privacy', { on: true })
    expect((await subscribe()).status).toBe(400)
    expect((await subscribe(ALIX, { legalBasis: 'CONSENT_WITH_NOTICE' })).status).toBe(400)
    const grounds = { legalBasis: 'CONSENT_WITH_NOTICE', legalBasisExplanation: 'NL-2025-03' }
    expect((await subscribe(ALIX, grounds)).json).toMatchObject({ status: 'SUBSCRIBED', ...grounds })
    expect((await unsubscribe()).status).toBe(400)
    expect((await set('UNSUBSCRIBED', {})).status).toBe(400)
    expect((await set('UNSUBSCRIBED', { legalBasis: 'NON_GDPR', legalBasisExplanation: 'asked' })).status).toBe(200)
  })

  test('needs a scope of its own', async () => {
    await world.control('POST', '/hubspot/revoke-scope', { scope: 'communication_preferences.read_write' })
    await grant('communication_preferences.read')
    expect((await world.call('GET', `${V3}/definitions`)).status).toBe(200)
    expect(envelope(await subscribe())).toMatchObject({ httpStatus: 403, category: 'MISSING_SCOPES' })
  })
})

describe('version 4', () => {
  test('tells what was never chosen as not specified', async () => {
    const answer = await world.call('GET', `${V4}/statuses/${ALIX}?channel=EMAIL`)
    expect(answer.json).toMatchObject({ status: 'COMPLETE', startedAt: expect.any(String), completedAt: expect.any(String) })
    expect(await statusOf()).toEqual({
      channel: 'EMAIL',
      subscriberIdString: ALIX,
      subscriptionId: NEWSLETTER,
      subscriptionName: 'Newsletter',
      status: 'NOT_SPECIFIED',
      source: 'Not specified',
      timestamp: '2020-01-01T00:00:00Z',
    })
  })

  test('moves between the three states and says what happened', async () => {
    const reasons = []
    for (const state of ['SUBSCRIBED', 'SUBSCRIBED', 'UNSUBSCRIBED', 'SUBSCRIBED', 'NOT_SPECIFIED']) {
      const { json } = await set(state)
      reasons.push([json.results[0].status, json.results[0].setStatusSuccessReason])
    }
    expect(reasons).toEqual([
      ['SUBSCRIBED', 'REQUESTED_CHANGE_OCCURRED'],
      ['SUBSCRIBED', 'NO_STATUS_CHANGE'],
      ['UNSUBSCRIBED', 'REQUESTED_CHANGE_OCCURRED'],
      ['SUBSCRIBED', 'RESUBSCRIBE_OCCURRED'],
      ['NOT_SPECIFIED', 'REQUESTED_CHANGE_OCCURRED'],
    ])
    await set('UNSUBSCRIBED')
    await set('SUBSCRIBED')
    expect(await statusOf()).toMatchObject({ source: 'Self Service Resubscription' })
  })

  test('an opt-out of everything is told as such, and verbose tells every kind', async () => {
    const path = `${V4}/statuses/${ALIX}/unsubscribe-all?channel=EMAIL`
    expect((await world.call('GET', path)).json.results).toEqual([])
    expect((await world.call('POST', path)).json.results).toEqual([])
    expect((await world.call('GET', path)).json.results).toEqual([
      { wideStatusType: 'PORTAL_WIDE', status: 'UNSUBSCRIBED', channel: 'EMAIL', subscriberIdString: ALIX, timestamp: expect.any(String) },
    ])
    const { json } = await world.call(
      'POST',
      '/communication-preferences/v4/statuses/b@example.test/unsubscribe-all?channel=EMAIL&verbose=true',
    )
    expect(json.results.map((status: Record<string, unknown>) => [status.status, status.setStatusSuccessReason])).toEqual(
      Array(5).fill(['UNSUBSCRIBED', 'UNSUBSCRIBE_FROM_ALL_OCCURRED']),
    )
    const { subscriptionStatuses } = (await world.call('GET', `${V3}/status/email/${ALIX}`)).json
    expect(new Set(subscriptionStatuses.map((status: Record<string, unknown>) => status.sourceOfStatus))).toEqual(
      new Set(['PORTAL_WIDE_STATUS']),
    )
    expect((await subscribe()).status).toBe(400)
  })

  test('who comes back for one kind has still refused the others', async () => {
    await world.call('POST', `${V4}/statuses/${ALIX}/unsubscribe-all?channel=EMAIL`)
    expect((await set('SUBSCRIBED')).json.results[0].setStatusSuccessReason).toBe('RESUBSCRIBE_OCCURRED')
    expect(await statusOf(NEWSLETTER)).toMatchObject({ status: 'SUBSCRIBED' })
    expect(await statusOf(PARTNERS)).toMatchObject({ status: 'UNSUBSCRIBED' })
    await world.control('POST', '/clock', { advanceMs: 1000 })
    expect(await properties()).toEqual({ all: 'false', newsletter: 'false', partners: 'true' })
  })

  test('batches are for Enterprise', async () => {
    for (const [path, scope] of [
      ['read', 'communication_preferences.statuses.batch.read'],
      ['write', 'communication_preferences.statuses.batch.write'],
      ['unsubscribe-all', 'communication_preferences.statuses.batch.write'],
      ['unsubscribe-all/read', 'communication_preferences.statuses.batch.read'],
    ] as const) {
      const refused = await world.call('POST', `${V4}/statuses/batch/${path}?channel=EMAIL`, { inputs: [] })
      expect(envelope(refused)).toMatchObject({
        httpStatus: 403,
        category: 'MISSING_SCOPES',
        errors: [{ message: 'One or more of the following scopes are required.', context: { requiredGranularScopes: [scope] } }],
      })
    }
  })

  test('batches read, write and opt out once the scopes are granted', async () => {
    await grant('communication_preferences.statuses.batch.read')
    await grant('communication_preferences.statuses.batch.write')
    const input = (subscriberIdString: string) => ({
      subscriptionId: NEWSLETTER,
      statusState: 'SUBSCRIBED',
      subscriberIdString,
      channel: 'EMAIL',
    })
    const written = await world.call('POST', `${V4}/statuses/batch/write`, { inputs: [input(ALIX), input('b@example.test')] })
    expect(written.json.results.map((status: Record<string, unknown>) => status.status)).toEqual(['SUBSCRIBED', 'SUBSCRIBED'])
    const read = await world.call('POST', `${V4}/statuses/batch/read?channel=EMAIL`, { inputs: [ALIX, 'nobody'] })
    expect(read.status).toBe(207)
    expect(read.json).toMatchObject({ status: 'COMPLETE', numErrors: 1, errors: [{ context: { subscriberIdString: ['nobody'] } }] })
    expect(read.json.results).toEqual([{ subscriberIdString: ALIX, statuses: expect.any(Array) }])
    expect((await world.call('POST', '/communication-preferences/2026-09/statuses/batch/read', { inputs: ['nobody'] })).status).toBe(200)
    const out = await world.call('POST', `${V4}/statuses/batch/unsubscribe-all?channel=EMAIL`, { inputs: [ALIX] })
    expect(out.json.results).toEqual([{ subscriberIdString: ALIX }])
    const wide = await world.call('POST', `${V4}/statuses/batch/unsubscribe-all/read?channel=EMAIL`, { inputs: [ALIX, 'b@example.test'] })
    expect(wide.json.results).toMatchObject([{ wideStatuses: [{ wideStatusType: 'PORTAL_WIDE' }] }, { wideStatuses: [] }])
    const half = await world.call('POST', `${V4}/statuses/batch/write`, {
      inputs: [input('c@example.test'), { ...input(ALIX), statusState: 'MAYBE' }],
    })
    expect(half.status).toBe(400)
    expect(await statusOf(NEWSLETTER, 'c@example.test')).toMatchObject({ status: 'NOT_SPECIFIED' })
    const many = { inputs: Array.from({ length: 101 }, () => ALIX) }
    expect((await world.call('POST', `${V4}/statuses/batch/read`, many)).status).toBe(400)
  })

  test('generates the links of a person', async () => {
    const { json } = await world.call('POST', `${V4}/links/generate?channel=EMAIL`, {
      subscriberIdString: ALIX,
      subscriptionId: NEWSLETTER,
    })
    expect(Object.keys(json)).toEqual(['subscriberIdString', 'managePreferencesUrl', 'unsubscribeAllUrl', 'unsubscribeSingleUrl'])
  })

  test('brands are unknown until they are switched on', async () => {
    await world.control('POST', '/hubspot/subscription-type', { id: 77, name: 'Brand news', businessUnitId: 9 })
    expect((await world.call('GET', `${V4}/statuses/${ALIX}?channel=EMAIL&businessUnitId=9`)).status).toBe(400)
    await world.control('POST', '/hubspot/brands', { on: true })
    const { results } = (await world.call('GET', `${V4}/statuses/${ALIX}?channel=EMAIL&businessUnitId=9`)).json
    expect(results).toMatchObject([{ subscriptionId: 77, businessUnitId: 9 }])
    await world.call('POST', `${V4}/statuses/${ALIX}/unsubscribe-all?channel=EMAIL&businessUnitId=9`)
    expect((await world.call('GET', `${V4}/statuses/${ALIX}/unsubscribe-all?channel=EMAIL`)).json.results).toMatchObject([
      { wideStatusType: 'BUSINESS_UNIT_WIDE', businessUnitId: 9 },
    ])
    expect(await statusOf(NEWSLETTER)).toMatchObject({ status: 'NOT_SPECIFIED' })
  })

  test('refuses another channel, another state and a body that lacks something', async () => {
    expect((await world.call('GET', `${V4}/statuses/${ALIX}?channel=SMS`)).status).toBe(400)
    expect((await set('MAYBE')).status).toBe(400)
    expect(envelope(await world.call('POST', `${V4}/statuses/${ALIX}`, { channel: 'EMAIL' })).message).toContain(
      '[subscriptionId, statusState]',
    )
    expect((await world.call('DELETE', `${V4}/statuses/${ALIX}`)).status).toBe(405)
  })
})

describe('the properties of the contact', () => {
  test('follow a choice after a while', async () => {
    await world.control('POST', '/clock', { freeze: true })
    await set('UNSUBSCRIBED')
    expect((await properties()).newsletter).toBeNull()
    await world.control('POST', '/clock', { advanceMs: 999 })
    expect((await properties()).newsletter).toBeNull()
    await world.control('POST', '/clock', { advanceMs: 1 })
    expect(await properties()).toEqual({ all: null, newsletter: 'true', partners: null })
    await world.control('POST', '/hubspot/opt-out-lag', { ms: 0 })
    await world.call('POST', `${V4}/statuses/${ALIX}/unsubscribe-all?channel=EMAIL`)
    expect((await properties()).all).toBe('true')
    await world.control('POST', '/clock', { freeze: false })
  })

  test('tell of choices from before, and a change of them by hand is a choice', async () => {
    expect((await world.call('GET', `${V4}/statuses/out@example.test/unsubscribe-all?channel=EMAIL`)).json.results).toHaveLength(1)
    await set('SUBSCRIBED')
    await world.control('POST', '/hubspot/edit', { id: 7001, properties: { [`hs_email_optout_${NEWSLETTER}`]: 'true' } })
    expect(await statusOf()).toMatchObject({ status: 'UNSUBSCRIBED' })
    await world.control('POST', '/hubspot/edit', { id: 7001, properties: { hs_email_optout: true } })
    expect(await statusOf(PARTNERS)).toMatchObject({ status: 'UNSUBSCRIBED' })
  })

  test('of a contact who comes later show what the address had chosen before', async () => {
    await unsubscribe('late@example.test')
    await world.call('POST', `${V4}/statuses/gone@example.test/unsubscribe-all?channel=EMAIL`)
    const late = await world.call('POST', '/crm/v3/objects/contacts', { properties: { email: 'late@example.test' } })
    await world.call('PATCH', '/crm/v3/objects/contacts/7001', { properties: { email: 'gone@example.test' } })
    await world.control('POST', '/clock', { advanceMs: 1000 })
    expect((await properties(late.json.id)).newsletter).toBe('true')
    expect((await properties('7001')).all).toBe('true')
  })

  test('the person leaves and comes back on the page of preferences', async () => {
    await world.control('POST', '/hubspot/person-unsubscribes', { email: ALIX })
    expect(await statusOf()).toMatchObject({ status: 'UNSUBSCRIBED', source: 'Subscription preferences page' })
    await world.control('POST', '/hubspot/person-subscribes', { email: ALIX, subscriptionId: NEWSLETTER })
    expect(await statusOf()).toMatchObject({ status: 'SUBSCRIBED' })
  })

  test('each kind of e-mail has a property that only HubSpot writes', async () => {
    const { json } = await world.call('GET', `/crm/v3/properties/contacts/hs_email_optout_${NEWSLETTER}`)
    expect(json).toMatchObject({ type: 'enumeration', modificationMetadata: { readOnlyValue: true } })
    const refused = await world.call('PATCH', '/crm/v3/objects/contacts/7001', {
      properties: { [`hs_email_optout_${NEWSLETTER}`]: 'true' },
    })
    expect(refused.status).toBe(400)
  })
})

test('the date-based version has a call to subscribe again', async () => {
  await unsubscribe()
  const body = { emailAddress: ALIX, subscriptionId: String(NEWSLETTER) }
  expect((await world.call('POST', '/communication-preferences/2026-09/subscribe', body)).status).toBe(400)
  expect((await world.call('POST', '/communication-preferences/2026-09/resubscribe', body)).json.status).toBe('SUBSCRIBED')
  expect((await world.call('GET', `/communication-preferences/2026-09/status/email/${ALIX}`)).status).toBe(200)
})

test('nothing an erased person chose is left', async () => {
  await subscribe(ALIX, { legalBasis: 'CONSENT_WITH_NOTICE', legalBasisExplanation: 'NL-2025-03' })
  await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: '7001' })
  const held = await world.control('POST', '/hubspot/inspect-person', { email: ALIX })
  expect(held.json).toMatchObject({ contact: null, keptChoices: false, pendingProperties: 0, submissions: [], lists: [] })
  expect(await statusOf()).toMatchObject({ status: 'NOT_SPECIFIED' })
})

test('the properties of a contact show what a seed says was chosen', async () => {
  const rows = [
    { email: ALIX, subscriptionId: NEWSLETTER, status: 'UNSUBSCRIBED', timestamp: '2023-04-05T06:07:08Z' },
    { email: 'loud@example.test', unsubscribedFromAll: true, timestamp: '2023-01-01' },
  ]
  await world.load({ hs_object_id: '7003', email: 'loud@example.test' })
  expect((await world.control('POST', '/hubspot/load', { object: 'subscriptions', rows })).status).toBe(200)
  await world.control('POST', '/clock', { advanceMs: 1_000 })
  expect([await properties(), (await properties('7003')).all]).toEqual([{ all: null, newsletter: 'true', partners: null }, 'true'])
})

test('choices come from seeds, and reset brings them back', async () => {
  const rows = [
    { id: 501, name: 'Club' },
    {
      email: ALIX,
      subscriptionId: 501,
      status: 'SUBSCRIBED',
      timestamp: '2023-04-05T06:07:08Z',
      legalBasis: 'CONSENT_WITH_NOTICE',
      legalBasisExplanation: 'C-1',
    },
    { email: 'b@example.test', unsubscribedFromAll: true, timestamp: '2023-01-01' },
  ]
  expect((await world.control('POST', '/hubspot/load', { object: 'subscriptions', rows })).status).toBe(200)
  expect(await statusOf(501)).toMatchObject({ status: 'SUBSCRIBED', timestamp: '2023-04-05T06:07:08Z', legalBasisExplanation: 'C-1' })
  const wrong = await world.control('POST', '/hubspot/load', {
    object: 'subscriptions',
    rows: [{ email: ALIX, subscriptionId: 1, status: 'SUBSCRIBED' }],
  })
  expect(wrong.json.error).toContain('subscriptions 1: subscriptionId')
  await world.control('POST', '/hubspot/privacy', { on: true })
  await world.control('POST', '/reset')
  expect(await statusOf(501)).toBeUndefined()
  expect((await subscribe()).status).toBe(200)
})
