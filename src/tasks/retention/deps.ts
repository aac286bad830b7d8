/** What the tasks of retention work with: what erasures work with, the connections as a sweep judges them, and a clock that is checked before it is believed. */
import type { Calendar } from '../../core/request/deadline.ts'
import type { Policy } from '../../core/policy/schema.ts'
import { limitsOf } from '../../core/retention/brake.ts'
import type { Moment } from '../../core/retention/act.ts'
import { spentSince } from '../../store/retention-due.ts'
import type { ErasureDeps } from '../erasure/deps.ts'
import type { Linked } from '../sweep/prepare.ts'
import type { Landscape, Shell, Target } from '../shell.ts'

/** Everything as it is configured, and each object with its judge of today. */
export type JudgingWorld = { landscape: Landscape; targets: readonly Target[] }
export type RetentionDeps = {
  shell: Shell
  erase: ErasureDeps
  linked: readonly Linked[]
  policy: Policy
  calendar: Calendar
  /** YYYY-MM-DD, at the controller. */
  today: () => string
  /** Asks the CRMs for their fields. */
  prepare: (signal: AbortSignal) => Promise<JudgingWorld>
}

/** `stops`: what somebody has to confirm or to mend first. */
export async function momentOf({ shell, policy }: RetentionDeps, db: Shell['db'], stops: readonly string[]): Promise<Moment> {
  const now = shell.now()
  const limits = limitsOf(policy)
  return { now, stops, limits, spent: await spentSince(db, new Date(now - limits.windowMs).toISOString()) }
}
