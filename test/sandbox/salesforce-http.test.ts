import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const ACME = '001440000000001AAA'
const ANNA = '003440000000001AAA'
let client: Client

beforeEach(async () => {
  client = await startSalesforce({
    Account: [{ Id: ACME, Name: 'Acme', SystemModstamp: '2026-01-05T10:00:00Z' }],
    Contact: [{ Id: ANNA, LastName: 'Novak', Email: 'anna@example.test', AccountId: ACME, SystemModstamp: '2026-01-05T10:00:00Z' }],
  })
})
afterEach(() => client.close())

const JAN4 = 'Sun, 04 Jan 2026 10:00:00 GMT'
const JAN5 = 'Mon, 05 Jan 2026 10:00:00 GMT'

test('HEAD is GET without a body', async () => {
  const head = await client.send('HEAD', `/sobjects/Contact/${ANNA}`)
  const get = await client.get(`/sobjects/Contact/${ANNA}`)
  expect([head.status, head.text, head.headers.get('content-length')]).toEqual([200, '', String(get.text.length)])
})

test('a POST may stand for a PATCH or a DELETE', async () => {
  expect((await client.send('POST', `/sobjects/Contact/${ANNA}?_HttpMethod=PATCH`, { Title: 'Buyer' })).status).toBe(204)
  expect((await client.get(`/sobjects/Contact/${ANNA}?fields=Title`)).body).toMatchObject({ Title: 'Buyer' })
  expect((await client.send('POST', `/sobjects/Contact/${ANNA}?_HttpMethod=DELETE`)).status).toBe(204)
})

test('bodies may be compressed both ways', async () => {
  const send = (bytes: Buffer, encoding = 'gzip') =>
    fetch(`${client.url}/services/data/v60.0/sobjects/Contact`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.token}`, 'content-type': 'application/json', 'content-encoding': encoding },
      body: new Uint8Array(bytes),
    })
  expect((await send(gzipSync('{"LastName":"Packed"}'))).status).toBe(201)
  expect((await send(Buffer.from('not gzip'))).status).toBe(400)
  expect((await send(Buffer.from('{}'), 'br')).status).toBe(415)
  expect((await client.get('/sobjects')).headers.get('content-encoding')).toBeNull()
  client.crm.pull('compress-answers', { on: true })
  const packed = await client.get('/sobjects')
  expect([packed.headers.get('content-encoding'), (packed.body as { encoding: string }).encoding]).toEqual(['gzip', 'UTF-8'])
})

test('a describe that has not changed is not sent again, until a field is added', async () => {
  const first = await client.get('/sobjects/Contact/describe')
  const [etag, modified] = [first.headers.get('etag') ?? '', first.headers.get('last-modified') ?? '']
  const same = await client.get('/sobjects/Contact/describe', { 'if-modified-since': modified })
  expect([same.status, same.text, same.headers.get('etag'), same.headers.get('content-length')]).toEqual([304, '', etag, null])
  expect((await client.get('/sobjects/Contact/describe', { 'if-none-match': etag })).status).toBe(304)
  client.advance(60_000)
  client.crm.pull('hide-field', { object: 'Contact', field: 'Email', mode: 'read' })
  expect((await client.get('/sobjects/Contact/describe', { 'if-modified-since': modified })).status).toBe(200)
  expect((await client.get('/sobjects', { 'if-modified-since': 'nonsense' })).status).toBe(200)
})

test('a record is read, changed and deleted under conditions', async () => {
  const path = `/sobjects/Account/${ACME}`
  const read = await client.get(path)
  const etag = read.headers.get('etag') ?? ''
  expect(read.headers.get('last-modified')).toBe(JAN5)
  expect((await client.get(path, { 'if-modified-since': JAN5 })).status).toBe(304)
  expect((await client.get(path, { 'if-modified-since': JAN4 })).status).toBe(200)
  const refused = await client.send('PATCH', path, { Name: 'x' }, { 'if-unmodified-since': JAN4 })
  expect([refused.status, refused.body]).toEqual([
    412,
    [{ errorCode: 'PRECONDITION_FAILED', message: 'The record was modified after the date of the If-Unmodified-Since header' }],
  ])
  expect((await client.send('DELETE', path, undefined, { 'if-match': '"other"' })).status).toBe(412)
  expect((await client.send('PATCH', path, { Name: 'Acme 2' }, { 'if-match': etag })).status).toBe(204)
  expect((await client.send('PATCH', path, { Name: 'Acme 3' }, { 'if-match': etag })).status).toBe(412)
})

test('answers are XML where the client prefers it or the path says so', async () => {
  const head = '<?xml version="1.0" encoding="UTF-8"?>'
  const xml = { accept: 'application/xml' }
  const record = await client.get(`/sobjects/Contact/${ANNA}?fields=LastName,Title`, xml)
  expect([record.headers.get('content-type'), record.text]).toEqual([
    'application/xml;charset=UTF-8',
    `${head}<Contact type="Contact" url="/services/data/v60.0/sobjects/Contact/${ANNA}"><LastName>Novak</LastName><Title xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/></Contact>`,
  ])
  expect((await client.get(`/sobjects/Contact/${ANNA}.xml?fields=LastName`)).text).toContain('<LastName>Novak</LastName>')
  expect((await client.get(`/sobjects/Contact/${ANNA}.json?fields=LastName`, xml)).body).toMatchObject({ LastName: 'Novak' })
  expect((await client.get('/query?q=SELECT+LastName+FROM+Contact', xml)).text).toBe(
    `${head}<QueryResult><totalSize>1</totalSize><done>true</done><records type="Contact" url="/services/data/v60.0/sobjects/Contact/${ANNA}"><LastName>Novak</LastName></records></QueryResult>`,
  )
  expect((await client.get('/sobjects/Gadget/describe', xml)).text).toBe(
    `${head}<Errors><Error><message>The requested resource does not exist</message><errorCode>NOT_FOUND</errorCode></Error></Errors>`,
  )
  expect((await client.get('/limits', { accept: '*/*, application/xml' })).body).toHaveProperty('DailyApiRequests')
})

test('XML bodies are taken as records, and broken or dangerous XML is refused', async () => {
  const send = (text: string) =>
    client.send('POST', '/sobjects/Contact', text, { 'content-type': 'application/xml', accept: 'application/xml' })
  const made = await send('<?xml version="1.0"?><Contact><LastName>Ab &amp; Cd</LastName><DoNotCall>true</DoNotCall></Contact>')
  expect([made.status, made.text]).toEqual([201, expect.stringMatching(/<Result><id>003\w{15}<\/id><success>true<\/success><\/Result>$/)])
  expect(await client.rows('SELECT LastName, DoNotCall FROM Contact WHERE DoNotCall = true')).toEqual([
    { LastName: 'Ab & Cd', DoNotCall: true },
  ])
  const bad = ['<Contact>', '<!DOCTYPE a [<!ENTITY x "y">]><Contact/>', '<Contact>&x;</Contact>', '<a/><b/>', `${'<a>'.repeat(99)}`, '']
  const answers = await Promise.all(bad.map(async (text) => (await send(text)).text.match(/<errorCode>(\w+)/)?.[1]))
  expect(answers).toEqual(bad.map(() => 'XML_PARSER_ERROR'))
})

test('old versions answer as they did, and versions that never were do not', async () => {
  const upsert = (version: string) =>
    client.send('PATCH', `//services/data/v${version}/sobjects/Contact/Email/anna@example.test`, { Title: 'x' })
  expect([(await upsert('45.0')).status, (await upsert('46.0')).status]).toEqual([204, 200])
  expect((await client.get('//services/data/v20.0/limits')).status).toBe(200)
  expect((await client.get('//services/data/v19.0/limits')).status).toBe(404)
  expect((await client.get('//services/data/v68.0/limits')).status).toBe(404)
})

test('an upsert by external id answers 201, 200 or 300, and may be held to updating', async () => {
  const path = (email: string, query = '') => `/sobjects/Contact/Email/${encodeURIComponent(email)}${query}`
  const made = await client.send('PATCH', path('new@example.test'), { LastName: 'New' })
  expect([made.status, made.body, made.headers.get('location')]).toEqual([
    201,
    { id: expect.any(String), success: true, errors: [], created: true },
    expect.stringMatching(/\/sobjects\/Contact\/003/),
  ])
  const changed = await client.send('PATCH', path('new@example.test'), { Title: 'x' })
  expect([changed.status, changed.body]).toEqual([200, { id: expect.any(String), success: true, errors: [], created: false }])
  await client.send('POST', '/sobjects/Contact', { LastName: 'Twin', Email: 'new@example.test' })
  const twins = await client.send('PATCH', path('new@example.test'), { Title: 'y' })
  expect([twins.status, (twins.body as string[]).length]).toEqual([300, 2])
  expect((await client.send('PATCH', path('absent@example.test', '?updateOnly=true'), { LastName: 'No' })).status).toBe(404)
  expect((await client.get(path('anna@example.test'))).body).toMatchObject({ Id: ANNA })
  expect((await client.send('DELETE', path('anna@example.test'))).status).toBe(204)
  expect((await client.send('PATCH', path('anna@example.test'), { Email: 'b@example.test', LastName: 'x' })).body).toEqual([
    { errorCode: 'INVALID_FIELD', message: 'The Email field should not be specified in the sobject data.' },
  ])
})

test('relationships lead to the parent and to the children', async () => {
  expect((await client.get(`/sobjects/Contact/${ANNA}/Account?fields=Name`)).body).toEqual({
    attributes: { type: 'Account', url: `/services/data/v60.0/sobjects/Account/${ACME}` },
    Name: 'Acme',
  })
  expect((await client.get(`/sobjects/Account/${ACME}/Contacts?fields=LastName`)).body).toMatchObject({
    totalSize: 1,
    records: [{ LastName: 'Novak' }],
  })
  expect((await client.send('PATCH', `/sobjects/Contact/${ANNA}/Account`, { Name: 'Renamed' })).status).toBe(204)
  expect((await client.get(`/sobjects/Contact/${ANNA}/Individual`)).status).toBe(404)
  expect((await client.get(`/sobjects/Contact/${ANNA}/Nonsense`)).status).toBe(404)
  expect((await client.send('POST', `/sobjects/Account/${ACME}/Contacts`, {})).status).toBe(405)
})

test('an Id in a body is refused by name', async () => {
  expect((await client.send('PATCH', `/sobjects/Contact/${ANNA}`, { Id: ANNA, Title: 'x' })).body).toEqual([
    { errorCode: 'INVALID_FIELD', message: 'The Id field should not be specified in the sobject data.' },
  ])
  expect((await client.send('POST', '/sobjects/Contact', { id: ANNA, LastName: 'x' })).body).toEqual([
    { errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', message: 'cannot specify Id in an insert call', fields: ['Id'] },
  ])
})

test('layouts, list views, tabs, theme and recent items answer, though there are none', async () => {
  const paths = [
    '/sobjects/Contact/describe/layouts',
    '/sobjects/Contact/describe/compactLayouts',
    '/sobjects/Contact/describe/approvalLayouts',
    '/sobjects/Contact/listviews',
    '/recent',
    '/tabs',
    '/quickActions',
    '/theme',
    '/sobjects/Contact',
  ]
  expect(await Promise.all(paths.map(async (path) => (await client.get(path)).status))).toEqual(paths.map(() => 200))
  expect((await client.send('POST', '/tabs', {})).status).toBe(405)
  for (const path of ['/sobjects/Contact/describe/nonsense', '/recent/x', '/tabs/x', '/quickActions/x', '/theme/x'])
    expect([path, (await client.get(path)).status]).toEqual([path, 404])
})

test('records are counted of the objects named, or of all', async () => {
  const counted = async (query: string): Promise<string[]> => {
    const { body } = await client.get(`/limits/recordCount${query}`)
    return (body as { sObjects: { name: string }[] }).sObjects.map(({ name }) => name)
  }
  expect(await counted('?sObjects=contact,Nothing')).toEqual(['Contact'])
  const all = await counted('')
  expect(all).toContain('Contact')
  for (const query of ['?sObjects', '?sObjects=']) expect(await counted(query)).toEqual(all)
})

test('tooling records and pages point back into tooling', async () => {
  const { body } = await client.get('/tooling/query?q=SELECT+Id+FROM+CustomField+LIMIT+1')
  expect(body).toMatchObject({
    records: [{ attributes: { url: expect.stringMatching(/^\/services\/data\/v60\.0\/tooling\/sobjects\/CustomField\/00N/) } }],
  })
})

/** As the vendor's own examples send a file: one part of JSON, one of bytes. */
async function sendFile(method: string, path: string, fields: object, name: string, bytes: Uint8Array, newline = '\r\n') {
  const head = [
    '--boundary_string',
    'Content-Disposition: form-data; name="entity_content";',
    'Content-Type: application/json',
    '',
    JSON.stringify(fields),
    '--boundary_string',
    'Content-Type: application/octet-stream',
    `Content-Disposition: form-data; name="${name}"; filename="a.bin"`,
    '',
    '',
  ].join(newline)
  const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`${newline}--boundary_string--${newline}`)])
  const headers = { authorization: `Bearer ${client.token}`, 'content-type': 'multipart/form-data; boundary="boundary_string"' }
  const response = await fetch(`${client.url}/services/data/v60.0/sobjects/${path}`, { method, headers, body: new Uint8Array(body) })
  return { status: response.status, text: await response.text() }
}

const bytesAt = async (path: string): Promise<number[]> => {
  const answer = await fetch(`${client.url}/services/data/v60.0/sobjects/${path}`, { headers: { authorization: `Bearer ${client.token}` } })
  return [...new Uint8Array(await answer.arrayBuffer())]
}

test('a file comes in a multipart body beside its fields, byte for byte', async () => {
  const odd = Uint8Array.of(0, 255, 13, 10, 45, 45, 195, 40)
  const made = await sendFile('POST', 'Attachment', { Name: 'É.bin', ParentId: ANNA }, 'Body', odd)
  const { id } = JSON.parse(made.text) as { id: string }
  expect([made.status, await bytesAt(`Attachment/${id}/Body`)]).toEqual([201, [...odd]])
  expect((await client.get(`/sobjects/Attachment/${id}?fields=Name`)).body).toMatchObject({ Name: 'É.bin' })
  const changed = await sendFile('PATCH', `Attachment/${id}`, { Name: 'b.bin' }, 'Body', Uint8Array.of(1), '\n')
  expect([changed.status, await bytesAt(`Attachment/${id}/Body`)]).toEqual([204, [1]])
  expect((await sendFile('POST', 'Contact', { LastName: 'Novak' }, 'Photo', odd)).text).toContain("No such column 'Photo'")
  const content = { 'content-type': 'multipart/form-data' }
  expect((await client.send('POST', '/sobjects/Attachment', 'nothing', content)).body).toMatchObject([
    { errorCode: 'INVALIDMULTIPARTREQUEST' },
  ])
})

test('answers are laid out for reading where X-PrettyPrint asks for it, queries too', async () => {
  for (const path of ['/limits', '/query?q=SELECT+Id+FROM+Contact', '/sobjects/Contact/describe']) {
    const { text } = await client.get(path, { 'x-prettyprint': '1' })
    expect(text).toBe(JSON.stringify(JSON.parse(text), null, 2))
  }
})

test('a refused token is told which scheme to use', async () => {
  const { status, headers } = await client.get('/limits', { authorization: 'Bearer none' })
  expect([status, headers.get('www-authenticate')]).toEqual([401, 'Token'])
})

test('versions and doubles are written with their fraction, which typed clients tell from whole numbers', async () => {
  const id = await client.make('Account', { Name: 'Acme', AnnualRevenue: 75_000, NumberOfEmployees: 12 })
  expect((await client.get(`/sobjects/Account/${id}?fields=AnnualRevenue,NumberOfEmployees`)).text).toContain(
    '"AnnualRevenue":75000.0,"NumberOfEmployees":12}',
  )
  const pretty = await client.get(`/query?q=SELECT+AnnualRevenue+FROM+Account+WHERE+Id='${id}'`, { 'x-prettyprint': '1' })
  expect(pretty.text).toContain('"AnnualRevenue": 75000.0')
  const job = { object: 'Contact', operation: 'insert' }
  expect((await client.send('POST', '/jobs/ingest', job)).text).toContain('"apiVersion":60.0,')
  expect((await client.send('POST', '/jobs/ingest', job, { accept: 'application/xml' })).text).toContain('<apiVersion>60.0</apiVersion>')
})
