/** Looks at those who came back, day and night. Which cases are due stands in their own table. */
import { takeComeback } from '../../store/comebacks.ts'
import { lookOrPostpone } from './decisions.ts'
import type { ErasureDeps } from '../erasure/deps.ts'
import { regularly } from '../worker/regularly.ts'

/** Whoever dies with a case in hand leaves it to others after this long. */
const LEASE_MS = 10 * 60_000
const LOOK_EVERY_MS = 10_000

/** Until none is due. Answers how many were looked at. */
export async function lookAtComebacks(deps: ErasureDeps, signal: AbortSignal): Promise<number> {
  const { shell } = deps
  let looked = 0
  for (;;) {
    signal.throwIfAborted()
    const id = await takeComeback(shell.db, iso(shell.now()), iso(shell.now() + LEASE_MS))
    if (id === null) return looked
    await lookOrPostpone(deps, id, signal)
    looked++
  }
}

export function startGuard(deps: ErasureDeps, signal: AbortSignal): { stop: () => Promise<void> } {
  const rhythm = { everyMs: LOOK_EVERY_MS, log: deps.shell.log, event: 'guard.unreachable', atOnce: true }
  return regularly(() => lookAtComebacks(deps, signal), rhythm)
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
