/**
 * Carries requests on as far as they go without anybody's word. What is due stands in our own tables, so that nothing depends on a queue or on who began. Those
 * that are due at the same time take each step side by side, so that they share the calls to the CRMs and the commits.
 */
import { ConnectorError } from '../../connectors/connector.ts'
import { claimDueRequests, claimRequests, releaseRequests, type Claiming } from '../../store/request-turns.ts'
import { loadRequests, type StoredRequest } from '../../store/requests.ts'
import type { Task } from './carrier.ts'
import { carriers } from './carriers.ts'
import type { ErasureDeps } from '../erasure/deps.ts'
import { openMeeting, type Meeting } from './meeting.ts'
import { CONTRADICTED, standStill } from './contradicted.ts'
import type { Changed } from './file.ts'
import { inTheWayOf, postpone, putOff, type InTheWay, type Postponed } from './postpone.ts'

/** `busy`: somebody else is at work on it, or nothing is due. */
export type Advanced = { outcome: 'done' | 'busy' } | Postponed

/** So many are carried at once: a batch of most of the CRMs' calls. */
export const TOGETHER = 100

export async function advanceRequest(deps: ErasureDeps, id: string, signal: AbortSignal): Promise<Advanced> {
  return (await advanceRequests(deps, [id], signal)).get(id)!
}

/** Each until nothing of it is due, or something is in the way: then later again, however long it takes. */
export async function advanceRequests(
  deps: ErasureDeps,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Advanced>> {
  const advanced = await advanceClaimed(deps, (claiming) => claimRequests(deps.shell.db, ids, claiming), signal)
  return new Map(ids.map((id) => [id, advanced.get(id) ?? { outcome: 'busy' }]))
}

/** The same with those that are longest due, up to that many; empty: nobody's turn has come. */
export function advanceDue(deps: ErasureDeps, most: number, signal: AbortSignal): Promise<ReadonlyMap<string, Advanced>> {
  return advanceClaimed(deps, (claiming) => claimDueRequests(deps.shell.db, most, claiming), signal)
}

async function advanceClaimed(
  deps: ErasureDeps,
  take: (claiming: Claiming) => Promise<string[]>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Advanced>> {
  const { shell } = deps
  const claim = await shell.claims.take()
  try {
    const mine = await take({ now: new Date(shell.now()).toISOString(), claim: claim.id, living: shell.claims.living })
    const advanced = new Map<string, Advanced>()
    try {
      const kinds = Map.groupBy(await loadEach(deps, mine, advanced), ({ kind }) => kind)
      const either = AbortSignal.any([signal, claim.lost])
      // What one right takes long over does not keep another waiting.
      const ends = await Promise.allSettled([...kinds.values()].map((files) => advanceEach(deps, files, advanced, either)))
      for (const end of ends) if (end.status === 'rejected') throw end.reason
      return advanced
    } finally {
      await releaseRequests(shell.db, mine, claim.id)
    }
  } finally {
    await claim.release()
  }
}

type Advancing = Map<string, Advanced>

/** One that cannot be read keeps nobody from being read. */
async function loadEach({ shell }: Pick<ErasureDeps, 'shell'>, ids: readonly string[], advanced: Advancing): Promise<StoredRequest[]> {
  try {
    return [...(await loadRequests(shell.db, ids)).values()]
  } catch (error) {
    const [only, ...more] = ids
    if (only === undefined) return []
    if (more.length > 0) return (await Promise.all(ids.map((id) => loadEach({ shell }, [id], advanced)))).flat()
    advanced.set(only, await putOff(shell, only, error))
    return []
  }
}

/** All at once, or one by one where that fails: what one of them breaks on is its own. */
async function advanceEach(deps: ErasureDeps, files: readonly StoredRequest[], advanced: Advancing, signal: AbortSignal): Promise<void> {
  try {
    await advance(deps, files, advanced, signal)
  } catch (error) {
    if (signal.aborted) throw error
    const [only] = files
    if (files.length === 1) advanced.set(only!.id, await putOff(deps.shell, only!.id, error))
    else for (const file of files) if (!advanced.has(file.id)) await advanceEach(deps, [file], advanced, signal)
  }
}

/** Step by step: who is done with one waits for the others, so that the next is one step of all. */
async function advance(deps: ErasureDeps, files: readonly StoredRequest[], advanced: Advancing, signal: AbortSignal): Promise<void> {
  for (let open = files; open.length > 0;) {
    signal.throwIfAborted()
    const still = await standStill(deps.shell, open)
    for (const [id, until] of still) advanced.set(id, { outcome: 'postponed', fault: CONTRADICTED, reason: null, until })
    open = open.filter(({ id }) => !still.has(id))
    const due = open.map((file) => ({ file, tasks: tasksOf(deps, file) }))
    const meeting = openMeeting(due.reduce((sum, { tasks }) => sum + tasks.length, 0))
    const ends = await Promise.allSettled(due.map((one) => takeStep(deps, one, meeting, signal)))
    signal.throwIfAborted()
    if (ends.some((end) => end.status === 'fulfilled' && end.value.proved)) await deps.shell.sign()
    const left = new Map<string, StoredRequest>()
    for (const [index, end] of ends.entries()) {
      const { id } = open[index]!
      if (end.status === 'rejected') advanced.set(id, await putOff(deps.shell, id, end.reason))
      else if (end.value.inTheWay !== null) advanced.set(id, await postpone(deps.shell, id, end.value.inTheWay))
      else if (end.value.outcome === 'done') advanced.set(id, { outcome: 'done' })
      else left.set(id, end.value.file)
    }
    // Somebody may have withdrawn one of them meanwhile.
    open = left.size === 0 ? [] : [...(await loadRequests(deps.shell.db, [...left.keys()], 'no lock', left)).values()]
  }
}

/** What cannot even be begun fails as a step does. */
function tasksOf(deps: ErasureDeps, file: StoredRequest): readonly Task[] {
  try {
    return carriers[file.kind].tasks(deps, file)
  } catch (error) {
    return [{ what: 'begin', run: () => Promise.reject(error) }]
  }
}

type Due = { file: StoredRequest; tasks: readonly Task[] }
/** `file`: as this step has left it. `proved`: there is news that an erasure is proved or not, or a request is closed. */
type Stepped = { outcome: 'done' | 'more'; file: StoredRequest; inTheWay: InTheWay | null; proved: boolean }

/** Everything of one request that may be done now, side by side: one CRM that is away does not keep the others from their part. */
async function takeStep(deps: ErasureDeps, { file, tasks }: Due, meeting: Meeting, signal: AbortSignal): Promise<Stepped> {
  if (tasks.length === 0) return { outcome: 'done', file, inTheWay: null, proved: false }
  const ends = await Promise.allSettled(tasks.map(({ run }) => run(signal, meeting)))
  let latest = file
  let inTheWay: InTheWay | null = null
  for (const [index, end] of ends.entries()) {
    if (end.status === 'fulfilled') {
      if (end.value.outcome === 'changed' && end.value.file.version > latest.version) latest = end.value.file
      continue
    }
    const error: unknown = end.reason
    if (!(error instanceof ConnectorError) || signal.aborted) throw error
    deps.shell.log('request.held-up', { request: file.id, fault: error.kind, what: tasks[index]!.what })
    inTheWay = inTheWayOf(error, tasks[index]!.what)
  }
  return { outcome: 'more', file: latest, inTheWay, proved: ends.some((end) => end.status === 'fulfilled' && isProof(file, end.value)) }
}

function isProof({ version }: StoredRequest, changed: Changed): boolean {
  if (changed.outcome === 'refused' || changed.file.version === version) return false
  return changed.file.request.status === 'closed' || changed.file.erasure.status === 'settled'
}
