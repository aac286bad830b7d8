import { describe, expect, test } from 'vitest'
import { envelope, useWorld } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

const world: World = useWorld()

const AT = '2026-01-05T10:00:00Z'
/** What a create needs, and the properties that come back unasked. */
const TYPES = [
  ['companies', '0-2', 'COMPANY', { name: 'Alpha' }, ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name']],
  [
    'deals',
    '0-3',
    'DEAL',
    { dealname: 'Order' },
    ['amount', 'closedate', 'createdate', 'dealname', 'dealstage', 'hs_lastmodifieddate', 'hs_object_id', 'pipeline'],
  ],
  [
    'tickets',
    '0-5',
    'TICKET',
    { subject: 'Help', hs_pipeline_stage: '1' },
    'content createdate hs_lastmodifieddate hs_object_id hs_pipeline hs_pipeline_stage hs_ticket_category hs_ticket_priority subject'.split(
      ' ',
    ),
  ],
  ['notes', '0-46', 'NOTE', { hs_timestamp: AT, hs_note_body: 'Hello' }, ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id']],
  ['calls', '0-48', 'CALL', { hs_timestamp: AT, hs_call_title: 'Hello' }, ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id']],
  ['emails', '0-49', 'EMAIL', { hs_timestamp: AT, hs_email_subject: 'Hello' }, ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id']],
  ['meetings', '0-47', 'MEETING', { hs_meeting_start_time: AT }, ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id']],
  ['tasks', '0-27', 'TASK', { hs_timestamp: AT, hs_task_subject: 'Call' }, ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id']],
  [
    'communications',
    '0-18',
    'COMMUNICATION',
    { hs_timestamp: AT, hs_communication_body: 'Hi' },
    ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id'],
  ],
  [
    'postal_mail',
    '0-116',
    'POSTAL_MAIL',
    { hs_timestamp: AT, hs_postal_mail_body: 'Dear' },
    ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id'],
  ],
  ['invoices', '0-53', 'INVOICE', { hs_number: 'F1', hs_invoice_status: 'open' }, ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id']],
  ['orders', '0-123', 'ORDER', { hs_order_name: '#12' }, ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id']],
  ['leads', '0-136', 'LEAD', { hs_lead_name: 'Ada' }, ['hs_createdate', 'hs_lastmodifieddate', 'hs_lead_name', 'hs_object_id']],
] as const

describe.each(TYPES)('%s', (name, typeId, constant, properties, unasked) => {
  const base = `/crm/v3/objects/${name}`

  test('are created, read, changed, listed and archived under every address', async () => {
    const created = await world.call('POST', `/crm/objects/v3/${typeId}`, { properties })
    expect(created.status).toBe(201)
    expect(created.json.properties).toMatchObject({ ...properties, hs_object_source: 'INTEGRATION', hs_object_id: created.json.id })
    expect(created.json.url).toBe(`https://app-eu1.hubspot.com/contacts/4400001/record/${typeId}/${created.json.id}`)
    const read = await world.call('GET', `/crm/objects/2026-09/${name}/${created.json.id}`)
    expect(Object.keys(read.json.properties)).toEqual(unasked)
    const changed = await world.call('PATCH', `${base}/${created.json.id}/`, { properties: { hubspot_owner_id: '4400201' } })
    expect([changed.status, changed.json.properties.hubspot_owner_id]).toEqual([200, '4400201'])
    const page = await world.call(
      'GET',
      `/crm/objects/2026-03/${name}?properties=hubspot_owner_id,hs_object_source&properties=hs_object_id`,
    )
    expect(page.json.results.map((record: { properties: Record<string, string> }) => record.properties.hubspot_owner_id)).toEqual([
      '4400201',
    ])
    expect((await world.call('DELETE', `${base}/${created.json.id}`)).status).toBe(204)
    expect((await world.call('GET', `${base}/${created.json.id}`)).status).toBe(404)
    const bin = await world.call('GET', `${base}?archived=true`)
    expect(bin.json.results.map((record: { id: string; archived: boolean }) => [record.id, record.archived])).toEqual([
      [created.json.id, true],
    ])
    await world.control('POST', '/hubspot/restore', { object: name, id: created.json.id })
    expect((await world.call('GET', `${base}/${created.json.id}`)).status).toBe(200)
  })

  test('come in batches, and what is missing is told in a 207, or in a 200 of 2026-09', async () => {
    const inputs = [{ properties }, { properties }]
    const created = await world.call('POST', `${base}/batch/create`, { inputs })
    expect([created.status, created.json.status, created.json.results.length]).toEqual([201, 'COMPLETE', 2])
    const ids = created.json.results.map((record: { id: string }) => record.id)
    const wanted = { inputs: [{ id: ids[0] }, { id: '99' }], properties: ['hs_object_id'] }
    const read = await world.call('POST', `${base}/batch/read`, wanted)
    expect([read.status, read.json.numErrors, read.json.errors]).toEqual([
      207,
      1,
      [
        {
          status: 'error',
          category: 'OBJECT_NOT_FOUND',
          message: `Could not get some ${constant} objects, they may be deleted or not exist. Check that ids are valid.`,
          context: { ids: ['99'] },
        },
      ],
    ])
    const dated = await world.call('POST', `/crm/objects/2026-09/${typeId}/batch/read`, wanted)
    expect([dated.status, dated.json.numErrors]).toEqual([200, 1])
    const updates = ids.map((id: string) => ({ id, properties: { hubspot_owner_id: '4400202' } }))
    const updated = await world.call('POST', `${base}/batch/update`, { inputs: updates })
    expect(updated.json.results.map((record: { properties: Record<string, string> }) => record.properties.hubspot_owner_id)).toEqual([
      '4400202',
      '4400202',
    ])
    const nonUnique = { inputs: [{ id: 'x', idProperty: 'hubspot_owner_id', properties: {} }] }
    expect(envelope(await world.call('POST', `${base}/batch/upsert`, nonUnique))).toEqual({
      httpStatus: 400,
      category: 'VALIDATION_ERROR',
      message: `Unable to perform update/upsert by non-unique ${typeId} property hubspot_owner_id`,
    })
    expect((await world.call('POST', `${base}/batch/archive`, { inputs: ids.map((id: string) => ({ id })) })).status).toBe(204)
    expect((await world.call('GET', base)).json).toEqual({ results: [] })
  })

  test('are searched by what the index shows, and have definitions', async () => {
    // The index is late by its own clock: a busy machine could take as long as that between the two calls.
    await world.control('POST', '/clock', { freeze: true })
    const created = await world.call('POST', base, { properties })
    const [property, value] = Object.entries(properties).at(-1)!
    const search = { filterGroups: [{ filters: [{ propertyName: property, operator: 'EQ', value }] }], properties: [property], limit: 1 }
    expect((await world.call('POST', `${base}/search`, search)).json.total).toBe(0)
    await world.control('POST', '/clock', { advanceMs: 30_000 })
    await world.control('POST', '/clock', { freeze: false })
    const found = await world.call('POST', `${base}/search`, search)
    expect([found.json.total, found.json.results[0].id]).toEqual([1, created.json.id])
    const sorted = await world.call('POST', `${base}/search`, { sorts: ['hs_lastmodifieddate'], query: 'no such words' })
    expect([sorted.status, sorted.json.total]).toEqual([200, 0])
    const definitions = await world.call('GET', `/crm/v3/properties/${name}`)
    const names = definitions.json.results.map((definition: { name: string }) => definition.name)
    expect([names.length > 15, names.includes(property), new Set(names).size]).toEqual([true, true, names.length])
    const own = { name: 'own_code', label: 'Own code', type: 'string', fieldType: 'text', hasUniqueValue: true }
    const group = definitions.json.results.find((definition: { name: string }) => definition.name === property).groupName
    expect((await world.call('POST', `/crm/v3/properties/${typeId}`, { ...own, groupName: group })).status).toBe(201)
    const upsert = { inputs: [{ id: 'A1', idProperty: 'own_code', properties }] }
    const upserted = await world.call('POST', `${base}/batch/upsert`, upsert)
    expect([upserted.status, upserted.json.results[0].new]).toEqual([200, true])
    expect((await world.call('GET', `${base}/A1?idProperty=own_code`)).json.id).toBe(upserted.json.results[0].id)
  })
})

test('a record without what its type needs is refused by name', async () => {
  expect(envelope(await world.call('POST', '/crm/v3/objects/notes', { properties: { hs_note_body: 'x' } }))).toEqual({
    httpStatus: 400,
    category: 'VALIDATION_ERROR',
    message: 'Error creating NOTE. Some required properties were not set.',
    context: { properties: ['hs_timestamp'] },
  })
  expect(envelope(await world.call('POST', '/crm/v3/objects/tickets', { properties: { subject: 'x' } }))).toMatchObject({
    message: 'Error creating TICKET. Some required properties were not set.',
    context: { properties: ['hs_pipeline_stage'] },
  })
})

test('an object type that does not exist is a 400, not a page', async () => {
  const expected = { httpStatus: 400, message: 'Unable to infer object type from: parrots' }
  expect(envelope(await world.call('GET', '/crm/v3/objects/parrots'))).toEqual(expected)
  expect(envelope(await world.call('POST', '/crm/objects/2026-09/parrots/search', {}))).toEqual(expected)
  expect(envelope(await world.call('GET', '/crm/v3/properties/parrots'))).toEqual(expected)
})

test('an email derives who it is from and to, and shows its content only to those who may read it', async () => {
  const headers = {
    from: { email: 'sales@example.test', firstName: 'Sam' },
    to: [{ email: 'ada@example.test', firstName: 'Ada', lastName: 'L' }, { email: 'bob@example.test' }],
  }
  const properties = { hs_timestamp: AT, hs_email_text: 'Dear Ada', hs_email_headers: JSON.stringify(headers), hs_email_direction: 'EMAIL' }
  const created = await world.call('POST', '/crm/v3/objects/emails', { properties })
  expect(created.json.properties).toMatchObject({
    hs_email_from_email: 'sales@example.test',
    hs_email_from_firstname: 'Sam',
    hs_email_to_email: 'ada@example.test;bob@example.test',
    hs_email_to_lastname: 'L',
    hs_body_preview: 'Dear Ada',
  })
  await world.control('POST', '/hubspot/revoke-scope', { scope: 'sales-email-read' })
  const read = await world.call(
    'GET',
    `/crm/v3/objects/emails/${created.json.id}?properties=hs_email_text,hs_email_to_email,hs_email_direction`,
  )
  expect(Object.keys(read.json.properties)).toEqual(['hs_createdate', 'hs_email_direction', 'hs_lastmodifieddate', 'hs_object_id'])
})

test('an address that activities mention is found wherever it lies', async () => {
  const properties = { hs_timestamp: AT, hs_note_body: '<p>Write to Ada@example.test</p>' }
  const note = await world.call('POST', '/crm/v3/objects/notes', { properties })
  expect(note.json.properties).toMatchObject({ hs_body_preview: 'Write to Ada@example.test', hs_body_preview_is_truncated: 'false' })
  const held = await world.control('POST', '/hubspot/inspect', { email: 'ada@example.test' })
  expect(held.json.holders).toEqual([{ object: 'notes', id: note.json.id, state: 'live' }])
})

test('the recycle bin keeps a record for ninety days and no longer', async () => {
  const { id } = (await world.call('POST', '/crm/v3/objects/deals', { properties: { dealname: 'Old' } })).json
  await world.call('DELETE', `/crm/v3/objects/deals/${id}`)
  await world.control('POST', '/clock', { advanceMs: 89 * 86_400_000 })
  expect((await world.call('GET', '/crm/v3/objects/deals?archived=true')).json.results).toHaveLength(1)
  await world.control('POST', '/clock', { advanceMs: 2 * 86_400_000 })
  expect((await world.call('GET', '/crm/v3/objects/deals?archived=true')).json.results).toEqual([])
  expect((await world.control('POST', '/hubspot/restore', { object: 'deals', id })).status).toBe(400)
  expect((await world.control('POST', '/hubspot/inspect', { object: 'deals', id })).json).toMatchObject({ state: 'erased', properties: {} })
})

describe('merges', () => {
  test('of companies give a new record; both old ids lead to it, but not in batches', async () => {
    const ids: string[] = []
    for (const name of ['Alpha', 'Beta']) {
      ids.push((await world.call('POST', '/crm/v3/objects/companies', { properties: { name } })).json.id)
      await world.control('POST', '/clock', { advanceMs: 1000 })
    }
    const body = { primaryObjectId: ids[0], objectIdToMerge: ids[1] }
    const merged = await world.call('POST', '/crm/v3/objects/companies/merge', body)
    expect(merged.status).toBe(200)
    expect(ids).not.toContain(merged.json.id)
    expect(merged.json.properties).toMatchObject({ name: 'Alpha', hs_merged_object_ids: ids.join(';') })
    expect('hs_all_contact_vids' in merged.json.properties).toBe(false)
    expect((await world.call('GET', `/crm/v3/objects/companies/${ids[1]}`)).json.id).toBe(merged.json.id)
    const batch = await world.call('POST', '/crm/v3/objects/companies/batch/update', {
      inputs: [{ id: ids[0], properties: { name: 'X' } }],
    })
    expect([batch.status, batch.json.numErrors]).toEqual([207, 1])
    const history = await world.call('GET', `/crm/v3/objects/companies/${merged.json.id}?propertiesWithHistory=name`)
    expect(history.json.propertiesWithHistory.name.map((version: { value: string }) => version.value)).toEqual(['Alpha', 'Beta', 'Alpha'])
  })

  test('of activities exist in the newest version alone', async () => {
    const properties = { hs_timestamp: AT }
    const ids = await Promise.all([1, 2].map(async () => (await world.call('POST', '/crm/v3/objects/tasks', { properties })).json.id))
    const body = { primaryObjectId: ids[0], objectIdToMerge: ids[1] }
    expect((await world.call('POST', '/crm/v3/objects/tasks/merge', body)).status).toBe(405)
    expect((await world.call('POST', '/crm/objects/2026-09/tasks/merge', body)).status).toBe(200)
  })
})

test('the newest version erases records of any type, and then they are nowhere', async () => {
  const properties = { hs_timestamp: AT, hs_note_body: 'About ada@example.test' }
  const { id } = (await world.call('POST', '/crm/v3/objects/notes', { properties })).json
  expect((await world.call('POST', '/crm/v3/objects/notes/gdpr-delete', { objectId: id })).status).toBe(405)
  expect((await world.call('POST', '/crm/objects/2026-09/notes/gdpr-delete', { objectId: id })).status).toBe(204)
  expect((await world.call('GET', `/crm/v3/objects/notes/${id}`)).status).toBe(404)
  expect((await world.call('GET', '/crm/v3/objects/notes?archived=true')).json.results).toEqual([])
  expect((await world.control('POST', '/hubspot/inspect', { email: 'ada@example.test' })).json.holders).toEqual([])
})

test('scopes are those of the type', async () => {
  await world.control('POST', '/hubspot/revoke-scope', { scope: 'crm.objects.deals.write' })
  const refused = await world.call('POST', '/crm/v3/objects/deals', { properties: {} })
  expect(envelope(refused)).toMatchObject({
    category: 'MISSING_SCOPES',
    errors: [{ context: { requiredGranularScopes: ['crm.objects.deals.write'] } }],
  })
  expect((await world.call('GET', '/crm/v3/objects/deals')).status).toBe(200)
  await world.control('POST', '/hubspot/revoke-scope', { scope: 'tickets' })
  expect((await world.call('GET', '/crm/v3/objects/tickets')).status).toBe(403)
})
