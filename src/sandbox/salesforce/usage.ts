/** The daily API allowance: counted on every call, shown on every answer. */
import { DAY } from './text.ts'
import { Fault } from './fault.ts'

/** A rolling 24 hours, kept in hours. */
export type Usage = { limit: number; hours: Map<number, number> }
/** Salesforce docs: API request limits, Enterprise Edition with one licence. */
const DAILY_LIMIT = 101_000
const HOUR = 3_600_000

export const createUsage = (): Usage => ({ limit: DAILY_LIMIT, hours: new Map() })

export function usedCalls(usage: Usage, now: number): number {
  let used = 0
  for (const [hour, count] of usage.hours) {
    if (hour * HOUR <= now - DAY) usage.hours.delete(hour)
    else used += count
  }
  return used
}

/** Counts one call; where `enforced`, refuses beyond the allowance, as orgs without overage do. */
export function spendCall(usage: Usage, now: number, enforced: boolean): void {
  if (enforced && usedCalls(usage, now) >= usage.limit) throw new Fault(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')
  const hour = Math.floor(now / HOUR)
  usage.hours.set(hour, (usage.hours.get(hour) ?? 0) + 1)
}

/** As if that many calls had been made within the hour, and none before. */
export function setUsedCalls(usage: Usage, now: number, used: number): void {
  usage.hours.clear()
  usage.hours.set(Math.floor(now / HOUR), used)
}

export const limitHeader = (usage: Usage, now: number): string => `api-usage=${usedCalls(usage, now)}/${usage.limit}`
