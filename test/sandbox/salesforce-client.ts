/** A raw client of the Salesforce sandbox: plain requests, plain answers, a clock the test moves. */
import { createServer } from 'node:http'
import { createSalesforce } from '../../src/sandbox/salesforce/index.ts'
import type { AddressInfo } from 'node:net'
import type { SandboxCrm, SeedRow } from '../../src/sandbox/crm.ts'

export type Answer = { status: number; headers: Headers; text: string; body: unknown }
export type Client = {
  crm: SandboxCrm & { reset(): void }
  url: string
  token: string
  advance(ms: number): void
  now(): number
  login(): Promise<string>
  /** A path below /services/data/v60.0, or any path with two slashes in front. Objects are sent as JSON. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  /** Answers the id. */
  make(object: string, fields: object): Promise<string>
  soql(query: string): Promise<Answer>
  rows(query: string): Promise<Record<string, unknown>[]>
  close(): Promise<void>
}

export const START = Date.UTC(2026, 2, 2, 9)
export const DAY = 86_400_000
export const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

export async function startSalesforce(seed: Record<string, readonly SeedRow[]> = {}): Promise<Client> {
  let now = START
  const crm = createSalesforce({ clock: { now: () => now, at: () => () => {} }, rateLimit: true, seed: 1 })
  for (const [object, rows] of Object.entries(seed)) crm.load(object, rows)
  const start = crm.keep()
  const server = createServer((request, response) => {
    Promise.resolve(crm.handle(request, response)).catch((error: unknown) => {
      response.writeHead(500)
      response.end(`defect: ${String(error)}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client: Client = {
    crm: { ...crm, reset: start.restore },
    url,
    token: '',
    advance: (ms) => void (now += ms),
    now: () => now,
    async login() {
      const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
      const answer = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: form })
      const { access_token: token } = (await answer.json()) as { access_token: string }
      client.token = token
      return token
    },
    async send(method, path, body, headers = {}) {
      const full = path.startsWith('//') ? path.slice(1) : `/services/data/v60.0${path}`
      const isText = typeof body === 'string'
      const response = await fetch(url + full, {
        method,
        headers: {
          authorization: `Bearer ${client.token}`,
          ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = (response.headers.get('content-type') ?? '').includes('json')
      return { status: response.status, headers: response.headers, text, body: isJson && text !== '' ? JSON.parse(text) : undefined }
    },
    get: (path, headers) => client.send('GET', path, undefined, headers),
    async make(object, fields) {
      const answer = await client.send('POST', `/sobjects/${object}`, fields)
      if (answer.status !== 201) throw new Error(`${object}: ${answer.text}`)
      return (answer.body as { id: string }).id
    },
    soql: (query) => client.get(`/query?q=${encodeURIComponent(query)}`),
    async rows(query) {
      const { body } = await client.soql(query)
      const { records } = body as { records: Record<string, unknown>[] }
      return records.map((record) => Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'attributes')))
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  await client.login()
  return client
}

/** `n` contacts that differ in every way a query can tell. */
export function contacts(n: number): SeedRow[] {
  return Array.from({ length: n }, (_, i) => ({
    FirstName: `First${i}`,
    LastName: `Last${i % 7}`,
    Email: `person${i}@example.test`,
    CreatedDate: '2024-01-01T00:00:00Z',
    SystemModstamp: new Date(Date.UTC(2025, 0, 1) + i * 60_000).toISOString(),
    HasOptedOutOfEmail: i % 3 === 0,
  }))
}
