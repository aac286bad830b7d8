import { inflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { envelope, openWorld } from './hubspot-world.ts'
import type { Raw, World } from './hubspot-world.ts'

const ASYNC = '/crm/v3/exports/export/async'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())
beforeEach(async () => {
  await world.control('POST', '/clock', { freeze: true })
  await world.control('POST', '/reset')
  await world.load(
    {
      hs_object_id: '1',
      email: 'a@example.test',
      firstname: 'A "quoted", Alix',
      interests: 'wine;cheese',
      createdate: '2024-01-02T03:04:05Z',
    },
    { hs_object_id: '2', email: 'b@example.test', lifecyclestage: 'customer' },
    { hs_object_id: '3', email: 'c@example.test', lifecyclestage: 'customer' },
  )
})

const VIEW = {
  exportType: 'VIEW',
  exportName: 'All contacts',
  format: 'csv',
  language: 'EN',
  objectType: 'CONTACT',
  objectProperties: ['email', 'firstname'],
  exportInternalValuesOptions: ['NAMES', 'VALUES'],
}

const order = (more: Record<string, unknown> = {}) => world.call('POST', ASYNC, { ...VIEW, ...more })
const status = async (id: string): Promise<Record<string, string>> => (await world.call('GET', `${ASYNC}/tasks/${id}/status`)).json
const pass = (advanceMs: number) => world.control('POST', '/clock', { advanceMs })

/** Orders, lets it work, and fetches the file as anybody could who has its address. */
async function fetched(more: Record<string, unknown> = {}): Promise<Response> {
  const ordered: Raw = await order(more)
  if (ordered.status !== 202) throw new Error(ordered.text)
  await pass(1000)
  return fetch((await status(ordered.json.id)).result!)
}

const lines = async (more: Record<string, unknown> = {}): Promise<string[]> => (await (await fetched(more)).text()).trimEnd().split('\n')

describe('an export', () => {
  test('is accepted, works and is complete, and its file needs no credentials', async () => {
    const ordered = await order()
    expect(ordered.status).toBe(202)
    expect(ordered.json).toEqual({
      id: expect.stringMatching(/^\d+$/),
      links: { status: `${world.sandbox.hubspot}${ASYNC}/tasks/${ordered.json.id}/status` },
    })
    expect(await status(ordered.json.id)).toMatchObject({ status: 'PROCESSING' })
    await pass(1000)
    const done = await world.client.crm.exports.publicExportsApi.getStatus(Number(ordered.json.id))
    expect(done).toMatchObject({ status: 'COMPLETE', startedAt: expect.any(Date), completedAt: expect.any(Date) })
    const file = await fetch(done.result!)
    expect(file.headers.get('content-type')).toBe('text/csv;charset=utf-8')
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="all-contacts-\d{4}-\d\d-\d\d\.csv"$/)
    expect(await file.text()).toBe(
      '"Record ID","email","firstname"\n"1","a@example.test","A ""quoted"", Alix"\n"2","b@example.test",""\n"3","c@example.test",""\n',
    )
    expect((await world.call('GET', `/crm/v3/exports/export/${ordered.json.id}`)).json).toMatchObject({
      id: ordered.json.id,
      exportName: 'All contacts',
      exportType: 'VIEW',
      objectType: 'CONTACT',
      objectProperties: ['email', 'firstname'],
      exportState: 'DONE',
      recordCount: 3,
    })
  })

  test('leaves a file whose address dies after five minutes', async () => {
    const { json } = await order()
    await pass(1000)
    const { result } = await status(json.id)
    await pass(299_999)
    expect((await fetch(result!)).status).toBe(200)
    await pass(1)
    expect((await fetch(result!)).status).toBe(403)
    expect(await status(json.id)).toMatchObject({ status: 'COMPLETE' })
  })

  test('waits for the one before it, and there are thirty a day', async () => {
    const first = (await order()).json.id
    const second = (await order()).json.id
    expect([(await status(first)).status, (await status(second)).status]).toEqual(['PROCESSING', 'PENDING'])
    expect((await world.call('GET', `/crm/v3/exports/export/${second}`)).json.exportState).toBe('ENQUEUED')
    await pass(1000)
    expect([(await status(first)).status, (await status(second)).status]).toEqual(['COMPLETE', 'PROCESSING'])
    for (let count = 2; count < 30; count++) expect((await order()).status).toBe(202)
    expect((await order()).status).toBe(429)
    await pass(86_400_000)
    expect((await order()).status).toBe(202)
  })

  test('speaks of labels and the zone of the portal unless internal values are asked for', async () => {
    const properties = { objectProperties: ['firstname', 'createdate', 'lifecyclestage'] }
    const plain = await lines({ ...properties, exportInternalValuesOptions: [] })
    expect(plain[0]).toBe('"Record ID","Firstname","Createdate","Lifecyclestage"')
    expect(plain[1]).toBe('"1","A ""quoted"", Alix","2024-01-02 04:04",""')
    expect((await lines(properties))[1]).toBe('"1","A ""quoted"", Alix","2024-01-02T03:04:05Z",""')
  })

  test('takes filters and sorts in both spellings', async () => {
    const customers = { operator: 'EQ', value: 'customer' }
    const searches = [
      { filterGroups: [{ filters: [{ property: 'lifecyclestage', ...customers }] }], sorts: [{ propertyName: 'email', order: 'DESC' }] },
      {
        filters: [{ propertyName: 'lifecyclestage', ...customers }],
        sorts: [{ propertyName: 'email', direction: 'DESCENDING' }],
        query: '',
      },
    ]
    for (const publicCrmSearchRequest of searches) {
      const found = await lines({ publicCrmSearchRequest, objectProperties: ['email'] })
      expect(found.slice(1)).toEqual(['"3","c@example.test"', '"2","b@example.test"'])
    }
  })

  test('of a list holds its members', async () => {
    const { list } = (await world.call('POST', '/crm/v3/lists', { name: 'Two', objectTypeId: '0-1', processingType: 'MANUAL' })).json
    await world.call('PUT', `/crm/v3/lists/${list.listId}/memberships/add`, ['3', '1'])
    const found = await lines({ exportType: 'LIST', listId: list.listId, objectProperties: ['email'] })
    expect(found).toEqual(['"Record ID","email"', '"1","a@example.test"', '"3","c@example.test"'])
  })

  test('can name the records of another type', async () => {
    const { id } = (await world.call('POST', '/crm/v3/objects/companies', { properties: { name: 'Acme' } })).json
    await world.call('PUT', `/crm/v4/objects/contacts/1/associations/default/companies/${id}`)
    const found = await lines({ objectProperties: ['email'], associatedObjectType: 'COMPANY' })
    expect(found.slice(0, 3)).toEqual([
      '"Record ID","email","Associated Company IDs"',
      `"1","a@example.test","${id}"`,
      '"2","b@example.test",""',
    ])
    // The official PHP client sends a list, always.
    const listed = await lines({ objectProperties: ['email'], associatedObjectType: ['COMPANY', 'DEAL'] })
    expect(listed.slice(0, 2)).toEqual([
      '"Record ID","email","Associated Company IDs","Associated Deal IDs"',
      `"1","a@example.test","${id}",""`,
    ])
    expect((await lines({ objectProperties: ['email'], associatedObjectType: [] }))[0]).toBe('"Record ID","email"')
    const companies = await lines({ objectType: 'COMPANY', objectProperties: ['name'] })
    expect(companies).toEqual(['"Record ID","name"', `"${id}","Acme"`])
  })

  test('can be a workbook, and a large one comes zipped', async () => {
    const workbook = Buffer.from(await (await fetched({ format: 'XLSX' })).arrayBuffer())
    const parts = unzip(workbook)
    expect(Object.keys(parts)).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/workbook.xml',
      'xl/_rels/workbook.xml.rels',
      'xl/worksheets/sheet1.xml',
    ])
    expect(parts['xl/worksheets/sheet1.xml']).toContain('<t xml:space="preserve">A "quoted", Alix</t>')
    const long = 'x'.repeat(60_000)
    await world.load(...Array.from({ length: 40 }, (_, index) => ({ hs_object_id: String(100 + index), message: long })))
    const large = await fetched({ objectProperties: ['message'] })
    expect(large.headers.get('content-type')).toBe('application/zip')
    const [name, csv] = Object.entries(unzip(Buffer.from(await large.arrayBuffer())))[0]!
    expect(name).toMatch(/\.csv$/)
    expect(csv.trimEnd().split('\n')).toHaveLength(44)
  })

  test('made before an erasure is a file that lives on for its five minutes; made after it, the person is not in it', async () => {
    const { json } = await order()
    await pass(1000)
    const { result } = await status(json.id)
    await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: '2' })
    expect(await (await fetch(result!)).text()).toContain('b@example.test')
    expect((await lines()).join('\n')).not.toContain('b@example.test')
    const waiting = (await order()).json.id
    await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: '3' })
    await pass(1000)
    expect(await (await fetch((await status(waiting)).result!)).text()).not.toContain('c@example.test')
  })
})

test('an order that lacks something or asks for what is not there is refused', async () => {
  expect(envelope(await world.call('POST', ASYNC, {})).message).toBe(
    'Invalid input JSON on line 1, column 2: Cannot build PublicExportRequest, some of required attributes are not set [exportType, exportName, format, language, objectType, objectProperties]',
  )
  for (const more of [
    { exportType: 'ALL' },
    { exportType: 'LIST' },
    { exportType: 'LIST', listId: 'x' },
    { format: 'PDF' },
    { format: 'XLS' },
    { language: 'LATIN' },
    { objectType: 'UNICORN' },
    { associatedObjectType: ['UNICORN'] },
    { objectProperties: ['shoesize'] },
    { objectProperties: 'email' },
    { exportInternalValuesOptions: ['ALL'] },
    { publicCrmSearchRequest: 'all' },
    { publicCrmSearchRequest: { filterGroups: 3 } },
    { publicCrmSearchRequest: { filters: [{ property: 'shoesize', operator: 'EQ', value: '44' }] } },
  ]) {
    const answer = await order(more)
    expect([400, 404], JSON.stringify(more)).toContain(answer.status)
    envelope(answer)
  }
  expect((await world.call('GET', `${ASYNC}/tasks/99/status`)).status).toBe(404)
  expect((await world.call('GET', '/exports/files/none')).status).toBe(404)
  expect((await world.call('GET', ASYNC)).status).toBe(405)
  await world.control('POST', '/hubspot/revoke-scope', { scope: 'crm.export' })
  expect((await order()).status).toBe(403)
})

/** The files of an archive, read from its directory. */
function unzip(bytes: Buffer): Record<string, string> {
  const files: Record<string, string> = {}
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  let at = bytes.readUInt32LE(end + 16)
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    const [packed, length, local] = [bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 42)]
    const start = local + 30 + length
    files[bytes.toString('utf8', at + 46, at + 46 + length)] = inflateRawSync(bytes.subarray(start, start + packed)).toString('utf8')
    at += 46 + length
  }
  return files
}
