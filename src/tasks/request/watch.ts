/** Looks at the calendar for the DPO: deadlines that come near or have passed, and approvals that nobody gives. */
import type { Change } from '../../core/request/change.ts'
import { retryAt } from '../../core/request/change-due.ts'
import { toApprove, type Erasure } from '../../core/erasure/erasure.ts'
import { alertOfDamaged, alertsDue, holdAlerts, type Alert } from '../../core/request/alerts.ts'
import { dayOfIso } from '../../core/time/calendar.ts'
import type { Right } from '../../core/request/request.ts'
import { countWaiting, untold } from '../../store/request-alerts.ts'
import type { StoredRequest } from '../../store/requests.ts'
import { listKeeping, listOpenRequests } from '../../store/request-lists.ts'
import { alertDpo, tellRest } from '../notify/alert.ts'
import type { ErasureDeps } from '../erasure/deps.ts'
import { regularly } from '../worker/regularly.ts'
import { mendDates } from '../sweep/misdated.ts'
import { inTurn } from '../turn.ts'
import { endUnconfirmed } from './unconfirmed.ts'

const LOOK_EVERY_MS = 60_000
const PER_TURN = 100

/** Answers how many mails are to be sent. */
export async function watchRequests({ shell, calendar }: Pick<ErasureDeps, 'shell' | 'calendar'>): Promise<number> {
  const now = shell.now()
  const { files, damaged } = await listOpenRequests(shell.db)
  const due = [
    ...files.flatMap((file) => alertsDue(file.request, waitingSince(file), now, calendar).map((alert) => ({ ...alert, request: file.id }))),
    ...damaged.map(({ id, lastDay }) => ({ ...alertOfDamaged(dayOfIso(lastDay), calendar.localDay(now)), request: id })),
  ]
  const told = await tellEach(shell, due)
  if ((await countWaiting(shell.db)).length > 0) await inTurn(shell, tellRest)
  return told
}

/** Records that were kept, of which the last reason has ended or is to be looked at: by day, so that once a day is enough. */
export async function watchHolds({ shell, calendar }: Pick<ErasureDeps, 'shell' | 'calendar'>): Promise<number> {
  const today = calendar.localDay(shell.now())
  const { files, damaged } = await listKeeping(shell.db)
  return tellEach(shell, [
    ...files.flatMap(({ id, erasure }) =>
      'items' in erasure ? holdAlerts(erasure.items, today).map((alert) => ({ ...alert, request: id })) : [],
    ),
    ...damaged.map(({ id }) => ({ kind: 'damaged' as const, event: 'kept', request: id })),
  ])
}

async function tellEach(shell: ErasureDeps['shell'], due: readonly (Alert & { request: string })[]): Promise<number> {
  const news = await untold(shell.db, due)
  let told = 0
  // Nobody else's turn waits for thousands of reminders.
  for (let from = 0; from < news.length; from += PER_TURN)
    told += await inTurn(shell, async (turn) => {
      let now = 0
      for (const index of news.slice(from, from + PER_TURN)) if (await alertDpo(turn, due[index]!)) now++
      return now
    })
  return told
}

/** Since when something waits for somebody's approval, epoch milliseconds. */
function waitingSince({ request, erasure, change }: StoredRequest): number | null {
  if (request.status !== 'identified' && request.status !== 'in-progress') return null
  return waitingErasure(erasure) ?? waitingChange(request.right, change)
}

/** A correction that was shown, an objection that is to be weighed, or what is not proved after the last try. */
function waitingChange(right: Right, change: Change): number | null {
  if (change.status === 'planned') return change.plan.items.length > 0 ? change.plannedAt : null
  if (change.status !== 'settled') return null
  const weighed = right === 'objection' && change.goal === 'restrict'
  return weighed || (change.standing === 'not-proved' && retryAt(change) === null) ? change.at : null
}

function waitingErasure(erasure: Erasure): number | null {
  const waiting = toApprove(erasure)
  if (waiting === null || waiting.records === 0) return null
  switch (erasure.status) {
    case 'planned':
      return erasure.plannedAt
    case 'returned':
      return erasure.at
    case 'settled':
      return erasure.settledAt
    default:
      return null
  }
}

export function startWatch(deps: ErasureDeps, signal: AbortSignal): { stop: () => Promise<void> } {
  const rhythm = { everyMs: LOOK_EVERY_MS, log: deps.shell.log, event: 'watch.unreachable', atOnce: true }
  let held: number | null = null
  const onceADay = async (one: ErasureDeps): Promise<void> => {
    const today = one.calendar.localDay(one.shell.now())
    if (held === today) return
    await watchHolds(one)
    held = today
  }
  return regularly(() => lookOnce(deps, signal, onceADay), rhythm)
}

/** Deadlines first, and whatever else fails keeps nobody from being told of them, nor of what was kept (`holds`). */
export async function lookOnce(deps: ErasureDeps, signal: AbortSignal, holds: (deps: ErasureDeps) => Promise<unknown>): Promise<void> {
  const failed: unknown[] = []
  for (const look of [watchRequests, mendDates, (one: ErasureDeps) => endUnconfirmed(one, signal), holds])
    await look(deps).catch((error: unknown) => void failed.push(error))
  if (failed.length > 0) throw failed[0]
}
