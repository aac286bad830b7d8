import fc from 'fast-check'
import Papa from 'papaparse'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { resultLinks } from '../../src/sandbox/salesforce/bulk-result.ts'
import { contacts, startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

let client: Client

beforeEach(async () => {
  client = await startSalesforce({
    Account: [{ Id: '001440000000001AAA', Name: 'Smith "& Sons"' }],
    Contact: contacts(2_500).map((row, i) =>
      i === 0 ? { ...row, AccountId: '001440000000001AAA', Title: 'Chef, "élite"\nde nuit', Birthdate: '1980-05-06' } : row,
    ),
  })
})
afterEach(() => client.close())

const create = (query: string, operation = 'query') => client.send('POST', '/jobs/query', { operation, query })
const job = async (query: string, operation = 'query'): Promise<string> => ((await create(query, operation)).body as { id: string }).id
const page = (id: string, query = '') => client.get(`/jobs/query/${id}/results${query}`, { accept: 'text/csv' })

test('every cell is quoted, datetimes end in .000Z, columns come in SELECT order', async () => {
  const id = await job(
    "SELECT Email, Id, Account.Name, Title, Birthdate, HasOptedOutOfEmail, CreatedDate, Phone FROM Contact WHERE Email IN ('person0@example.test', 'person1@example.test') ORDER BY Email",
  )
  const { text, headers } = await page(id)
  const [first, second] = (
    await client.rows("SELECT Id FROM Contact WHERE Email IN ('person0@example.test', 'person1@example.test') ORDER BY Email")
  ).map(({ Id }) => String(Id))
  expect(text).toBe(
    `"Email","Id","Account.Name","Title","Birthdate","HasOptedOutOfEmail","CreatedDate","Phone"
"person0@example.test","${first}","Smith ""& Sons""","Chef, ""élite""
de nuit","1980-05-06","true","2024-01-01T00:00:00.000Z",""
"person1@example.test","${second}","","","","false","2024-01-01T00:00:00.000Z",""
`,
  )
  expect([headers.get('content-type'), headers.get('sforce-locator'), headers.get('sforce-numberofrecords')]).toEqual([
    'text/csv',
    'null',
    '2',
  ])
})

test('an empty result is its header line', async () => {
  expect((await page(await job("SELECT Id FROM Contact WHERE Email = 'nobody@example.test'"))).text).toBe('"Id"\n')
})

test('pages join without gap or overlap, locators repeat, and the result stays as it was when the job was made', async () => {
  const id = await job('SELECT Id, LastName FROM Contact')
  const whole = (await page(id)).text
  const [changed, deleted] = (await client.rows('SELECT Id FROM Contact LIMIT 2')).map(({ Id }) => String(Id))
  await client.send('PATCH', `/sobjects/Contact/${changed}`, { LastName: 'Changed' })
  await client.send('DELETE', `/sobjects/Contact/${deleted}`)
  await client.send('POST', '/sobjects/Contact', { LastName: 'Later' })
  const sizes: string[] = []
  let joined = '"Id","LastName"\n'
  let locator: string | null = ''
  while (locator !== 'null') {
    const query: string = `?maxRecords=999${locator === '' ? '' : `&locator=${locator}`}`
    const [answer, again] = [await page(id, query), await page(id, query)]
    expect(again.text).toBe(answer.text)
    joined += answer.text.slice(answer.text.indexOf('\n') + 1)
    sizes.push(answer.headers.get('sforce-numberofrecords') ?? '')
    locator = answer.headers.get('sforce-locator')
  }
  expect(sizes).toEqual(['999', '999', '502'])
  expect(joined).toBe(whole)
})

test('a job waits, runs and completes on the clock; results of another version, early or as JSON are refused', async () => {
  client.crm.pull('bulk-pace', { queuedMs: 1_000, runningMs: 2_000 })
  const made = await create('SELECT Id FROM Contact')
  expect(made.body).toEqual({
    id: expect.stringMatching(/^750\w{15}$/),
    operation: 'query',
    object: 'Contact',
    createdById: '005440000000001AAA',
    createdDate: '2026-03-02T09:00:00.000+0000',
    systemModstamp: '2026-03-02T09:00:00.000+0000',
    state: 'UploadComplete',
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: 60,
    jobType: 'V2Query',
    lineEnding: 'LF',
    columnDelimiter: 'COMMA',
    retries: 0,
    totalProcessingTime: 0,
    isPkChunkingSupported: true,
  })
  const { id } = made.body as { id: string }
  const state = async () => ((await client.get(`/jobs/query/${id}`)).body as { state: string; numberRecordsProcessed: number }).state
  expect(await state()).toBe('UploadComplete')
  client.advance(1_000)
  expect(await state()).toBe('InProgress')
  expect((await page(id)).status).toBe(400)
  expect((await client.send('DELETE', `/jobs/query/${id}`)).status).toBe(400)
  client.advance(2_000)
  expect(await state()).toBe('JobComplete')
  expect((await client.get(`//services/data/v59.0/jobs/query/${id}/results`)).status).toBe(409)
  expect((await client.get(`/jobs/query/${id}/results`, { accept: 'application/json' })).status).toBe(406)
  expect((await page(id, '?locator=MTAwMDAwMA')).body).toMatchObject([{ errorCode: 'INVALID_LOCATOR' }])
  expect((await client.send('PATCH', `/jobs/query/${id}`, { state: 'Aborted' })).status).toBe(400)
  expect((await client.send('DELETE', `/jobs/query/${id}`)).status).toBe(204)
  expect((await client.get(`/jobs/query/${id}`)).status).toBe(404)
})

test('a running job can be aborted, and keeps no result', async () => {
  client.crm.pull('bulk-pace', { queuedMs: 1_000, runningMs: 1_000 })
  const id = await job('SELECT Id FROM Contact')
  expect((await client.send('PATCH', `/jobs/query/${id}`, { state: 'Aborted' })).body).toMatchObject({ state: 'Aborted' })
  expect((await page(id)).status).toBe(400)
})

test('what Bulk cannot query is refused when the job is made', async () => {
  const queries = [
    'SELECT COUNT() FROM Contact',
    'SELECT MailingAddress FROM Contact',
    'SELECT Id FROM Contact LIMIT 5 OFFSET 3',
    'SELECT Idd FROM Contact',
    'SELECT',
  ]
  const codes = await Promise.all(queries.map(async (query) => ((await create(query)).body as { errorCode: string }[])[0]?.errorCode))
  expect(codes).toEqual(['API_ERROR', 'API_ERROR', 'API_ERROR', 'INVALID_FIELD', 'MALFORMED_QUERY'])
  // Clients fall back to REST on these words.
  expect((await create('SELECT Id, MailingAddress FROM Contact')).body).toEqual([
    { message: 'Selecting compound data not supported in Bulk Query', errorCode: 'API_ERROR' },
  ])
  expect((await create('SELECT Id FROM ActivityHistory')).body).toEqual([
    { message: "Entity 'ActivityHistory' is not supported by the Bulk API.", errorCode: 'INVALIDENTITY' },
  ])
})

test('queryAll shows the bin', async () => {
  const [{ Id } = {}] = await client.rows('SELECT Id FROM Contact LIMIT 1')
  await client.send('DELETE', `/sobjects/Contact/${String(Id)}`)
  const { text } = await page(await job('SELECT Id FROM Contact WHERE IsDeleted = true', 'queryAll'))
  expect(text).toBe(`"Id"\n"${String(Id)}"\n`)
})

test('an upload with CRLF, semicolons and a byte order mark is carried out row by row', async () => {
  const [a, b] = (await client.rows('SELECT Id FROM Contact LIMIT 2')).map(({ Id }) => String(Id))
  await client.send('PATCH', `/sobjects/Contact/${b}`, { Title: 'Keep', Department: 'Clear' })
  const { id } = (
    await client.send('POST', '/jobs/ingest', { object: 'Contact', operation: 'update', lineEnding: 'CRLF', columnDelimiter: 'SEMICOLON' })
  ).body as { id: string }
  const csv = `\uFEFF"Id";"Title";"Department"\r\n${a};"Semi;colon ""x""";\r\n${b};;#N/A\r\n${a};${'t'.repeat(129)};x\r\n`
  expect((await client.send('PUT', `/jobs/ingest/${id}/batches`, csv, { 'content-type': 'text/csv' })).status).toBe(201)
  await client.send('PATCH', `/jobs/ingest/${id}`, { state: 'UploadComplete' })
  expect((await client.get(`/jobs/ingest/${id}`)).body).toMatchObject({
    state: 'JobComplete',
    jobType: 'V2Ingest',
    numberRecordsProcessed: 3,
    numberRecordsFailed: 1,
  })
  expect((await client.get(`/jobs/ingest/${id}/successfulResults`)).text).toBe(
    `"sf__Id";"sf__Created";"Id";"Title";"Department"\r\n"${a}";"false";"${a}";"Semi;colon ""x""";""\r\n"${b}";"false";"${b}";"";"#N/A"\r\n`,
  )
  expect((await client.get(`/jobs/ingest/${id}/failedResults/`)).text).toBe(
    `"sf__Id";"sf__Error";"Id";"Title";"Department"\r\n"${a}";"STRING_TOO_LONG:Title: data value too large: ${'t'.repeat(129)} (max length=128):Title --";"${a}";"${'t'.repeat(129)}";"x"\r\n`,
  )
  expect(await client.rows(`SELECT Title, Department FROM Contact WHERE Id = '${b}'`)).toEqual([{ Title: 'Keep', Department: null }])
})

test('hardDelete needs its permission and skips the bin', async () => {
  const hardDelete = { object: 'Contact', operation: 'hardDelete' }
  const refused = await client.send('POST', '/jobs/ingest', hardDelete)
  expect(refused.body).toEqual([
    expect.objectContaining({
      message: 'hardDelete operation requires special user profile permission, please contact your system administrator',
    }),
  ])
  expect(await client.rows('SELECT PermissionsBulkApiHardDelete FROM UserPermissionAccess')).toEqual([
    { PermissionsBulkApiHardDelete: false },
  ])
  client.crm.pull('permission', { name: 'BulkApiHardDelete', granted: true })
  expect(await client.rows('SELECT PermissionsBulkApiHardDelete FROM UserPermissionAccess')).toEqual([
    { PermissionsBulkApiHardDelete: true },
  ])
  const [{ Id } = {}] = await client.rows('SELECT Id FROM Contact LIMIT 1')
  const { id } = (await client.send('POST', '/jobs/ingest', hardDelete)).body as { id: string }
  await client.send('PUT', `/jobs/ingest/${id}/batches`, `Id\n${String(Id)}\n`, { 'content-type': 'text/csv' })
  await client.send('PATCH', `/jobs/ingest/${id}`, { state: 'UploadComplete' })
  expect((await client.get(`/jobs/ingest/${id}`)).body).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 0 })
  expect(client.crm.pull('undelete', { ids: [Id] })).toMatchObject([{ ok: false }])
})

test('any text survives the way into a record and out through CSV', async () => {
  const texts = fc.sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), { seed: 20_260_302, numRuns: 200 })
  const nasty = ['"', '""', ',', 'a\r\nb', "'", '\\', 'é"è', '𝒳"', '#N/A', '\u2028', 'x'.repeat(30_000)]
  const wanted = [...texts, ...nasty].map((text) => (text.trim() === '' ? '-' : text.trim()))
  client.crm.reset()
  await client.login()
  client.crm.load(
    'Lead',
    wanted.map((Description, i) => ({
      LastName: String(i),
      Company: 'Acme',
      Description,
      CreatedDate: new Date(1e12 + i * 7_919_003).toISOString(),
    })),
  )
  const { text } = await page(await job('SELECT LastName, Description, CreatedDate FROM Lead'))
  const { data } = Papa.parse<string[]>(text.trimEnd())
  expect(data.slice(1)).toEqual(
    wanted.map((value, i) => [String(i), value, `${new Date(1e12 + i * 7_919_003).toISOString().slice(0, 19)}.000Z`]),
  )
})

test('the pages of a result are told by address, to be read side by side, five at a time', async () => {
  const { id } = (await client.send('POST', '/jobs/query', { operation: 'query', query: 'SELECT Id FROM Contact' })).body as { id: string }
  const links = await client.get(`/jobs/query/${id}/resultPages`)
  const path = `/services/data/v60.0/jobs/query/${id}`
  expect([links.status, links.body]).toEqual([
    200,
    { resultPages: [{ resultUrl: `${path}/results?locator=MA` }], nextRecordsUrl: null, done: true },
  ])
  expect((await client.get(`/${path}/results?locator=MA`)).text).toBe((await client.get(`/jobs/query/${id}/results`)).text)
  expect((await client.get(`//services/data/v61.0/jobs/query/${id}/resultPages`)).status).toBe(409)
  const first = resultLinks(13, path, null, 2)
  expect(first).toEqual({
    resultPages: ['MA', 'Mg', 'NA', 'Ng', 'OA'].map((locator) => ({ resultUrl: `${path}/results?locator=${locator}` })),
    nextRecordsUrl: `${path}/resultPages?locator=MTA`,
    done: false,
  })
  expect(resultLinks(13, path, 'MTA', 2)).toEqual({
    resultPages: [{ resultUrl: `${path}/results?locator=MTA` }, { resultUrl: `${path}/results?locator=MTI` }],
    nextRecordsUrl: null,
    done: true,
  })
  expect(resultLinks(0, path, null)).toMatchObject({ resultPages: [{ resultUrl: `${path}/results?locator=MA` }], done: true })
})
