import { describe, expect, test } from 'vitest'
import { plain, useAssociatedWorld } from './associated-world.ts'
import { envelope, openWorld } from './hubspot-world.ts'

const world = useAssociatedWorld()

describe('associations of records', () => {
  test('come with a record and a page of records, when asked', async () => {
    await world.call('PUT', '/crm/v4/objects/notes/301/associations/default/contacts/101')
    const expected = { notes: { results: [{ id: '301', type: 'contact_to_note' }] } }
    const one = await world.call('GET', '/crm/v3/objects/contacts/101?associations=note,companies')
    expect(one.json.associations).toEqual(expected)
    const page = await world.call('GET', '/crm/v3/objects/contacts?associations=notes&associations=0-3')
    expect(page.json.results.map((record: { associations?: unknown }) => record.associations)).toEqual([expected, undefined])
    expect(envelope(await world.call('GET', '/crm/v3/objects/contacts?associations=false'))).toEqual({
      httpStatus: 400,
      message: 'Unable to infer object type from: false',
    })
  })

  test('can be made with the record', async () => {
    const associations = [{ to: { id: '101' }, types: [plain(202)] }]
    const properties = { hs_timestamp: '2026-01-05T10:00:00Z', hs_note_body: 'made together' }
    const created = await world.call('POST', '/crm/v3/objects/notes', { properties, associations })
    expect(created.status).toBe(201)
    const batch = await world.call('POST', '/crm/v3/objects/notes/batch/create', { inputs: [{ properties, associations }] })
    expect(batch.status).toBe(201)
    const linked = (await world.call('GET', '/crm/v4/objects/contacts/101/associations/notes')).json.results
    expect(linked.map((one: { toObjectId: number }) => String(one.toObjectId))).toEqual([created.json.id, batch.json.results[0].id])
    const missing = [{ to: { id: '999' }, types: [plain(202)] }]
    const count = (await world.call('GET', '/crm/v3/objects/notes?limit=100')).json.results.length
    expect((await world.call('POST', '/crm/v3/objects/notes', { properties, associations: missing })).status).toBe(400)
    expect((await world.call('GET', '/crm/v3/objects/notes?limit=100')).json.results.length).toBe(count)
  })

  test('can be searched for', async () => {
    await world.call('PUT', '/crm/v4/objects/notes/302/associations/default/contacts/101')
    const filters = [{ propertyName: 'associations.contact', operator: 'EQ', value: '101' }]
    const found = await world.call('POST', '/crm/v3/objects/notes/search', { filterGroups: [{ filters }] })
    expect([found.json.total, found.json.results[0].id]).toEqual([1, '302'])
    await world.call('DELETE', '/crm/v4/objects/notes/302/associations/contacts/101')
    expect((await world.call('POST', '/crm/v3/objects/notes/search', { filterGroups: [{ filters }] })).json.total).toBe(0)
  })

  test('are hidden while a record is in the recycle bin, gone once it is erased, and move with a merge', async () => {
    await world.call('PUT', '/crm/v4/objects/notes/301/associations/default/contacts/101')
    await world.call('PUT', '/crm/v4/objects/notes/302/associations/default/contacts/102')
    const notesOf = async (id: string) =>
      (await world.call('GET', `/crm/v4/objects/contacts/${id}/associations/notes`)).json.results.map(
        (one: { toObjectId: number }) => one.toObjectId,
      )
    await world.call('DELETE', '/crm/v3/objects/notes/301')
    expect(await notesOf('101')).toEqual([])
    await world.control('POST', '/hubspot/restore', { object: 'notes', id: '301' })
    expect(await notesOf('101')).toEqual([301])
    const merged = await world.call('POST', '/crm/v3/objects/contacts/merge', { primaryObjectId: '101', objectIdToMerge: '102' })
    expect(await notesOf(merged.json.id)).toEqual([301, 302])
    expect(await notesOf('101')).toEqual([301, 302])
    expect((await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: merged.json.id })).status).toBe(204)
    expect((await world.call('GET', '/crm/v4/objects/notes/301/associations/contacts')).json.results).toEqual([])
    expect((await world.call('GET', '/crm/v3/objects/notes/301?properties=hs_note_body')).json.properties.hs_note_body).toBe('first')
  })

  test('come back with a reset', async () => {
    const other = await openWorld()
    const ids = await Promise.all(
      ['notes', 'contacts'].map(
        async (object) =>
          (await other.call('POST', `/crm/v3/objects/${object}`, { properties: object === 'notes' ? { hs_timestamp: '1' } : {} })).json.id,
      ),
    )
    await other.call('PUT', `/crm/v4/objects/notes/${ids[0]}/associations/default/contacts/${ids[1]}`)
    await other.control('POST', '/snapshot')
    await other.call('DELETE', `/crm/v4/objects/notes/${ids[0]}/associations/contacts/${ids[1]}`)
    await other.control('POST', '/reset')
    expect((await other.call('GET', `/crm/v4/objects/notes/${ids[0]}/associations/contacts`)).json.results).toHaveLength(1)
    await other.close()
  })
})
