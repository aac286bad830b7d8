import { z } from 'zod'
import type { Portal } from './portal.ts'
import { BehaviourChange } from './webhook-behaviour.ts'
import type { Behaviour } from './webhook-behaviour.ts'
import type { Delivery } from './webhook-log.ts'
import type { Delivered } from './webhook-queue.ts'

const LogQuery = z.strictObject({
  subscriptionId: z.coerce.number().int().optional(),
  last: z.int().min(1).max(10_000).default(100),
  values: z.boolean().default(false).describe('with the property values that were kept (webhooks: keepValues)'),
})
const NewApp = z.strictObject({ appId: z.int().min(1), clientSecret: z.string().min(1) })

export const WEBHOOK_LEVERS = {
  webhooks: (portal: Portal, body: unknown): Behaviour => {
    const change = BehaviourChange.parse(body ?? {})
    Object.assign(portal.webhooks.behaviour, change)
    portal.webhooks.changed()
    return portal.webhooks.behaviour
  },
  'webhook-app': (portal: Portal, body: unknown): { apps: number[] } => {
    const { appId, clientSecret } = NewApp.parse(body)
    portal.webhooks.apps.set(appId, { id: appId, secret: clientSecret, target: null, subscriptions: new Map() })
    portal.webhooks.changed()
    return { apps: [...portal.webhooks.apps.keys()] }
  },
  deliver: (portal: Portal): Promise<Delivered> => portal.webhooks.queue.deliver(),
  'webhook-log': (portal: Portal, body: unknown): unknown => {
    const { subscriptionId, last, values } = LogQuery.parse(body ?? {})
    const { log, queue, counts } = portal.webhooks
    const lines = log.lines(last, subscriptionId)
    return {
      ...counts,
      ...queue.counts(),
      subscriptions: log.counts(),
      lines: values ? lines : lines.map(withoutValue),
    }
  },
}

function withoutValue({ propertyValue: _value, ...line }: Delivery): Delivery {
  return line
}
