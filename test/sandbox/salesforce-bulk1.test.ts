import { afterEach, beforeEach, expect, test } from 'vitest'
import { contacts, startSalesforce } from './salesforce-client.ts'
import type { Answer, Client } from './salesforce-client.ts'

const NS = 'xmlns="http://www.force.com/2009/06/asyncapi/dataload"'
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
const XML = { 'content-type': 'application/xml; charset=UTF-8' }
const JSON_TYPE = { 'content-type': 'application/json' }
const CSV = { 'content-type': 'text/csv' }
let client: Client

beforeEach(async () => {
  client = await startSalesforce({ Contact: contacts(5) })
})
afterEach(() => client.close())

/** The token in its own header, as Bulk 1.0 clients send it. */
const send = (method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> =>
  client.send(method, `//services/async/60.0/job${path}`, body, { authorization: '', 'x-sfdc-session': client.token, ...headers })
const member = ({ text }: Answer, name: string): string => new RegExp(`<${name}>([^<]*)`).exec(text)?.[1] ?? ''
const jobXml = (inside: string) => `${HEAD}<jobInfo ${NS}>${inside}</jobInfo>`
async function open(operation: string, more = ''): Promise<string> {
  const answer = await send(
    'POST',
    '',
    jobXml(`<operation>${operation}</operation><object>Contact</object>${more}<contentType>CSV</contentType>`),
    XML,
  )
  expect(answer.status).toBe(201)
  return member(answer, 'id')
}

test('a CSV load runs from job to result', async () => {
  const made = await send('POST', '', jobXml('<operation>insert</operation><object>Contact</object><contentType>CSV</contentType>'), XML)
  const id = member(made, 'id')
  expect([made.status, made.headers.get('content-type'), made.text]).toEqual([
    201,
    'application/xml',
    `${HEAD}<jobInfo ${NS}><id>${id}</id><operation>insert</operation><object>Contact</object><createdById>005440000000001AAA</createdById><createdDate>2026-03-02T09:00:00.000Z</createdDate><systemModstamp>2026-03-02T09:00:00.000Z</systemModstamp><state>Open</state><concurrencyMode>Parallel</concurrencyMode><contentType>CSV</contentType><numberBatchesQueued>0</numberBatchesQueued><numberBatchesInProgress>0</numberBatchesInProgress><numberBatchesCompleted>0</numberBatchesCompleted><numberBatchesFailed>0</numberBatchesFailed><numberBatchesTotal>0</numberBatchesTotal><numberRecordsProcessed>0</numberRecordsProcessed><numberRetries>0</numberRetries><apiVersion>60.0</apiVersion><numberRecordsFailed>0</numberRecordsFailed><totalProcessingTime>0</totalProcessingTime><apiActiveProcessingTime>0</apiActiveProcessingTime><apexProcessingTime>0</apexProcessingTime></jobInfo>`,
  ])
  const batch = await send('POST', `/${id}/batch`, 'LastName,Email\nA,a@example.test\nB,broken\n', CSV)
  const batchId = member(batch, 'id')
  expect([batch.status, batchId.slice(0, 3), member(batch, 'state')]).toEqual([201, '751', 'Queued'])
  expect(member(await send('POST', `/${id}`, jobXml('<state>Closed</state>'), XML), 'state')).toBe('Closed')
  const info = await send('GET', `/${id}/batch/${batchId}`)
  expect(['state', 'numberRecordsProcessed', 'numberRecordsFailed'].map((name) => member(info, name))).toEqual(['Completed', '2', '1'])
  expect((await send('GET', `/${id}/batch/${batchId}/result`)).text).toMatch(
    /^"Id","Success","Created","Error"\n"003\w{15}","true","true",""\n"","false","false","INVALID_EMAIL_ADDRESS:Email: invalid email address: broken:Email --"\n$/,
  )
  expect((await send('GET', `/${id}/batch/${batchId}/request`)).text).toBe('LastName,Email\nA,a@example.test\nB,broken\n')
  expect(member(await send('GET', `/${id}`), 'numberBatchesCompleted')).toBe('1')
  expect((await send('GET', `/${id}/batch`)).text).toMatch(/^<\?xml[^>]+><batchInfoList [^>]+><batchInfo><id>751/)
})

test('a query is read through its result list', async () => {
  const id = await open('query')
  const batchId = member(await send('POST', `/${id}/batch`, "SELECT Email FROM Contact WHERE Email = 'person1@example.test'", CSV), 'id')
  const list = await send('GET', `/${id}/batch/${batchId}/result`)
  const resultId = member(list, 'result')
  expect(list.text).toBe(`${HEAD}<result-list ${NS}><result>${resultId}</result></result-list>`)
  expect((await send('GET', `/${id}/batch/${batchId}/result/${resultId}`)).text).toBe('"Email"\n"person1@example.test"\n')
  const empty = member(await send('POST', `/${id}/batch`, "SELECT Email FROM Contact WHERE Email = 'none@example.test'", CSV), 'id')
  const emptyResult = member(await send('GET', `/${id}/batch/${empty}/result`), 'result')
  expect((await send('GET', `/${id}/batch/${empty}/result/${emptyResult}`)).text).toBe('Records not found for this query')
  const broken = member(await send('POST', `/${id}/batch`, 'SELECT Idd FROM Contact', CSV), 'id')
  const failed = await send('GET', `/${id}/batch/${broken}`)
  expect([member(failed, 'state'), member(failed, 'stateMessage')]).toEqual(['Failed', expect.stringContaining('INVALID_FIELD')])
  for (const [query, words] of [
    ['SELECT Id, MailingAddress FROM Contact', 'FUNCTIONALITY_NOT_ENABLED: Selecting compound data not supported in Bulk Query'],
    [
      'SELECT Id FROM Account',
      'INVALID_TYPE_FOR_OPERATION: The root entity of the requested query (Account) does not match the entity of the requested Bulk API Job (Contact).',
    ],
  ] as const) {
    const refused = member(await send('POST', `/${id}/batch`, query, CSV), 'id')
    expect(member(await send('GET', `/${id}/batch/${refused}`), 'stateMessage')).toBe(`InvalidBatch : Failed to process query: ${words}`)
  }
})

test('the JSON form works alike, with datetimes as milliseconds', async () => {
  const made = await send('POST', '', '{"operation":"query","object":"Contact","contentType":"JSON"}', JSON_TYPE)
  expect(made.body).toMatchObject({ operation: 'query', contentType: 'JSON', state: 'Open', apiVersion: 60 })
  const { id } = made.body as { id: string }
  const batch = await send('POST', `/${id}/batch`, "SELECT Id, CreatedDate FROM Contact WHERE Email = 'person1@example.test'", JSON_TYPE)
  const { id: batchId } = batch.body as { id: string }
  const list = (await send('GET', `/${id}/batch/${batchId}/result`, undefined, JSON_TYPE)).body as string[]
  const records = await send('GET', `/${id}/batch/${batchId}/result/${list[0]}`, undefined, JSON_TYPE)
  expect(records.headers.get('content-type')).toBe('application/json')
  expect(records.body).toEqual([
    {
      attributes: { type: 'Contact', url: expect.stringMatching(/^\/services\/data\/v60\.0\/sobjects\/Contact\/003/) },
      Id: expect.stringMatching(/^003/),
      CreatedDate: Date.UTC(2024, 0, 1),
    },
  ])
  const load = (await send('POST', '', '{"operation":"insert","object":"Contact","contentType":"JSON"}', JSON_TYPE)).body as { id: string }
  const rows = (await send('POST', `/${load.id}/batch`, '[{"LastName":"A"},{"Email":"x"}]', JSON_TYPE)).body as { id: string }
  const results = await send('GET', `/${load.id}/batch/${rows.id}/result`)
  expect(results.headers.get('content-type')).toBe('application/json')
  expect(results.body).toEqual([
    { success: true, created: true, id: expect.stringMatching(/^003/), errors: [] },
    {
      success: false,
      created: false,
      id: null,
      errors: [
        { statusCode: 'INVALID_EMAIL_ADDRESS', message: 'Email: invalid email address: x', fields: ['Email'], extendedErrorDetails: null },
      ],
    },
  ])
})

test.each([
  [
    'JSON',
    /^\[\{"attributes":\{"type":"Contact","url":"[^"]+"\},"Email":"person1@example.test","CreatedBy":\{"attributes":\{"type":"User","url":"[^"]+"\},"Name":"[^"]+","CreatedDate":\d{13}\},"Account":null\}\]$/,
  ],
  [
    'XML',
    /<records xsi:type="sObject"><type>Contact<\/type><Id>003\w{15}<\/Id><Email>person1@example.test<\/Email><CreatedBy xsi:type="sObject"><type>User<\/type><Id>005\w{15}<\/Id><Name>[^<]+<\/Name><CreatedDate>[^<]+Z<\/CreatedDate><\/CreatedBy><Account xsi:nil="true"\/><\/records>/,
  ],
])('%s nests parents', async (contentType, expected) => {
  const form = { JSON: JSON_TYPE, XML }[contentType]!
  const id = member(
    await send('POST', '', jobXml(`<operation>query</operation><object>Contact</object><contentType>${contentType}</contentType>`), XML),
    'id',
  )
  const soql = "SELECT Email, CreatedBy.Name, CreatedBy.CreatedDate, Account.Name FROM Contact WHERE Email = 'person1@example.test'"
  const batch = await send('POST', `/${id}/batch`, soql, form)
  const batchId = /"id":"(\w+)"|<id>(\w+)/.exec(batch.text)!.slice(1).find(Boolean)
  const list = await send('GET', `/${id}/batch/${batchId}/result`)
  const resultId = /752\w{15}/.exec(list.text)![0]
  expect((await send('GET', `/${id}/batch/${batchId}/result/${resultId}`)).text).toMatch(expected)
})

test('the batches of a CSV job are told of in XML, also where the job was made in JSON', async () => {
  const made = await send('POST', '', '{"operation":"queryAll","object":"Contact","contentType":"CSV"}', JSON_TYPE)
  expect(made.headers.get('content-type')).toBe('application/json')
  const { id } = made.body as { id: string }
  const batch = member(await send('POST', `/${id}/batch`, 'SELECT Id FROM Contact', CSV), 'id')
  for (const path of ['', `/${batch}`, `/${batch}/result`]) {
    const told = await send('GET', `/${id}/batch${path}`, undefined, JSON_TYPE)
    expect([told.status, told.headers.get('content-type')]).toEqual([200, 'application/xml'])
  }
  const refused = await send('GET', '/750000000000001AAA', undefined, JSON_TYPE)
  expect([refused.status, refused.headers.get('content-type'), refused.body]).toMatchObject([
    400,
    'application/json',
    { exceptionCode: 'InvalidJob' },
  ])
})

test('XML batches are records too', async () => {
  const made = await send('POST', '', jobXml('<operation>insert</operation><object>Contact</object><contentType>XML</contentType>'), XML)
  const id = member(made, 'id')
  const batch = `${HEAD}<sObjects ${NS}><sObject><LastName>X &amp; Y</LastName><ReportsTo><sObject><Email>person1@example.test</Email></sObject></ReportsTo></sObject><sObject/></sObjects>`
  const batchId = member(await send('POST', `/${id}/batch`, batch, XML), 'id')
  expect((await send('GET', `/${id}/batch/${batchId}/result`)).text).toMatch(
    /<result><id>003\w{15}<\/id><success>true<\/success><created>true<\/created><\/result><result><errors><fields>LastName<\/fields><message>Required fields are missing: \[LastName\]<\/message><statusCode>REQUIRED_FIELD_MISSING<\/statusCode><\/errors>/,
  )
})

test('PK chunking splits a query by id', async () => {
  const answer = await send('POST', '', jobXml('<operation>query</operation><object>Contact</object><contentType>CSV</contentType>'), {
    ...XML,
    'Sforce-Enable-PKChunking': 'chunkSize=2',
  })
  const id = member(answer, 'id')
  const first = member(await send('POST', `/${id}/batch`, 'SELECT Id FROM Contact', CSV), 'id')
  expect(member(await send('GET', `/${id}/batch/${first}`), 'state')).toBe('NotProcessed')
  const { text } = await send('GET', `/${id}/batch`)
  expect([...text.matchAll(/<state>(\w+)/g)].map(([, state]) => state)).toEqual(['NotProcessed', 'Completed', 'Completed', 'Completed'])
})

test('refusals speak the API’s own words', async () => {
  const id = await open('insert')
  await send('POST', `/${id}`, jobXml('<state>Aborted</state>'), XML)
  const answers = [
    await send('GET', `/${id}`, undefined, { 'x-sfdc-session': 'dead' }),
    await send('POST', '', jobXml('<operation>hardDelete</operation><object>Contact</object><contentType>CSV</contentType>'), XML),
    await send('POST', '', jobXml('<operation>insert</operation><object>Gadget</object><contentType>CSV</contentType>'), XML),
    await send('POST', '', '<jobInfo', XML),
    await send('POST', `/${id}/batch`, 'LastName\nA\n', CSV),
    await send('GET', '/750000000000001AAA'),
    await send('DELETE', `/${id}`),
    await client.send('GET', `//services/async/99.0/job/${id}`, undefined, { 'x-sfdc-session': client.token }),
  ]
  expect(answers.map((answer) => [answer.status, member(answer, 'exceptionCode')])).toEqual([
    [400, 'InvalidSessionId'],
    [400, 'FeatureNotEnabled'],
    [400, 'InvalidEntity'],
    [400, 'ClientInputError'],
    [400, 'InvalidJobState'],
    [400, 'InvalidJob'],
    [405, 'InvalidUrl'],
    [400, 'InvalidVersion'],
  ])
  expect(answers[0]?.text).toBe(
    `${HEAD}<error ${NS}><exceptionCode>InvalidSessionId</exceptionCode><exceptionMessage>Invalid session id</exceptionMessage></error>`,
  )
})

test('batches wait and run on the clock; an aborted job leaves them unprocessed', async () => {
  client.crm.pull('bulk-pace', { queuedMs: 1_000, runningMs: 1_000 })
  const id = await open('insert')
  const batchId = member(await send('POST', `/${id}/batch`, 'LastName\nSlow\n', CSV), 'id')
  const state = async () => member(await send('GET', `/${id}/batch/${batchId}`), 'state')
  expect(await state()).toBe('Queued')
  expect((await send('GET', `/${id}/batch/${batchId}/result`)).status).toBe(400)
  client.advance(1_000)
  expect(await state()).toBe('InProgress')
  client.advance(1_000)
  expect(await state()).toBe('Completed')
  const other = await open('insert')
  const late = member(await send('POST', `/${other}/batch`, 'LastName\nNever\n', CSV), 'id')
  await send('POST', `/${other}`, jobXml('<state>Aborted</state>'), XML)
  client.advance(5_000)
  expect(member(await send('GET', `/${other}/batch/${late}`), 'state')).toBe('NotProcessed')
  expect(await client.rows("SELECT LastName FROM Contact WHERE LastName IN ('Slow', 'Never')")).toEqual([{ LastName: 'Slow' }])
})
