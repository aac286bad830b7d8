/** What HubSpot answers to writes, merges, erasures and searches, in the words and members that clients match on. */
import { describe, expect, test } from 'vitest'
import { envelope, useWorld } from '../hubspot-world.ts'
import type { Raw, World } from '../hubspot-world.ts'

const BASE = '/crm/v3/objects/contacts'
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/

const world: World = useWorld(async () => {
  await world.load(
    { hs_object_id: '6001', email: 'first@example.test', firstname: 'First' },
    { hs_object_id: '6002', email: 'second@example.test', hs_additional_emails: 'other@example.test' },
  )
})

const post = (path: string, body: unknown): Promise<Raw> => world.call('POST', path, body)
const create = (properties: Record<string, unknown>): Promise<Raw> => post(BASE, { properties })

describe('writes', () => {
  test('a created contact shows all that is set, by name, what HubSpot sets itself included', async () => {
    const { status, json } = await create({ email: 'New.One@Example.test' })
    expect(status).toBe(201)
    expect(Object.keys(json.properties)).toEqual(Object.keys(json.properties).toSorted())
    expect(json).toEqual({
      id: expect.stringMatching(/^\d{11,12}$/),
      properties: expect.objectContaining({
        createdate: expect.stringMatching(INSTANT),
        email: 'new.one@example.test',
        hs_all_contact_vids: json.id,
        hs_email_domain: 'example.test',
        hs_is_contact: 'true',
        hs_is_unworked: 'true',
        hs_lifecyclestage_lead_date: expect.stringMatching(INSTANT),
        hs_marketable_status: 'false',
        hs_marketable_until_renewal: 'false',
        hs_membership_has_accessed_private_content: '0',
        hs_object_id: json.id,
        hs_object_source: 'INTEGRATION',
        hs_object_source_id: expect.stringMatching(/^\d+$/),
        hs_object_source_label: 'INTEGRATION',
        hs_pipeline: 'contacts-lifecycle-pipeline',
        hs_registered_member: '0',
        lastmodifieddate: expect.stringMatching(INSTANT),
        lifecyclestage: 'lead',
      }),
      createdAt: expect.stringMatching(INSTANT),
      updatedAt: expect.stringMatching(INSTANT),
      archived: false,
      url: expect.any(String),
    })
    const changed = await world.call('PATCH', `${BASE}/${json.id}`, { properties: { city: 'Lyon' } })
    expect([changed.status, Object.keys(changed.json.properties)]).toEqual([200, [...Object.keys(json.properties), 'city'].toSorted()])
  })

  test('archiving, archiving again and archiving in a batch are a 204 without a body', async () => {
    for (const answer of [
      await world.call('DELETE', `${BASE}/6001`),
      await world.call('DELETE', `${BASE}/6001`),
      await post(`${BASE}/batch/archive`, { inputs: [{ id: '6002' }] }),
    ]) {
      expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([204, '', null])
    }
  })

  test('an upsert says what was new; by address it happens whole or not at all', async () => {
    const inputs = [
      { id: 'first@example.test', idProperty: 'email', properties: { city: 'Lyon' } },
      { id: 'third@example.test', idProperty: 'email', properties: { city: 'Nice' } },
    ]
    const both = await post(`${BASE}/batch/upsert`, { inputs })
    expect([both.status, both.json.results.map((record: { id: string; new: boolean }) => record.new)]).toEqual([200, [false, true]])
    const bad = [
      { ...inputs[0], properties: { city: 'Paris' } },
      { id: 'fourth@example.test', idProperty: 'email', properties: { no_such: 'x' } },
    ]
    expect((await post(`${BASE}/batch/upsert`, { inputs: bad })).status).toBe(400)
    expect((await world.call('GET', `${BASE}/6001?properties=city`)).json.properties.city).toBe('Lyon')
  })

  test('a history entry tells value, time and source; the newest comes first', async () => {
    await world.load({
      id: '6010',
      properties: { email: 'history@example.test', hs_email_optout: 'true' },
      propertiesWithHistory: {
        hs_email_optout: [
          { value: 'false', timestamp: '2021-01-01T00:00:00.000Z', sourceType: 'IMPORT' },
          {
            value: 'true',
            timestamp: '2022-11-07T21:54:03.930Z',
            sourceType: 'CRM_UI',
            sourceId: 'userId:28604240',
            updatedByUserId: 28_604_240,
          },
        ],
      },
    })
    const { json } = await world.call('GET', `${BASE}/6010?propertiesWithHistory=hs_email_optout`)
    expect(json.propertiesWithHistory).toEqual({
      hs_email_optout: [
        {
          value: 'true',
          timestamp: '2022-11-07T21:54:03.930Z',
          sourceType: 'CRM_UI',
          sourceId: 'userId:28604240',
          updatedByUserId: 28_604_240,
        },
        { value: 'false', timestamp: '2021-01-01T00:00:00Z', sourceType: 'IMPORT' },
      ],
    })
    expect(envelope(await world.call('GET', `${BASE}?limit=51&propertiesWithHistory=email`))).toMatchObject({ httpStatus: 400 })
    const found = await post(`${BASE}/search`, { propertiesWithHistory: ['email'] })
    expect([found.status, 'propertiesWithHistory' in found.json.results[0]]).toEqual([200, false])
  })

  test('an address leads to its contact, for reading and for changing, an additional one too', async () => {
    const changed = await world.call('PATCH', `${BASE}/first%40example.test?idProperty=email`, { properties: { city: 'Lyon' } })
    expect([changed.status, changed.json.id]).toEqual([200, '6001'])
    expect((await world.call('GET', `${BASE}/other%40example.test?idProperty=email`)).json.id).toBe('6002')
    expect(envelope(await create({ email: 'other@example.test' }))).toEqual({
      httpStatus: 409,
      category: 'CONFLICT',
      message: 'Contact already exists. Existing ID: 6002',
    })
  })

  test('a portal has at most ten properties with unique values', async () => {
    const property = (n: number) => ({
      name: `key_${n}`,
      label: 'Key',
      type: 'string',
      fieldType: 'text',
      groupName: 'contactinformation',
      hasUniqueValue: true,
    })
    const statuses = []
    for (let n = 0; n < 11; n++) statuses.push((await post('/crm/v3/properties/contacts', property(n))).status)
    expect(new Set(statuses.slice(0, 9))).toEqual(new Set([201]))
    expect(statuses[10]).toBe(400)
  })

  test('no record is merged from more than 250', async () => {
    const merged = Array.from({ length: 250 }, (_, n) => String(100 + n))
    await world.load({ hs_object_id: '6020', hs_merged_object_ids: merged.join(';') })
    expect(envelope(await post(`${BASE}/merge`, { primaryObjectId: '6020', objectIdToMerge: '6001' }))).toMatchObject({
      httpStatus: 414,
      message: 'Cannot have more than 250 identities on a profile',
    })
  })
})

describe('merge and erasure', () => {
  test('a merge answers with a record of a new id that names what it was', async () => {
    const { status, json } = await post(`${BASE}/merge`, { primaryObjectId: '6001', objectIdToMerge: '6002' })
    expect([status, ['6001', '6002'].includes(json.id)]).toEqual([200, false])
    expect(json.properties.hs_merged_object_ids.split(';').toSorted()).toEqual(['6001', '6002'])
    expect(json.properties.hs_additional_emails.split(';').toSorted()).toEqual(['other@example.test', 'second@example.test'])
    for (const id of ['6001', '6002']) expect((await world.call('GET', `${BASE}/${id}`)).json.id).toBe(json.id)
    expect((await world.call('PATCH', `${BASE}/6002`, { properties: { city: 'Lyon' } })).json.id).toBe(json.id)
    const batch = await post(`${BASE}/batch/update`, { inputs: [{ id: '6002', properties: { city: 'Nice' } }] })
    expect([batch.status, batch.json.numErrors]).toEqual([207, 1])
  })

  test.each([
    ['v3', BASE],
    ['2026-03', '/crm/objects/2026-03/contacts'],
    ['2026-09', '/crm/objects/2026-09/0-1'],
  ])('an erasure is a 204 by id, by address, and for an address nobody has (%s)', async (_, base) => {
    for (const body of [
      { objectId: '6001' },
      { objectId: 'second@example.test', idProperty: 'email' },
      { objectId: 'nobody@example.test', idProperty: 'email' },
    ]) {
      const answer = await post(`${base}/gdpr-delete`, body)
      expect([answer.status, answer.text]).toEqual([204, ''])
    }
    for (const path of [`${BASE}/6001`, `${BASE}/6001?archived=true`, `${BASE}/6002`])
      expect((await world.call('GET', path)).status).toBe(404)
    expect((await world.call('GET', `${BASE}?archived=true`)).json.results).toEqual([])
    expect((await post(`${BASE}/search`, {})).json.total).toBe(0)
  })

  test('an erasure by an id that is not there is a 404, or a 204 where the portal is set so', async () => {
    expect((await post(`${BASE}/gdpr-delete`, { objectId: '7999' })).status).toBe(404)
    await world.control('POST', '/hubspot/erase-unknown', { status: 204 })
    expect((await post(`${BASE}/gdpr-delete`, { objectId: '7999' })).status).toBe(204)
  })

  test('the older versions erase contacts alone', async () => {
    await world.control('POST', '/hubspot/load', { object: 'notes', rows: [{ hs_object_id: '9001', hs_note_body: 'x' }] })
    expect((await post('/crm/v3/objects/notes/gdpr-delete', { objectId: '9001' })).status).toBe(405)
    expect((await post('/crm/objects/2026-09/notes/gdpr-delete', { objectId: '9001' })).status).toBe(204)
  })
})
