import { spawn } from 'node:child_process'
import { request } from 'node:http'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { maskPath } from '../../src/sandbox/crm-server.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { openWorld, useWorld, TOKEN } from './hubspot-world.ts'
import type { World } from './hubspot-world.ts'

const LIST = '/crm/v3/objects/contacts?limit=1'

describe('the control port', () => {
  const world: World = useWorld(undefined, { people: 20 })

  test('describes itself', async () => {
    const document = (await world.control('GET', '/openapi.json')).json
    expect(document.openapi).toBe('3.1.0')
    const levers = Object.keys(document.paths).filter((path) => /^\/(hubspot|salesforce)\//.test(path))
    expect(Object.keys(document.paths).filter((path) => !levers.includes(path))).toEqual([
      '/',
      '/openapi.json',
      '/stats',
      '/log',
      '/clock',
      '/latency',
      '/faults',
      '/snapshot',
      '/reset',
      '/snapshots',
      '/snapshots/{name}',
      '/restore/{name}',
      '/rate-limit',
      '/sync',
      '/sync/run',
    ])
    expect(levers).toContain('/hubspot/deliver')
    expect(document.paths['/hubspot/webhooks'].post.requestBody.content['application/json'].schema.properties.drop.maximum).toBe(1)
    expect(document.paths['/faults'].post.requestBody.content['application/json'].schema.anyOf.length).toBe(2)
  })

  test('moves the clock forward only, and can stop it', async () => {
    const before = Date.parse((await world.control('GET', '/clock')).json.now)
    const after = Date.parse((await world.control('POST', '/clock', { advanceMs: 86_400_000 })).json.now)
    expect(after - before).toBeGreaterThanOrEqual(86_400_000)
    expect((await world.control('POST', '/clock', { set: '2001-01-01T00:00:00Z' })).status).toBe(400)
    const still = (await world.control('POST', '/clock', { freeze: true })).json.now
    expect((await world.control('GET', '/clock')).json.now).toBe(still)
    const moved = (await world.control('POST', '/clock', { advanceMs: 5 })).json.now
    expect(Date.parse(moved) - Date.parse(still)).toBe(5)
    await world.control('POST', '/clock', { freeze: false })
  })

  test('counts by route and status and logs neither ids nor bodies', async () => {
    await world.control('POST', '/clock', { freeze: false })
    await world.call('GET', LIST)
    await world.call('GET', '/crm/v3/objects/contacts/someone%40example.test?idProperty=email')
    await world.call('GET', '/private/someone@example.test')
    const { hubspot, salesforce } = (await world.control('GET', '/stats')).json.crms
    expect(hubspot).toEqual({
      requests: 3,
      status429: 0,
      maxIn10s: 3,
      maxOrdinaryIn10s: 3,
      maxSearchesIn1s: 0,
      routes: {
        'GET /crm/v3/objects/contacts': { 200: 1 },
        'GET /crm/v3/objects/contacts/{id}': { 404: 1 },
        'GET /private/{}': { 404: 1 },
      },
    })
    expect(salesforce.requests).toBe(0)
    const { lines } = (await world.control('GET', '/log?last=2')).json
    expect(lines.map(({ at: _at, tookMs: _took, ...line }: { at: string; tookMs: number }) => line)).toEqual([
      { crm: 'hubspot', method: 'GET', route: '/crm/v3/objects/contacts/{id}', status: 404 },
      { crm: 'hubspot', method: 'GET', route: '/private/{}', status: 404 },
    ])
  })

  test('resets to what was loaded at the start, or to a later snapshot', async () => {
    const count = async () => (await world.call('POST', '/crm/v3/objects/contacts/search', {})).json.total
    await world.control('POST', '/hubspot/index-lag', { ms: 0 })
    await world.call('POST', '/crm/v3/objects/contacts', { properties: { email: 'new@example.test' } })
    await world.call('POST', '/crm/v3/properties/contacts', {
      name: 'extra',
      label: 'Extra',
      type: 'string',
      fieldType: 'text',
      groupName: 'contactinformation',
    })
    expect(await count()).toBe(21)
    await world.control('POST', '/reset')
    expect([await count(), (await world.call('GET', '/crm/v3/properties/contacts/extra')).status]).toEqual([20, 404])
    const first = (await world.call('GET', LIST)).json.results[0].id
    await world.call('PATCH', `/crm/v3/objects/contacts/${first}`, { properties: { city: 'Gap' } })
    await world.control('POST', '/snapshot')
    await world.call('PATCH', `/crm/v3/objects/contacts/${first}`, { properties: { city: 'Dax' } })
    await world.call('POST', '/crm/v3/objects/contacts/gdpr-delete', { objectId: first })
    await world.control('POST', '/reset')
    expect((await world.call('GET', `/crm/v3/objects/contacts/${first}?properties=city`)).json.properties.city).toBe('Gap')
  })

  test('refuses what it does not know with a 400 or a 404', async () => {
    expect((await world.control('POST', '/hubspot/no-such-lever', {})).status).toBe(400)
    expect((await world.control('POST', '/nobody/lever', {})).status).toBe(404)
    expect((await world.control('POST', '/faults', [{ crm: 'hubspot', kind: 'reset', path: '(' }])).status).toBe(400)
    expect((await world.control('POST', '/latency', '{')).status).toBe(400)
  })
})

describe('a proxy in front', () => {
  const world: World = useWorld(undefined, { people: 2 })

  /** A request whose target names the host, as clients of a proxy write it; fetch cannot. */
  const absolute = (base: string, path: string, headers: Record<string, string>) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const asked = request(base, { path: `http://api.example.test${path}`, headers }, (answer) => {
        answer.toArray().then((chunks) => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString('utf8') }), reject)
      })
      asked.on('error', reject).end()
    })

  test('may write the host into the target', async () => {
    const found = await absolute(world.sandbox.hubspot, LIST, { authorization: `Bearer ${TOKEN}` })
    expect([found.status, JSON.parse(found.text).results.length]).toEqual([200, 1])
    expect(await absolute(world.sandbox.salesforce, '/services/data/', {})).toMatchObject({ status: 200 })
    expect(await absolute(world.sandbox.salesforce, '?x', {})).toMatchObject({ status: 404 })
  })

  test('that ends TLS is told the scheme of its clients in links', async () => {
    const forwarded = { 'x-forwarded-proto': 'https' }
    const page = await world.call('GET', LIST, undefined, forwarded)
    expect(page.json.paging.next.link).toMatch(/^https:\/\/127\.0\.0\.1:/)
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
    const answer = await fetch(`${world.sandbox.salesforce}/services/oauth2/token`, { method: 'POST', body, headers: forwarded })
    expect(await answer.json()).toMatchObject({ instance_url: world.sandbox.salesforce.replace('http:', 'https:') })
  })
})

describe('faults', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ people: 20 })
  })
  afterAll(() => world.close())
  afterEach(() => world.control('DELETE', '/faults'))

  const plan = (fault: Record<string, unknown>) => world.control('POST', '/faults', [{ crm: 'hubspot', ...fault }])
  const statuses = async (count: number) => {
    const seen: number[] = []
    for (let n = 0; n < count; n++) seen.push((await world.call('GET', LIST)).status)
    return seen
  }

  test('hit a chosen number of matching requests after a chosen number', async () => {
    await plan({
      kind: 'status',
      status: 423,
      after: 1,
      times: 2,
      method: 'GET',
      path: '^/crm/v3/objects/contacts',
      retryAfter: 2,
      body: { message: 'locked' },
    })
    expect(await statuses(4)).toEqual([200, 423, 423, 200])
    expect((await world.call('GET', '/crm/v3/properties/contacts')).status).toBe(200)
    expect((await world.control('GET', '/faults')).json.faults).toMatchObject([{ seen: 4, hits: 2 }])
  })

  test('by probability follow the random seed', async () => {
    await plan({ kind: 'status', status: 503, probability: 0.5 })
    const seen = await statuses(20)
    expect([seen.includes(200), seen.includes(503)]).toEqual([true, true])
  })

  test('come as HTML, without a content type, and empty', async () => {
    await plan({ kind: 'html', times: 1 })
    await plan({ kind: 'no-content-type', times: 1 })
    await plan({ kind: 'empty', times: 1 })
    const answers = [await world.call('GET', LIST), await world.call('GET', LIST)]
    expect(answers.map((answer) => [answer.status, answer.headers.get('content-type')])).toEqual([
      [502, 'text/html'],
      [502, null],
    ])
    const empty = await fetch(world.sandbox.hubspot + LIST, { headers: { authorization: `Bearer ${TOKEN}` } })
    expect([empty.status, await empty.text()]).toEqual([200, ''])
  })

  test('cut the connection, leave it hanging, or stop half-way through a body', async () => {
    await plan({ kind: 'reset', times: 1 })
    await expect(world.call('GET', LIST)).rejects.toThrow('fetch failed')
    await plan({ kind: 'truncate', times: 1 })
    await expect(world.call('GET', LIST)).rejects.toThrow('terminated')
    await plan({ kind: 'hang', times: 1 })
    const waiting = fetch(world.sandbox.hubspot + LIST, { headers: { authorization: `Bearer ${TOKEN}` }, signal: AbortSignal.timeout(100) })
    await expect(waiting).rejects.toThrow('timeout')
    expect(await statuses(1)).toEqual([200])
  })

  test('in the phase after, the CRM has done the work', async () => {
    await plan({ kind: 'reset', phase: 'after', method: 'POST', times: 1 })
    const body = { properties: { email: 'twice@example.test' } }
    await expect(world.call('POST', '/crm/v3/objects/contacts', body)).rejects.toThrow('fetch failed')
    expect((await world.call('POST', '/crm/v3/objects/contacts', body)).status).toBe(409)
    await plan({ kind: 'html', phase: 'after', method: 'PATCH', times: 1 })
    const contact = '/crm/v3/objects/contacts/twice%40example.test?idProperty=email&properties=city'
    expect((await world.call('PATCH', contact, { properties: { city: 'Metz' } })).status).toBe(502)
    expect((await world.call('GET', contact)).json.properties.city).toBe('Metz')
  })
})

describe('seed files', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sandbox-seed-'))
    mkdirSync(join(directory, 'hubspot'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  const seed = (text: string) => writeFileSync(join(directory, 'hubspot', 'contacts.jsonl'), text)
  const start = () => startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, seedDir: directory })

  test('bring records with their ids, dates, history and unknown fields', async () => {
    const row = {
      hs_object_id: '77',
      email: 'Élodie@example.test',
      createdate: '2020-02-03T04:05:06.700Z',
      favourite_tea: 'Lapsang',
      consent_newsletter_email: 'yes',
      propertiesWithHistory: {
        consent_newsletter_email: [
          { value: 'no', timestamp: '2020-02-03T04:05:06.7Z', sourceType: 'FORM' },
          { value: 'yes', timestamp: '2021-01-01T00:00:00Z', sourceType: 'CRM_UI', sourceId: 'userId:9', updatedByUserId: 9 },
        ],
      },
    }
    const nested = { id: '70', properties: { email: 'flat@example.test', hs_email_optout: true }, createdAt: '2019-01-01T00:00:00Z' }
    seed(`${JSON.stringify(row)}\n\n${JSON.stringify(nested)}`)
    const world = await openWorld({ seedDir: directory })
    try {
      const page = await world.call(
        'GET',
        '/crm/v3/objects/contacts?properties=favourite_tea,hs_email_optout&propertiesWithHistory=consent_newsletter_email',
      )
      expect(page.json.results).toMatchObject([
        { id: '70', createdAt: '2019-01-01T00:00:00Z', properties: { favourite_tea: null, hs_email_optout: 'true' } },
        {
          id: '77',
          createdAt: '2020-02-03T04:05:06.700Z',
          properties: { favourite_tea: 'Lapsang' },
          propertiesWithHistory: {
            consent_newsletter_email: [
              { value: 'yes', timestamp: '2021-01-01T00:00:00Z', sourceType: 'CRM_UI', sourceId: 'userId:9', updatedByUserId: 9 },
              { value: 'no', timestamp: '2020-02-03T04:05:06.700Z', sourceType: 'FORM' },
            ],
          },
        },
      ])
    } finally {
      await world.close()
    }
  })

  test('begin with a byte order mark where an editor has put one', async () => {
    seed('\ufeff{"hs_object_id": "1", "email": "first@example.test"}')
    const world = await openWorld({ seedDir: directory })
    const { json } = await world.call('GET', '/crm/v3/objects/contacts/1')
    expect(json.properties.email).toBe('first@example.test')
    await world.close()
  })

  test.each([
    ['{"email": "a@example.test"}\n{"email": ', ':2: the line is not JSON'],
    ['{"email": "a@example.test"}\n[1]', ':2: the line is not a JSON object'],
    ['{"hs_object_id": "1"}\n\n{"hs_object_id": "1"}', ':3: contact 2: the id 1 occurs twice'],
    ['{"hs_object_id": "x"}', ':1: contact 1: its id must be a positive whole number'],
    ['{"createdate": "yesterday"}', ':1: contact 1: property createdate is not a valid datetime'],
    ['{"archived": "perhaps"}', ':1: contact 1: archived must be true or false'],
    ['{"email": {"a": 1}}', ':1: contact 1: property email must be text, a number, a boolean or a list of texts'],
    ['{"email": "a@example.test"}\n{"email": "A@example.test"}', ':2: contact 2: its address already belongs to contact'],
  ])('%s is refused with its line', async (text, message) => {
    seed(text)
    await expect(start()).rejects.toThrow(`contacts.jsonl${message}`)
  })

  test('of an object the sandbox does not hold are refused by name', async () => {
    writeFileSync(join(directory, 'hubspot', 'parrots.jsonl'), '{}')
    await expect(start()).rejects.toThrow('parrots.jsonl:0: the HubSpot sandbox has no object type parrots')
  })

  test('that are not there are refused', async () => {
    rmSync(join(directory, 'hubspot'), { recursive: true })
    await expect(start()).rejects.toThrow('holds no hubspot/*.jsonl and no salesforce/*.jsonl')
    mkdirSync(join(directory, 'hubspot'))
  })
})

test('as a process of its own it prints its addresses and ends with its parent', async () => {
  const main = new URL('../../src/sandbox/main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, '--port', '0', '--people', '10', '--exit-with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())))
  const urls = JSON.parse(line)
  const page = await fetch(`${urls.hubspot}${LIST}`, { headers: { authorization: `Bearer ${TOKEN}` } })
  expect([Object.keys(urls), page.status]).toEqual([['control', 'hubspot', 'salesforce'], 200])
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.stdin.end()
  expect(await ended).toBe(0)
})

test('a mistaken argument ends it with a sentence', async () => {
  const main = new URL('../../src/sandbox/main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, '--rate-limit', 'maybe'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const said = new Promise<string>((resolve) => child.stderr.once('data', (chunk: Buffer) => resolve(chunk.toString())))
  expect([await said, await new Promise((resolve) => child.once('exit', resolve))]).toEqual(['--rate-limit is on or off\n', 1])
})

test('paths are masked wherever they could name a record or a person', () => {
  expect(maskPath('/services/data/v66.0/sobjects/Contact/003xx0000012345AAA?q=1')).toBe('/services/data/v66.0/sobjects/Contact/{}')
  expect(maskPath('/crm/v3/objects/contacts/a%40b.test')).toBe('/crm/v3/objects/contacts/{}')
})
