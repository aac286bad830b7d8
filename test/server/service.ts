/** The API over real HTTP on the tasks' bench. */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Router } from 'express'
import { writeToken, type Scope } from '../../src/core/api-key.ts'
import { openCopyDoor } from '../../src/copies.ts'
import { openIntake } from '../../src/intake.ts'
import { openRequestDoor } from '../../src/requests.ts'
import { createApi } from '../../src/server/api.ts'
import { createApp } from '../../src/server/app.ts'
import { createHealth } from '../../src/server/health.ts'
import { createMetrics } from '../../src/server/metrics.ts'
import { createMonitor } from '../../src/server/monitor.ts'
import { loadUnsigned } from '../../src/store/unsigned.ts'
import { insertApiKey } from '../../src/store/api-keys.ts'
import { policy } from '../core/judge-world.ts'
import { rightsDeps, type Bench } from '../tasks/bench.ts'

type Variant = { required: string[]; additionalProperties: boolean }
type Operation = {
  operationId: string
  security: unknown
  requestBody: { content: { 'application/json': { schema: { oneOf: Variant[] }; example: unknown } } }
  responses: Record<string, unknown>
}
/** What a test looks at; a page is its `text`. */
export type Body = {
  error: { code: string; message: string; field?: string; requestId: string }
  id: string
  at: string
  openapi: string
  paths: Record<string, { post?: Operation; get?: Operation }>
}
export type Answered = { status: number; headers: Headers; text: string; body: Body }
export type TestApi = {
  url: string
  logged: string[]
  /** All that there is to ask, such as `GET /docs`. */
  routes: readonly string[]
  key: (...scopes: Scope[]) => Promise<{ id: string; token: string }>
  call: (path: string, init: { token?: string; body?: unknown; headers?: Record<string, string>; method?: string }) => Promise<Answered>
  close: () => Promise<void>
}

export async function openApi(
  bench: Bench,
  { mails = false, links = true, proxies = 0, dataDir = join(tmpdir(), 'accord-nowhere') } = {},
): Promise<TestApi> {
  const logged: string[] = []
  const { shell } = bench
  const log = (event: string, facts: Readonly<Record<string, string>>): void => void logged.push(JSON.stringify([event, facts]))
  const now = (): number => shell.now()
  const { consents, confirm } = openIntake(shell, { landscape: async () => bench.landscape, policy }, mails ? async () => undefined : null)
  const deps = { ...rightsDeps(bench), ring: async () => undefined, mails: links }
  const { requests, cases, identify, address } = openRequestDoor(deps, policy)
  const api = createApi({
    db: shell.db,
    now,
    consents: { ...consents, now },
    requests: { ...requests, now },
    cases,
    confirm: { ...confirm, log },
    identify: { ...identify, log },
    address: { ...address, log },
    copies: {
      ...openCopyDoor({ deps, accesses: new Map(), lookUp: nothingKnown, judge: async () => [], ownFields: () => new Set() }),
      log,
    },
  })
  const unsigned = () => loadUnsigned(shell.db, dataDir)
  const metrics = createMetrics({ db: shell.db, connectors: [], usage: async () => [], refused: () => [], unsigned })
  const routers = [
    createHealth({ db: shell.db, refused: () => [], unsigned }),
    createMonitor({ db: shell.db, metrics, isDraining: () => false }),
    api,
  ]
  const server = createServer(createApp({ log, proxies, routers }))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    logged,
    routes: [...new Set(routers.flatMap(routesOf))],
    key: async (...scopes) => {
      const { id, token, secretHash } = writeToken(randomBytes(8), randomBytes(32))
      await insertApiKey(shell.db, { id, name: 'test', scopes, secretHash }, new Date(shell.now()).toISOString())
      return { id, token }
    },
    call: async (path, { token, body, headers = {}, method = 'POST' }) => {
      const json = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
      const response = await fetch(`${url}${path}`, {
        method,
        ...(method === 'GET' ? {} : { body: (json ?? '') as string }),
        headers: {
          ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...headers,
        },
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, body: (text.startsWith('{') ? JSON.parse(text) : {}) as Body }
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function nothingKnown(): Promise<{ consents: []; statements: []; suppressed: false }> {
  return { consents: [], statements: [], suppressed: false }
}

/** Of those within it, too. What takes any method refuses the others. */
function routesOf({ stack }: Pick<Router, 'stack'>): string[] {
  return stack.flatMap(({ route, handle }) => {
    if (route !== undefined) return route.stack.flatMap(({ method }) => (method ? [`${method.toUpperCase()} ${route.path}`] : []))
    return 'stack' in handle ? routesOf(handle as Router) : []
  })
}

/** The bench's clock stands at noon, UTC, on 21 November 2026. */
export const hash = '5f2ae4d0b1c3a6978812d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071829'
export function given(email: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    event: 'given',
    identifier: { email },
    purpose: 'newsletter',
    channel: 'email',
    at: '2026-11-20T10:15:00+01:00',
    text: { id: 'NL-2026-01', hash, language: 'fr' },
    form: 'example.fr/newsletter',
    how: 'checkbox',
    ...more,
  }
}
