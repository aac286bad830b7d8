/** Listens to the event streams of the CRMs: one worker per connection, whichever comes first, from where the last one stored. */
import { ConnectorError, type CrmEvent } from '../../connectors/connector.ts'
import { loadStreamPosition, saveStreamPosition, storeEvents } from '../../store/inbox.ts'
import type { Jobs } from '../../store/jobs.ts'
import type { Linked } from '../sweep/prepare.ts'
import type { Shell } from '../shell.ts'

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
          await listenOnce(parts, linked, AbortSignal.any([signal, lock.lost]))
        } finally {
          await lock.release()
        }
      }
    } catch (error) {
      if (!signal.aborted) noteBreak(shell, linked.name, error)
    }
    await shell.sleep(AGAIN_MS, signal).catch(() => undefined) // aborted: the loop ends
  }
}

/** Until it breaks. A CRM that says when to come back is left alone until then, by the other workers too: the stream stays ours. */
async function listenOnce(parts: ListenerParts, linked: Linked, signal: AbortSignal): Promise<void> {
  try {
    await listen(parts, linked, signal)
  } catch (error) {
    signal.throwIfAborted()
    noteBreak(parts.shell, linked.name, error)
    if (!(error instanceof ConnectorError)) return
    // Events that the CRM has thrown away are for a sweep to find: see `onListening`.
    if (error.kind === 'bad-cursor') await saveStreamPosition(parts.shell.db, linked.name, null)
    const waitMs = (error.retryAfterMs ?? 0) - AGAIN_MS
    if (waitMs > 0) await parts.shell.sleep(waitMs, signal)
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
  // Whoever listens from now on has a sweep read what went before, only now: what changed between its last page and the first event would be lost.
  const onListening = async (from: 'position' | 'now'): Promise<void> => {
    if (from === 'now') await jobs.ring(shell.db, { queue: 'sweep', key: name, facts: { full: false } })
  }
  const since = await loadStreamPosition(shell.db, name)
  await connector.stream!.listen({ objects: [...mapped], since, onEvents, onListening }, signal)
}

function noteBreak(shell: Shell, connection: string, error: unknown): void {
  const kind = error instanceof ConnectorError ? error.kind : error instanceof Error ? error.name : 'unknown'
  shell.log('stream.broken', { connection, kind })
}
