/** The suite's world on the HubSpot sandbox, moved through HubSpot's own API: nothing here is known to the sandbox alone. */
import type { Connector, Fields, RecordRef } from '../../../src/connectors/connector.ts'
import { hubspot } from '../../../src/connectors/hubspot/index.ts'
import { startSandbox } from '../../../src/sandbox/server.ts'
import type { Capabilities, Fault, World } from '../contract.ts'
import { testDeps, type TestDeps } from '../deps.ts'
import { editJson, openGate, type Gate, type Rule, type Seen } from '../gate.ts'
import type { Noise } from '../noise.ts'

export const sandboxToken = 'pat-eu1-sandbox-0000-0000-000000000001'
const canaryToken = 'pat-eu1-canary-0000-0000-0000000000ff'
const object = 'contacts'
const objects = '/crm/v3/objects/contacts'

export const hubspotCan: Capabilities = {
  removals: true,
  merges: true,
  nextLinks: true,
  searchWindow: 10_000,
  quietDelta: 3,
  bookkeeping: ['createdate', 'hs_object_id', 'lastmodifieddate', 'hs_merged_object_ids'],
}

/** `settings` over the defaults. */
export async function hubspotWorld(
  settings: Record<string, unknown> = {},
  noise?: Noise,
): Promise<{
  connector: Connector
  world: World
  gate: Gate
  pull: Levers
  control: string
  /** The portal itself, past the gate. */
  own: string
  deps: TestDeps
  advance: (ms: number) => Promise<void>
}> {
  const sandbox = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, rateLimit: false })
  const pull = levers(sandbox.control)
  await pull('index-lag', { ms: 0 })
  const gate = await openGate(sandbox.hubspot, noise)
  const deps = testDeps()
  const connector = hubspot.connect(
    'hubspot',
    hubspot.settings.parse({ apiUrl: gate.url, auth: { token: sandboxToken }, ...settings }),
    deps,
  )
  const ask = asker(sandbox.hubspot)
  const chunked = <T>(list: readonly T[]) =>
    Array.from({ length: Math.ceil(list.length / 100) }, (_, i) => list.slice(i * 100, (i + 1) * 100))

  const world: World = {
    object,
    names: { email: 'email', text: 'jobtitle' },
    pageSize: 100,
    canaries: [sandboxToken, canaryToken, 'canary@example.test', '+33600000042'],
    refusedEmail: 'canary@example.test is no address',
    missingPath: /results\.0\.id/,
    logs: deps.logs,
    slept: deps.slept,
    async seed(rows) {
      const refs: RecordRef[] = []
      for (const chunk of chunked(rows)) {
        const inputs = chunk.map((row, i) => ({
          properties: { ...valuesOf(row), phone: '+33600000042' },
          associations: [],
          objectWriteTraceId: String(i),
        }))
        const { results } = await ask<{ results: Wire[] }>('POST', `${objects}/batch/create`, { inputs })
        const byEmail = new Map(results.map((result) => [result.properties['email'], result.id]))
        refs.push(...chunk.map((row) => ({ object, id: byEmail.get(row['email']!)! })))
      }
      return refs
    },
    async edit(refs, fields) {
      for (const chunk of chunked(refs)) {
        await ask('POST', `${objects}/batch/update`, { inputs: chunk.map(({ id }) => ({ id, properties: valuesOf(fields) })) })
      }
    },
    remove: async ({ id }) => void (await ask('DELETE', `${objects}/${id}`)),
    async merge(loser, winner) {
      const { id } = await ask<Wire>('POST', `${objects}/merge`, { primaryObjectId: winner.id, objectIdToMerge: loser.id })
      return { object, id }
    },
    async peek({ id }) {
      const found = await ask<Wire | undefined>('GET', `${objects}/${id}?properties=email,jobtitle`)
      return found && { email: found.properties['email']!, jobtitle: found.properties['jobtitle'] ?? null }
    },
    breakAfterPages(n) {
      let left = n
      gate.rule = (seen) => (isPage(seen) && left-- <= 0 ? broken() : undefined)
    },
    fault(fault, times = Infinity) {
      let left = times
      gate.rule = (seen) => (left-- > 0 ? ruleOf(fault)(seen) : undefined)
    },
    heal: () => void (gate.rule = undefined),
    requests: () => gate.seen.length,
    async close() {
      await gate.close()
      await sandbox.close()
    },
  }
  return {
    connector,
    world,
    gate,
    pull,
    control: sandbox.control,
    own: sandbox.hubspot,
    deps,
    advance: (ms) => advance(sandbox.control, deps, ms),
  }
}

/** What no API of HubSpot's does: the sandbox's own levers. */
export type Levers = (lever: string, body: unknown) => Promise<void>
function levers(control: string): Levers {
  return async (lever, body) => {
    const response = await fetch(`${control}/hubspot/${lever}`, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`lever ${lever}: ${response.status} ${await response.text()}`)
  }
}

/** Time passes for both sides. */
async function advance(control: string, deps: TestDeps, ms: number): Promise<void> {
  const response = await fetch(`${control}/clock`, { method: 'POST', body: JSON.stringify({ advanceMs: ms }) })
  if (!response.ok) throw new Error(`clock: ${response.status}`)
  await deps.sleep(ms, new AbortController().signal)
}

type Wire = { id: string; properties: Record<string, string | null> }

const valuesOf = (fields: Fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, value ?? '']))
/** Under every version of the API. */
const isPage = ({ method, path, body }: Seen) =>
  (method === 'GET' && /\/contacts\?/.test(path)) || (path.endsWith('/contacts/search') && body.includes('hs_object_id'))

function asker(url: string) {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers = { authorization: `Bearer ${sandboxToken}`, 'content-type': 'application/json' }
    const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
    if (response.status === 404) return undefined as T
    const text = await response.text()
    if (!response.ok || response.status === 207) throw new Error(`the world's own ${method} ${path}: ${response.status} ${text}`)
    return (text ? JSON.parse(text) : undefined) as T
  }
}

export const rolling429 = JSON.stringify({
  status: 'error',
  message: 'You have reached your ten_secondly_rolling limit.',
  errorType: 'RATE_LIMIT',
  correlationId: 'c033cdaa-2c40-4a64-ae48-b4cec88dad24',
  policyName: 'TEN_SECONDLY_ROLLING',
})
const broken = () => ({ reply: { status: 503, headers: { 'content-type': 'text/html' }, body: '<html>canary@example.test</html>' } })

function ruleOf(fault: Fault): Rule {
  const first = (body: Record<string, unknown>) => (body['results'] as Record<string, unknown>[] | undefined)?.[0]
  const rules: Record<Fault, Rule> = {
    unavailable: broken,
    throttled: () => ({ reply: { status: 429, body: rolling429 } }),
    unauthorized: () => ({
      reply: {
        status: 401,
        body: JSON.stringify({ status: 'error', category: 'INVALID_AUTHENTICATION', message: `canary@example.test ${canaryToken}` }),
      },
    }),
    hang: () => 'hang',
    'extra-field': () =>
      editJson((body) => {
        body['brandNew'] = { deep: true }
        Object.assign(first(body) ?? {}, { brandNew: 1 })
      }),
    'missing-field': () => editJson((body) => delete first(body)?.['id']),
    'foreign-next': () =>
      editJson((body) => (body['paging'] = { next: { after: '1', link: 'https://elsewhere.example/crm/v3/objects/contacts?after=1' } })),
  }
  return rules[fault]
}
