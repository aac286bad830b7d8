/** Salesforce's bulk jobs and SOAP calls, as they cross the wire, and the pages a broken proxy sends in their place. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openWorld } from '../hubspot-world.ts'
import { startSalesforce } from '../salesforce-client.ts'
import type { Answer, Client } from '../salesforce-client.ts'

const ASH = '003440000000001AAA'
const ELM = '003440000000002AAA'
const GONE = '003000000000001AAA'
const CSV = { 'content-type': 'text/csv' }

let client: Client
beforeAll(async () => {
  client = await startSalesforce({
    Account: [{ Id: '001440000000001AAA', Name: 'Acme' }],
    Contact: [
      { Id: ASH, LastName: 'Ash', Title: 'Buyer', Email: 'ash@example.test', AccountId: '001440000000001AAA' },
      { Id: ELM, LastName: 'Elm', Title: 'Buyer', Email: 'elm@example.test' },
    ],
    Note: [{ Title: 'Note', ParentId: ASH }],
  })
})
afterAll(() => client.close())
beforeEach(async () => {
  client.crm.reset()
  await client.login()
})

describe('Bulk 2.0', () => {
  const createJob = async (body: object): Promise<string> => ((await client.send('POST', '/jobs/ingest', body)).body as { id: string }).id
  const result = (id: string, kind: string): Promise<Answer> => client.get(`/jobs/ingest/${id}/${kind}`)
  async function run(body: object, csv: string): Promise<string> {
    const id = await createJob({ contentType: 'CSV', lineEnding: 'LF', ...body })
    const put = await client.send('PUT', `/jobs/ingest/${id}/batches`, csv, CSV)
    expect([put.status, put.text]).toEqual([201, ''])
    expect((await client.send('PATCH', `/jobs/ingest/${id}`, { state: 'UploadComplete' })).body).toMatchObject({
      id,
      state: 'UploadComplete',
    })
    return id
  }

  test('a new job shows what it is and where its rows go', async () => {
    const { status, body } = await client.send('POST', '/jobs/ingest', {
      object: 'Contact',
      operation: 'upsert',
      externalIdFieldName: 'Email',
      lineEnding: 'LF',
    })
    const { id } = body as { id: string }
    expect([status, body]).toEqual([
      200,
      {
        id: expect.stringMatching(/^750\w{15}$/),
        operation: 'upsert',
        object: 'Contact',
        createdById: expect.stringMatching(/^005/),
        createdDate: expect.stringMatching(/\.000\+0000$/),
        systemModstamp: expect.stringMatching(/\.000\+0000$/),
        state: 'Open',
        externalIdFieldName: 'Email',
        concurrencyMode: 'Parallel',
        contentType: 'CSV',
        apiVersion: 60,
        contentUrl: `services/data/v60.0/jobs/ingest/${id}/batches`,
        lineEnding: 'LF',
        columnDelimiter: 'COMMA',
        jobType: 'V2Ingest',
      },
    ])
  })

  test('rows that went well, rows that did not, and rows not reached, each with what was sent', async () => {
    const id = await run({ object: 'Contact', operation: 'update' }, `Id,Title,Email\n${ASH},#N/A,\n${GONE},x,\n${ELM},,bad\n`)
    expect((await client.get(`/jobs/ingest/${id}`)).body).toMatchObject({
      state: 'JobComplete',
      numberRecordsProcessed: 3,
      numberRecordsFailed: 2,
      retries: 0,
      totalProcessingTime: expect.any(Number),
      apiActiveProcessingTime: expect.any(Number),
      apexProcessingTime: expect.any(Number),
    })
    const good = await result(id, 'successfulResults')
    expect([good.headers.get('content-type'), good.text.trim().split('\n')]).toEqual([
      expect.stringContaining('text/csv'),
      ['"sf__Id","sf__Created","Id","Title","Email"', `"${ASH}","false","${ASH}","#N/A",""`],
    ])
    const bad = (await result(id, 'failedResults/')).text.trim().split('\n')
    expect(bad[0]).toBe('"sf__Id","sf__Error","Id","Title","Email"')
    expect(bad.slice(1).toSorted()).toEqual([
      expect.stringMatching(
        new RegExp(`^"(${GONE})?","INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:(Id )?--","${GONE}","x",""$`),
      ),
      expect.stringMatching(new RegExp(`^"${ELM}","INVALID_EMAIL_ADDRESS:Email: invalid email address: bad:Email --","${ELM}","","bad"$`)),
    ])
    for (const kind of ['unprocessedrecords', 'unprocessedRecords', 'unprocessedRecords/'])
      expect((await result(id, kind)).text.trim()).toBe('"Id","Title","Email"')
    expect(await client.rows("SELECT LastName, Title, Email FROM Contact WHERE LastName IN ('Ash', 'Elm') ORDER BY LastName")).toEqual([
      { LastName: 'Ash', Title: null, Email: 'ash@example.test' },
      { LastName: 'Elm', Title: 'Buyer', Email: 'elm@example.test' },
    ])
  })

  test('a query has pages with a locator, the word null on the last, and no failures to count', async () => {
    const made = await client.send('POST', '/jobs/query', { operation: 'query', query: 'SELECT Id, Email FROM Contact ORDER BY Email' })
    const { id } = made.body as { id: string }
    expect(made.body).toMatchObject({
      id: expect.stringMatching(/^750/),
      operation: 'query',
      object: 'Contact',
      state: 'UploadComplete',
      apiVersion: 60,
      lineEnding: 'LF',
      columnDelimiter: 'COMMA',
    })
    const info = (await client.get(`/jobs/query/${id}`)).body as object
    expect([info, 'numberRecordsFailed' in info, 'errorMessage' in info]).toMatchObject([
      { state: 'JobComplete', jobType: 'V2Query', isPkChunkingSupported: expect.any(Boolean) },
      false,
      false,
    ])
    const first = await client.get(`/jobs/query/${id}/results?maxRecords=1`, { accept: 'text/csv' })
    const locator = first.headers.get('sforce-locator') ?? ''
    expect([first.headers.get('sforce-numberofrecords'), locator, first.text]).toEqual([
      '1',
      expect.stringMatching(/^[\w=]+$/),
      `"Id","Email"\n"${ASH}","ash@example.test"\n`,
    ])
    const last = await client.get(`/jobs/query/${id}/results?maxRecords=1&locator=${locator}`)
    expect([last.headers.get('sforce-locator'), last.text]).toEqual(['null', `"Id","Email"\n"${ELM}","elm@example.test"\n`])
    expect((await client.get(`//services/data/v61.0/jobs/query/${id}/results`)).status).toBe(409)
  })

  test('an open job is not deleted, one that was aborted is', async () => {
    const id = await createJob({ object: 'Contact', operation: 'insert', lineEnding: 'LF' })
    expect((await client.send('DELETE', `/jobs/ingest/${id}`)).status).toBe(400)
    expect((await client.send('PATCH', `/jobs/ingest/${id}`, { state: 'Aborted' })).body).toMatchObject({ state: 'Aborted' })
    const gone = await client.send('DELETE', `/jobs/ingest/${id}`)
    expect([gone.status, gone.text, (await client.get(`/jobs/ingest/${id}`)).status]).toEqual([204, '', 404])
  })
})

describe('Bulk 1.0', () => {
  const XML = { 'content-type': 'application/xml; charset=utf-8', authorization: '' }
  const names = (text: string): string[] => [...text.matchAll(/<(\w+)[^>]*>[^<]*<\/\1>/g)].map(([, name = '']) => name)
  const job = (operation: string, headers: Record<string, string> = {}): Promise<Answer> =>
    client.send(
      'POST',
      '//services/async/60.0/job',
      `<?xml version="1.0"?><jobInfo xmlns="http://www.force.com/2009/06/asyncapi/dataload"><operation>${operation}</operation><object>Contact</object><contentType>CSV</contentType></jobInfo>`,
      { ...XML, 'x-sfdc-session': client.token, ...headers },
    )

  test('job and batch list their members in the order of the schema', async () => {
    const made = await job('insert')
    expect([made.status, names(made.text)]).toEqual([
      201,
      `id operation object createdById createdDate systemModstamp state concurrencyMode contentType numberBatchesQueued numberBatchesInProgress
      numberBatchesCompleted numberBatchesFailed numberBatchesTotal numberRecordsProcessed numberRetries apiVersion numberRecordsFailed
      totalProcessingTime apiActiveProcessingTime apexProcessingTime`.split(/\s+/),
    ])
    expect(made.text).toMatch(/<createdDate>[^<]*\.000Z</)
    const [, id] = /<id>(750\w{15})</.exec(made.text) ?? []
    const batch = await client.send('POST', `//services/async/60.0/job/${id}/batch`, 'LastName\nNew\n', {
      ...CSV,
      authorization: '',
      'x-sfdc-session': client.token,
    })
    expect([batch.status, names(batch.text)]).toEqual([
      201,
      'id jobId state createdDate systemModstamp numberRecordsProcessed numberRecordsFailed totalProcessingTime apiActiveProcessingTime apexProcessingTime'.split(
        ' ',
      ),
    ])
    const [, batchId] = /<id>(751\w{15})</.exec(batch.text) ?? []
    const result = await client.get(`//services/async/60.0/job/${id}/batch/${batchId}/result`, {
      authorization: '',
      'x-sfdc-session': client.token,
    })
    expect(result.text).toMatch(/^"Id","Success","Created","Error"\n"003\w{15}","true","true",""\n$/)
  })

  test.each([
    ['a dead session', 'insert', { 'x-sfdc-session': 'x' }, 'InvalidSessionId', 'Invalid session id'],
    [
      'a missing permission',
      'hardDelete',
      {},
      'FeatureNotEnabled',
      'hardDelete operation requires special user profile permission, please contact your system administrator',
    ],
  ])('%s is a 400 with its code', async (_, operation, headers, code, message) => {
    const refused = await job(operation, headers)
    expect([
      refused.status,
      /<exceptionCode>(.*)<\/exceptionCode>/.exec(refused.text)?.[1],
      /<exceptionMessage>(.*)<\/exceptionMessage>/.exec(refused.text)?.[1],
    ]).toEqual([400, code, message])
  })
})

describe('SOAP', () => {
  const soap = (inside: string, token = client.token): Promise<Answer> =>
    client.send(
      'POST',
      '//services/Soap/u/60.0',
      `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header xmlns="urn:partner.soap.sforce.com"><SessionHeader><sessionId>${token}</sessionId></SessionHeader></soapenv:Header><soapenv:Body xmlns="urn:partner.soap.sforce.com">${inside}</soapenv:Body></soapenv:Envelope>`,
      { 'content-type': 'text/xml', soapaction: '""', authorization: '' },
    )
  const all = (text: string, name: string): string[] =>
    [...text.matchAll(new RegExp(`<(?:sf:)?${name}>([^<]*)<`, 'g'))].map(([, value = '']) => value)

  test('emptying the bin answers id by id, in order; a child that went along has no entry of its own', async () => {
    const [note] = await client.rows('SELECT Id FROM Note')
    await client.send('DELETE', `/sobjects/Contact/${ASH}`)
    const { status, headers, text } = await soap(
      `<emptyRecycleBin><ids>${note?.['Id']}</ids><ids>${ASH}</ids><ids>${ELM}</ids></emptyRecycleBin>`,
    )
    expect([status, headers.get('content-type'), all(text, 'success')]).toEqual([
      200,
      expect.stringContaining('text/xml'),
      ['false', 'true', 'false'],
    ])
    expect([all(text, 'statusCode'), all(text, 'message')]).toEqual([
      ['INVALID_ID_FIELD', 'INVALID_ID_FIELD'],
      ['invalid record id; no recycle bin entry found', 'invalid record id; no recycle bin entry found'],
    ])
    const seen = await client.get(`/queryAll?q=${encodeURIComponent(`SELECT IsDeleted FROM Contact WHERE Id = '${ASH}'`)}`)
    expect(seen.body).toMatchObject({ records: [{ IsDeleted: true }] })
    const undone = await soap(`<undelete xmlns:ns1="sobject.partner.soap.sforce.com"><ns1:ids>${ASH}</ns1:ids></undelete>`)
    expect([all(undone.text, 'statusCode'), all(undone.text, 'message')]).toEqual([
      ['UNDELETE_FAILED'],
      ['Entity is not in the recycle bin'],
    ])
  })

  test('no more than two hundred ids', async () => {
    const many = await soap(`<emptyRecycleBin>${`<ids>${ASH}</ids>`.repeat(201)}</emptyRecycleBin>`)
    expect([many.status, all(many.text, 'faultcode')]).toEqual([500, [expect.stringMatching(/^sf:/)]])
  })

  test('a dead session is a fault with its detail', async () => {
    const { status, text } = await soap('<emptyRecycleBin/>', 'x')
    expect([status, all(text, 'faultcode'), all(text, 'faultstring'), all(text, 'exceptionCode')]).toEqual([
      500,
      ['sf:INVALID_SESSION_ID'],
      ['INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session'],
      ['INVALID_SESSION_ID'],
    ])
    expect(text).toContain('<sf:UnexpectedErrorFault xsi:type="sf:UnexpectedErrorFault">')
  })
})

test('a proxy that broke sends a page, with or without a charset, to whichever client', async () => {
  const world = await openWorld()
  const seen: unknown[] = []
  for (const charset of [{}, { charset: 'utf-8' }]) {
    await world.control('POST', '/faults', { crm: 'salesforce', kind: 'html', status: 503, times: 1, ...charset })
    const { status, headers } = await fetch(`${world.sandbox.salesforce}/services/data`)
    seen.push([status, headers.get('content-type')])
  }
  expect(seen).toEqual([
    [503, 'text/html'],
    [503, 'text/html;charset=utf-8'],
  ])
  await world.close()
})
