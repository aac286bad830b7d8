import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contacts, FORM, startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const ACME = '001440000000001AAA'
let client: Client

beforeEach(async () => {
  client = await startSalesforce({ Account: [{ Id: ACME, Name: 'Acme' }], Contact: contacts(5) })
})
afterEach(() => client.close())

const idOf = async (email: string): Promise<string> => String((await client.rows(`SELECT Id FROM Contact WHERE Email = '${email}'`))[0]?.Id)

describe('the token endpoint', () => {
  const token = (form: Record<string, string>, headers: Record<string, string> = {}) =>
    client.send('POST', '//services/oauth2/token', new URLSearchParams(form).toString(), { ...FORM, ...headers })

  test('takes client credentials from a Basic header and the refresh token of the demo app', async () => {
    const basic = await token({ grant_type: 'client_credentials' }, { authorization: `Basic ${btoa('sandbox-client:sandbox-secret')}` })
    expect(basic.body).toMatchObject({
      instance_url: client.url,
      token_type: 'Bearer',
      id: `${client.url}/id/00D440000000001EAA/005440000000001AAA`,
    })
    const refreshed = await token({ grant_type: 'refresh_token', refresh_token: 'sandbox-refresh', client_id: 'sandbox-client' })
    expect(refreshed.status).toBe(200)
  })

  test('names what is wrong', async () => {
    const credentials = { client_id: 'sandbox-client', client_secret: 'sandbox-secret' }
    const answers = [
      await token({ ...credentials, grant_type: 'client_credentials', client_secret: 'wrong' }),
      await token({ ...credentials, grant_type: 'client_credentials', client_id: 'nobody' }),
      await token({ ...credentials, grant_type: 'refresh_token', refresh_token: 'wrong' }),
      await token({ ...credentials, grant_type: 'magic' }),
    ]
    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [400, { error: 'invalid_client', error_description: 'invalid client credentials' }],
      [400, { error: 'invalid_client_id', error_description: 'client identifier invalid' }],
      [400, { error: 'invalid_grant', error_description: 'expired access/refresh token' }],
      [400, { error: 'unsupported_grant_type', error_description: 'grant type not supported' }],
    ])
  })
})

test('a refused call answers with the body Salesforce sends', async () => {
  const id = await idOf('person1@example.test')
  const binned = await idOf('person2@example.test')
  await client.send('DELETE', `/sobjects/Contact/${binned}`)
  client.crm.pull('lock-row', { id, times: 1 })
  const patch = (body: object, of = id) => client.send('PATCH', `/sobjects/Contact/${of}`, body)
  const cases: [string, ReturnType<typeof patch>][] = [
    ['lock', patch({ Title: 'x' })],
    ['bin get', client.get(`/sobjects/Contact/${binned}`)],
    ['bin patch', patch({ Title: 'x' }, binned)],
    ['unknown type', client.get('/sobjects/Gadget/describe')],
    ['unknown id', client.get('/sobjects/Contact/003000000000001AAA')],
    ['patch unknown id', patch({ Title: 'x' }, '003000000000001AAA')],
    ['id of another object', patch({ Title: 'x' }, ACME)],
    ['reference of another object', patch({ AccountId: id })],
    ['read-only field', patch({ Name: 'x' })],
    ['unknown column', patch({ foo: 'x' })],
    ['required field', client.send('POST', '/sobjects/Account', {})],
    ['too long', patch({ AssistantName: 'n'.repeat(41) })],
    ['picklist', patch({ CleanStatus: 'Spotless' })],
    ['e-mail', patch({ Email: 'person1.example.test' })],
    ['json', client.send('PATCH', `/sobjects/Contact/${id}`, '{"Title":', { 'content-type': 'application/json' })],
    ['media type', client.send('POST', '/sobjects/Contact', 'LastName=x', { 'content-type': 'text/plain' })],
    ['method', client.send('PUT', `/sobjects/Contact/${id}`, {})],
    ['percent', client.get('/query?q=%zz')],
    ['locator', client.get('/query/01g440000000001AAA-2000')],
    ['offset', client.soql('SELECT Id FROM Contact OFFSET 2001')],
    ['version', client.get('//services/data/v19.0/limits')],
  ]
  const answers = await Promise.all(cases.map(async ([name, call]) => [name, (await call).status, (await call).body]))
  const read = 'Please check the security settings of this field and verify that it is read/write for your profile or permission set.'
  expect(answers).toEqual([
    [
      'lock',
      400,
      [{ errorCode: 'UNABLE_TO_LOCK_ROW', message: `unable to obtain exclusive access to this record or 1 records: ${id}`, fields: [] }],
    ],
    ['bin get', 404, [{ errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] }]],
    ['bin patch', 404, [{ errorCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [] }]],
    ['unknown type', 404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }]],
    [
      'unknown id',
      404,
      [{ errorCode: 'NOT_FOUND', message: 'Provided external ID field does not exist or is not accessible: 003000000000001AAA' }],
    ],
    ['patch unknown id', 404, [{ errorCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [] }]],
    [
      'id of another object',
      400,
      [{ errorCode: 'MALFORMED_ID', message: `Contact ID: id value of incorrect type: ${ACME}`, fields: ['Id'] }],
    ],
    [
      'reference of another object',
      400,
      [{ errorCode: 'MALFORMED_ID', message: `Account ID: id value of incorrect type: ${id}`, fields: ['AccountId'] }],
    ],
    [
      'read-only field',
      400,
      [{ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', message: `Unable to create/update fields: Name. ${read}`, fields: ['Name'] }],
    ],
    ['unknown column', 400, [{ errorCode: 'INVALID_FIELD', message: "No such column 'foo' on sobject of type Contact", fields: [] }]],
    ['required field', 400, [{ errorCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Name]', fields: ['Name'] }]],
    [
      'too long',
      400,
      [
        {
          errorCode: 'STRING_TOO_LONG',
          message: `Assistant's Name: data value too large: ${'n'.repeat(41)} (max length=40)`,
          fields: ['AssistantName'],
        },
      ],
    ],
    [
      'picklist',
      400,
      [
        {
          errorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
          message: 'Clean Status: bad value for restricted picklist field: Spotless',
          fields: ['CleanStatus'],
        },
      ],
    ],
    [
      'e-mail',
      400,
      [{ errorCode: 'INVALID_EMAIL_ADDRESS', message: 'Email: invalid email address: person1.example.test', fields: ['Email'] }],
    ],
    ['json', 400, [{ errorCode: 'JSON_PARSER_ERROR', message: 'Unexpected character or end-of-input at [line:1, column:1]' }]],
    ['media type', 415, [{ errorCode: 'UNSUPPORTED_MEDIA_TYPE', message: 'Content type of the request is not supported: text/plain' }]],
    ['method', 405, [{ errorCode: 'METHOD_NOT_ALLOWED', message: "HTTP Method 'PUT' not allowed. Allowed are HEAD,GET,PATCH,DELETE" }]],
    [
      'percent',
      400,
      [
        {
          errorCode: 'ILLEGAL_QUERY_PARAMETER_VALUE',
          message: 'URLDecoder: Illegal hex characters in escape (%) pattern - For input string: "zz"',
        },
      ],
    ],
    ['locator', 400, [{ errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' }]],
    [
      'offset',
      400,
      [
        {
          errorCode: 'NUMBER_OUTSIDE_VALID_RANGE',
          message:
            '\nSELECT Id FROM Contact OFFSET 2001\n                              ^\nERROR at Row:1:Column:31\nMaximum SOQL offset allowed is 2000',
        },
      ],
    ],
    ['version', 404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }]],
  ])
})

test('a SOQL error points at the token, within a window on a long query', async () => {
  const message = async (query: string) => (((await client.soql(query)).body ?? []) as { message: string; errorCode: string }[])[0]
  const hint = 'Please reference your WSDL or the describe call for the appropriate names.'
  expect(await message('select count() from XYZZY')).toEqual({
    errorCode: 'INVALID_TYPE',
    message: `\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. ${hint}`,
  })
  expect(await message('SELECT Idd FROM Contact')).toEqual({
    errorCode: 'INVALID_FIELD',
    message: `\nSELECT Idd FROM Contact\n       ^\nERROR at Row:1:Column:8\nNo such column 'Idd' on entity 'Contact'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. ${hint}`,
  })
  const long = await message(
    "SELECT Id, FirstName, LastName, Email, Phone FROM Contact WHERE Description = 'x' AND LastName = 'some text that is long'",
  )
  expect(long).toEqual({
    errorCode: 'INVALID_FIELD',
    message: `\nLastName, Email, Phone FROM Contact WHERE Description = 'x' AND LastName =\n                                          ^\nERROR at Row:1:Column:65\nfield 'Description' can not be filtered in a query call`,
  })
  expect((await message('SELECT Id FROM Contact WHERE LastName = q'))?.errorCode).toBe('INVALID_FIELD')
  expect((await message('SELECT Id FROM Contact WHERE (LastName = null'))?.message).toContain("unexpected token: '<EOF>'")
  expect((await message("SELECT Id FROM Contact WHERE LastName = 'a' AND Email = 'b' OR Email = 'c'"))?.message).toContain(
    "unexpected token: 'OR'",
  )
  expect((await message("SELECT Id FROM Contact WHERE LastName = 'a\\q'"))?.errorCode).toBe('MALFORMED_QUERY')
})

test('a token dies by expiry, by lever and by revocation, and the limit header counts on', async () => {
  const dead = [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }]
  expect((await client.get('/limits')).headers.get('sforce-limit-info')).toBe('api-usage=1/101000')
  client.crm.pull('expire-tokens', {})
  const expired = await client.get('/limits')
  expect([expired.status, expired.body]).toEqual([401, dead])
  await client.login()
  expect((await client.get('/limits')).headers.get('sforce-limit-info')).toBe('api-usage=2/101000')
  client.advance(2 * 3_600_000)
  expect((await client.get('/limits')).status).toBe(401)
  await client.login()
  expect(client.crm.pull('revoke-token', { token: client.token })).toEqual({ revoked: true })
  expect((await client.get('/limits')).body).toEqual(dead)
})

test('an Authorization header that holds no token of a known kind is told apart from a dead token', async () => {
  for (const authorization of ['Bearer', 'OAuth ', 'Basic c2FuZGJveDpzYW5kYm94', client.token]) {
    const refused = await client.get('/limits', { authorization })
    expect([refused.status, refused.body]).toEqual([401, [{ errorCode: 'INVALID_AUTH_HEADER', message: 'INVALID_HEADER_TYPE' }]])
  }
})

test('an empty query is told apart from a query that is not there', async () => {
  const refusal = async (path: string): Promise<unknown> => (await client.get(path)).body
  const malformed = (message: string) => [{ errorCode: 'MALFORMED_QUERY', message }]
  expect(await refusal('/query')).toEqual(malformed('A query string has to be specified'))
  expect(await refusal('/query?q=')).toEqual(malformed('SOQL statements cannot be empty or null'))
  expect(await refusal('/queryAll/?q=%20')).toEqual(malformed('SOQL statements cannot be empty or null'))
})

test('a cursor belongs to the token that opened it', async () => {
  client.crm.load(
    'Contact',
    contacts(2_100).map((row) => ({ ...row, Email: undefined })),
  )
  const first = (await client.soql('SELECT Id FROM Contact')).body as { nextRecordsUrl: string; totalSize: number }
  expect(first.nextRecordsUrl).toMatch(/^\/services\/data\/v60\.0\/query\/01g\w{15}-2000$/)
  const opener = client.token
  await client.login()
  expect((await client.get(`/${first.nextRecordsUrl}`)).body).toEqual([
    { errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' },
  ])
  client.token = opener
  expect((await client.get(`/${first.nextRecordsUrl}`)).body).toMatchObject({ totalSize: 2_105, done: true, records: { length: 105 } })
  for (let n = 0; n < 10; n += 1) await client.soql('SELECT Id FROM Contact')
  expect((await client.get(`/${first.nextRecordsUrl}`)).body).toEqual([
    { errorCode: 'INVALID_QUERY_LOCATOR', message: 'invalid query locator' },
  ])
})

test('batchSize is a hint between 200 and 2,000', async () => {
  client.crm.load(
    'Contact',
    contacts(900).map((row) => ({ ...row, Email: undefined })),
  )
  const sizes = await Promise.all(
    ['1', '300', '9000'].map(
      async (size) =>
        (
          (await client.get('/query?q=SELECT+Id+FROM+Contact', { 'Sforce-Query-Options': `batchSize=${size}` })).body as {
            records: unknown[]
          }
        ).records.length,
    ),
  )
  expect(sizes).toEqual([200, 300, 905])
})

test('the daily allowance ends in 403 and comes back after a day', async () => {
  client.crm.pull('limits', { daily: 2 })
  await client.get('/limits')
  await client.get('/limits')
  const refused = await client.get('/limits')
  expect([refused.status, refused.body, refused.headers.get('sforce-limit-info')]).toEqual([
    403,
    [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
    'api-usage=2/2',
  ])
  client.crm.pull('rate-limit', { on: false })
  expect((await client.get('/limits')).status).toBe(200)
})

test('paths are read leniently, versions are listed without a token', async () => {
  expect((await client.get('///services/data/v60.0/query/?q=SELECT+count()+FROM+Contact')).body).toEqual({
    totalSize: 5,
    done: true,
    records: [],
  })
  const versions = await fetch(`${client.url}/services/data/`)
  expect(versions.headers.get('sforce-limit-info')).toBeNull()
  expect(((await versions.json()) as object[]).at(-1)).toEqual({ label: "Summer '26", url: '/services/data/v67.0', version: '67.0' })
})

test('whatever is sent, the answer is the vendor’s, never a defect', async () => {
  const word = fc.constantFrom(
    'query',
    'queryAll',
    'sobjects',
    'Contact',
    'describe',
    'deleted',
    'updated',
    'composite',
    'batch',
    'jobs',
    'ingest',
    'results',
    'tooling',
    'CustomField',
    'limits',
    'Email',
    '003440000000001AAA',
    '01g440000000001AAA-5',
    'a b',
    '%2F',
    "x'y",
  )
  const body = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
    fc.constantFrom(
      '',
      '{',
      '{"records":[{"attributes":{"type":"Contact"},"LastName":{}}]}',
      '{"operation":"query","query":"SELECT"}',
      '{"compositeRequest":[{"url":"/services/data/v60.0/x"}]}',
    ),
  )
  const soql = fc
    .array(
      fc.constantFrom(
        'SELECT',
        'Id',
        'Email',
        'FROM',
        'Contact',
        'WHERE',
        'LIKE',
        "'%a_'",
        '=',
        'null',
        '(',
        ')',
        ',',
        'IN',
        'ORDER',
        'BY',
        'LIMIT',
        '5',
        'COUNT()',
        'GROUP',
        'AND',
        'NOT',
        'LAST_N_DAYS:3',
        'TODAY',
        '2024-02-31',
        "'",
        'Account.Name',
      ),
    )
    .map((parts) => parts.join(' '))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'PUT'),
      fc.array(word, { maxLength: 5 }),
      body,
      soql,
      async (method, path, text, query) => {
        const url = `/${path.map((part) => (part === '%2F' ? part : encodeURIComponent(part))).join('/')}?q=${encodeURIComponent(query)}&start=${encodeURIComponent(text.slice(0, 20))}`
        const answer = await client.send(method, url, method === 'GET' ? undefined : text, { 'content-type': 'application/json' })
        if (answer.status >= 400)
          expect(answer.body).toEqual([expect.objectContaining({ errorCode: expect.any(String), message: expect.any(String) })])
        expect(answer.status, answer.text).toBeLessThan(500)
      },
    ),
    // 20,000 more, to both CRMs, by `npm run prove -- sandbox-fuzz`.
    { seed: 20_260_302, numRuns: 500 },
  )
})
