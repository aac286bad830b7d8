import type { Notification } from './webhook-event.ts'
import type { Outcome } from './webhook-post.ts'

/** One event in one attempt. The value is there only while the log keeps values. */
export type Delivery = {
  at: string
  appId: number
  subscriptionId: number
  eventId: number
  subscriptionType: string
  objectId: number | null
  propertyName: string | null
  attemptNumber: number
  outcome: Outcome
  propertyValue?: unknown
}

export type SubscriptionCounts = { attempts: number; delivered: number; failed: number; abandoned: number }

export type DeliveryLog = {
  note(notification: Notification, at: number, attempt: number, outcome: Outcome, last: boolean, keepValue: boolean): void
  lines(most: number, subscriptionId?: number): Delivery[]
  counts(): Record<string, SubscriptionCounts>
  clear(): void
}

const LINES_MOST = 10_000

export function createDeliveryLog(): DeliveryLog {
  let lines: Delivery[] = []
  const counts = new Map<number, SubscriptionCounts>()

  return {
    note(notification, at, attempt, outcome, last, keepValue) {
      const line = deliveryOf(notification, at, attempt, outcome)
      if (keepValue && 'propertyValue' in notification) line.propertyValue = notification.propertyValue
      lines.push(line)
      if (lines.length > 2 * LINES_MOST) lines = lines.slice(-LINES_MOST)
      const count = counts.get(line.subscriptionId) ?? { attempts: 0, delivered: 0, failed: 0, abandoned: 0 }
      counts.set(line.subscriptionId, count)
      count.attempts++
      if (isDelivered(outcome)) count.delivered++
      else if (last) count.abandoned++
      else count.failed++
    },
    lines: (most, subscriptionId) =>
      lines.filter((line) => subscriptionId === undefined || line.subscriptionId === subscriptionId).slice(-Math.min(most, LINES_MOST)),
    counts: () => Object.fromEntries(counts),
    clear() {
      lines = []
      counts.clear()
    },
  }
}

export function isDelivered(outcome: Outcome): boolean {
  return typeof outcome === 'number' && outcome >= 200 && outcome < 300
}

function deliveryOf(notification: Notification, at: number, attemptNumber: number, outcome: Outcome): Delivery {
  return {
    at: new Date(at).toISOString(),
    appId: Number(notification.appId),
    subscriptionId: Number(notification.subscriptionId),
    eventId: Number(notification.eventId),
    subscriptionType: String(notification.subscriptionType),
    objectId: typeof notification.objectId === 'number' ? notification.objectId : null,
    propertyName: typeof notification.propertyName === 'string' ? notification.propertyName : null,
    attemptNumber,
    outcome,
  }
}
