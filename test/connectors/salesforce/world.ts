/** The world of the contract suite: the sandbox's Salesforce behind a front that miscounts, refuses and hangs as told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { salesforce } from '../../../src/connectors/salesforce/index.ts'
import { createSalesforce } from '../../../src/sandbox/salesforce/index.ts'
import type { Capabilities, Fault, Setup, World } from '../contract.ts'
import { testDeps } from '../deps.ts'
import { createStreaks, type Noise } from '../noise.ts'
import { contactId } from './org.ts'

const SECRET = 'sandbox-secret'
const DATA = '/services/data/v67.0'
const REFUSED = 'canary-no-address'
const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8' }
const FAULTS: Partial<Record<Fault, readonly [number, object]>> = {
  unavailable: [503, [{ message: 'Server unavailable', errorCode: 'SERVER_UNAVAILABLE' }]],
  throttled: [403, [{ message: 'ConcurrentPerOrgLongTxn Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }]],
  unauthorized: [401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]],
}

export const salesforceCan: Capabilities = {
  removals: true,
  merges: true,
  nextLinks: false,
  searchWindow: 0,
  quietDelta: 1,
  bookkeeping: [],
}

export function salesforceWorld(settings: object, noise?: Noise): Setup {
  return async () => {
    const clock = movableClock()
    const crm = createSalesforce({ clock, rateLimit: true, seed: 1 })
    const inner = await listen(createServer((request, response) => void crm.handle(request, response)))
    const state: Front = {
      clock,
      inner: inner.url,
      requests: 0,
      pagesLeft: Infinity,
      fault: null,
      times: Infinity,
      merged: new Map(),
      noise,
      streaks: createStreaks(),
    }
    const front = await listen(createServer((request, response) => void answer(state, request, response)))
    const deps = testDeps()
    const parsed = salesforce.settings.parse({
      loginUrl: front.url,
      auth: { clientId: 'sandbox-client', clientSecret: SECRET },
      instanceUrl: front.url,
      pageSize: 5,
      lookbackMs: 1_000,
      requestsPerSecond: 10_000,
      without: ['Invoice', 'ServiceContract'],
      ...settings,
    })
    const connector = salesforce.connect('org', parsed, deps)
    const api = await actor(inner.url)
    let seeded = 0
    const world: World = {
      object: 'Contact',
      names: { email: 'Email', text: 'Department' },
      pageSize: 5,
      canaries: [SECRET, REFUSED, api.token],
      refusedEmail: REFUSED,
      missingPath: /SystemModstamp/,
      logs: deps.logs,
      slept: deps.slept,
      async seed(rows) {
        const loaded = rows.map((fields) => ({
          ...fields,
          LastName: 'Test',
          Id: contactId(++seeded),
          SystemModstamp: clock.iso(seeded * 1_000),
        }))
        clock.advance((rows.length + 5) * 1_000)
        crm.load('Contact', loaded)
        return loaded.map(({ Id }) => ({ object: 'Contact', id: Id }))
      },
      async edit(refs, fields) {
        const records = refs.map(({ id }) => ({ attributes: { type: 'Contact' }, id, ...fields }))
        await api.send('PATCH', '/composite/sobjects', { allOrNone: true, records })
        clock.advance(5_000)
      },
      async remove(ref) {
        await api.send('DELETE', `/sobjects/Contact/${ref.id}`)
        clock.advance(5_000)
      },
      async merge(loser, winner) {
        state.merged.set(loser.id, winner.id)
        await world.remove(loser)
        return winner
      },
      async peek(ref) {
        const [row] = await api.send('POST', '/composite/sobjects/Contact', { ids: [ref.id], fields: ['Email', 'Department'] })
        return row ? { Email: row['Email'] as string | null, Department: row['Department'] as string | null } : undefined
      },
      breakAfterPages: (n) => void (state.pagesLeft = n),
      fault: (fault, times = Infinity) => void Object.assign(state, { fault, times }),
      heal: () => void Object.assign(state, { fault: null, pagesLeft: Infinity }),
      requests: () => state.requests,
      close: async () => {
        await Promise.all([close(front.server), close(inner.server)])
      },
    }
    return { connector, world }
  }
}

type Front = {
  clock: ReturnType<typeof movableClock>
  inner: string
  requests: number
  pagesLeft: number
  fault: Fault | null
  times: number
  /** Loser to winner: the sandbox has no merge yet, so the front adds what a merge leaves in the recycle bin. */
  merged: Map<string, string>
  noise: Noise | undefined
  streaks: ReturnType<typeof createStreaks>
}

async function answer(state: Front, request: IncomingMessage, response: ServerResponse): Promise<void> {
  state.requests++
  const url = request.url ?? '/'
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const isToken = url.startsWith('/services/oauth2')
  const isPage = /ORDER%20BY%20Id|\/results\?/.test(url)
  const key = `${request.method} ${url} ${Buffer.concat(chunks).toString()}`
  const broken = state.fault !== null || state.pagesLeft !== Infinity
  const upset = state.noise?.upset(state.streaks.of(key), broken, { method: request.method ?? '', path: url })
  await state.noise?.delay()
  if (upset !== undefined) state.streaks.note(key, true)
  if (upset === 'reset') return void request.socket.destroy()
  if (typeof upset === 'object') return void response.writeHead(upset.reply.status, upset.reply.headers).end(upset.reply.body)
  const cut = isPage && state.pagesLeft <= 0
  // A page whose answer is lost on the way is asked for once more, and was not had.
  if (isPage && upset === undefined) state.pagesLeft--
  const fault = isToken || cut || state.times <= 0 ? null : state.fault
  if (fault) state.times--
  if (fault === 'hang') return
  const refusal = cut ? FAULTS.unavailable : fault && FAULTS[fault]
  if (upset === undefined) state.streaks.note(key, refusal != null)
  if (refusal) return refuse(response, ...refusal)
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name)),
  )
  const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined
  const got = await fetch(state.inner + url, { method: request.method!, headers: headers as Record<string, string>, ...(body && { body }) })
  const text = spoil(state, fault, await got.text())
  if (upset === 'lost') return void request.socket.destroy()
  const passed = [...got.headers].filter(
    ([name]) => !['content-length', 'content-encoding', 'date', 'connection', 'keep-alive'].includes(name),
  )
  response.writeHead(got.status, { ...Object.fromEntries(passed), date: new Date(state.clock.now()).toUTCString() })
  response.end(got.status === 204 ? undefined : text)
}

function refuse(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, JSON_TYPE)
  response.end(JSON.stringify(body))
}

function spoil(state: Front, fault: Fault | null, text: string): string {
  let spoilt = text
  if (fault === 'missing-field')
    spoilt = spoilt.replaceAll('"SystemModstamp":', '"SomethingElse":').replace('"SystemModstamp"', '"SomethingElse"')
  if (fault === 'extra-field')
    spoilt = spoilt.replaceAll('"Id":', '"Nobody_Knows__c":"x","Id":').replaceAll(/^\{/g, '{"nobodyKnows":{"x":1},')
  for (const [loser, winner] of state.merged)
    spoilt = spoilt.replaceAll(new RegExp(`("Id":"${loser}"[^}]*?"MasterRecordId":)null`, 'g'), `$1"${winner}"`)
  return spoilt
}

/** Stands still but for `advance`: a stamp has whole seconds. */
function movableClock() {
  let time = Math.floor(Date.now() / 1_000) * 1_000
  return {
    now: () => time,
    at: () => () => undefined,
    advance: (ms: number) => void (time += ms),
    iso: (ms: number) => new Date(time + ms).toISOString(),
  }
}

/** Another user of the org, past the front. */
async function actor(base: string) {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: SECRET })
  const { access_token: token } = (await (await fetch(`${base}/services/oauth2/token`, { method: 'POST', body: form })).json()) as {
    access_token: string
  }
  const send = async (method: string, path: string, body?: object): Promise<readonly (Record<string, unknown> | null)[]> => {
    const headers = { ...JSON_TYPE, authorization: `Bearer ${token}` }
    const response = await fetch(`${base}${DATA}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response.status === 204 ? [] : ((await response.json()) as Record<string, unknown>[])
  }
  return { token, send }
}

async function listen(server: Server): Promise<{ server: Server; url: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
