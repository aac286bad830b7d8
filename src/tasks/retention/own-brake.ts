/** The brake on what Accord itself forgets by the policy: more than that in a day, and somebody looks first whether the policy means it. */
import { dayMs } from '../../core/time/calendar.ts'
import { limitsOf } from '../../core/retention/brake.ts'
import { lastConfirmed, saveStops } from '../../store/retention-guard.ts'
import type { RetentionDeps } from './deps.ts'

/** Fewer than this are never a mistake of a rule. */
const FEW = 20
const CONFIRMED_FOR_MS = 2 * dayMs

/** `total`: of how many. False: nothing is to be forgotten before somebody has confirmed it; `detail` says what, for them. */
export async function mayForget(
  { shell, policy }: Pick<RetentionDeps, 'shell' | 'policy'>,
  { kind, due, total, detail }: { kind: string; due: number; total: number; detail: string },
): Promise<boolean> {
  const { share, count } = limitsOf(policy)
  const allowed = Math.min(count, Math.max(FEW, Math.floor(share * total)))
  if (due <= allowed) return true
  const confirmed = await lastConfirmed(shell.db, kind, '')
  if (confirmed !== null && shell.now() - confirmed <= CONFIRMED_FOR_MS) return true
  await saveStops(shell.db, [{ kind, about: '', foundAt: new Date(shell.now()).toISOString(), detail }])
  shell.log('retention.stopped', { kind, about: '' })
  return false
}
