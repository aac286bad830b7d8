/** Carries requests on as far as they go now. */
import { loadRequest, type StoredRequest } from '../store/requests.ts'
import { loadFaultReason } from '../store/request-turns.ts'
import type { ErasureDeps } from '../tasks/erasure/deps.ts'
import { INTERNAL } from '../tasks/fault.ts'
import { advanceRequests, TOGETHER, type Advanced } from '../tasks/request/advance.ts'
import { CONTRADICTED } from '../tasks/request/contradicted.ts'
import { untilInterrupted } from './interrupt.ts'
import { printLine } from './output.ts'
import { faultWord } from './request-fault.ts'
import { viewOf } from './request-show.ts'

export type Carried = { file: StoredRequest; advanced: Advanced }

/** One that a CRM holds up, that waits for its next try, or that is not proved, is no success: exit code 1. */
export async function carryOn(deps: ErasureDeps, ids: readonly string[]): Promise<Carried[]> {
  const done: [id: string, advanced: Advanced][] = []
  await untilInterrupted(async (signal) => {
    for (let next = 0; next < ids.length; next += TOGETHER)
      done.push(...(await advanceRequests(deps, ids.slice(next, next + TOGETHER), signal)))
  }, 'requests')
  const carried: Carried[] = []
  for (const [id, came] of done) {
    const file = (await loadRequest(deps.shell.db, id))!
    const advanced = came.outcome === 'busy' ? await nextTryOf(deps, file) : came
    if (advanced.outcome === 'postponed' || viewOf(file).standing === 'not-proved') process.exitCode = 1
    carried.push({ file, advanced })
  }
  return carried
}

/** What was put off is not tried before its time, whoever asks: nothing was done, and the same is still in the way. */
async function nextTryOf({ shell }: ErasureDeps, { id, fault, dueAt }: StoredRequest): Promise<Advanced> {
  if (fault === null || dueAt === null || dueAt <= shell.now()) return { outcome: 'busy' }
  return { outcome: 'postponed', fault, reason: await loadFaultReason(shell.db, id), until: dueAt }
}

export async function carryOne(deps: ErasureDeps, id: string): Promise<Carried> {
  return (await carryOn(deps, [id]))[0]!
}

/** What is in the way, if anything is. */
export function printDelay(advanced: Advanced): void {
  if (advanced.outcome !== 'postponed') return
  printLine(
    `${inTheWay(advanced.fault)} is in the way (${faultWord(advanced)}): it is tried again after ${new Date(advanced.until).toISOString()}, by the service or by "accord request run".`,
  )
}

function inTheWay(fault: string): string {
  if (fault === CONTRADICTED) return 'What the person asks for now'
  return fault === INTERNAL ? 'An error of Accord itself, which the log names under request.failed,' : 'A CRM'
}
