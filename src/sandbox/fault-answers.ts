/** The vendors' own words for a bad day. Sources: HubSpot docs, "Usage guidelines and limits" and "Error handling"; Salesforce docs, "Status codes and error responses". */
import { randomUUID } from 'node:crypto'

export type FaultAnswer = { status: number; headers: string[]; body: string }

type Named = { status: number; retryAfter?: string; body: Record<string, unknown> | unknown[] }

const limit = (policyName: string, more: Record<string, unknown> = {}): Named => ({
  status: 429,
  body: { message: `You have reached your ${policyName.toLowerCase()} limit.`, errorType: 'RATE_LIMIT', policyName, ...more },
})
/** unverified: what HubSpot says with 423 and 477. */
const HUBSPOT_WAITS = {
  locked: { message: 'This resource is locked. Try again in a few seconds.', category: 'LOCKED' },
  moving: { message: 'This account is being migrated between data hosting locations.' },
}
const force = (status: number, errorCode: string, message: string): Named => ({ status, body: [{ message, errorCode }] })

/** Kind → answer, for each CRM that has such an answer. */
const ANSWERS: Readonly<Record<string, Readonly<Record<string, Named>>>> = {
  hubspot: {
    'ten-secondly': limit('TEN_SECONDLY_ROLLING', { groupName: 'publicapi:private-apps:sandbox' }),
    secondly: limit('SECONDLY'),
    daily: limit('DAILY', { requestId: '00000000-0000-4000-8000-000000000000' }),
    locked: { status: 423, retryAfter: '2', body: HUBSPOT_WAITS.locked },
    moving: { status: 477, retryAfter: '3600', body: HUBSPOT_WAITS.moving },
    unavailable: { status: 503, body: { message: 'Service unavailable' } },
  },
  salesforce: {
    daily: force(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'),
    concurrent: force(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.'),
    // unverified: nobody has shown a 429 of Salesforce's data APIs.
    secondly: force(429, 'REQUEST_LIMIT_EXCEEDED', 'Too many requests.'),
    locked: force(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record'),
    moving: force(503, 'ORG_IN_MAINTENANCE', 'The organization is in maintenance.'),
    unavailable: force(503, 'SERVER_UNAVAILABLE', 'The server is temporarily unavailable.'),
  },
}

export const ANSWER_KINDS = ['ten-secondly', 'secondly', 'daily', 'concurrent', 'locked', 'moving', 'unavailable'] as const

/** Undefined when the CRM has no such answer. */
export function vendorAnswer(crm: string, kind: string): FaultAnswer | undefined {
  const named = ANSWERS[crm]?.[kind]
  if (named === undefined) return undefined
  const retry = named.retryAfter === undefined ? [] : ['Retry-After', named.retryAfter]
  if (crm !== 'hubspot') return { status: named.status, headers: [...jsonHeaders(), ...retry], body: JSON.stringify(named.body) }
  const correlationId = randomUUID()
  const { message, ...rest } = named.body as { message: string }
  return {
    status: named.status,
    headers: [...jsonHeaders(), ...retry, 'X-HubSpot-Correlation-Id', correlationId],
    body: JSON.stringify({ status: 'error', message, correlationId, ...rest }),
  }
}

/** What a plain status says when the plan gives no body. */
export function plainAnswer(crm: string): string {
  const message = 'Service unavailable'
  return JSON.stringify(crm === 'salesforce' ? [{ message, errorCode: 'SERVER_UNAVAILABLE' }] : { status: 'error', message })
}

function jsonHeaders(): string[] {
  return ['Content-Type', 'application/json;charset=utf-8']
}
