/** The organisation's daily API calls are shared with the company's other tools: we stop before we eat their part. */
import { ConnectorError, type Deps } from '../connector.ts'

const LOOK_AGAIN_MS = 15 * 60_000

export interface Quota {
  /** Throws `throttled` when our share is used up; lets one request through every quarter of an hour to look again. */
  demand(): void
  /** Reads `Sforce-Limit-Info: api-usage=18/15000`, which comes with every REST answer. */
  observe(headers: Headers): void
}

export function dailyQuota(reserve: number, { now, log }: Pick<Deps, 'now' | 'log'>): Quota {
  let blockedUntil = 0
  return {
    demand() {
      const wait = blockedUntil - now()
      if (wait <= 0) return
      throw new ConnectorError(
        'throttled',
        'the organisation has used its daily API calls up to the share kept for other tools (dailyReserve)',
        {
          retryAfterMs: wait,
        },
      )
    },
    observe(headers) {
      const usage = /api-usage=(\d+)\/(\d+)/.exec(headers.get('sforce-limit-info') ?? '')
      if (!usage) return
      const used = Number(usage[1])
      const limit = Number(usage[2])
      const exhausted = limit - used <= limit * reserve && reserve > 0
      if (exhausted && blockedUntil <= now()) log('salesforce.quota-reserved', { used, limit })
      blockedUntil = exhausted ? now() + LOOK_AGAIN_MS : 0
    },
  }
}
