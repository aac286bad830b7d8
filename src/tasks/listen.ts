/** Listens to the event streams of the CRMs: one worker per connection, whichever comes first, from where the last one stored. */
import { ConnectorError, type CrmEvent } from '../connectors/connector.ts'
import { loadStreamPosition, saveStreamPosition, storeEvents } from '../store/inbox.ts'
import type { Jobs } from '../store/jobs.ts'
import type { Linked } from './prepare.ts'
import type { Shell } from './shell.ts'

export type ListenerParts = { shell: Shell; jobs: Pick<Jobs, 'ring' | 'nudge'>; linked: readonly Linked[] }
export type Listeners = { stop: () => Promise<void> }

/** A worker that ended leaves the stream to another within this time; a stream that broke is opened again after it. */
const AGAIN_MS = 10_000

export function startListeners(parts: ListenerParts): Listeners {
  const ending = new AbortController()
  const running = parts.linked.filter(({ connector }) => connector.stream).map((linked) => keepListening(parts, linked, ending.signal))
  return {
    stop: async () => {
      ending.abort(new Error('the service is stopping'))
      await Promise.all(running)
    },
  }
}

async function keepListening(parts: ListenerParts, linked: Linked, signal: AbortSignal): Promise<void> {
  const { shell } = parts
  while (!signal.aborted) {
    try {
      const lock = await shell.lockConnection(`${linked.name} stream`)
      if (lock) {
        try {
          await listen(parts, linked, AbortSignal.any([signal, lock.lost]))
        } finally {
          await lock.release()
        }
      }
    } catch (error) {
      if (!signal.aborted) await afterFailure(parts, linked.name, error)
    }
    await shell.sleep(AGAIN_MS, signal).catch(() => undefined) // aborted: the loop ends
  }
}

async function listen({ shell, jobs }: ListenerParts, { name, connector, objects }: Linked, signal: AbortSignal): Promise<void> {
  const mapped = new Set(objects.map((mapping) => mapping.object))
  const onEvents = async (events: readonly CrmEvent[], position: string): Promise<void> => {
    const heard = events.filter(({ ref }) => mapped.has(ref.object))
    await shell.db.transaction().execute(async (trx) => {
      const news = await storeEvents(
        trx,
        heard.map(({ key, ref, kind, at }) => ({ key, connection: name, object: ref.object, id: ref.id, kind, at })),
      )
      await saveStreamPosition(trx, name, position)
      for (const key of news) await jobs.ring(trx, { queue: 'pull-record', key })
    })
    jobs.nudge('pull-record')
  }
  await connector.stream!.listen({ objects: [...mapped], since: await loadStreamPosition(shell.db, name), onEvents }, signal)
}

/** Events that the CRM has thrown away are for a sweep to find: it is asked for at once. */
async function afterFailure({ shell, jobs }: ListenerParts, connection: string, error: unknown): Promise<void> {
  const kind = error instanceof ConnectorError ? error.kind : error instanceof Error ? error.name : 'unknown'
  shell.log('stream.broken', { connection, kind })
  if (kind !== 'bad-cursor') return
  await shell.db.transaction().execute(async (trx) => {
    await saveStreamPosition(trx, connection, null)
    await jobs.ring(trx, { queue: 'sweep', key: connection, facts: { full: false } })
  })
}
