import { afterEach, beforeEach, expect, test } from 'vitest'
import { contacts, DAY, startSalesforce } from './salesforce-client.ts'
import type { Answer, Client } from './salesforce-client.ts'

const ACME = '001440000000001AAA'
const CSV = { 'content-type': 'text/csv' }
let client: Client

beforeEach(async () => {
  client = await startSalesforce({ Account: [{ Id: ACME, Name: 'Acme' }], Contact: contacts(3) })
})
afterEach(() => client.close())

const create = (body: object): Promise<Answer> => client.send('POST', '/jobs/ingest', { object: 'Contact', operation: 'insert', ...body })
const made = async (body: object): Promise<string> => ((await create(body)).body as { id: string }).id
const info = async (id: string): Promise<Record<string, unknown>> =>
  (await client.get(`/jobs/ingest/${id}`)).body as Record<string, unknown>
const set = (id: string, state: string) => client.send('PATCH', `/jobs/ingest/${id}`, { state })
const results = async (id: string, part: string) => (await client.get(`/jobs/ingest/${id}/${part}`)).text
async function load(body: object, csv: string): Promise<string> {
  const id = await made(body)
  await client.send('PUT', `/jobs/ingest/${id}/batches`, csv, CSV)
  await set(id, 'UploadComplete')
  return id
}

test('a job is created with what Salesforce shows of it', async () => {
  const { status, body } = await create({ operation: 'upsert', externalIdFieldName: 'Email' })
  expect([status, body]).toEqual([
    200,
    {
      id: expect.stringMatching(/^750\w{15}$/),
      operation: 'upsert',
      object: 'Contact',
      createdById: '005440000000001AAA',
      createdDate: '2026-03-02T09:00:00.000+0000',
      systemModstamp: '2026-03-02T09:00:00.000+0000',
      state: 'Open',
      concurrencyMode: 'Parallel',
      contentType: 'CSV',
      apiVersion: 60,
      jobType: 'V2Ingest',
      lineEnding: 'LF',
      columnDelimiter: 'COMMA',
      externalIdFieldName: 'Email',
      contentUrl: expect.stringMatching(/^services\/data\/v60\.0\/jobs\/ingest\/750\w{15}\/batches$/),
    },
  ])
})

test('every delimiter and both line endings are taken', async () => {
  for (const [columnDelimiter, mark] of Object.entries({ BACKQUOTE: '`', CARET: '^', COMMA: ',', PIPE: '|', SEMICOLON: ';', TAB: '\t' })) {
    for (const [lineEnding, end] of [
      ['LF', '\n'],
      ['CRLF', '\r\n'],
    ] as const) {
      const id = await load({ columnDelimiter, lineEnding }, ['LastName', 'Description'].join(mark) + end + `A${mark}"x${mark}\ny"` + end)
      expect(await info(id)).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 1, numberRecordsFailed: 0 })
    }
  }
})

test('a file of the other line ending, with an unknown column, or torn, fails the job', async () => {
  const message = async (csv: string, body: object = {}) => {
    const { state, errorMessage } = await info(await load(body, csv))
    return [state, errorMessage]
  }
  const wrong = (setting: string) => [
    'Failed',
    `InvalidBatch : LineEnding is invalid on user data. Current LineEnding setting is ${setting}`,
  ]
  expect(await message('LastName\r\nA\r\n')).toEqual(wrong('LF'))
  expect(await message('LastName\nA\n', { lineEnding: 'CRLF' })).toEqual(wrong('CRLF'))
  expect(await message('"Last\r\nName"\nA\n')).toEqual(['Failed', 'InvalidBatch : Field name not found : Last\r\nName'])
  expect(await message('LastName,Nonsense__c\nA,b\n')).toEqual(['Failed', 'InvalidBatch : Field name not found : Nonsense__c'])
  expect(await message('LastName,lastname\nA,b\n')).toEqual(['Failed', 'InvalidBatch : Duplicate Headers Found: lastname'])
  expect(await message('LastName\n"A')).toEqual(['Failed', 'InvalidBatch : Failed to parse CSV: a quoted cell never closes'])
})

test('parents are found by a key of theirs, and a key without a parent fails its row', async () => {
  const id = await load(
    {},
    'LastName,Owner.Username,ReportsTo.Email\nA,INTEGRATION@sandbox.example,person0@example.test\nB,,nobody@example.test\n',
  )
  expect(await info(id)).toMatchObject({ numberRecordsProcessed: 2, numberRecordsFailed: 1 })
  expect(await results(id, 'failedResults')).toBe(
    '"sf__Id","sf__Error","LastName","Owner.Username","ReportsTo.Email"\n' +
      '"","INVALID_FIELD:Foreign key external ID: nobody@example.test not found for field Email in entity Contact:--","B","","nobody@example.test"\n',
  )
  expect(await client.rows("SELECT ReportsTo.Email FROM Contact WHERE LastName = 'A'")).toMatchObject([
    { ReportsTo: { Email: 'person0@example.test' } },
  ])
  const rest = await client.send('POST', '/sobjects/Contact', { LastName: 'C', ReportsTo: { Email: 'person1@example.test' } })
  expect(rest.status).toBe(201)
  const lost = await client.send('POST', '/sobjects/Contact', { LastName: 'C', ReportsTo: { Email: 'nobody@example.test' } })
  expect(lost.body).toMatchObject([
    { errorCode: 'INVALID_FIELD', message: 'Foreign key external ID: nobody@example.test not found for field Email in entity Contact' },
  ])
})

test('rows are updated, upserted by a key and deleted, each for itself', async () => {
  const upsert = await load(
    { operation: 'upsert', externalIdFieldName: 'Email' },
    'Email,LastName\nperson0@example.test,Changed\nnew@example.test,New\n,Keyless\n',
  )
  expect((await results(upsert, 'successfulResults')).split('\n').map((line) => line.split(',')[1])).toEqual([
    '"sf__Created"',
    '"false"',
    '"true"',
    undefined,
  ])
  expect(await results(upsert, 'failedResults')).toContain('"MISSING_ARGUMENT:Email not specified:--"')
  const missing = await load({ operation: 'update' }, 'Id,LastName\n,x\n')
  expect(await results(missing, 'failedResults')).toContain('"MISSING_ARGUMENT:Id not specified in an update call:--"')
  const [{ Id } = {}] = await client.rows("SELECT Id FROM Contact WHERE LastName = 'New'")
  await load({ operation: 'delete' }, `Id\n${String(Id)}\n`)
  expect(await client.rows("SELECT Id FROM Contact WHERE LastName = 'New'")).toEqual([])
  const refused = await create({ operation: 'upsert', externalIdFieldName: 'LastName' })
  expect([refused.status, refused.body]).toEqual([
    400,
    [
      {
        errorCode: 'INVALIDJOB',
        message: 'Field name provided, LastName does not match an External ID, Salesforce Id, or indexed field for Contact',
      },
    ],
  ])
})

test('a slow job works in chunks; aborted half-way it keeps what it did and lists what it did not', async () => {
  client.crm.pull('bulk-pace', { queuedMs: 1_000, runningMs: 10_000 })
  const id = await load({}, `LastName\n${Array.from({ length: 1_000 }, (_, n) => `Bulk${n}`).join('\n')}\n`)
  expect((await info(id)).state).toBe('UploadComplete')
  client.advance(6_000)
  expect(await info(id)).toMatchObject({ state: 'InProgress', numberRecordsProcessed: 400 })
  expect((await client.get(`/jobs/ingest/${id}/successfulResults`)).status).toBe(400)
  expect((await set(id, 'Aborted')).body).toMatchObject({ state: 'Aborted' })
  client.advance(60_000)
  expect((await client.soql("SELECT count() FROM Contact WHERE LastName LIKE 'Bulk%'")).body).toMatchObject({ totalSize: 400 })
  const rest = (await results(id, 'unprocessedrecords')).trim().split('\n')
  expect([rest[0], rest.length]).toEqual(['"LastName"', 601])
  expect((await set(id, 'UploadComplete')).body).toMatchObject([{ errorCode: 'INVALIDJOBSTATE' }])
})

test('a slow job finishes by the clock alone', async () => {
  client.crm.pull('bulk-pace', { queuedMs: 1_000, runningMs: 1_000 })
  await load({}, 'LastName\nLater\n')
  expect(await client.rows("SELECT Id FROM Contact WHERE LastName = 'Later'")).toEqual([])
  client.advance(2_000)
  expect(await client.rows("SELECT LastName FROM Contact WHERE LastName = 'Later'")).toEqual([{ LastName: 'Later' }])
})

test('job and rows may come in one multipart call', async () => {
  const boundary = 'BOUND'
  const body = (job: string) =>
    `--${boundary}\r\nContent-Type: application/json\r\nContent-Disposition: form-data; name="job"\r\n\r\n${job}\r\n--${boundary}\r\nContent-Type: text/csv\r\nContent-Disposition: form-data; name="content"; filename="content"\r\n\r\nLastName\nMulti\n\r\n--${boundary}--\r\n`
  const send = (text: string) => client.send('POST', '/jobs/ingest', text, { 'content-type': `multipart/form-data; boundary=${boundary}` })
  const answer = await send(body('{"object":"Contact","operation":"insert"}'))
  expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ state: 'UploadComplete' })])
  expect(await client.rows("SELECT LastName FROM Contact WHERE LastName = 'Multi'")).toEqual([{ LastName: 'Multi' }])
  expect((await send(body('{'))).body).toMatchObject([{ errorCode: 'INVALIDMULTIPARTREQUEST' }])
  expect((await send('nonsense')).body).toMatchObject([{ errorCode: 'INVALIDMULTIPARTREQUEST' }])
})

test('a job refuses what its state does not allow', async () => {
  const id = await made({})
  const codes = [
    await client.send('PUT', `/jobs/ingest/${id}/batches`, '{}', { 'content-type': 'application/json' }),
    await client.get(`/jobs/ingest/${id}/failedResults`),
    await client.send('DELETE', `/jobs/ingest/${id}`),
    await set(id, 'JobComplete'),
    await create({ columnDelimiter: 'SPACE' }),
    await create({ object: 'Gadget' }),
    await create({ operation: 'magic' }),
  ].map(({ status, body }) => [status, (body as { errorCode: string }[])[0]?.errorCode])
  expect(codes).toEqual([
    [400, 'INVALIDCONTENTTYPE'],
    [400, 'INVALIDJOBSTATE'],
    [400, 'INVALIDJOBSTATE'],
    [400, 'INVALIDJOBSTATE'],
    [400, 'INVALIDJOB'],
    [400, 'INVALIDENTITY'],
    [400, 'INVALIDJOB'],
  ])
  await client.send('PUT', `/jobs/ingest/${id}/batches`, 'LastName\nA\n', CSV)
  expect((await client.send('PUT', `/jobs/ingest/${id}/batches`, 'LastName\nB\n', CSV)).status).toBe(400)
})

test('jobs are listed a thousand a page, and forgotten after seven days', async () => {
  for (let n = 0; n < 1_002; n += 1) await made({})
  const first = (await client.get('/jobs/ingest')).body as { done: boolean; records: object[]; nextRecordsUrl: string }
  expect([first.done, first.records.length]).toEqual([false, 1_000])
  const second = (await client.get(`/${first.nextRecordsUrl}`)).body as typeof first
  expect([second.done, second.records.length, second.nextRecordsUrl]).toEqual([true, 2, null])
  expect((await client.get('/jobs/ingest?queryLocator=nonsense')).body).toMatchObject([{ errorCode: 'INVALID_QUERY_LOCATOR' }])
  expect((await client.get('/jobs/ingest?jobType=Classic')).body).toEqual({ done: true, records: [], nextRecordsUrl: null })
  expect((await client.get('/jobs/ingest?isPkChunkingEnabled=false&jobType=')).body).toEqual((await client.get('/jobs/ingest')).body)
  client.advance(DAY)
  await client.login()
  expect(((await client.get('/jobs/ingest')).body as typeof first).records[0]).toMatchObject({ state: 'Aborted' })
  client.advance(6 * DAY)
  await client.login()
  expect((await client.get('/jobs/ingest')).body).toMatchObject({ records: [] })
})

test('query results come in the delimiter and line ending asked for', async () => {
  const query = "SELECT Email, FirstName FROM Contact WHERE Email = 'person0@example.test'"
  const { body } = await client.send('POST', '/jobs/query', { operation: 'query', query, columnDelimiter: 'TAB', lineEnding: 'CRLF' })
  const { id } = body as { id: string }
  expect((await client.get(`/jobs/query/${id}/results`, { accept: 'text/csv' })).text).toBe(
    '"Email"\t"FirstName"\r\n"person0@example.test"\t"First0"\r\n',
  )
})

test('the daily allowances of jobs and batches count down', async () => {
  await load({}, 'LastName\nA\n')
  await client.send('POST', '/jobs/query', { operation: 'query', query: 'SELECT Id FROM Contact' })
  const limits = async () => {
    const { DailyBulkApiBatches, DailyBulkV2QueryJobs } = (await client.get('/limits')).body as Record<string, { Remaining: number }>
    return [DailyBulkApiBatches?.Remaining, DailyBulkV2QueryJobs?.Remaining]
  }
  expect(await limits()).toEqual([14_999, 9_999])
  client.advance(DAY)
  await client.login()
  expect(await limits()).toEqual([15_000, 10_000])
})
