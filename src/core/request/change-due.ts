/** When something is to be done about a change without anybody's word. */
import { asksAnew, type Change, type ChangeIn, type Goal } from './change.ts'
import type { Request } from './request.ts'

/** Tried again this long after what was not proved: caches and syncs take minutes, people hours. Then somebody has to see to it. */
const waits = [5 * 60_000, 3_600_000, 24 * 3_600_000, 7 * 24 * 3_600_000] as const

/** What the request wants done without anybody's word. An objection for reasons of the person's situation restricts while it is weighed: art. 18(1)(d). */
export function wantedGoal(request: Request, change: Change): Goal | null {
  switch (request.status) {
    case 'none':
    case 'closed':
    case 'answered':
      return null
    case 'refused':
    case 'withdrawn':
      return 'restricted' in change && change.restricted ? 'lift' : null
    case 'received':
    case 'identity-check':
    case 'identified':
    case 'in-progress': {
      if (change.status !== 'none') return null
      const { right, scope, status } = request
      if (right === 'withdrawal' || (right === 'objection' && scope === 'marketing')) return 'opt-out'
      const known = status === 'identified' || status === 'in-progress'
      return known && (right === 'restriction' || right === 'objection') ? 'restrict' : null
    }
    default:
      return request satisfies never
  }
}

/** When there is something to be done that needs nobody's word; epoch milliseconds. `atEnd`: what comes when there is nothing left. */
export function nextOfChange(request: Request, change: Change, atEnd: 'now' | null): number | 'now' | null {
  if (wantedGoal(request, change) !== null) return 'now'
  switch (change.status) {
    case 'none':
    case 'planned':
    case 'stopped':
      return atEnd
    case 'running':
      return 'now'
    case 'settled': {
      const { standing, restricted } = change
      const dues = [standing === 'not-proved' ? retryAt(change) : null, liftAt(change)].filter((at) => at !== null)
      if (dues.length > 0) return Math.min(...dues)
      // Whoever is restricted is told before it ends (art. 18(3)), so that the address is not forgotten before.
      return standing === 'not-proved' || restricted ? null : atEnd
    }
    default:
      return change satisfies never
  }
}

/** When the restriction ends, as somebody has decided; null: nobody has, or there is none. Whether it was ever proved does not keep it. */
export function liftAt({ restricted, lift }: Pick<ChangeIn<'settled'>, 'restricted' | 'lift'>): number | null {
  return restricted ? (lift?.effectiveAt ?? null) : null
}

/** Null: nobody tries again by itself. */
export function retryAt(state: Pick<ChangeIn<'settled'>, 'goal' | 'round' | 'at' | 'items' | 'unlooked'>): number | null {
  if (asksAnew(state)) return null
  const { round, at } = state
  const wait = waits[round - 1]
  return wait === undefined ? null : at + wait
}
