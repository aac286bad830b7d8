import { Connection } from 'jsforce'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { contacts, startSalesforce } from './salesforce-client.ts'
import type { Answer, Client } from './salesforce-client.ts'

const ACME = '001440000000001AAA'
let client: Client
let conn: Connection

beforeEach(async () => {
  client = await startSalesforce({
    Account: [{ Id: ACME, Name: 'Acme' }],
    Contact: contacts(3).map((row, i) => ({ ...row, ...(i === 0 ? { AccountId: ACME } : {}) })),
    Lead: [{ LastName: 'Lead', Company: 'Lead & Co', Email: 'lead@example.test' }],
  })
  conn = new Connection({ version: '60.0', instanceUrl: client.url, accessToken: client.token })
})
afterEach(() => client.close())

const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
/** One call with prefixes unlike those of any client. */
function soap(inside: string, { header = '', path = 'u/60.0', token = client.token } = {}): Promise<Answer> {
  const envelope = `<?xml version="1.0" encoding="UTF-8"?><E:Envelope xmlns:E="http://schemas.xmlsoap.org/soap/envelope/" ${XSI} xmlns:p="urn:partner.soap.sforce.com"><E:Header><p:SessionHeader><p:sessionId>${token}</p:sessionId></p:SessionHeader>${header}</E:Header><E:Body>${inside}</E:Body></E:Envelope>`
  return client.send('POST', `//services/Soap/${path}`, envelope, { 'content-type': 'text/xml', soapaction: '""', authorization: '' })
}
const all = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`<(?:sf:)?${name}>([^<]*)<`, 'g'))].map(([, value]) => value ?? '')
const fault = ({ status, text }: Answer) => [status, all(text, 'faultcode')[0], all(text, 'faultstring')[0]]
const id = async (email: string) => String((await client.rows(`SELECT Id FROM Contact WHERE Email = '${email}'`))[0]?.Id)

test('login by name and password brings a session, and logout ends it', async () => {
  const login = new Connection({ version: '60.0', loginUrl: client.url })
  const user = await login.login('integration@sandbox.example', 'sandbox-password')
  expect([user.organizationId, login.instanceUrl, (await login.query('SELECT Id FROM Contact')).totalSize]).toEqual([
    '00D440000000001EAA',
    client.url,
    3,
  ])
  const token = login.accessToken ?? ''
  await login.logout()
  client.token = token
  expect((await client.get('/limits')).status).toBe(401)
  await expect(new Connection({ version: '60.0', loginUrl: client.url }).login('integration@sandbox.example', 'wrong')).rejects.toThrow(
    'INVALID_LOGIN: Invalid username, password, security token; or user locked out.',
  )
  client.crm.pull('password-login', { soap: false })
  await expect(login.login('integration@sandbox.example', 'sandbox-password')).rejects.toThrow('INVALID_OPERATION')
})

test('a query pages through its locator, in the partner form and the enterprise form', async () => {
  client.crm.load(
    'Contact',
    contacts(250).map((row) => ({ ...row, Email: undefined, LastName: 'Many' })),
  )
  const header = '<p:QueryOptions><p:batchSize>200</p:batchSize></p:QueryOptions>'
  const first = await soap(
    "<p:query><p:queryString>SELECT Id, LastName, Account.Name FROM Contact WHERE LastName = 'Many'</p:queryString></p:query>",
    { header },
  )
  expect([all(first.text, 'done'), all(first.text, 'size'), all(first.text, 'type').length]).toEqual([['false'], ['250'], 200])
  expect(first.text).toMatch(
    /<records xsi:type="sf:sObject"><sf:type>Contact<\/sf:type><sf:Id>(003\w{15})<\/sf:Id><sf:Id>\1<\/sf:Id><sf:LastName>Many<\/sf:LastName><sf:Account xsi:nil="true"\/><\/records>/,
  )
  const more = await soap(`<p:queryMore><p:queryLocator>${all(first.text, 'queryLocator')[0]}</p:queryLocator></p:queryMore>`)
  expect([all(more.text, 'done'), all(more.text, 'type').length, more.text.includes('<queryLocator xsi:nil="true"/>')]).toEqual([
    ['true'],
    50,
    true,
  ])
  const enterprise = await soap(
    "<query><queryString>SELECT LastName, CreatedDate FROM Contact WHERE Email = 'person0@example.test'</queryString></query>",
    { path: 'c/60.0/00D440000000001' },
  )
  expect(enterprise.text).toContain(
    '<records xsi:type="sf:Contact"><sf:LastName>Last0</sf:LastName><sf:CreatedDate>2024-01-01T00:00:00.000Z</sf:CreatedDate></records>',
  )
})

test('records are created, updated, upserted, deleted and undeleted through jsforce', async () => {
  const made = await conn.soap.create([
    { type: 'Contact', LastName: 'A & <B>', Email: 'soap@example.test' },
    { type: 'Contact', FirstName: 'x' },
  ])
  expect(made).toMatchObject([
    { success: true },
    { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING', fields: ['LastName'] }] },
  ])
  const made0 = await id('soap@example.test')
  expect(await conn.soap.update({ type: 'Contact', Id: made0, Title: 'Boss', FirstName: null })).toMatchObject({ success: true, id: made0 })
  expect(await client.rows(`SELECT LastName, Title FROM Contact WHERE Id = '${made0}'`)).toEqual([{ LastName: 'A & <B>', Title: 'Boss' }])
  const upserted = await conn.soap.upsert('Email', [
    { type: 'Contact', Email: 'soap@example.test', Title: 'x' },
    { type: 'Contact', Email: 'fresh@example.test', LastName: 'Fresh' },
  ])
  expect(upserted).toMatchObject([
    { success: true, created: false, id: made0 },
    { success: true, created: true },
  ])
  expect(await conn.soap.delete([made0])).toMatchObject([{ success: true, id: made0 }])
  expect(await conn.soap.undelete([made0, '003000000000001AAA'])).toMatchObject([
    { success: true, id: made0 },
    { success: false, errors: [{ statusCode: 'UNDELETE_FAILED' }] },
  ])
  await conn.soap.delete(made0)
  expect(await conn.soap.emptyRecycleBin([made0, '003000000000001AAA'])).toMatchObject([
    { success: true, id: made0 },
    { success: false, errors: [{ statusCode: 'INVALID_ID_FIELD' }] },
  ])
  expect(await conn.soap.undelete([made0])).toMatchObject([{ success: false }])
})

test('AllOrNoneHeader takes everything back, and an external key names a parent', async () => {
  const body =
    '<p:create><p:sObjects><type>Contact</type><LastName>Kept</LastName></p:sObjects><p:sObjects><type>Contact</type></p:sObjects></p:create>'
  const header = '<p:AllOrNoneHeader><p:allOrNone>true</p:allOrNone></p:AllOrNoneHeader>'
  expect(all((await soap(body, { header })).text, 'statusCode')).toEqual(['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'REQUIRED_FIELD_MISSING'])
  expect(await client.rows("SELECT Id FROM Contact WHERE LastName = 'Kept'")).toEqual([])
  const child =
    '<p:create><p:sObjects><type>Contact</type><LastName>Child</LastName><ReportsTo><type>Contact</type><Email>person1@example.test</Email></ReportsTo></p:sObjects></p:create>'
  expect(all((await soap(child)).text, 'success')).toEqual(['true'])
  expect(await client.rows("SELECT ReportsTo.Email FROM Contact WHERE LastName = 'Child'")).toMatchObject([
    { ReportsTo: { Email: 'person1@example.test' } },
  ])
})

test('contacts are merged under either name of the request, leads converted', async () => {
  const [a, b, c] = [await id('person0@example.test'), await id('person1@example.test'), await id('person2@example.test')]
  const merged = await conn.soap.merge({ masterRecord: { type: 'Contact', Id: a, Title: 'Winner' }, recordToMergeIds: [b] } as never)
  expect(merged).toMatchObject({ success: true, id: a, mergedRecordIds: [b] })
  expect(await client.rows(`SELECT Title FROM Contact WHERE Id = '${a}'`)).toEqual([{ Title: 'Winner' }])
  const wsdl = await soap(
    `<p:merge><p:request><p:masterRecord><type>Contact</type><Id>${a}</Id></p:masterRecord><p:recordToMergeIds>${c}</p:recordToMergeIds></p:request></p:merge>`,
  )
  expect([all(wsdl.text, 'success'), all(wsdl.text, 'mergedRecordIds')]).toEqual([['true'], [c]])
  const [{ Id: lead } = {}] = await client.rows('SELECT Id FROM Lead')
  const [{ MasterLabel } = {}] = await client.rows('SELECT MasterLabel FROM LeadStatus WHERE IsConverted = true')
  const converted = await conn.soap.convertLead({
    leadId: String(lead),
    convertedStatus: String(MasterLabel),
    doNotCreateOpportunity: true,
  } as never)
  expect(converted).toMatchObject({
    success: true,
    leadId: lead,
    contactId: expect.stringMatching(/^003/),
    accountId: expect.stringMatching(/^001/),
  })
  const again = await conn.soap.convertLead({ leadId: String(lead), convertedStatus: String(MasterLabel) } as never)
  expect(again).toMatchObject({ success: false })
})

test('a search answers with records of several objects, and refuses in the words of SOSL', async () => {
  client.advance(60_000)
  const search = (sosl: string, path = 'u/60.0') => soap(`<p:search><p:searchString>${sosl}</p:searchString></p:search>`, { path })
  const sosl = 'FIND {person1@example.test OR lead} IN ALL FIELDS RETURNING Contact(Id, Email), Lead(Company)'
  const { status, text } = await search(sosl)
  const contact = await id('person1@example.test')
  expect([status, text]).toEqual([
    200,
    expect.stringContaining(
      `<result><searchRecords><record xsi:type="sf:sObject"><sf:type>Contact</sf:type><sf:Id>${contact}</sf:Id><sf:Id>${contact}</sf:Id><sf:Email>person1@example.test</sf:Email></record></searchRecords><searchRecords><record xsi:type="sf:sObject"><sf:type>Lead</sf:type>`,
    ),
  ])
  expect(text).toContain('<searchResponse')
  expect(all((await search(sosl, 'u/36.0')).text, 'Email')).toEqual(['person1@example.test'])
  expect((await search(sosl, 'c/60.0')).text).toContain('<record xsi:type="sf:Contact">')
  expect((await search('FIND {nobody} IN ALL FIELDS RETURNING Contact(Id)')).text).toMatch(/<result\/>|<result><\/result>/)
  const words = 'MALFORMED_SEARCH: No search term found. The search term must be enclosed in braces.'
  for (const broken of [await search('FIND x'), await soap('<p:search/>')])
    expect(fault(broken)).toEqual([500, 'sf:MALFORMED_SEARCH', words])
})

test('records, describes, changes, the user and the time are read', async () => {
  const [a] = [await id('person0@example.test')]
  const retrieved = await soap(
    `<p:retrieve><p:fieldList>Id, Email</p:fieldList><p:sObjectType>Contact</p:sObjectType><p:ids>${a}</p:ids><p:ids>003000000000001AAA</p:ids></p:retrieve>`,
  )
  expect([all(retrieved.text, 'Email'), retrieved.text.includes('<result xsi:nil="true"/>')]).toEqual([['person0@example.test'], true])
  expect(
    all(
      (await soap('<p:describeSObjects><p:sObjectType>Contact</p:sObjectType><p:sObjectType>Lead</p:sObjectType></p:describeSObjects>'))
        .text,
      'keyPrefix',
    ),
  ).toEqual(['003', '00Q'])
  expect(all((await soap('<p:describeGlobal/>')).text, 'name')).toContain('Contact')
  expect(await conn.soap.getUserInfo()).toMatchObject({
    userId: '005440000000001AAA',
    organizationId: '00D440000000001EAA',
    sessionSecondsValid: 7200,
  })
  expect((await conn.soap.getServerTimestamp()).timestamp).toBe('2026-03-02T09:00:00.000Z')
  await conn.soap.delete(a ?? '')
  client.advance(300_000)
  const span = '<p:startDate>2026-03-02T08:59:00Z</p:startDate><p:endDate>2026-03-02T09:05:00Z</p:endDate>'
  expect(
    all((await soap(`<p:getDeleted><p:sObjectTypeEntityType>Contact</p:sObjectTypeEntityType>${span}</p:getDeleted>`)).text, 'id'),
  ).toEqual([a])
  expect((await soap(`<p:getUpdated><p:sObjectType>Lead</p:sObjectType>${span}</p:getUpdated>`)).text).toContain(
    '<latestDateCovered>2026-03-02T09:05:00.000Z</latestDateCovered>',
  )
})

test('what is wrong is a fault with HTTP 500', async () => {
  const query = (text: string) => soap(`<p:query><p:queryString>${text}</p:queryString></p:query>`)
  const dead = await soap('<p:getUserInfo/>', { token: 'dead' })
  expect(fault(dead)).toEqual([
    500,
    'sf:INVALID_SESSION_ID',
    'INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session',
  ])
  expect(dead.text).toContain(
    '<detail><sf:UnexpectedErrorFault xsi:type="sf:UnexpectedErrorFault"><sf:exceptionCode>INVALID_SESSION_ID</sf:exceptionCode><sf:exceptionMessage>Invalid Session ID found in SessionHeader: Illegal Session</sf:exceptionMessage></sf:UnexpectedErrorFault></detail>',
  )
  const field = await query('SELECT Idd FROM Contact')
  expect([fault(field)[1], field.text.includes('<sf:InvalidFieldFault'), all(field.text, 'column')]).toEqual([
    'sf:INVALID_FIELD',
    true,
    ['8'],
  ])
  expect(fault(await query('SELECT'))[1]).toBe('sf:MALFORMED_QUERY')
  expect(fault(await soap('<p:queryMore><p:queryLocator>01g440000000009AAA-1</p:queryLocator></p:queryMore>'))[1]).toBe(
    'sf:INVALID_QUERY_LOCATOR',
  )
  expect(fault(await soap('<p:create><p:sObjects><type>Gadget</type></p:sObjects></p:create>'))[1]).toBe('sf:INVALID_TYPE')
  expect(fault(await soap('<p:dance/>'))).toEqual([
    500,
    'soapenv:Client',
    'No operation available for request {urn:partner.soap.sforce.com}dance, please check the WSDL for the service.',
  ])
  expect(fault(await soap('<p:query>'))[1]).toBe('soapenv:Client')
  expect(fault(await soap('<p:getUserInfo/>', { path: 'u/99.0' }))[1]).toBe('sf:UNSUPPORTED_API_VERSION')
  expect(fault(await soap(`<p:delete>${`<p:ids>${ACME}</p:ids>`.repeat(201)}</p:delete>`))[1]).toBe('sf:EXCEEDED_ID_LIMIT')
  const raw = (body: string, headers: Record<string, string>) =>
    client.send('POST', '//services/Soap/u/60.0', body, { 'content-type': 'text/xml', ...headers })
  expect(fault(await raw('<a/>', {}))).toEqual([500, 'soapenv:Client', 'SOAPAction HTTP header missing'])
  for (const evil of ['<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', '<x>&a;</x>', `${'<a>'.repeat(5_000)}`, 'nonsense', ''])
    expect(fault(await raw(evil, { soapaction: '""' }))[1]).toBe('soapenv:Client')
  client.crm.pull('limits', { daily: 0 })
  expect(fault(await soap('<p:getUserInfo/>'))).toEqual([
    500,
    'sf:REQUEST_LIMIT_EXCEEDED',
    'REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded.',
  ])
})

test('custom fields are made, read, changed and removed through the Metadata API', async () => {
  const field = {
    fullName: 'Contact.Soap_Pick__c',
    label: 'Pick',
    type: 'Picklist',
    valueSet: { restricted: true, valueSetDefinition: { sorted: false, value: [{ fullName: 'a', label: 'A', default: false }] } },
  }
  expect(await conn.metadata.create('CustomField', field as never)).toMatchObject({ success: true, fullName: 'Contact.Soap_Pick__c' })
  expect(await conn.metadata.create('CustomField', [field] as never)).toMatchObject([
    { success: false, errors: [{ statusCode: 'DUPLICATE_DEVELOPER_NAME' }] },
  ])
  expect(await conn.metadata.read('CustomField', 'Contact.Soap_Pick__c')).toMatchObject({
    fullName: 'Contact.Soap_Pick__c',
    label: 'Pick',
    type: 'Picklist',
  })
  expect(await conn.metadata.list({ type: 'CustomField' }, '60.0')).toContainEqual(
    expect.objectContaining({ fullName: 'Contact.Soap_Pick__c', fileName: 'objects/Contact.object', createdById: '005440000000001AAA' }),
  )
  const text = { fullName: 'Contact.Soap_Text__c', label: 'Text', type: 'Text', length: 40 }
  expect(await conn.metadata.upsert('CustomField', text as never)).toMatchObject({ success: true, created: true })
  expect(await conn.metadata.update('CustomField', { ...text, label: 'Other' } as never)).toMatchObject({ success: true })
  expect(await conn.metadata.delete('CustomField', ['Contact.Soap_Text__c', 'Contact.None__c'])).toMatchObject([
    { success: true },
    { success: false },
  ])
  await expect(conn.metadata.read('CustomLabel' as never, 'x')).rejects.toThrow('INVALID_TYPE')
})
