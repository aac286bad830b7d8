import { tooMany } from './errors.ts'
import type { Token } from './tokens.ts'

/** Source: HubSpot docs, "Usage guidelines and limits" (Professional and Enterprise). */
const PRIVATE_APP_PER_TEN_SECONDS = 190
const OAUTH_APP_PER_TEN_SECONDS = 110
const SEARCHES_PER_SECOND = 5
export const CALLS_PER_DAY = 625_000

export type Limits = {
  enabled: boolean
  dailyUsed: number
  dailyLimit: number
  /** When the daily counter starts again: midnight in the portal's time zone. */
  resetsAt(now: number): number
  /** Counts a call and returns the answer's rate headers; throws the 429 that applies. */
  admit(token: Token, kind: 'ordinary' | 'search', now: number, requestId: string): string[]
  clear(): void
}

export function createLimits(enabled: boolean, timeZone: string): Limits {
  const windows = new Map<string, RollingWindow>()
  let searches = rollingWindow(SEARCHES_PER_SECOND, 1000)
  let midnight = 0

  const limits: Limits = {
    enabled,
    dailyUsed: 0,
    dailyLimit: CALLS_PER_DAY,
    resetsAt(now) {
      if (now >= midnight) {
        if (midnight > 0) limits.dailyUsed = 0
        midnight = nextMidnight(now, timeZone)
      }
      return midnight
    },
    admit(token, kind, now, requestId) {
      limits.resetsAt(now)
      const window = windowOf(token)
      if (limits.enabled) {
        if (kind === 'search' && !searches.take(now)) throw tooMany('SECONDLY', requestId)
        if (kind === 'ordinary' && !window.take(now)) throw tooMany('TEN_SECONDLY_ROLLING', requestId)
        if (token.kind === 'private' && limits.dailyUsed >= limits.dailyLimit) throw tooMany('DAILY', requestId)
      }
      if (token.kind === 'private') limits.dailyUsed++
      if (kind === 'search') return []
      const daily = ['X-HubSpot-RateLimit-Daily', String(limits.dailyLimit), 'X-HubSpot-RateLimit-Daily-Remaining', remainingToday(limits)]
      const rolling = ['X-HubSpot-RateLimit-Interval-Milliseconds', '10000', 'X-HubSpot-RateLimit-Max', String(window.limit)]
      const left = ['X-HubSpot-RateLimit-Remaining', String(window.limit - (limits.enabled ? window.used(now, 10_000) : 0))]
      const perSecond = window.limit / 10
      const thisSecond = String(Math.max(0, perSecond - (limits.enabled ? window.used(now, 1000) : 0)))
      // Deprecated, still sent.
      const secondly = ['X-HubSpot-RateLimit-Secondly', String(perSecond), 'X-HubSpot-RateLimit-Secondly-Remaining', thisSecond]
      return [...(token.kind === 'private' ? daily : []), ...rolling, ...left, ...secondly]
    },
    clear() {
      windows.clear()
      searches = rollingWindow(SEARCHES_PER_SECOND, 1000)
      limits.dailyUsed = 0
    },
  }

  function windowOf(token: Token): RollingWindow {
    const key = token.application
    let window = windows.get(key)
    if (window === undefined) {
      window = rollingWindow(token.kind === 'private' ? PRIVATE_APP_PER_TEN_SECONDS : OAUTH_APP_PER_TEN_SECONDS, 10_000)
      windows.set(key, window)
    }
    return window
  }
  return limits
}

export type RollingWindow = { limit: number; take(now: number): boolean; used(now: number, spanMs: number): number }

/** At most `limit` grants in any `spanMs`, remembering each grant: a fixed window would let twice as many pass at its border. */
export function rollingWindow(limit: number, spanMs: number): RollingWindow {
  const grants = new Float64Array(limit).fill(-Infinity)
  let oldest = 0
  return {
    limit,
    take(now) {
      if (now - grants[oldest]! < spanMs) return false
      grants[oldest] = now
      oldest = (oldest + 1) % limit
      return true
    },
    used: (now, span) => grants.reduce((used, grant) => (now - grant < span ? used + 1 : used), 0),
  }
}

function remainingToday(limits: Limits): string {
  return String(Math.max(0, limits.dailyLimit - limits.dailyUsed))
}

function nextMidnight(now: number, timeZone: string): number {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone)
  return here.toPlainDate().add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds
}
