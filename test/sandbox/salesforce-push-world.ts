import { startSandbox } from '../../src/sandbox/server.ts'
import type { SandboxOptions } from '../../src/sandbox/server.ts'

type Json = ReturnType<typeof JSON.parse>
export type BayeuxMessage = Record<string, Json>

/** A sandbox on free ports, its control port, a token for its Salesforce, and a Bayeux client without comfort. Close it. */
export async function openPushWorld(options: Partial<SandboxOptions> = {}) {
  const sandbox = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, rateLimit: false, ...options })

  async function control(method: string, path: string, body?: unknown): Promise<Json> {
    const content = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(sandbox.control + path, { method, ...content })
    const json = (await response.json()) as Json
    if (response.status !== 200) throw new Error(`${path}: ${JSON.stringify(json)}`)
    return json
  }

  async function login(): Promise<string> {
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
    const response = await fetch(`${sandbox.salesforce}/services/oauth2/token`, { method: 'POST', body: form })
    return ((await response.json()) as { access_token: string }).access_token
  }
  // Tests move the clock by years.
  await control('POST', '/salesforce/token-lifetime', { ms: 20 * 365 * 86_400_000 })
  let token = await login()

  async function rest(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; json: Json }> {
    const response = await fetch(`${sandbox.salesforce}/services/data/v60.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
  }

  async function create(type: string, fields: Record<string, unknown>, headers: Record<string, string> = {}): Promise<string> {
    const { status, json } = await rest('POST', `/sobjects/${type}`, fields, headers)
    if (status !== 201) throw new Error(JSON.stringify(json))
    return json.id as string
  }

  let cookie = ''
  async function bayeux(
    messages: unknown,
    { version = '60.0', authorization = `OAuth ${token}` }: { version?: string; authorization?: string } = {},
  ) {
    const response = await fetch(`${sandbox.salesforce}/cometd/${version}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization === '' ? {} : { authorization }),
        ...(cookie === '' ? {} : { cookie }),
      },
      body: typeof messages === 'string' ? messages : JSON.stringify(messages),
    })
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    return { status: response.status, messages: (await response.json()) as BayeuxMessage[] }
  }

  async function handshake(): Promise<string> {
    const { messages } = await bayeux([{ channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'], id: '1' }])
    return messages[0]!.clientId as string
  }
  const subscribe = async (clientId: string, channel: string, replay?: number): Promise<BayeuxMessage> => {
    const ext = replay === undefined ? {} : { ext: { replay: { [channel]: replay } } }
    return (await bayeux([{ channel: '/meta/subscribe', clientId, subscription: channel, id: '3', ...ext }])).messages[0]!
  }
  const connect = async (clientId: string, timeout?: number): Promise<BayeuxMessage[]> => {
    const advice = timeout === undefined ? {} : { advice: { timeout } }
    return (await bayeux([{ channel: '/meta/connect', clientId, connectionType: 'long-polling', id: '2', ...advice }])).messages
  }

  return {
    sandbox,
    get token() {
      return token
    },
    /** After a reset, which ends every token. */
    async login() {
      await control('POST', '/salesforce/token-lifetime', { ms: 20 * 365 * 86_400_000 })
      token = await login()
    },
    control,
    rest,
    create,
    bayeux,
    handshake,
    subscribe,
    connect,
    lever: (name: string, body: unknown = {}) => control('POST', `/salesforce/${name}`, body),
    dropCookie: () => void (cookie = ''),
    close: () => sandbox.close(),
  }
}

export type PushWorld = Awaited<ReturnType<typeof openPushWorld>>
