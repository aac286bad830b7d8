/**
 * What came of steps that needed nobody's word. Those that wait are stored in one transaction, with their ledger entries in one block: a hundred erasures cost
 * the commits of one.
 */
import { nextDue } from '../../core/request/due.ts'
import { appendBlock } from '../../store/ledger.ts'
import { databaseTime, saveLiveReads } from '../../store/live-reads.ts'
import { dropPatches, saveRechecks, type Recheck } from '../../store/outbox.ts'
import { saveMentions } from '../../store/request-mentions.ts'
import { saveProgress } from '../../store/request-progress.ts'
import { loadRequests, type RequestEntry, type StoredRequest } from '../../store/requests.ts'
import { findSource } from '../../store/sources.ts'
import { suppressForRequests } from '../../store/suppressions.ts'
import { endComebacks } from '../comeback/file.ts'
import type { Scan } from '../erasure/act.ts'
import { after, entriesOf, type Changed } from './file.ts'
import { inTurn, type TurnShell } from '../turn.ts'
import type { Shell } from '../shell.ts'

/** `suppress`: hashes for the suppression list. `gone`: records that our own tables forget by reading them again. `onStored`: after the commit. */
export type Came = {
  events: readonly RequestEntry[]
  suppress?: readonly Buffer[]
  gone?: readonly { connection: string; object: string; id: string }[]
  scans?: readonly Scan[]
  /** In the same transaction. */
  also?: (turn: TurnShell) => Promise<void>
  onStored?: () => void
}
/** Called once more when what was decided could not be stored together with the others: it must not change anything. */
type Decide = (file: StoredRequest, now: number) => Came | { message: string }
type Waiting = { shell: Shell; seen: StoredRequest; decide: Decide; done: (changed: Changed) => void; failed: (reason: unknown) => void }

/** More would hold the ledger for too long at once. */
const MOST = 200
const queues = new WeakMap<Shell['db'], { waiting: Waiting[]; busy: boolean }>()

/** `seen`: the request as it was loaded before. `decide` sees it as it stands when its turn has come, locked. */
export function noteProgress(shell: Shell, seen: StoredRequest, decide: Decide): Promise<Changed> {
  const queue = queues.get(shell.db) ?? { waiting: [], busy: false }
  queues.set(shell.db, queue)
  return new Promise((done, failed) => {
    queue.waiting.push({ shell, seen, decide, done, failed })
    if (queue.busy) return
    queue.busy = true
    setImmediate(() => void commitAll(queue))
  })
}

async function commitAll(queue: { waiting: Waiting[]; busy: boolean }): Promise<void> {
  while (queue.waiting.length > 0) await commit(queue.waiting.splice(0, MOST))
  queue.busy = false
}

async function commit(together: readonly Waiting[]): Promise<void> {
  try {
    const stored = await inTurn(together[0]!.shell, (turn) => storeAll(turn, together))
    for (const { waiting, changed, came } of stored) {
      came?.onStored?.()
      waiting.done(changed)
    }
  } catch (error) {
    // One of them may be what fails: nobody else's proof waits for it.
    if (together.length === 1) together[0]!.failed(error)
    else for (const one of together) await commit([one])
  }
}

type Stored = { waiting: Waiting; changed: Changed; came: Came | null }
type Draft = { first: StoredRequest; now: StoredRequest; events: RequestEntry[] }

async function storeAll(turn: TurnShell, together: readonly Waiting[]): Promise<readonly Stored[]> {
  const seen = new Map(together.map((waiting) => [waiting.seen.id, waiting.seen]))
  const files = await loadRequests(turn.db, [...seen.keys()], 'for update', seen)
  const drafts = new Map([...files].map(([id, file]): [string, Draft] => [id, { first: file, now: file, events: [] }]))
  const now = turn.now()
  const entries: string[] = []
  const stored = together.map((waiting): Stored => {
    const draft = drafts.get(waiting.seen.id)
    if (draft === undefined) return { waiting, changed: { outcome: 'refused', message: 'there is no such request' }, came: null }
    const came = waiting.decide(draft.now, now)
    if ('message' in came) return { waiting, changed: { outcome: 'refused', message: came.message }, came: null }
    entries.push(...entriesOf(draft.now, came.events))
    draft.events.push(...came.events)
    draft.now = afterEvents(draft.now, came.events, now)
    return { waiting, changed: { outcome: 'changed', file: draft.now }, came }
  })
  const at = new Date(now).toISOString()
  const progress = [...drafts.values()]
    .filter(({ events }) => events.length > 0)
    .map(({ first, now: file, events }) => {
      const { request, erasure, dueAt } = file
      const due = dueAt === null ? null : new Date(dueAt).toISOString()
      return { id: file.id, version: first.version, request, before: first.erasure, erasure, dueAt: due, events }
    })
  await saveProgress(turn.db, progress, at)
  await saveWhatElse(turn, stored, at)
  if (entries.length > 0) await appendBlock(turn.db, entries, at)
  return stored
}

function afterEvents(file: StoredRequest, events: readonly RequestEntry[], now: number): StoredRequest {
  const { request, erasure } = after(file, events)
  if (request.status === 'closed') throw new RangeError('a request is not closed by what came of a step')
  const due = nextDue(request, { erasure, change: file.change })
  return { ...file, version: file.version + events.length, request, erasure, dueAt: due === 'now' ? now : due, attempts: 0, fault: null }
}

async function saveWhatElse(turn: TurnShell, stored: readonly Stored[], at: string): Promise<void> {
  const came = stored.flatMap(({ waiting: { seen }, came: one }) => (one === null ? [] : [{ id: seen.id, ...one }]))
  await suppressForRequests(
    turn.db,
    came.map(({ id, suppress = [] }) => ({ request: id, hashes: suppress })),
    at,
  )
  for (const { id, suppress = [] } of came)
    if (suppress.length > 0) turn.note({ act: 'suppressed', request: id, hashes: suppress.map((hash) => hash.toString('hex')) })
  for (const { id, scans = [] } of came)
    for (const { connection, mentions } of scans) await saveMentions(turn.db, id, connection, mentions, at)
  await readAgain(
    turn,
    came.flatMap(({ gone = [] }) => gone),
  )
  await endComebacks(
    turn,
    came.map(({ id, events }) => ({ request: id, events: events.flatMap((one) => (one.stream === 'erasure' ? [one.event] : [])) })),
  )
  for (const { also } of came) await also?.(turn)
}

/** Our own tables forget these records as they forget all that are gone. */
export async function readAgain(turn: TurnShell, gone: readonly { connection: string; object: string; id: string }[]): Promise<void> {
  if (gone.length === 0) return
  const rechecks: Recheck[] = []
  const now = await databaseTime(turn.db)
  for (const group of Map.groupBy(gone, ({ connection, object }) => `${connection} ${object}`).values()) {
    const source = await findSource(turn.db, group[0]!.connection, group[0]!.object)
    if (source === null) continue
    const ids = group.map(({ id }) => id)
    // A page that was fetched before shows them still: it must not bring them back here, nor write to them there.
    await saveLiveReads(turn.db, source.id, ids, now)
    await dropPatches(
      turn.db,
      ids.map((id) => ({ source: source.id, id })),
    )
    rechecks.push(...ids.map((id): Recheck => ({ source: source.id, id, reason: 'heard' })))
  }
  if (rechecks.length === 0) return
  await saveRechecks(turn.db, rechecks)
  await turn.ring(turn.db, { rechecks: new Set(rechecks.map(({ source }) => source)), anywhere: false, patches: null })
}
