import { z } from 'zod'
import { tooMany } from './errors.ts'
import type { Token } from './tokens.ts'

const most = z.number().int().min(1).max(1_000_000)
/** Calls that are admitted. Only the named ones change. */
export const QuotaChange = z
  .strictObject({
    daily: z.number().int().min(0).describe('private apps, until midnight in the time zone of the portal'),
    tenSeconds: most.describe('a private app, in any ten seconds'),
    oauthTenSeconds: most.describe('an OAuth app, in any ten seconds'),
    searchesPerSecond: most.describe('the account'),
  })
  .partial()
/** Source: HubSpot docs, "Usage guidelines and limits": batches of associations, for the account (Professional and Enterprise). */
const ASSOCIATIONS = { tenSeconds: 200, daily: 500_000 }

type Quota = { daily: number; tenSeconds: number; oauthTenSeconds: number; searchesPerSecond: number }

/** Source: HubSpot docs, "Usage guidelines and limits" (Professional and Enterprise). */
const QUOTA: Quota = { daily: 625_000, tenSeconds: 190, oauthTenSeconds: 110, searchesPerSecond: 5 }

export type Limits = {
  enabled: boolean
  dailyUsed: number
  readonly dailyLimit: number
  /** Takes effect with the next call; the windows start empty. */
  change(quota: z.infer<typeof QuotaChange>): Quota
  /** When the daily counter starts again: midnight in the portal's time zone. */
  resetsAt(now: number): number
  /** Counts a call and returns the answer's rate headers; throws the 429 that applies. */
  admit(token: Token, kind: 'ordinary' | 'search' | 'associations', now: number, requestId: string): string[]
  clear(): void
}

export function createLimits(enabled: boolean, timeZone: string): Limits {
  const windows = new Map<string, RollingWindow>()
  let quota = { ...QUOTA }
  let searches = rollingWindow(quota.searchesPerSecond, 1000)
  let associations = associationAllowance()
  let midnight = 0

  const limits: Limits = {
    enabled,
    dailyUsed: 0,
    get dailyLimit() {
      return quota.daily
    },
    change(changed) {
      Object.assign(quota, changed)
      windows.clear()
      searches = rollingWindow(quota.searchesPerSecond, 1000)
      return quota
    },
    resetsAt(now) {
      if (now >= midnight) {
        if (midnight > 0) limits.dailyUsed = 0
        associations.today = 0
        midnight = nextMidnight(now, timeZone)
      }
      return midnight
    },
    admit(token, kind, now, requestId) {
      limits.resetsAt(now)
      // unverified: that these answers tell nothing of the allowance, as those to searches.
      if (kind === 'associations') return limits.enabled ? associations.admit(now, requestId) : []
      const window = windowOf(windows, token, quota)
      if (limits.enabled) {
        if (kind === 'search' && !searches.take(now)) throw tooMany('SECONDLY', requestId)
        if (kind === 'ordinary' && !window.take(now)) throw tooMany('TEN_SECONDLY_ROLLING', requestId)
        if (token.kind === 'private' && limits.dailyUsed >= limits.dailyLimit) throw tooMany('DAILY', requestId)
      }
      if (token.kind === 'private') limits.dailyUsed++
      if (kind === 'search') return []
      return rateHeaders(limits, token, window, now)
    },
    clear() {
      quota = { ...QUOTA }
      limits.change({})
      limits.dailyUsed = 0
      associations = associationAllowance()
    },
  }

  return limits
}

function associationAllowance(): { today: number; admit(now: number, requestId: string): string[] } {
  const window = rollingWindow(ASSOCIATIONS.tenSeconds, 10_000)
  const allowance = {
    today: 0,
    admit(now: number, requestId: string): string[] {
      if (!window.take(now)) throw tooMany('TEN_SECONDLY_ROLLING', requestId)
      if (allowance.today >= ASSOCIATIONS.daily) throw tooMany('DAILY', requestId)
      allowance.today++
      return []
    },
  }
  return allowance
}

function windowOf(windows: Map<string, RollingWindow>, token: Token, quota: Quota): RollingWindow {
  let window = windows.get(token.application)
  if (window === undefined) {
    window = rollingWindow(token.kind === 'private' ? quota.tenSeconds : quota.oauthTenSeconds, 10_000)
    windows.set(token.application, window)
  }
  return window
}

function rateHeaders(limits: Limits, token: Token, window: RollingWindow, now: number): string[] {
  const used = (spanMs: number): number => (limits.enabled ? window.used(now, spanMs) : 0)
  const left = Math.max(0, limits.dailyLimit - limits.dailyUsed)
  const daily = ['X-HubSpot-RateLimit-Daily', String(limits.dailyLimit), 'X-HubSpot-RateLimit-Daily-Remaining', String(left)]
  const rolling = ['X-HubSpot-RateLimit-Interval-Milliseconds', '10000', 'X-HubSpot-RateLimit-Max', String(window.limit)]
  const remaining = ['X-HubSpot-RateLimit-Remaining', String(window.limit - used(10_000))]
  const perSecond = Math.floor(window.limit / 10)
  // Deprecated, still sent.
  const secondly = ['X-HubSpot-RateLimit-Secondly', String(perSecond)]
  const thisSecond = ['X-HubSpot-RateLimit-Secondly-Remaining', String(Math.max(0, perSecond - used(1000)))]
  return [...(token.kind === 'private' ? daily : []), ...rolling, ...remaining, ...secondly, ...thisSecond]
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

function nextMidnight(now: number, timeZone: string): number {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone)
  return here.toPlainDate().add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds
}
