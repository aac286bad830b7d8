/** What webhook settings and subscriptions may hold. unverified: the words of these refusals; clients can rely on the 400 only. */
import { isObject } from './call.ts'
import { invalidRequest } from './errors.ts'
import { CONCURRENCY_DEFAULT, EVENT_TYPES, UNSUBSCRIBABLE } from './webhook-app.ts'
import type { Subscription } from './webhook-app.ts'

export function acceptUrl(value: unknown, httpsOnly: boolean): string {
  if (typeof value !== 'string' || value === '') throw invalidRequest('targetUrl is required')
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '') throw invalidRequest('targetUrl is not a valid URL')
  if (httpsOnly && url.protocol !== 'https:') throw invalidRequest('targetUrl must use https')
  return value
}

export function acceptThrottling(value: unknown): { most: number; period: string | null } {
  if (!isObject(value)) throw invalidRequest('throttling is required')
  const { maxConcurrentRequests: most = CONCURRENCY_DEFAULT, period } = value
  if (typeof most !== 'number' || !Number.isInteger(most) || most <= 5)
    throw invalidRequest('maxConcurrentRequests must be a whole number above 5')
  return { most, period: typeof period === 'string' ? period : null }
}

export function acceptSubscription(body: Record<string, unknown>): Omit<Subscription, 'id' | 'createdAt' | 'updatedAt'> {
  const { eventType, active = false } = body
  if (typeof eventType !== 'string') throw invalidRequest('eventType is required')
  if (!EVENT_TYPES.has(eventType)) {
    throw invalidRequest(
      `Invalid input JSON on line 1, column 1: ${JSON.stringify(eventType)} is not one of the values accepted for eventType`,
    )
  }
  if (typeof active !== 'boolean') throw invalidRequest('active must be true or false')
  const propertyName = optionalText(body, 'propertyName')
  const objectTypeId = optionalText(body, 'objectTypeId')
  if (eventType.endsWith('.propertyChange') && propertyName === null) throw invalidRequest(`propertyName is required for ${eventType}`)
  if (!eventType.endsWith('.propertyChange') && propertyName !== null) throw invalidRequest(`propertyName is not allowed for ${eventType}`)
  if (propertyName !== null && UNSUBSCRIBABLE.has(propertyName)) throw invalidRequest(`Cannot subscribe to changes of ${propertyName}`)
  if (eventType.startsWith('object.') && objectTypeId === null) throw invalidRequest(`objectTypeId is required for ${eventType}`)
  return { eventType, active, propertyName, objectTypeId, eventTypeName: optionalText(body, 'eventTypeName') }
}

function optionalText(body: Record<string, unknown>, field: string): string | null {
  const value = body[field]
  if (value === undefined || value === null) return null
  if (typeof value !== 'string' || value === '') throw invalidRequest(`${field} must be a text`)
  return value
}
