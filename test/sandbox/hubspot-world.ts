import { Client } from '@hubspot/api-client'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { startSandbox } from '../../src/sandbox/server.ts'
import type { SandboxOptions } from '../../src/sandbox/server.ts'

export const TOKEN = 'pat-eu1-sandbox-0000-0000-000000000001'

export type Raw = { status: number; headers: Headers; text: string; json: ReturnType<typeof JSON.parse> }

/** A sandbox on free ports with raw HTTP and the official client in front of its HubSpot. Close it. */
export async function openWorld(options: Partial<SandboxOptions> = {}) {
  const sandbox = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, rateLimit: false, ...options })
  const client = new Client({ accessToken: TOKEN, basePath: sandbox.hubspot })

  async function request(base: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Raw> {
    const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await fetch(base + path, { method, headers: { 'content-type': 'application/json', ...headers }, ...content })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') && text !== '' ? JSON.parse(text) : {}
    return { status: response.status, headers: response.headers, text, json }
  }

  return {
    sandbox,
    client,
    call: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      request(sandbox.hubspot, method, path, body, { authorization: `Bearer ${TOKEN}`, ...headers }),
    control: (method: string, path: string, body?: unknown) => request(sandbox.control, method, path, body),
    /** Adds rows through the control port. */
    load: (...rows: Record<string, unknown>[]) => request(sandbox.control, 'POST', '/hubspot/load', { rows }),
    async close() {
      await sandbox.close()
    },
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>

/** One for all tests of a file or a group, set back before each; `fill`: what is there then. */
export function useWorld(fill: () => Promise<unknown> = async () => undefined, options: Partial<SandboxOptions> = {}): World {
  let open: World
  beforeAll(async () => {
    open = await openWorld(options)
  })
  afterAll(() => open.close())
  beforeEach(async () => {
    await open.control('POST', '/reset')
    await fill()
  })
  return {
    get sandbox() {
      return open.sandbox
    },
    get client() {
      return open.client
    },
    call: (...request) => open.call(...request),
    control: (...request) => open.control(...request),
    load: (...rows) => open.load(...rows),
    close: () => open.close(),
  }
}

/** What every error of the API shares. */
export function envelope(answer: Raw): Record<string, unknown> {
  const { status, correlationId, ...rest } = answer.json
  if (status !== 'error') throw new Error(`not an error body: ${answer.text}`)
  if (answer.headers.get('x-hubspot-correlation-id') !== correlationId) throw new Error('the correlation id of header and body differ')
  return { httpStatus: answer.status, ...rest }
}
