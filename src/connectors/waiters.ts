/** Who waits for a place: the most urgent first, then first come, first served. */
import type { Urgency } from './connector.ts'

/** From the most urgent on. */
const ranks: readonly Urgency[] = ['rights', 'live', 'sweep']

export type Waiter<L> = { urgency: Urgency; exempt: boolean; give: (lease: L) => void; fail: (error: unknown) => void }

export interface Waiters<L> {
  readonly length: number
  add(waiter: Waiter<L>): void
  /** The first in line, or the first of those preferred, who leaves it. */
  next(preferred: Urgency | null): Waiter<L> | undefined
  remove(leaving: (waiter: Waiter<L>) => boolean): Waiter<L>[]
  of(urgency: Urgency): readonly Waiter<L>[]
  /** Each urgency with the number of those who stand before or with it. */
  counts(): readonly { urgency: Urgency; rank: number; mine: number; upToMine: number }[]
}

export const rankOf = (urgency: Urgency): number => ranks.indexOf(urgency)

export function createWaiters<L>(): Waiters<L> {
  const line: Waiter<L>[] = []
  const of = (urgency: Urgency): Waiter<L>[] => line.filter((waiter) => waiter.urgency === urgency)
  return {
    get length() {
      return line.length
    },
    add(waiter) {
      const behind = line.findIndex((other) => rankOf(other.urgency) > rankOf(waiter.urgency))
      line.splice(behind < 0 ? line.length : behind, 0, waiter)
    },
    next(preferred) {
      const index = line.findIndex((waiter) => waiter.urgency === preferred)
      return line.splice(Math.max(0, index), 1)[0]
    },
    remove(leaving) {
      const gone = line.filter(leaving)
      for (const waiter of gone) line.splice(line.indexOf(waiter), 1)
      return gone
    },
    of,
    counts() {
      let upToMine = 0
      return ranks.map((urgency, rank) => {
        const mine = of(urgency).length
        upToMine += mine
        return { urgency, rank, mine, upToMine }
      })
    },
  }
}
