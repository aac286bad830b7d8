import { afterEach, beforeEach, expect, test } from 'vitest'
import { contacts, DAY, startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const ACME = '001440000000001AAA'
let client: Client

beforeEach(async () => {
  client = await startSalesforce({
    Account: [{ Id: ACME, Name: 'Acme' }],
    Contact: contacts(6).map((row, i) => (i < 2 ? { ...row, AccountId: ACME } : row)),
    Lead: [
      { LastName: 'Converted', Company: 'Acme', IsConverted: true },
      { LastName: 'Open', Company: 'Acme' },
    ],
  })
})
afterEach(() => client.close())

const idOf = async (n: number): Promise<string> =>
  String((await client.rows(`SELECT Id FROM Contact WHERE Email = 'person${n}@example.test'`))[0]?.Id)
const stageOf = async (id: string): Promise<unknown> => {
  const { body } = await client.get(`/queryAll?q=${encodeURIComponent(`SELECT IsDeleted, MasterRecordId FROM Contact WHERE Id = '${id}'`)}`)
  return (body as { records: Record<string, unknown>[] }).records.map(({ IsDeleted }) => IsDeleted)
}

test('ids are taken with 15 and 18 characters and shown with 18', async () => {
  const id = await idOf(0)
  expect(id).toHaveLength(18)
  expect((await client.get(`/sobjects/Contact/${id.slice(0, 15)}?fields=Id`)).body).toMatchObject({ Id: id })
  // The published example of the checksum.
  expect((await client.send('POST', '/composite/sobjects/Contact', { ids: ['003D000000QYVzn', id], fields: ['Id'] })).body).toEqual([
    null,
    { attributes: expect.anything(), Id: id },
  ])
})

test('what has no id yet is inserted by a POST to the Id, and nothing else goes there', async () => {
  const made = await client.send('POST', '/sobjects/Contact/Id', { LastName: 'Elm' })
  expect([made.status, made.body]).toEqual([201, { id: expect.stringMatching(/^003/), success: true, errors: [] }])
  expect(await client.send('PATCH', '/sobjects/Contact/Id', { LastName: 'Elm' })).toMatchObject({
    status: 405,
    body: [{ errorCode: 'METHOD_NOT_ALLOWED', message: "HTTP Method 'PATCH' not allowed. Allowed are HEAD,GET,POST" }],
  })
  await client.send('DELETE', `/sobjects/Contact/${(made.body as { id: string }).id}`)
})

test('every write moves SystemModstamp and LastModifiedDate, in whole seconds', async () => {
  const id = await idOf(1)
  client.advance(1_234)
  expect((await client.send('PATCH', `/sobjects/Contact/${id}`, { Title: null })).status).toBe(204)
  expect(await client.rows(`SELECT SystemModstamp, LastModifiedDate, CreatedDate FROM Contact WHERE Id = '${id}'`)).toEqual([
    {
      SystemModstamp: '2026-03-02T09:00:01.000+0000',
      LastModifiedDate: '2026-03-02T09:00:01.000+0000',
      CreatedDate: '2024-01-01T00:00:00.000+0000',
    },
  ])
})

test('hidden fields vanish from describe and queries and refuse writes; read-only ones are shown and refuse writes', async () => {
  const id = await idOf(0)
  const shown = async () =>
    ((await client.get('/sobjects/Contact/describe')).body as { fields: { name: string; updateable: boolean }[] }).fields.find(
      ({ name }) => name === 'HasOptedOutOfEmail',
    )
  const refusal = [
    {
      errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      message:
        'Unable to create/update fields: HasOptedOutOfEmail. Please check the security settings of this field and verify that it is read/write for your profile or permission set.',
      fields: ['HasOptedOutOfEmail'],
    },
  ]
  client.crm.pull('hide-field', { object: 'Contact', field: 'HasOptedOutOfEmail', mode: 'edit' })
  expect(await shown()).toMatchObject({ updateable: false })
  expect((await client.send('PATCH', `/sobjects/Contact/${id}`, { HasOptedOutOfEmail: true })).body).toEqual(refusal)
  client.crm.pull('hide-field', { object: 'Contact', field: 'HasOptedOutOfEmail', mode: 'read' })
  expect(await shown()).toBeUndefined()
  expect((await client.soql('SELECT HasOptedOutOfEmail FROM Contact')).body).toMatchObject([{ errorCode: 'INVALID_FIELD' }])
  expect((await client.send('PATCH', `/sobjects/Contact/${id}`, { HasOptedOutOfEmail: true })).body).toEqual(refusal)
  client.crm.pull('hide-field', { object: 'Contact', field: 'HasOptedOutOfEmail', mode: 'none' })
  expect(await shown()).toMatchObject({ updateable: true })
})

test('a deleted record passes through the bin: live, deleted, purged, gone', async () => {
  const id = await idOf(2)
  expect(await stageOf(id)).toEqual([false])
  expect((await client.send('DELETE', `/sobjects/Contact/${id}`)).status).toBe(204)
  expect(await client.rows(`SELECT Id FROM Contact WHERE Id = '${id}'`)).toEqual([])
  expect(await stageOf(id)).toEqual([true])
  expect(client.crm.pull('undelete', { ids: [id] })).toEqual([{ ok: true, id, created: false }])
  expect(await stageOf(id)).toEqual([false])
  await client.send('DELETE', `/sobjects/Contact/${id}`)
  client.advance(15 * DAY)
  await client.login()
  expect(await stageOf(id)).toEqual([true])
  expect(client.crm.pull('undelete', { ids: [id] })).toMatchObject([
    { ok: false, errors: [{ statusCode: 'UNDELETE_FAILED', message: 'Entity is not in the recycle bin' }] },
  ])
  client.advance(DAY)
  await client.login()
  expect(await stageOf(id)).toEqual([])
  expect((await client.send('DELETE', `/sobjects/Contact/${id}`)).body).toMatchObject([{ errorCode: 'INVALID_CROSS_REFERENCE_KEY' }])
})

test('emptying the bin takes one id once and leaves the row to queryAll for a day', async () => {
  const id = await idOf(3)
  await client.send('DELETE', `/sobjects/Contact/${id}`)
  expect(client.crm.pull('purge', { ids: [id, await idOf(4)] })).toMatchObject([
    { ok: true },
    { ok: false, errors: [{ statusCode: 'INVALID_ID_FIELD', message: 'invalid record id; no recycle bin entry found' }] },
  ])
  expect(await stageOf(id)).toEqual([true])
  client.advance(DAY)
  await client.login()
  expect(await stageOf(id)).toEqual([])
})

test('deleting an account takes its contacts along and undelete brings them back', async () => {
  const child = await idOf(1)
  await client.send('DELETE', `/sobjects/Account/${ACME}`)
  expect(await stageOf(child)).toEqual([true])
  expect(client.crm.pull('undelete', { ids: [child] })).toMatchObject([{ ok: false }])
  expect(client.crm.pull('undelete', { ids: [ACME] })).toMatchObject([{ ok: true }])
  expect(await stageOf(child)).toEqual([false])
})

test('getDeleted and getUpdated answer for a window of whole minutes', async () => {
  const [gone, changed] = [await idOf(0), await idOf(1)]
  client.advance(90_000)
  await client.send('DELETE', `/sobjects/Contact/${gone}`)
  await client.send('PATCH', `/sobjects/Contact/${changed}`, { Title: 'x' })
  client.advance(5 * 60_000)
  const window = (kind: string, from: string, to: string) =>
    client.get(`/sobjects/Contact/${kind}/?start=${encodeURIComponent(from)}&end=${encodeURIComponent(to)}`)
  expect((await window('deleted', '2026-03-02T09:01:00+00:00', '2026-03-02T09:02:00+00:00')).body).toEqual({
    deletedRecords: [{ id: gone, deletedDate: '2026-03-02T09:01:30.000+0000' }],
    earliestDateAvailable: '2026-02-15T09:06:00.000+0000',
    latestDateCovered: '2026-03-02T09:02:00.000+0000',
  })
  expect((await window('deleted', '2026-03-02T09:02:00Z', '2026-03-02T09:05:00Z')).body).toMatchObject({ deletedRecords: [] })
  expect((await window('updated', '2026-03-02T09:00:59Z', '2026-03-02T09:06:00Z')).body).toEqual({
    ids: [changed],
    latestDateCovered: '2026-03-02T09:06:00.000+0000',
  })
  const refused = [
    await window('deleted', '2026-03-02T09:05:00Z', '2026-03-02T09:05:30Z'),
    await window('deleted', '2026-02-01T09:05:00Z', '2026-03-02T09:05:30Z'),
    await window('updated', 'yesterday', 'today'),
  ]
  expect(refused.map(({ status, body }) => [status, (body as { errorCode: string }[])[0]?.errorCode])).toEqual(
    Array(3).fill([400, 'INVALID_REPLICATION_DATE']),
  )
})

test('a merge loser goes to the bin, names its winner, and its children move', async () => {
  const [winner, loser, boss] = [await idOf(2), await idOf(3), await idOf(4)]
  await client.send('PATCH', `/sobjects/Contact/${boss}`, { ReportsToId: loser })
  client.advance(1_000)
  expect(client.crm.pull('merge', { object: 'Contact', winner, losers: [loser] })).toEqual({
    mergedRecordIds: [loser],
    updatedRelatedIds: [boss],
  })
  const { body } = await client.get(
    `/queryAll?q=${encodeURIComponent('SELECT Id, MasterRecordId FROM Contact WHERE IsDeleted = true AND MasterRecordId != null')}`,
  )
  expect(body).toMatchObject({ records: [{ Id: loser, MasterRecordId: winner }] })
  expect(await client.rows(`SELECT Id FROM Contact WHERE ReportsToId = '${winner}' AND SystemModstamp = 2026-03-02T09:00:01Z`)).toEqual([
    { Id: boss },
  ])
})

test('collections answer per record; allOrNone takes everything back', async () => {
  const [a, b] = [await idOf(0), await idOf(1)]
  const update = (allOrNone: boolean, ...records: object[]) => client.send('PATCH', '/composite/sobjects', { allOrNone, records })
  const of = (Id: string, fields: object) => ({ attributes: { type: 'Contact' }, Id, ...fields })
  expect((await update(false, of(a, { Title: 'One' }), of(b, { Email: 'no' }), of(a, { Title: 'Two' }))).body).toEqual([
    { id: a, success: true, errors: [] },
    { success: false, errors: [{ statusCode: 'INVALID_EMAIL_ADDRESS', message: 'Email: invalid email address: no', fields: ['Email'] }] },
    { success: false, errors: [{ statusCode: 'DUPLICATE_VALUE', message: `duplicate id in list: ${a}`, fields: ['id'] }] },
  ])
  expect((await update(true, of(a, { Title: 'Three' }), of(b, { Email: 'no' }))).body).toEqual([
    {
      id: a,
      success: false,
      errors: [
        {
          statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
          message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
          fields: [],
        },
      ],
    },
    { success: false, errors: [{ statusCode: 'INVALID_EMAIL_ADDRESS', message: 'Email: invalid email address: no', fields: ['Email'] }] },
  ])
  expect(await client.rows(`SELECT Title FROM Contact WHERE Id = '${a}'`)).toEqual([{ Title: 'One' }])
  const tooMany = await client.send('DELETE', `/composite/sobjects?ids=${Array(201).fill(a).join(',')}`)
  expect([tooMany.status, tooMany.body]).toMatchObject([400, [{ errorCode: 'EXCEEDED_ID_LIMIT' }]])
  expect((await client.send('DELETE', `/composite/sobjects?ids=${a},nonsense&allOrNone=false`)).body).toEqual([
    { id: a, success: true, errors: [] },
    { success: false, errors: [{ statusCode: 'MALFORMED_ID', message: 'malformed id nonsense', fields: [] }] },
  ])
})

test('an upsert by e-mail finds, creates, or lists several', async () => {
  const upsert = (email: string, body: object) => client.send('PATCH', `/sobjects/Contact/Email/${encodeURIComponent(email)}`, body)
  const id = await idOf(5)
  expect((await upsert('PERSON5@example.test', { Title: 'Found' })).body).toEqual({ id, success: true, errors: [], created: false })
  const created = await upsert('new@example.test', { LastName: 'New' })
  expect([created.status, created.body]).toMatchObject([201, { success: true, created: true }])
  await client.send('POST', '/sobjects/Contact', { LastName: 'Twin', Email: 'new@example.test' })
  const many = await upsert('new@example.test', { Title: 'x' })
  expect([many.status, many.body]).toEqual([
    300,
    [expect.stringContaining('/sobjects/Contact/003'), expect.stringContaining('/sobjects/Contact/003')],
  ])
  expect((await client.send('PATCH', '/sobjects/Contact/Title/x', {})).status).toBe(404)
})

test('a converted lead cannot be written', async () => {
  const [{ Id } = {}] = await client.rows('SELECT Id FROM Lead WHERE IsConverted = true')
  expect((await client.send('PATCH', `/sobjects/Lead/${String(Id)}`, { Title: 'x' })).body).toMatchObject([
    { errorCode: 'CANNOT_UPDATE_CONVERTED_LEAD' },
  ])
})

test('composite fills references and takes everything back; batch halts', async () => {
  const url = '/services/data/v60.0/sobjects/Contact'
  const run = (allOrNone: boolean, title: string) =>
    client.send('POST', '/composite', {
      allOrNone,
      compositeRequest: [
        { method: 'POST', url, referenceId: 'made', body: { LastName: 'Composite' } },
        { method: 'PATCH', url: `${url}/@{made.id}`, referenceId: 'changed', body: { Title: title } },
      ],
    })
  const good = (await run(true, 'Buyer')).body as { compositeResponse: { body: { id: string }; httpStatusCode: number }[] }
  expect(good.compositeResponse.map(({ httpStatusCode }) => httpStatusCode)).toEqual([201, 204])
  expect((await run(true, 'x'.repeat(200))).body).toEqual({
    compositeResponse: [
      {
        body: [
          {
            errorCode: 'PROCESSING_HALTED',
            message: 'The transaction was rolled back since another operation in the same transaction failed.',
          },
        ],
        httpHeaders: {},
        httpStatusCode: 400,
        referenceId: 'made',
      },
      { body: [expect.objectContaining({ errorCode: 'STRING_TOO_LONG' })], httpHeaders: {}, httpStatusCode: 400, referenceId: 'changed' },
    ],
  })
  expect((await client.soql("SELECT COUNT() FROM Contact WHERE LastName = 'Composite'")).body).toMatchObject({ totalSize: 1 })
  const batch = await client.send('POST', '/composite/batch', {
    haltOnError: true,
    batchRequests: [
      { method: 'GET', url: 'v60.0/query?q=SELECT+count()+FROM+Contact' },
      { method: 'GET', url: 'v60.0/nowhere' },
      { method: 'GET', url: 'v60.0/limits' },
    ],
  })
  expect(batch.body).toEqual({
    hasErrors: true,
    results: [
      { statusCode: 200, result: { totalSize: 7, done: true, records: [] } },
      { statusCode: 404, result: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] },
      { statusCode: 412, result: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }] },
    ],
  })
})

test('reset brings back the snapshot, rows, fields and all', async () => {
  const state = async () => [
    await client.rows('SELECT FIELDS(ALL) FROM Contact LIMIT 200'),
    ((await client.get('/sobjects/Contact/describe')).body as { fields: object[] }).fields.length,
  ]
  const before = await state()
  const id = await idOf(0)
  await client.send('PATCH', `/sobjects/Contact/${id}`, { Title: 'x', MailingCity: 'Lille' })
  await client.send('DELETE', `/sobjects/Account/${ACME}`)
  const { body } = await client.send('POST', '/sobjects/Contact', { LastName: 'Extra' })
  client.crm.load('Contact', [{ LastName: 'Late', Late_Field__c: 'x' }])
  expect(await state()).not.toEqual(before)
  client.crm.reset()
  expect((await client.get('/limits')).status).toBe(401)
  await client.login()
  expect(await state()).toEqual(before)
  expect((await client.send('POST', '/sobjects/Contact', { LastName: 'Again' })).body).toEqual(body)
})

test('the names of a seed row have no case, those of its id and its deletion neither', async () => {
  client.crm.load('Contact', [
    { id: '003440000000777', lastname: 'Small', Attributes: { type: 'Contact' } },
    { ID: '003440000000778', LASTNAME: 'Binned', ISDELETED: 'true' },
  ])
  const { body } = await client.get(
    `/queryAll?q=${encodeURIComponent("SELECT Id, IsDeleted FROM Contact WHERE LastName IN ('Small', 'Binned')")}`,
  )
  const rows = (body as { records: { Id: string; IsDeleted: boolean }[] }).records
  expect(rows.map(({ Id, IsDeleted }) => [Id.slice(0, 15), IsDeleted])).toEqual([
    ['003440000000777', false],
    ['003440000000778', true],
  ])
})

test('a seed row that cannot be read is named by number and field, not by content', () => {
  const load = (row: object) => () => client.crm.load('Contact', [{ LastName: 'Fine' }, row as Record<string, unknown>])
  expect(load({ LastName: 'X', Birthdate: 'private words' })).toThrow('Salesforce sandbox: Contact row 2: Birthdate does not hold a date')
  expect(load({ LastName: 'X', Unknown: 1 })).toThrow('Contact row 2: unknown field Unknown')
  expect(load({ LastName: 'X', Id: '00Q440000000001AAA' })).toThrow('Contact row 2: Id is malformed')
  expect(load({ LastName: 'X', IsDeleted: 'perhaps' })).toThrow('Contact row 2: IsDeleted does not hold a boolean')
  expect(() => client.crm.load('Gadget', [])).toThrow('Salesforce sandbox: unknown object Gadget')
})
