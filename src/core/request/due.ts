/** When a request wants something done that needs nobody's word. */
import { nextCheck, type Erasure } from '../erasure/erasure.ts'
import { dueSteps } from '../erasure/steps.ts'
import type { Change } from './change.ts'
import { nextOfChange } from './change-due.ts'
import { COPY_LINK_LIFE_MS } from '../access/copy-link.ts'
import type { Request } from './request.ts'

/** Epoch milliseconds; `now`: at once; null: somebody has to decide or to answer first. */
export function nextDue(request: Request, works: Works): number | 'now' | null {
  switch (request.status) {
    case 'none':
    case 'closed':
      return null
    case 'withdrawn':
    case 'refused':
      return request.right === 'erasure' ? 'now' : nextOf(request, works, 'now')
    case 'answered':
      return nextOf(request, works, 'now')
    case 'received':
    case 'identity-check':
    case 'identified':
      return nextOf(request, works, null)
    // Where nobody asked anew, nobody is answered.
    case 'in-progress':
      return nextOf(request, works, request.origin === 'suppression' ? 'now' : null)
    default:
      return request satisfies never
  }
}

/** How far the carrying out has come, by whatever it is that carries the right out. */
export type Works = { readonly erasure: Erasure; readonly change: Change }

/** `atEnd`: what comes when there is nothing left to do. */
function nextOf(request: Exclude<Request, { status: 'none' }>, { erasure, change }: Works, atEnd: 'now' | null): number | 'now' | null {
  switch (request.right) {
    case 'erasure':
      return nextOfErasure(erasure, atEnd)
    case 'rectification':
    case 'restriction':
    case 'objection':
    case 'withdrawal':
      return nextOfChange(request, change, atEnd)
    case 'access':
    case 'portability':
      // A copy is made anew each time that it is fetched: for as long, who asked is known.
      return request.status === 'answered' ? request.at + COPY_LINK_LIFE_MS : atEnd
    default:
      return request.right satisfies never
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
