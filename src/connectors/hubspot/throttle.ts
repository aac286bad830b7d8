/** How long to wait after HubSpot said no, by policy (HubSpot docs: usage details, error handling). */
import { retryAfterMs } from '../http.ts'
import type { Refusal } from './refusal.ts'

/** Longer waits are the caller's business: nobody sleeps for minutes inside a request. */
export const longestWaitMs = 60_000

/** After a 429; undefined for the daily limit, which ends at midnight in the portal's time zone. */
export function waitAfter429(refusal: Refusal, headers: Headers, now: number): number | undefined {
  const named = retryAfterMs(headers, now)
  if (named !== undefined) return named
  if (refusal.policy === 'DAILY') return undefined
  return refusal.policy === 'SECONDLY' ? 1_000 : 10_000
}

/** `X-HubSpot-RateLimit-…`: what is left, and of how much. OAuth apps have no daily allowance, and a search names none (HubSpot docs: usage guidelines). */
export function allowanceIn(headers: Headers, remainingName: string, limitName: string): { remaining: number; limit: number } | null {
  const [remaining, limit] = [remainingName, limitName].map((name) => headers.get(`x-hubspot-ratelimit-${name}`) ?? '')
  return /^\d+$/.test(remaining!) && /^\d+$/.test(limit!) ? { remaining: Number(remaining), limit: Number(limit) } : null
}

/** 423: heavy write bursts lock the portal, wait at least 2 s. 477: the portal moves between data centres, up to 24 h. */
export function waitAfterLock(status: number, headers: Headers, now: number): number | undefined {
  if (status === 423) return Math.max(2_000, retryAfterMs(headers, now) ?? 0)
  if (status === 477) return retryAfterMs(headers, now) ?? longestWaitMs + 1
  return undefined
}

/** An unknown zone counts as UTC: at worst one more refusal. */
export function msToMidnight(now: number, timeZone: string): number {
  const instant = Temporal.Instant.fromEpochMilliseconds(now)
  let here: Temporal.ZonedDateTime
  try {
    here = instant.toZonedDateTimeISO(timeZone)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    here = instant.toZonedDateTimeISO('UTC')
  }
  const midnight = here.toPlainDate().add({ days: 1 }).toZonedDateTime(here.timeZoneId)
  return midnight.epochMilliseconds - now
}
