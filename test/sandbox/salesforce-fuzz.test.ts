import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contacts, startSalesforce } from './salesforce-client.ts'
import type { Client } from './salesforce-client.ts'

const SEED = 20_260_302
let client: Client

beforeAll(async () => {
  client = await startSalesforce({ Contact: contacts(5) })
})
afterAll(() => client.close())

const ids = fc.constantFrom('003440000000001AAA', '750440000000001AAA', '751440000000002AAA', '01g440000000001AAA-5', 'x', '')
const xml = fc.letrec<{ element: string }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('text', '&amp;', '&x;', '<![CDATA[a]]>', '<!-- c -->', '003440000000001AAA', 'SELECT Id FROM Contact', ''),
    fc
      .tuple(
        fc.constantFrom(
          'ids',
          'sObjects',
          'type',
          'Id',
          'query',
          'queryString',
          'create',
          'merge',
          'masterRecord',
          'fieldsToNull',
          'state',
          'operation',
          'object',
        ),
        fc.array(tie('element'), { maxLength: 3 }),
      )
      .map(([name, inside]) => `<${name}>${inside.join('')}</${name}>`),
  ),
})).element

test('no SOAP envelope breaks the door', async () => {
  const operation = fc.constantFrom(
    'query',
    'queryMore',
    'create',
    'update',
    'upsert',
    'delete',
    'undelete',
    'merge',
    'convertLead',
    'retrieve',
    'getDeleted',
    'describeSObjects',
    'createMetadata',
    'readMetadata',
    'login',
    'constructor',
  )
  await fc.assert(
    fc.asyncProperty(operation, fc.array(xml, { maxLength: 4 }), fc.constantFrom('u', 'c', 'm', 'x'), async (name, inside, letter) => {
      const body = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><SessionHeader><sessionId>${client.token}</sessionId></SessionHeader></e:Header><e:Body><${name}>${inside.join('')}</${name}></e:Body></e:Envelope>`
      const answer = await client.send('POST', `//services/Soap/${letter}/60.0`, body, { 'content-type': 'text/xml', soapaction: '""' })
      expect(answer.text).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?><soapenv:Envelope /)
      expect(answer.status, answer.text).toBe(answer.text.includes('<soapenv:Fault>') ? 500 : 200)
    }),
    { seed: SEED, numRuns: 400 },
  )
})

test('no Bulk 1.0 call breaks the door', async () => {
  const body = fc.oneof(
    xml.map((inside) => `<jobInfo>${inside}</jobInfo>`),
    fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
    fc.constantFrom('', 'Id,LastName\n"', '{"operation":"query","object":"Contact","contentType":"JSON"}', 'SELECT Id FROM Contact'),
  )
  const type = fc.constantFrom('application/json', 'application/xml', 'text/csv', 'text/plain')
  const path = fc.tuple(ids, fc.constantFrom('', 'batch', 'x'), ids, fc.constantFrom('', 'result', 'request'), ids)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE'), path, body, type, async (method, parts, text, contentType) => {
      const url = `//services/async/60.0/job/${parts.join('/')}`
      const answer = await client.send(method, url, method === 'GET' ? undefined : text, {
        'content-type': contentType,
        'x-sfdc-session': client.token,
      })
      expect(answer.status, answer.text).toBeLessThan(500)
      if (answer.status >= 400) expect(answer.text).toMatch(/exceptionCode/)
    }),
    { seed: SEED, numRuns: 400 },
  )
})

test('no OAuth call breaks the door', async () => {
  const endpoint = fc.constantFrom('token', 'authorize', 'revoke', 'introspect', 'userinfo', 'nonsense')
  const member = fc.constantFrom(
    'grant_type',
    'client_id',
    'client_secret',
    'code',
    'redirect_uri',
    'response_type',
    'assertion',
    'token',
    'code_verifier',
    'format',
  )
  const value = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom(
      'authorization_code',
      'device',
      'refresh_token',
      'password',
      'sandbox-client',
      'sandbox-secret',
      'code',
      'http://x.example',
      'a.b.c',
      'xml',
      'constructor',
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('GET', 'POST'), endpoint, fc.dictionary(member, value), async (method, name, form) => {
      const text = new URLSearchParams(form).toString()
      const url = `${client.url}/services/oauth2/${name}${method === 'GET' ? `?${text}` : ''}`
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await fetch(url, { method, redirect: 'manual', ...(method === 'GET' ? {} : { headers, body: text }) })
      expect(answer.status, await answer.text()).toBeLessThan(500)
    }),
    { seed: SEED, numRuns: 400 },
  )
})

test('no composite breaks the door', async () => {
  const url = fc.constantFrom(
    '/services/data/v60.0/sobjects/Contact',
    '/services/data/v60.0/query?q=SELECT+Id+FROM+Contact',
    'v60.0/limits',
    '@{a.id}',
    '%',
    '',
    '/services/data/v60.0/sobjects/Contact/@{a.id}/Account',
  )
  const step = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE', 'TRACE'),
    url,
    referenceId: fc.constantFrom('a', 'b', 'c', 'not valid'),
    body: fc.oneof(
      fc.constant(undefined),
      fc.dictionary(fc.constantFrom('LastName', 'Email', 'AccountId', 'Account', 'attributes', 'records'), fc.jsonValue({ maxDepth: 2 })),
    ),
  })
  const body = fc.record({
    compositeRequest: fc.array(step, { maxLength: 4 }),
    batchRequests: fc.array(step, { maxLength: 4 }),
    records: fc.jsonValue({ maxDepth: 3 }),
    allOrNone: fc.boolean(),
    graphs: fc.array(fc.record({ graphId: fc.constantFrom('1', '2'), compositeRequest: fc.array(step, { maxLength: 3 }) }), {
      maxLength: 2,
    }),
  })
  const path = fc.constantFrom('/composite', '/composite/batch', '/composite/graph', '/composite/tree/Contact', '/composite/sobjects')
  await fc.assert(
    fc.asyncProperty(path, body, async (where, sent) => {
      const answer = await client.send('POST', where, sent)
      expect(answer.status, answer.text).toBeLessThan(500)
    }),
    { seed: SEED, numRuns: 400 },
  )
})
