/** Random and malformed requests to the API: never a fault of ours, every refusal in the one shape, and nothing that was sent in any answer or log. */
import { gzipSync, deflateSync, brotliCompressSync } from 'node:zlib'
import { Agent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http'
import { startPostgres } from '../postgres.ts'
import { given, openApi, type TestApi } from '../server/service.ts'
import { openBench } from '../tasks/bench.ts'
import type { Proof } from './proof.ts'
import { randomFrom, type Random } from './random.ts'

type Fuzzed = { method: string; path: string; headers: OutgoingHttpHeaders; body: Buffer }
type Answer = { status: number; type: string; text: string }

const CANARY = 'zqcanaryqz'
const AT_ONCE = 8
const PATIENCE_MS = 10_000
const paths = [
  '/api/v1/consents',
  '/api/v1/consents/lookup',
  '/api/v1/requests',
  `/api/v1/requests/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`,
  '/docs',
  '/openapi.json',
  '/style.css',
  `/confirm/${'A'.repeat(48)}`,
  `/request/${'A'.repeat(48)}`,
  `/address/${'A'.repeat(48)}`,
  '/',
]
const methods = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'POST']
const types = [
  'application/json',
  'application/json; charset=utf-8',
  'application/JSON;charset=utf-16',
  'text/plain',
  'multipart/form-data',
  '',
  'x'.repeat(9_000),
]
const encodings: readonly (readonly [string, (body: Buffer) => Buffer])[] = [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['gzip', (body) => gzipSync(body).subarray(0, 12)],
  ['identity, gzip', (body) => body],
  ['zstd', (body) => body],
]
/** Values that have broken parsers, at any place of a body. */
const nasty: readonly unknown[] = [
  null,
  true,
  0,
  -1e308,
  '',
  '\u0000',
  '\ud800',
  `${CANARY}@example.fr`,
  `${CANARY}@@example.fr`,
  `"${CANARY}"@[127.0.0.1]`,
  `a@b.fr\r\nBcc: ${CANARY}@example.fr`,
  '9'.repeat(500),
  '+33199001234',
  '2026-02-31T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '*',
  '__proto__',
  [],
  [[[[]]]],
  {},
  { toString: null },
  'x'.repeat(20_000),
]

export const apiFuzz: Proof = async ({ short, seed, say }) => {
  const random = randomFrom(seed)
  const requests = short ? 3_000 : 10_000
  const server = await startPostgres()
  const bench = await openBench(server.url)
  const api = await openApi(bench, { mails: true, proxies: 1 })
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const violations: string[] = []
  const statuses = new Map<number, number>()
  try {
    // One key takes 1,200 requests a minute.
    const tokens = await Promise.all(Array.from({ length: 20 }, async () => (await api.key('consents:write', 'consents:read')).token))
    const queue = Array.from({ length: requests }, () => fuzz(random, tokens))
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
          const answer = await send(agent, api, next)
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
          const flaw = flawOf(answer, next)
          if (flaw !== null) violations.push(`${next.method} ${next.path.slice(0, 40)}: ${flaw}`)
        }
      }),
    )
    if (api.logged.length > 0) violations.push(`${api.logged.length} faults in the log, the first ${api.logged[0]}`)
    const after = await api.call('/api/v1/consents', { token: tokens[0]!, body: given('after@example.fr') })
    if (after.status !== 201) violations.push(`a good request afterwards is answered ${after.status}`)
  } finally {
    agent.destroy()
    await api.close()
    await bench.close()
    await server.stop()
  }
  say(
    [...statuses]
      .sort()
      .map(([status, count]) => `${status}: ${count}`)
      .join(', '),
  )
  return { trials: requests, violations }
}

function fuzz(random: Random, tokens: readonly string[]): Fuzzed {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
  const headers: OutgoingHttpHeaders = {
    'content-type': random(4) === 0 ? pick(types) : 'application/json',
    'x-forwarded-for': `10.${random(256)}.${random(256)}.${random(256)}`,
    ...(random(12) === 0 ? {} : { authorization: `Bearer ${random(15) === 0 ? `${pick(tokens)}x` : pick(tokens)}` }),
    ...(random(3) === 0 ? { 'idempotency-key': pick(['a', `key-${random(50)}`, 'x'.repeat(300), 'a b']) } : {}),
  }
  let body = mutate(random, Buffer.from(JSON.stringify(bodyOf(random))))
  if (random(6) === 0) {
    const [name, encode] = pick(encodings)
    headers['content-encoding'] = name
    body = random(30) === 0 ? encode(Buffer.alloc(5_000_000, 32)) : encode(body)
  }
  return {
    method: random(6) === 0 ? pick(methods) : 'POST',
    path: random(5) === 0 ? `${pick(paths)}${pick(['', '/', '?a=1', '/%E0%A4%A', '/..%2f'])}` : paths[random(2)]!,
    headers,
    body,
  }
}

/** A good body with up to two of its parts replaced, doubled or gone. */
function bodyOf(random: Random): unknown {
  const forms = [
    given(`p${random(40)}@example.fr`, { doubleOptIn: random(2) === 0 }),
    { event: 'withdrawn', identifier: { email: `p${random(40)}@example.fr` } },
    { event: 'refused', identifier: { phone: '+33199001234' }, channel: 'call' },
    { identifier: { email: `p${random(40)}@example.fr` } },
  ]
  const body = structuredClone(forms[random(forms.length)]!) as Record<string, unknown>
  for (let round = random(3); round > 0; round--) {
    const inner = random(2) === 0 ? ((body['text'] ?? body['identifier'] ?? body) as Record<string, unknown>) : body
    const target = typeof inner === 'object' && inner !== null ? inner : body
    const names = Object.keys(target)
    const name = random(8) === 0 ? 'constructor' : (names[random(Math.max(1, names.length))] ?? 'event')
    if (random(5) === 0) delete target[name]
    else target[name] = structuredClone(nasty[random(nasty.length)])
  }
  return body
}

function mutate(random: Random, body: Buffer): Buffer {
  switch (random(8)) {
    case 0:
      return body.subarray(0, random(body.length))
    case 1: {
      const copy = Buffer.from(body)
      copy[random(copy.length)] = random(256)
      return copy
    }
    case 2:
      return Buffer.from('['.repeat(random(15_000)))
    default:
      return body
  }
}

function send(agent: Agent, { url }: TestApi, { method, path, headers, body }: Fuzzed): Promise<Answer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const failed = (error: Error): void => resolve({ status: 0, type: '', text: error.message })
    const outgoing = httpRequest(
      { agent, hostname, port, method, path, headers: { ...headers, 'content-length': body.length }, timeout: PATIENCE_MS },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', failed)
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode!,
            type: String(incoming.headers['content-type'] ?? ''),
            text: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')))
    outgoing.on('error', failed)
    outgoing.end(body)
  })
}

function flawOf({ status, type, text }: Answer, { method, path }: Fuzzed): string | null {
  if (status === 0) return text
  if (status >= 500) return `answered ${status}`
  if (text.includes(CANARY)) return `${status} quotes what was sent`
  if (status === 429) return 'the limits stood in the way of the proof'
  if (status < 400 || method === 'HEAD') return null
  if (path.startsWith('/confirm')) return type.startsWith('text/html') ? null : `${status} is no page`
  const shown = type.startsWith('application/json')
    ? (JSON.parse(text) as { error?: { code?: string; message?: string; requestId?: string } })
    : {}
  return shown.error?.code && shown.error.message && shown.error.requestId ? null : `${status} has another shape`
}
