/**
 * An ordinary bad day between a connector and its CRM: one request in ten is throttled, one in twenty meets a 5xx, some connections break
 * before the request arrives and some before the answer does, and every answer takes a while.
 */
import { createRandom } from '../../src/sandbox/random.ts'

export type Upset = { reply: { status: number; headers?: Record<string, string>; body: string } } | 'reset' | 'lost'
/** What a vendor says on such a day. */
export type NoisyWords = { throttled: { status: number; body: string }; broken: readonly { status: number; type: string; body: string }[] }
export type NoiseCounts = Record<'throttled' | 'broken' | 'reset' | 'lost', number>
export type Noise = {
  /** What happens to a request that failed `before` times in a row already; `broken`: something else is wrong with the CRM just now. */
  upset(before: number, broken: boolean, request: { method: string; path: string }): Upset | undefined
  delay(): Promise<void>
  readonly counts: NoiseCounts
}

/** More failures in a row would be an outage, not a bad day: connectors may give up then. */
const MOST_IN_A_ROW = 2
const LONGEST_DELAY_MS = 4

export function createNoise(seed: number, words: NoisyWords): Noise {
  const random = createRandom(seed)
  const counts = { throttled: 0, broken: 0, reset: 0, lost: 0 }
  const count = <T extends Upset>(name: keyof typeof counts, upset: T): T => {
    counts[name] += 1
    return upset
  }
  return {
    counts,
    upset(before, broken) {
      const drawn = random()
      if (before >= (broken ? 1 : MOST_IN_A_ROW)) return undefined
      if (drawn < 0.1) return count('throttled', { reply: { ...words.throttled, headers: { 'content-type': 'application/json' } } })
      if (drawn < 0.15) {
        const { status, type, body } = words.broken[Math.floor(random() * words.broken.length)]!
        return count('broken', { reply: { status, headers: { 'content-type': type }, body } })
      }
      if (drawn < 0.17) return count('reset', 'reset')
      if (drawn < 0.19) return count('lost', 'lost')
      return undefined
    },
    async delay() {
      const ms = random() * LONGEST_DELAY_MS
      if (ms > 2) await new Promise((resolve) => setTimeout(resolve, ms))
    },
  }
}

/** How often in a row each request failed; a request is told by what it says. */
export function createStreaks(): { of(key: string): number; note(key: string, failed: boolean): void } {
  const streaks = new Map<string, number>()
  return {
    of: (key) => streaks.get(key) ?? 0,
    note(key, failed) {
      if (failed) streaks.set(key, (streaks.get(key) ?? 0) + 1)
      else streaks.delete(key)
    },
  }
}

/** Nothing but this: the first answer to each request that matches gets lost, after the CRM did what it was asked. */
export function losing(matches: (request: { method: string; path: string }) => boolean): Noise {
  const counts: NoiseCounts = { throttled: 0, broken: 0, reset: 0, lost: 0 }
  return {
    counts,
    upset(before, _broken, request) {
      if (before > 0 || !matches(request)) return undefined
      counts.lost += 1
      return 'lost'
    },
    delay: async () => undefined,
  }
}
