import { describe, expect, test } from 'vitest'
import { loadObjects, plain, useAssociatedWorld } from './associated-world.ts'
import { envelope } from './hubspot-world.ts'

const world = useAssociatedWorld()

describe('associations v4', () => {
  test('a default association is answered in both directions and read with its labels', async () => {
    const made = await world.call('PUT', '/crm/v4/objects/contacts/101/associations/default/companies/201')
    expect([made.status, made.json.status, made.json.results]).toEqual([
      200,
      'COMPLETE',
      [
        { from: { id: '101' }, to: { id: '201' }, associationSpec: plain(279) },
        { from: { id: '201' }, to: { id: '101' }, associationSpec: plain(280) },
      ],
    ])
    expect((await world.call('GET', '/crm/v4/objects/contact/101/associations/company')).json).toEqual({
      results: [
        {
          toObjectId: 201,
          associationTypes: [
            { category: 'HUBSPOT_DEFINED', typeId: 279, label: null },
            { category: 'HUBSPOT_DEFINED', typeId: 1, label: 'Primary' },
          ],
        },
      ],
    })
    const back = await world.call('GET', '/crm/v4/objects/0-2/201/associations/0-1')
    expect(back.json.results[0].associationTypes.map((type: { typeId: number }) => type.typeId)).toEqual([280, 2])
  })

  test('a contact has one primary company, and a new one takes the place of the former', async () => {
    await world.call('PUT', '/crm/v4/objects/contacts/101/associations/companies/201', [plain(279)])
    const second = await world.call('PUT', '/crm/v4/objects/contacts/101/associations/companies/202', [plain(1)])
    expect([second.status, second.json]).toEqual([
      201,
      { fromObjectTypeId: '0-1', fromObjectId: 101, toObjectTypeId: '0-2', toObjectId: 202, labels: ['Primary'] },
    ])
    const types = (await world.call('GET', '/crm/v4/objects/contacts/101/associations/companies')).json.results.map(
      (linked: { toObjectId: number; associationTypes: { typeId: number }[] }) => [
        linked.toObjectId,
        linked.associationTypes.map((type) => type.typeId),
      ],
    )
    expect(types).toEqual([
      [201, [279]],
      [202, [279, 1]],
    ])
  })

  test('a batch reads, creates and archives, and tells what it could not do in a 207', async () => {
    const inputs = [
      { from: { id: '301' }, to: { id: '101' }, types: [plain(202)] },
      { from: { id: '302' }, to: { id: '999' }, types: [plain(202)] },
    ]
    const created = await world.call('POST', '/crm/v4/associations/notes/contacts/batch/create', { inputs })
    expect(created.status).toBe(207)
    expect(created.json).toMatchObject({
      status: 'COMPLETE',
      results: [{ fromObjectTypeId: '0-46', fromObjectId: 301, toObjectTypeId: '0-1', toObjectId: 101, labels: [] }],
      numErrors: 1,
      errors: [
        {
          status: 'error',
          category: 'VALIDATION_ERROR',
          message: 'One or more associations are invalid',
          context: { INVALID_OBJECT_IDS: ['CONTACT=999 is not valid'], objectId: ['999'], objectType: ['CONTACT'] },
        },
      ],
    })
    const read = await world.call('POST', '/crm/v4/associations/contacts/notes/batch/read', { inputs: [{ id: '101' }, { id: '102' }] })
    expect(read.status).toBe(207)
    expect([read.json.results, read.json.numErrors, read.json.errors]).toEqual([
      [{ from: { id: '101' }, to: [{ toObjectId: 301, associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 201, label: null }] }] }],
      1,
      [
        {
          status: 'error',
          category: 'OBJECT_NOT_FOUND',
          subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
          message: 'No note is associated with contact 102.',
          context: { fromObjectId: ['102'], fromObjectType: ['contact'], toObjectType: ['note'] },
        },
      ],
    ])
    const archived = await world.call('POST', '/crm/v4/associations/notes/contacts/batch/archive', {
      inputs: [{ from: { id: '301' }, to: [{ id: '101' }] }],
    })
    expect([archived.status, archived.text]).toEqual([204, ''])
    expect((await world.call('GET', '/crm/v4/objects/notes/301/associations/contacts')).json).toEqual({ results: [] })
  })

  test('2026-09 answers the same batch with 200 or 201', async () => {
    const read = await world.call('POST', '/crm/associations/2026-09/contacts/notes/batch/read', { inputs: [{ id: '101' }] })
    expect([read.status, read.json.numErrors]).toEqual([200, 1])
    const inputs = [{ from: { id: '301' }, to: { id: '999' }, types: [plain(202)] }]
    const created = await world.call('POST', '/crm/associations/2026-09/notes/contacts/batch/create', { inputs })
    expect([created.status, created.json.numErrors]).toEqual([201, 1])
  })

  test('labels of the portal can be defined, used, renamed and removed', async () => {
    const path = '/crm/v4/associations/contacts/companies/labels'
    const created = await world.call('POST', path, { label: 'Decision maker', name: 'decision_maker', inverseLabel: 'Decided by' })
    expect(created.status).toBe(200)
    const [there, back] = created.json.results
    expect([there.category, there.label, back.label]).toEqual(['USER_DEFINED', 'Decision maker', 'Decided by'])
    const spec = { associationCategory: 'USER_DEFINED', associationTypeId: there.typeId }
    const linked = await world.call('PUT', '/crm/v4/objects/contacts/101/associations/companies/201', [spec])
    expect([linked.status, linked.json.labels]).toEqual([201, ['Decision maker']])
    expect((await world.call('PUT', path, { associationTypeId: there.typeId, label: 'Boss' })).status).toBe(204)
    const labels = (await world.call('GET', path)).json.results
    expect(labels.map((label: { label: string | null }) => label.label)).toEqual([null, 'Primary', 'Boss'])
    expect((await world.call('DELETE', `${path}/${there.typeId}`)).status).toBe(204)
    const left = await world.call('GET', '/crm/v4/objects/contacts/101/associations/companies')
    expect(left.json.results[0].associationTypes.map((type: { typeId: number }) => type.typeId)).toEqual([279, 1])
    expect((await world.call('DELETE', `${path}/1`)).status).toBe(400)
  })

  test('pages follow a cursor', async () => {
    await loadObjects(
      world,
      'contacts',
      ...Array.from({ length: 5 }, (_, n) => ({ hs_object_id: String(500 + n), email: `p${n}@example.test` })),
    )
    const inputs = Array.from({ length: 5 }, (_, n) => ({ from: { id: String(500 + n) }, to: { id: '201' } }))
    expect((await world.call('POST', '/crm/v4/associations/contacts/companies/batch/associate/default', { inputs })).status).toBe(200)
    const first = await world.call('GET', '/crm/v4/objects/companies/201/associations/contacts?limit=3')
    expect(first.json.results.map((linked: { toObjectId: number }) => linked.toObjectId)).toEqual([500, 501, 502])
    const { pathname, search } = new URL(first.json.paging.next.link)
    const second = await world.call('GET', pathname + search)
    expect(second.json.results.map((linked: { toObjectId: number }) => linked.toObjectId)).toEqual([503, 504])
    expect('paging' in second.json).toBe(false)
  })

  test('what does not fit is refused in the words of the live API', async () => {
    const path = '/crm/v4/objects/deal/101/associations/company/201'
    expect(envelope(await world.call('PUT', path, [plain(1)]))).toEqual({
      httpStatus: 400,
      category: 'VALIDATION_ERROR',
      message: 'One or more associations are invalid',
      context: { INVALID_OBJECT_IDS: ['CONTACT=101 is not valid'], objectId: ['101'], objectType: ['CONTACT'] },
    })
    const own = '/crm/v4/objects/contacts/101/associations/companies/201'
    expect(envelope(await world.call('PUT', own, 'x'))).toMatchObject({ httpStatus: 400 })
    expect(envelope(await world.call('PUT', own))).toEqual({
      httpStatus: 400,
      category: 'VALIDATION_ERROR',
      message: 'Invalid JSON input: a request body was expected, but none found',
    })
    expect(envelope(await world.call('PUT', own, [{}]))).toEqual({
      httpStatus: 400,
      category: 'VALIDATION_ERROR',
      message: 'Invalid input JSON on line 1, column 3. Some required fields were not set: [associationCategory, associationTypeId]',
    })
    expect(envelope(await world.call('PUT', own, { a: 1 })).message).toContain('Cannot deserialize value of type `java.util.HashSet')
    expect(envelope(await world.call('GET', '/crm/v4/objects/contacts/101/associations/parrots'))).toEqual({
      httpStatus: 400,
      message: 'Unable to infer object type from: parrots',
    })
    expect(envelope(await world.call('GET', '/crm/v4/objects/contacts/99/associations/companies'))).toMatchObject({ httpStatus: 404 })
  })

  test('the token needs the scopes of both types', async () => {
    await world.control('POST', '/hubspot/revoke-scope', { scope: 'crm.objects.companies.read' })
    const refused = await world.call('GET', '/crm/v4/objects/contacts/101/associations/companies')
    expect(envelope(refused)).toMatchObject({
      httpStatus: 403,
      category: 'MISSING_SCOPES',
      errors: [{ context: { requiredGranularScopes: ['crm.objects.companies.read'] } }],
    })
  })
})

describe('limits of associations', () => {
  const path = '/crm/associations/v4/definitions/configurations'

  test('are set for a type, hold for every call, and go with a purge', async () => {
    const inputs = [{ category: 'HUBSPOT_DEFINED', typeId: 279, maxToObjectIds: 1 }]
    const set = await world.call('POST', `${path}/contacts/companies/batch/create`, { inputs })
    const expected = { category: 'HUBSPOT_DEFINED', typeId: 279, userEnforcedMaxToObjectIds: 1 }
    expect([set.status, set.json.results]).toEqual([200, [expected]])
    const all = await world.call('GET', `${path}/all`)
    expect(all.json.results).toEqual([{ fromObjectTypeId: '0-1', toObjectTypeId: '0-2', ...expected }])
    const put = (id: string) => world.call('PUT', `/crm/v4/objects/contacts/101/associations/default/companies/${id}`)
    expect([(await put('201')).status, (await put('201')).status]).toEqual([200, 200])
    expect(envelope(await put('202'))).toMatchObject({ httpStatus: 400, category: 'VALIDATION_ERROR' })
    const back = await world.call('PUT', '/crm/v4/objects/companies/202/associations/contacts/101', [plain(280)])
    expect(back.status).toBe(400)
    expect((await world.call('POST', `${path}/contacts/companies/batch/purge`, { inputs })).status).toBe(204)
    expect((await put('202')).status).toBe(200)
  })
})

describe('the older associations', () => {
  test('name their types', async () => {
    const types = await world.call('GET', '/crm/v3/associations/contacts/companies/types')
    expect(types.json.results).toEqual([
      { id: '279', name: 'contact_to_company_unlabeled' },
      { id: '1', name: 'contact_to_company' },
    ])
    const inputs = [{ from: { id: '101' }, to: { id: '201' }, type: 'contact_to_company' }]
    const created = await world.call('POST', '/crm/v3/associations/contacts/companies/batch/create', { inputs })
    expect([created.status, created.json.results]).toEqual([201, inputs])
    const read = await world.call('POST', '/crm/v3/associations/contact/company/batch/read', { inputs: [{ id: '101' }] })
    expect([read.status, read.json.results]).toEqual([
      200,
      [
        {
          from: { id: '101' },
          to: [
            { id: '201', type: 'contact_to_company_unlabeled' },
            { id: '201', type: 'contact_to_company' },
          ],
        },
      ],
    ])
    expect((await world.call('POST', '/crm/v3/associations/contacts/companies/batch/archive', { inputs })).status).toBe(204)
    const left = await world.call('GET', '/crm/v3/objects/contacts/101/associations/companies')
    expect(left.json.results).toEqual([{ id: '201', type: 'contact_to_company_unlabeled' }])
  })
})
