import { mkdirSync, mkdtempSync, rmSync, rmdirSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkpointFile } from '../../src/store/checkpoints.ts'
import { appendBlock } from '../../src/store/ledger.ts'
import { loadUnsigned } from '../../src/store/unsigned.ts'
import { ensureSource } from '../../src/store/sources.ts'
import { finishSweep, startSweep } from '../../src/store/sweeps.ts'
import { revokeApiKey } from '../../src/store/api-keys.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { openBench, type Bench } from '../tasks/bench.ts'
import { given, openApi, type Answered, type TestApi } from './service.ts'

let server: TestPostgres
let bench: Bench
let api: TestApi
let token: string
let dataDir: string
const PATH = '/api/v1/consents'
const refusal = ({ status, body }: Answered): unknown => [status, body.error?.code]

beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
  dataDir = mkdtempSync(join(tmpdir(), 'accord-test-'))
  api = await openApi(bench, { dataDir })
  token = (await api.key('consents:write')).token
})
afterAll(async () => {
  await api.close()
  await bench.close()
  await server.stop()
  rmSync(dataDir, { recursive: true })
})

describe('a hostile or broken request', () => {
  const good = JSON.stringify(given('ada@example.fr'))
  it.each<[string, { body?: string | Uint8Array; headers?: Record<string, string>; method?: string; path?: string }, unknown]>([
    ['no body', { body: '' }, [400, 'body_invalid']],
    ['no JSON', { body: '{"event":' }, [400, 'json_malformed']],
    ['a bare value', { body: '"given"' }, [400, 'json_malformed']],
    ['bytes that are no UTF-8', { body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }, [400, 'json_malformed']],
    ['a list', { body: '[]' }, [400, 'body_invalid']],
    ['an endless list of lists', { body: '['.repeat(16_000) + ']'.repeat(16_000) }, [400, 'body_invalid']],
    ['a prototype', { body: good.replace('{', '{"__proto__":{"scopes":["consents:read"]},') }, [400, 'body_invalid']],
    ['40 kB', { body: JSON.stringify({ ...given('a@example.fr'), form: 'x'.repeat(40_000) }) }, [413, 'body_too_large']],
    ['a bomb', { body: gzipSync(Buffer.alloc(20_000_000, 32)), headers: { 'content-encoding': 'gzip' } }, [413, 'body_too_large']],
    ['broken gzip', { body: Buffer.from('no gzip at all'), headers: { 'content-encoding': 'gzip' } }, [400, 'bad_request']],
    ['an unknown encoding', { body: good, headers: { 'content-encoding': 'snappy' } }, [415, 'encoding_unsupported']],
    ['an unknown charset', { body: good, headers: { 'content-type': 'application/json; charset=ebcdic' } }, [415, 'charset_unsupported']],
    ['a form', { body: 'event=given', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, [415, 'type_unsupported']],
    [
      'plain text, as a page of another site may send it',
      { body: good, headers: { 'content-type': 'text/plain' } },
      [415, 'type_unsupported'],
    ],
    ['another method', { body: good, method: 'PUT' }, [405, 'method_not_allowed']],
    ['an idempotency key with blanks', { body: good, headers: { 'idempotency-key': 'a b' } }, [400, 'idempotency_key_invalid']],
    ['nothing that there is', { body: good, path: '/api/v2/consents' }, [404, 'not_found']],
    ['a path that cannot be decoded', { body: good, path: '/%E0%A4%A' }, [404, 'not_found']],
  ])('%s is the sender’s fault and says so', async (_name, { path = PATH, ...init }, expected) => {
    expect(refusal(await api.call(path, { token, ...init }))).toEqual(expected)
    expect(api.logged).toEqual([])
  })

  it.each(['/metrics', '/status'])('of the public finds no %s, which is for whoever asks the port itself', async (path) => {
    const ask = (headers: Record<string, string>) => api.call(path, { method: 'GET', headers })
    const passedOn = [await ask({ 'x-forwarded-for': '203.0.113.9' }), await ask({ forwarded: 'for=203.0.113.9' })]
    expect([(await ask({})).status, ...passedOn.map(({ status }) => status)]).toEqual([200, 404, 404])
  })

  it('of the operator is told when each connection was swept, and how its records stood then', async () => {
    const [at, later] = ['2026-11-20T03:00:00Z', '2026-11-20T03:10:00Z']
    const summary = { records: 0, seconds: 1, findings: {} }
    for (const [connection, statuses] of Object.entries({ crm: { statuses: { blocked: 7 } }, older: {} })) {
      await ensureSource(bench.shell.db, connection, 'hubspot', 'contacts')
      await finishSweep(
        bench.shell.db,
        await startSweep(bench.shell.db, connection, 'delta', at),
        later,
        'full',
        JSON.stringify({ ...summary, ...statuses }),
      )
    }
    const swept = { startedAt: expect.stringContaining('03:00:00'), finishedAt: expect.stringContaining('03:10:00') }
    // What an earlier release stored says nothing of them: nothing is not zero.
    const answer: unknown = (await api.call('/status', { method: 'GET' })).body
    expect((answer as { connections: unknown }).connections).toEqual([
      { connection: 'crm', ...swept, records: { blocked: 7 } },
      { connection: 'older', ...swept },
    ])
  })

  it('of the operator is told how much of the ledger nobody has signed, and since when', async () => {
    await bench.shell.db.transaction().execute((trx) => appendBlock(trx, ['["a"]'], '2026-11-20T10:00:00Z'))
    const { blocks, since } = await loadUnsigned(bench.shell.db, 'nowhere')
    const ledger = async (): Promise<unknown> => Object((await api.call('/status', { method: 'GET' })).body).ledger
    const gauges = async (): Promise<string[]> =>
      (await (await fetch(`${api.url}/metrics`)).text()).split('\n').filter((line) => line.startsWith('accord_ledger_'))
    const counted = [
      `accord_ledger_unsigned_blocks ${blocks}`,
      expect.stringMatching(/^accord_ledger_unsigned_seconds \d+$/),
      'accord_ledger_checkpoints_unreadable 0',
    ]
    expect([blocks! > 0, await ledger(), await gauges()]).toEqual([
      true,
      { unsignedBlocks: blocks, unsignedSince: since, problem: null },
      counted,
    ])
    // What cannot be counted is no number, and takes nothing else with it.
    mkdirSync(checkpointFile(dataDir))
    const problem = `${checkpointFile(dataDir)} cannot be read (EISDIR)`
    expect([await ledger(), await gauges()]).toEqual([
      { unsignedBlocks: null, unsignedSince: null, problem },
      ['accord_ledger_checkpoints_unreadable 1'],
    ])
    rmdirSync(checkpointFile(dataDir))
    expect(await gauges()).toEqual(counted)
  })

  it('whose body ends early or never comes does not hold the service up', async () => {
    const { hostname, port } = new URL(api.url)
    await new Promise<void>((resolve) => {
      const half = request({
        hostname,
        port,
        path: PATH,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': '500', authorization: `Bearer ${token}` },
      })
      half.on('error', () => resolve())
      half.write('{"event":')
      half.end(() => half.destroy())
      half.on('close', resolve)
    })
    expect((await api.call(PATH, { token, body: given('after@example.fr') })).status).toBe(201)
    expect(api.logged).toEqual([])
  })
})

describe('every route that the document lists', () => {
  it('is closed to the nameless, to another scope, to pages of other sites, to other methods and to keys that it does not know', async () => {
    const { body } = await api.call('/openapi.json', { method: 'GET' })
    const all = Object.entries(body.paths).map(([path, { post, get }]) => ({
      path,
      method: post ? 'post' : 'get',
      operation: (post ?? get)!,
    }))
    const scopesOf = ({ security }: (typeof all)[number]['operation']): string[] => (security as { key: string[] }[])[0]!.key
    expect(all.map(({ path, method, operation }) => [method, path, scopesOf(operation)])).toEqual([
      ['post', '/api/v1/consents', ['consents:write']],
      ['post', '/api/v1/consents/lookup', ['consents:read']],
      ['post', '/api/v1/requests', ['requests:write']],
      ['get', '/api/v1/requests/{id}', ['requests:read']],
      ['get', '/api/v1/cases', ['cases:read']],
      ['post', '/api/v1/cases/decide', ['cases:write']],
      ['get', '/api/v1/cases/{id}', ['cases:read']],
    ])
    const routes = all
      .filter(({ method }) => method === 'post')
      .map(({ path, operation }) => ({
        path,
        scopes: scopesOf(operation),
        example: operation.requestBody.content['application/json'].example as Record<string, unknown>,
      }))
    const keys = {
      'consents:write': token,
      'consents:read': (await api.key('consents:read')).token,
      'requests:write': (await api.key('requests:write')).token,
      'cases:write': (await api.key('cases:write')).token,
    }
    for (const { path, scopes, example } of routes) {
      const own = scopes[0] as keyof typeof keys
      const other = own === 'consents:read' ? 'consents:write' : 'consents:read'
      const text = JSON.stringify(example)
      const as = async (init: Parameters<TestApi['call']>[1]): Promise<unknown> => refusal(await api.call(path, init))
      expect([
        path,
        await as({ body: example }),
        await as({ token: keys[other], body: example }),
        await as({ body: example, headers: { cookie: `key=${keys[own]}`, origin: 'https://elsewhere.example.org' } }),
        await as({ token: keys[own], body: text, headers: { 'content-type': 'text/plain', origin: 'https://elsewhere.example.org' } }),
        await as({ token: keys[own], method: 'GET', headers: { 'x-http-method-override': 'POST' } }),
        await as({ token: keys[own], method: 'DELETE', body: example }),
        await as({ token: keys[own], body: { ...example, scopes: ['consents:read'] } }),
        await as({ token: keys[own], body: text.replace('{', '{"constructor":{"prototype":{"admin":true}},') }),
        await as({ token: keys[own], body: text.replace('{', '{"__proto__":{"admin":true},') }),
      ]).toEqual([
        path,
        [401, 'unauthorised'],
        [403, 'scope_missing'],
        [401, 'unauthorised'],
        [415, 'type_unsupported'],
        [405, 'method_not_allowed'],
        [405, 'method_not_allowed'],
        [400, 'body_invalid'],
        [400, 'body_invalid'],
        [400, 'body_invalid'],
      ])
      const preflight = await api.call(path, { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example.org' }, body: '' })
      expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([405, null])
      const { status } = await api.call(path, { token: keys[own], body: example })
      // Of nobody who came back there is a case.
      expect(own === 'cases:write' ? status === 404 : status < 300).toBe(true)
    }
  })
})

describe('every route', () => {
  const shown = ['/healthz', '/status', '/readyz', '/metrics', '/openapi.json', '/docs', '/style.css']
  const linked = ['/confirm', '/request', '/access', '/address']

  it('is one that anybody may read, the page behind a link, or one that wants a key', async () => {
    const { body } = await api.call('/openapi.json', { method: 'GET' })
    const keyed = Object.entries(body.paths).map(([path, { post }]) => `${post ? 'POST' : 'GET'} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`)
    const pages = linked.flatMap((path) => [`GET ${path}/:token`, `POST ${path}/:token`])
    expect([...api.routes].sort()).toEqual([...shown.map((path) => `GET ${path}`), ...pages, ...keyed].sort())
  })

  const foreign = { origin: 'https://elsewhere.example.org', cookie: 'session=1', 'content-type': 'application/x-www-form-urlencoded' }
  it.each(shown)('%s is read, and nothing else, whoever asks', async (path) => {
    const read = await api.call(path, { method: 'GET', headers: { ...foreign, 'x-http-method-override': 'DELETE' } })
    expect([read.status, read.headers.get('access-control-allow-origin'), read.headers.get('set-cookie')]).toEqual([200, null, null])
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect([method, refusal(await api.call(path, { method, headers: foreign, body: '_method=GET&__proto__[a]=b' }))]).toEqual([
        method,
        [404, 'not_found'],
      ])
  })

  it.each(linked)('%s does nothing for who has no link, and tells them nothing', async (path) => {
    const unknown = await api.call(`${path}/${'A'.repeat(48)}`, { method: 'GET', headers: foreign })
    expect([unknown.status, unknown.headers.get('access-control-allow-origin'), unknown.headers.get('set-cookie')]).toEqual([
      404,
      null,
      null,
    ])
    const forged = ['A'.repeat(48), 'x', 'x'.repeat(3_000), '__proto__', '..%2f..%2fstatus', "'%20or%201=1--", '%00', '%E0%A4%A']
    for (const link of forged)
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
        const { status, text } = await api.call(`${path}/${link}`, { method, headers: foreign, token, body: 'used=1' })
        expect([link, method, status, text === unknown.text]).toEqual([link, method, 404, true])
      }
  })
})

describe('a key', () => {
  it('is needed, must be whole, must not be revoked, and must have the scope', async () => {
    const body = given('ada@example.fr')
    const [reader, former] = [await api.key('consents:read'), await api.key('consents:write')]
    await revokeApiKey(bench.shell.db, former.id, '2026-11-21T12:00:00Z')
    const wrong = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    const asked = [undefined, wrong, 'accord_', 'x'.repeat(3000), former.token, reader.token]
    const answers = await Promise.all(asked.map((one) => api.call(PATH, { ...(one ? { token: one } : {}), body })))
    expect(answers.map(refusal)).toEqual([...Array.from({ length: 5 }, () => [401, 'unauthorised']), [403, 'scope_missing']])
    expect(answers[0]!.headers.get('www-authenticate')).toBe('Bearer realm="accord"')
    expect(JSON.stringify(answers.map((one) => one.body))).not.toContain(token.slice(24))
  })

  it('that fails again and again is told to wait, and meanwhile one that works goes on', async () => {
    const answers: number[] = []
    for (let round = 0; round < 62; round++) answers.push((await api.call(PATH, { token: 'accord_wrong', body: {} })).status)
    expect(answers.at(-1)).toBe(429)
    expect((await api.call(PATH, { token, body: given('ada@example.fr') })).status).toBe(201)
  })

  it('leaves the day of its last use, not its secret', async () => {
    const fresh = await api.key('consents:write')
    await api.call(PATH, { token: fresh.token, body: given('ada@example.fr') })
    const { rows } = await sql<{ on: string; dump: string }>`
      select last_used_on::text as on, api_key::text as dump from api_key where id = ${fresh.id}`.execute(bench.shell.db)
    expect(rows[0]!.on).toBe('2026-11-21')
    const secret = fresh.token.split('_').slice(2).join('_')
    expect([rows[0]!.dump.includes(secret), rows[0]!.dump.includes(Buffer.from(secret, 'base64url').toString('hex'))]).toEqual([
      false,
      false,
    ])
  })
})

describe('a fault of ours', () => {
  it('is a 503 that says to come again, with a number that the log knows, and without its reason', async () => {
    await sql`alter table consent_proof rename to away`.execute(bench.shell.db)
    const answer = await api.call(PATH, { token, body: given('zqcanaryqz@example.fr') })
    await sql`alter table away rename to consent_proof`.execute(bench.shell.db)
    expect([refusal(answer), answer.headers.get('retry-after')]).toEqual([[503, 'unavailable'], '5'])
    expect(answer.body.error.requestId).toBe(answer.headers.get('x-request-id'))
    expect(api.logged.splice(0)).toEqual([expect.stringContaining(answer.body.error.requestId)])
    expect((await api.call(PATH, { token, body: given('zqcanaryqz@example.fr') })).status).toBe(201)
  })
})

describe('what the API says of itself', () => {
  it('is an OpenAPI 3.1 document with the very rules that are checked', async () => {
    const { status, body } = await api.call('/openapi.json', { method: 'GET' })
    const operation = body.paths[PATH]!.post!
    expect([status, body.openapi, operation.operationId, operation.security]).toEqual([
      200,
      '3.1.0',
      'recordConsent',
      [{ key: ['consents:write'] }],
    ])
    const variants = operation.requestBody.content['application/json'].schema.oneOf
    expect(variants.map((one) => [one.required, one.additionalProperties])).toEqual([
      [['event', 'identifier', 'purpose', 'channel', 'at', 'text', 'form', 'how'], false],
      [['event', 'identifier'], false],
    ])
    expect(Object.keys(operation.responses)).toEqual(['201', '400', '401', '403', '413', '415', '422', '429', '503'])
    // What it shows as an example is taken.
    const example = operation.requestBody.content['application/json'].example
    expect((await api.call(PATH, { token, body: example })).status).toBe(201)
  })

  it('is a page that needs no script and loads nothing from elsewhere', async () => {
    const { status, headers, text } = await api.call('/docs', { method: 'GET' })
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    )
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect([/<script/i.test(text), /(src|href)="(?:[a-z]+:|\/)/i.test(text), text.includes('Idempotency-Key')]).toEqual([
      false,
      false,
      true,
    ])
    expect((await api.call('/style.css', { method: 'GET' })).headers.get('content-type')).toBe('text/css; charset=utf-8')
  })
})
