import jsforce from 'jsforce'
import { StreamingExtension } from 'jsforce/lib/api/streaming.js'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPushWorld } from './salesforce-push-world.ts'
import type { BayeuxMessage, PushWorld } from './salesforce-push-world.ts'

const ALL = '/data/ChangeEvents'

let world: PushWorld
let clientId = ''
beforeAll(async () => {
  world = await openPushWorld()
  await world.control('POST', '/clock', { set: '2030-05-01T10:00:00Z' })
  await world.control('POST', '/clock', { freeze: true })
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.control('POST', '/clock', { advanceMs: 60_000 })
  await world.lever('change-events', { entities: ['Contact', 'Lead', 'Individual'] })
  await open(ALL)
})

async function open(channel: string): Promise<void> {
  clientId = await world.handshake()
  await world.connect(clientId, 0)
  expect(await world.subscribe(clientId, channel)).toMatchObject({ successful: true })
}

/** What the open client was sent since it last asked. */
async function events(): Promise<BayeuxMessage[]> {
  return (await world.connect(clientId, 0)).filter((message) => 'data' in message)
}
const headers = async () => (await events()).map((event) => event.data.payload.ChangeEventHeader)
const told = async () =>
  (await headers()).map(({ entityName, changeType, recordIds, changedFields }) => ({ entityName, changeType, recordIds, changedFields }))

describe('change events', () => {
  it('tell of an update its changed fields, parts of compound fields by path, and a cleared field as null', async () => {
    const id = await world.create('Contact', { LastName: 'Roux', FirstName: 'Ada', Phone: '0102030405', MailingCity: 'Lyon' })
    await events()
    await world.control('POST', '/clock', { advanceMs: 5_000 })
    await world.rest('PATCH', `/sobjects/Contact/${id}`, {
      LastName: 'Petit',
      Phone: null,
      MailingCity: 'Paris',
      HasOptedOutOfEmail: true,
      FirstName: 'Ada',
    })
    const [event] = await events()
    const { ChangeEventHeader, ...body } = event!.data.payload
    expect(ChangeEventHeader).toMatchObject({
      entityName: 'Contact',
      changeType: 'UPDATE',
      recordIds: [id],
      changeOrigin: 'com/salesforce/api/rest/60.0',
    })
    expect(ChangeEventHeader.changedFields.toSorted()).toEqual([
      'HasOptedOutOfEmail',
      'LastModifiedDate',
      'MailingAddress.City',
      'Name.LastName',
      'Phone',
    ])
    expect(body).toEqual({
      Name: { LastName: 'Petit' },
      MailingAddress: { City: 'Paris' },
      Phone: null,
      HasOptedOutOfEmail: true,
      LastModifiedDate: expect.stringMatching(/^2030-05-01T10:\d\d:05\.000Z$/),
    })
  })

  it('merge what happened alike to several records of one call, and say nothing of what was rolled back', async () => {
    const records = ['A', 'B', 'C'].map((LastName) => ({ attributes: { type: 'Contact' }, LastName }))
    const made = (await world.rest('POST', '/composite/sobjects', { records })).json as { id: string }[]
    const ids = made.map(({ id }) => id)
    expect((await headers()).map(({ recordIds, sequenceNumber }) => ({ recordIds, sequenceNumber }))).toEqual(
      ids.map((id, at) => ({ recordIds: [id], sequenceNumber: at + 1 })),
    )
    await world.control('POST', '/clock', { advanceMs: 1_000 })
    await world.rest('PATCH', '/composite/sobjects', {
      records: ids.map((id) => ({ attributes: { type: 'Contact' }, id, DoNotCall: true })),
    })
    expect(await told()).toEqual([
      { entityName: 'Contact', changeType: 'UPDATE', recordIds: ids, changedFields: ['DoNotCall', 'LastModifiedDate'] },
    ])
    await world.rest('PATCH', '/composite/sobjects', {
      allOrNone: true,
      records: [
        { attributes: { type: 'Contact' }, id: ids[0], Title: 'lost' },
        { attributes: { type: 'Contact' }, id: ids[1], Email: 'no address' },
      ],
    })
    expect(await told()).toEqual([])
    await world.rest('DELETE', `/composite/sobjects?ids=${ids.join(',')}`)
    const [gone] = await events()
    expect(Object.keys(gone!.data.payload)).toEqual(['ChangeEventHeader'])
    expect(gone!.data.payload.ChangeEventHeader).toMatchObject({ changeType: 'DELETE', recordIds: ids, changedFields: [] })
    await world.lever('undelete', { ids: [ids[0]] })
    const [back] = await events()
    expect(back!.data.payload).toMatchObject({
      ChangeEventHeader: { changeType: 'UNDELETE', recordIds: [ids[0]], changeOrigin: '' },
      Name: { LastName: 'A' },
    })
  })

  it('keep the steps of a composite call apart unless they stand or fall together', async () => {
    const step = (referenceId: string) => ({
      method: 'POST',
      url: '/services/data/v60.0/sobjects/Lead',
      referenceId,
      body: { LastName: referenceId, Company: 'Example' },
    })
    const keysOf = async (allOrNone: boolean) => {
      await world.rest('POST', '/composite', { allOrNone, compositeRequest: [step('one'), step('two')] })
      return new Set((await headers()).map(({ transactionKey }) => transactionKey)).size
    }
    expect(await keysOf(false)).toBe(2)
    expect(await keysOf(true)).toBe(1)
  })

  it('tell of a conversion as one transaction: three records made, then the lead changed', async () => {
    await world.lever('change-events', { entities: ['Account', 'Contact', 'Lead', 'Opportunity'] })
    const leadId = await world.create('Lead', { LastName: 'Larch', Company: 'Example' })
    await events()
    await world.lever('convert-lead', { leadId, convertedStatus: 'Closed - Converted' })
    const seen = await headers()
    expect(seen.map(({ entityName, changeType }) => `${entityName} ${changeType}`).toSorted()).toEqual([
      'Account CREATE',
      'Contact CREATE',
      'Lead UPDATE',
      'Opportunity CREATE',
    ])
    expect(new Set(seen.map(({ transactionKey }) => transactionKey)).size).toBe(1)
    expect(seen.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2, 3, 4])
    expect(seen.at(-1)).toMatchObject({ entityName: 'Lead', recordIds: [leadId] })
  })

  it('reach the channel of the entity and the one for all, and no other', async () => {
    await open('/data/IndividualChangeEvent')
    await world.create('Contact', { LastName: 'Silent' })
    const id = await world.create('Individual', { LastName: 'Heard' })
    await world.create('Account', { Name: 'Not selected' })
    expect(await told()).toEqual([{ entityName: 'Individual', changeType: 'CREATE', recordIds: [id], changedFields: [] }])
  })

  it('name a schema that can be fetched by its id and by the name of the event', async () => {
    await world.create('Contact', { LastName: 'Roux', MailingCity: 'Lyon' })
    const [event] = await events()
    const byId = await world.rest('GET', `/event/eventSchema/${event!.data.schema}`)
    expect(byId).toMatchObject({ status: 200, json: { name: 'ContactChangeEvent', type: 'record', uuid: event!.data.schema } })
    const names = byId.json.fields.map(({ name }: { name: string }) => name)
    expect(Object.keys(event!.data.payload).filter((name) => !names.includes(name))).toEqual([])
    expect(await world.rest('GET', '/sobjects/ContactChangeEvent/eventSchema')).toEqual(byId)
    for (const path of ['/event/eventSchema/nothing', '/sobjects/NothingChangeEvent/eventSchema']) {
      expect(await world.rest('GET', path)).toMatchObject({ status: 404, json: [{ errorCode: 'NOT_FOUND' }] })
    }
  })

  it('can come as gaps that name records or none', async () => {
    await world.lever('gap-event', { entity: 'Contact', changeType: 'GAP_UPDATE', ids: ['003440000000001AAA'] })
    await world.lever('gap-event', { entity: 'Account', changeType: 'GAP_UPDATE' })
    expect(await told()).toEqual([
      { entityName: 'Contact', changeType: 'GAP_UPDATE', recordIds: ['003440000000001AAA'], changedFields: [] },
    ])
  })

  it('are selected through Tooling, five entities and no more, on the standard channel or one of its own', async () => {
    await world.lever('change-events', { entities: [] })
    const select = (eventChannel: string, selectedEntity: string) =>
      world.rest('POST', '/tooling/sobjects/PlatformEventChannelMember', {
        FullName: `${eventChannel}_${selectedEntity}`,
        Metadata: { eventChannel, selectedEntity },
      })
    const made = await select('ChangeEvents', 'AccountChangeEvent')
    expect(made).toMatchObject({ status: 201, json: { success: true, errors: [] } })
    expect((await select('ChangeEvents', 'AccountChangeEvent')).json[0].errorCode).toBe('DUPLICATE_DEVELOPER_NAME')
    expect((await select('ChangeEvents', 'NothingChangeEvent')).status).toBe(400)
    expect((await select('Sales__chn', 'LeadChangeEvent')).status).toBe(201)
    const found = await world.rest(
      'GET',
      `/tooling/query?q=${encodeURIComponent('SELECT DeveloperName FROM PlatformEventChannelMember ORDER BY DeveloperName')}`,
    )
    expect(found.json.records.map(({ DeveloperName }: Record<string, string>) => DeveloperName)).toEqual([
      'ChangeEvents_AccountChangeEvent',
      'Sales__chn_LeadChangeEvent',
    ])
    await open('/data/Sales__chn')
    const id = await world.create('Lead', { LastName: 'Heard', Company: 'Example' })
    await world.create('Account', { Name: 'On the other channel' })
    expect((await told()).map(({ recordIds }) => recordIds)).toEqual([[id]])
    expect((await world.rest('DELETE', `/tooling/sobjects/PlatformEventChannelMember/${made.json.id}`)).status).toBe(204)
    await expect(
      world.lever('change-events', { entities: ['Contact', 'Lead', 'Account', 'Individual', 'User', 'Contact'] }),
    ).resolves.toMatchObject({ channel: 'ChangeEvents' })
    await world.lever('change-events', { entities: [], channel: 'Sales__chn' })
  })

  it('arrive at the streaming client of jsforce, from the replay id it was given', async () => {
    const first = await world.create('Contact', { LastName: 'Before' })
    const connection = new jsforce.Connection({ instanceUrl: world.sandbox.salesforce, accessToken: world.token, version: '60.0' })
    const channel = '/data/ContactChangeEvent'
    const failures: unknown[] = []
    const client = connection.streaming.createClient([
      new StreamingExtension.AuthFailure((message: unknown) => failures.push(message)),
      new StreamingExtension.Replay(channel, -2),
    ])
    const seen: string[] = []
    let later = '?'
    const second = Promise.withResolvers<void>()
    try {
      await client.subscribe(channel, (message: BayeuxMessage) => {
        seen.push(...message.payload.ChangeEventHeader.recordIds)
        if (seen.includes(later)) second.resolve()
      })
      later = await world.create('Contact', { LastName: 'After' })
      if (!seen.includes(later)) await second.promise
      expect(seen.slice(-2)).toEqual([first, later])
      expect(failures).toEqual([])
    } finally {
      // faye's own method; the types of jsforce leave it out.
      await (client as unknown as { disconnect(): Promise<unknown> }).disconnect()
    }
  })
})
