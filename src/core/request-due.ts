/** When a request wants something done that needs nobody's word. */
import { dueSteps, nextCheck, type Erasure } from './erasure.ts'
import type { Request } from './request.ts'

/** Epoch milliseconds; `now`: at once; null: somebody has to decide or to answer first. */
export function nextDue(request: Request, erasure: Erasure): number | 'now' | null {
  switch (request.status) {
    case 'none':
    case 'closed':
      return null
    case 'withdrawn':
    case 'refused':
      return 'now'
    case 'answered':
      return nextOfErasure(erasure, 'now')
    case 'received':
    case 'identity-check':
    case 'identified':
      return nextOfErasure(erasure, null)
    // Where nobody asked anew, nobody is answered.
    case 'in-progress':
      return nextOfErasure(erasure, request.origin === 'suppression' ? 'now' : null)
    default:
      return request satisfies never
  }
}

/** `atEnd`: what comes when there is nothing left to look at. */
function nextOfErasure(erasure: Erasure, atEnd: 'now' | null): number | 'now' | null {
  switch (erasure.status) {
    case 'running':
      return dueSteps(erasure).length > 0 ? 'now' : null
    case 'settled': {
      const next = nextCheck(erasure)
      if (next !== null) return next.at
      // An address that is forgotten cannot be looked for again: what is not proved is not closed.
      return erasure.standing === 'not-proved' ? null : atEnd
    }
    // Came back: somebody approves or accepts it.
    case 'returned':
      return null
    case 'none':
    case 'planned':
    case 'stopped':
      return atEnd
    default:
      return erasure satisfies never
  }
}
