import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConnectorError, type Connector, type EventStream } from '../../../src/connectors/connector.ts'
import { loadStreamPosition, saveStreamPosition } from '../../../src/store/inbox.ts'
import type { Jobs } from '../../../src/store/jobs.ts'
import { startListeners } from '../../../src/tasks/connection/listen.ts'
import type { Linked } from '../../../src/tasks/sweep/prepare.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { openBench, type Bench } from '../bench.ts'

type Listening = Parameters<EventStream['listen']>

describe('a listener of changes', () => {
  let server: TestPostgres
  let bench: Bench
  beforeAll(async () => {
    server = await startPostgres()
    bench = await openBench(server.url)
  })
  afterAll(async () => {
    await bench?.close()
    await server.stop()
  })

  /** Each time it is listened to, the stream does the next of these; after the last it waits. Answers what happened, in order. */
  async function course(connection: string, turns: readonly ((request: Listening[0]) => Promise<void>)[]): Promise<string[]> {
    const { target } = await bench.add(connection)
    const happened: string[] = []
    const done = Promise.withResolvers<void>()
    let turn = 0
    const stream: EventStream = {
      listen: async (request, signal) => {
        happened.push(`listens from ${request.since ?? 'nowhere'}`)
        const next = turns[turn++]
        if (next) return next(request)
        done.resolve()
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      },
    }
    const connector: Connector = { ...target.connector, stream }
    const linked = { name: connection, connector, objects: [{ object: 'contacts' }] } as unknown as Linked
    const jobs: Pick<Jobs, 'ring' | 'nudge'> = {
      ring: async (_trx, { queue }) => void happened.push(`rings ${queue}`),
      nudge: () => undefined,
    }
    const shell = {
      ...bench.shell,
      sleep: async (ms: number) => void happened.push(`waits ${ms}`),
      lockConnection: async () => ({ release: async () => void happened.push('lets go'), lost: new AbortController().signal }),
    }
    const listeners = startListeners({ shell, jobs, linked: [linked] })
    await done.promise
    await listeners.stop()
    return happened
  }

  it('whose place is forgotten has a sweep look for what was missed, once it listens again', async () => {
    await saveStreamPosition(bench.shell.db, 'forgotten', 'place 7')
    const happened = await course('forgotten', [
      async () => {
        throw new ConnectorError('bad-cursor', 'that was too long ago')
      },
      async ({ onListening }) => onListening('now'),
    ])
    expect(happened.slice(0, 5)).toEqual(['listens from place 7', 'lets go', 'waits 10000', 'listens from nowhere', 'rings sweep'])
    expect(await loadStreamPosition(bench.shell.db, 'forgotten')).toBe(null)
  })
  it('asks for no sweep when nothing was missed', async () => {
    await saveStreamPosition(bench.shell.db, 'known', 'place 7')
    const happened = await course('known', [async ({ onListening }) => onListening('position')])
    expect(happened).not.toContain('rings sweep')
    expect(await loadStreamPosition(bench.shell.db, 'known')).toBe('place 7')
  })
  it('comes back when the CRM says, and keeps the other workers away until then', async () => {
    const happened = await course('busy', [
      async () => {
        throw new ConnectorError('throttled', 'come back later', { retryAfterMs: 60_000 })
      },
    ])
    expect(happened.slice(0, 5)).toEqual(['listens from nowhere', 'waits 50000', 'lets go', 'waits 10000', 'listens from nowhere'])
  })
})
