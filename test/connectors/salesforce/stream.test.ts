import { describe, expect, it, onTestFinished } from 'vitest'
import type { ConnectorError, CrmEvent } from '../../../src/connectors/connector.ts'
import { sandboxOrg } from './sandbox-org.ts'

const objects = ['Contact', 'Lead']

async function streamed() {
  const org = await sandboxOrg({ webhooks: { stream: 'true' } })
  const pull = (lever: string, body: unknown) => org.crm.pull(lever, body)
  pull('change-events', { entities: objects })
  pull('streaming', { timeoutMs: 200, requireCookie: true })
  const token = await signIn(org.host)
  const ask = async (method: string, path: string, body?: object): Promise<{ id: string }> => {
    const response = await fetch(`http://${org.host}/services/data/v67.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
    return (response.status === 204 ? {} : await response.json()) as { id: string }
  }
  const create = async (object: string, more: object = {}) =>
    (await ask('POST', `/sobjects/${object}`, { LastName: 'Durand', ...(object === 'Lead' && { Company: 'X' }), ...more })).id
  return Object.assign(org, { pull, ask, create })
}

async function signIn(host: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
  const response = await fetch(`http://${host}/services/oauth2/token`, { method: 'POST', body })
  return ((await response.json()) as { access_token: string }).access_token
}

/** Listens in the background; `heard` grows, `until` waits for so many events. */
function listening({ connector, deps }: Awaited<ReturnType<typeof streamed>>, since: string | null = null) {
  const stop = new AbortController()
  const heard: CrmEvent[] = []
  const state = { position: since, failing: false, from: [] as string[] }
  let wake = Promise.withResolvers<void>()
  const onEvents = async (events: readonly CrmEvent[], position: string) => {
    if (state.failing) throw new Error('the store is away')
    heard.push(...events)
    state.position = position
    wake.resolve()
  }
  const sessions = () => deps.logs.filter((line) => JSON.stringify(line).includes('stream.listening')).length
  const ended = connector.stream!.listen({ objects, since, onEvents, onListening: async (from) => void state.from.push(from) }, stop.signal)
  const failure = ended.then(
    () => null,
    (error: unknown) => error as ConnectorError,
  )
  onTestFinished(async () => {
    stop.abort()
    await failure
    await connector.close()
  })
  return {
    heard,
    state,
    failure,
    stop: async () => {
      stop.abort()
      await ended
    },
    ready: async (count = 1) => {
      while (sessions() < count)
        await Promise.race([new Promise((resolve) => setTimeout(resolve, 5)), failure.then((error) => Promise.reject(error))])
    },
    async until(count: number) {
      while (heard.length < count) {
        await Promise.race([wake.promise, failure.then((error) => Promise.reject(error))])
        wake = Promise.withResolvers()
      }
    },
  }
}

describe('A stream of changes', () => {
  it('tells what happened to which record, in order, and ends when it is told to', async () => {
    const org = await streamed()
    const ear = listening(org)
    await ear.ready()
    const id = await org.create('Contact')
    await org.ask('PATCH', `/sobjects/Contact/${id}`, { HasOptedOutOfEmail: true })
    const lead = await org.create('Lead')
    await org.ask('DELETE', `/sobjects/Contact/${id}`)
    await ear.until(4)
    await ear.stop()
    const at = expect.any(Number)
    const key = expect.stringMatching(/^[\w-]{36}:\d+:\w{18}$/)
    expect(ear.heard.toSorted((a, b) => a.ref.object.localeCompare(b.ref.object))).toEqual([
      { key, at, kind: 'created', ref: { object: 'Contact', id } },
      { key, at, kind: 'changed', ref: { object: 'Contact', id } },
      { key, at, kind: 'deleted', ref: { object: 'Contact', id } },
      { key, at, kind: 'created', ref: { object: 'Lead', id: lead } },
    ])
    expect(new Set(ear.heard.map((event) => event.key)).size).toBe(4)
    expect(ear.state.position).toBe('{"Contact":4,"Lead":3}')
    expect(await ear.failure).toBeNull()
  })

  it('goes on where it was stored, and tells an event that was not stored again under its key', async () => {
    const org = await streamed()
    const first = listening(org)
    await first.ready()
    await org.create('Contact')
    await first.until(1)
    first.state.failing = true
    const missed = await org.create('Contact')
    expect(await first.failure).toEqual(new Error('the store is away'))
    const lead = await org.create('Lead')
    const second = listening(org, first.state.position)
    await second.until(2)
    await second.ready(2)
    expect([first.state.from, second.state.from]).toEqual([['now'], ['position']])
    expect(second.heard.map(({ ref }) => ref.id).toSorted()).toEqual([missed, lead].toSorted())
    await second.stop()
    const third = listening(org, first.state.position)
    await third.until(2)
    expect(third.heard.map(({ key }) => key).toSorted()).toEqual(second.heard.map(({ key }) => key).toSorted())
  })

  it('comes back with another token, and when the org forgot it', async () => {
    const org = await streamed()
    const ear = listening(org)
    await ear.ready()
    const one = await org.create('Contact')
    await ear.until(1)
    org.pull('streaming', { forgetClients: true })
    const two = await org.create('Contact')
    await ear.until(2)
    org.pull('expire-tokens', {})
    await ear.ready(3)
    expect(ear.heard.map(({ ref }) => ref.id)).toEqual([one, two])
  })

  it.each(['{"Contact":4711,"Lead":4712}', 'no position', '[]', '{"Contact":"x"}'])(
    'refuses the position %s as a bad cursor',
    async (since) => {
      const org = await streamed()
      const ear = listening(org, since)
      expect(await ear.failure).toMatchObject({ kind: 'bad-cursor' })
    },
  )

  it('stores what it could name, and calls for a sweep when the org no longer names what changed', async () => {
    const org = await streamed()
    const ear = listening(org)
    await ear.ready()
    const id = await org.create('Contact')
    await ear.until(1)
    org.pull('gap-event', { entity: 'Contact', changeType: 'GAP_UPDATE', ids: [id] })
    await ear.until(2)
    expect(ear.heard.map(({ kind }) => kind)).toEqual(['created', 'changed'])
    org.pull('gap-event', { entity: 'Contact', changeType: 'GAP_OVERFLOW' })
    expect(await ear.failure).toMatchObject({ kind: 'bad-cursor' })
  })

  it('says how long to wait for a limit of the org', async () => {
    const org = await streamed()
    org.pull('streaming', { clientLimit: 0 })
    expect(await listening(org).failure).toMatchObject({ kind: 'throttled', retryAfterMs: 900_000 })
  })

  it('says what to do about an object without change events', async () => {
    const { connector } = await streamed()
    const request = { objects: ['Widget__c'], since: null, onEvents: async () => undefined, onListening: async () => undefined }
    await expect(connector.stream!.listen(request, new AbortController().signal)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('Change Data Capture'),
    })
  })

  it('is told apart from a login page, and ends with a credential that stays refused', async () => {
    const org = await streamed()
    const handle = org.crm.handle
    org.answer = (request, response) => {
      if (!request.url?.startsWith('/cometd')) return handle(request, response)
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>canary@example.test</html>')
    }
    const { message, kind } = (await listening(org).failure)!
    expect([kind, message]).toEqual(['unexpected-shape', expect.not.stringContaining('canary')])
    org.answer = (request, response) => {
      if (!request.url?.startsWith('/cometd')) return handle(request, response)
      response.writeHead(401).end()
    }
    expect(await listening(org).failure).toMatchObject({ kind: 'auth' })
  })

  it('gives up on an org that does not answer', async () => {
    const org = await streamed()
    const ear = listening(org)
    await ear.ready()
    org.stop()
    expect(await ear.failure).toMatchObject({ kind: 'unavailable' })
    expect(org.deps.slept).toEqual([750, 1_500, 3_000, 6_000, 12_000])
  })
})
