import { z } from 'zod'
import { leverOn } from '../lever.ts'
import type { Levers } from '../lever.ts'
import type { Portal } from './portal.ts'
import { BehaviourChange } from './webhook-behaviour.ts'
import type { Behaviour } from './webhook-behaviour.ts'
import type { Delivery } from './webhook-log.ts'

const LogQuery = z.strictObject({
  subscriptionId: z.coerce.number().int().optional(),
  last: z.int().min(1).max(10_000).default(100),
  values: z.boolean().default(false).describe('with the property values that were kept (webhooks: keepValues)'),
})
const NewApp = z.strictObject({ appId: z.int().min(1), clientSecret: z.string().min(1) })

const Switch = z.strictObject({ on: z.boolean() })
const Nothing = z.strictObject({})
const lever = leverOn<Portal>()

export const WEBHOOK_LEVERS: Levers<Portal> = {
  webhooks: lever('How webhooks are sent; answers with all settings', BehaviourChange, setBehaviour, { duplicates: 0.1, reorder: true }),
  'webhook-app': lever('Adds an app with webhooks of its own, signed with its secret', NewApp, addApp, {
    appId: 77,
    clientSecret: 'secret',
  }),
  deliver: lever('Sends all webhooks that are due, and tells what became of them', Nothing, ({ webhooks }) => webhooks.queue.deliver()),
  journal: lever('Whether the portal has the webhooks journal', Switch, (portal, { on }) => (portal.journal.on = on)),
  'webhook-log': lever('What was sent, by subscription; never a property value unless asked for', LogQuery, readLog, { last: 10 }),
}

function setBehaviour({ webhooks }: Portal, change: z.infer<typeof BehaviourChange>): Behaviour {
  Object.assign(webhooks.behaviour, change)
  webhooks.changed()
  return webhooks.behaviour
}

function addApp({ webhooks }: Portal, { appId, clientSecret }: z.infer<typeof NewApp>): { apps: number[] } {
  webhooks.apps.set(appId, { id: appId, secret: clientSecret, target: null, subscriptions: new Map() })
  webhooks.changed()
  return { apps: [...webhooks.apps.keys()] }
}

function readLog({ webhooks }: Portal, { subscriptionId, last, values }: z.infer<typeof LogQuery>): unknown {
  const { log, queue, counts } = webhooks
  const lines = log.lines(last, subscriptionId)
  return { ...counts, ...queue.counts(), subscriptions: log.counts(), lines: values ? lines : lines.map(withoutValue) }
}

function withoutValue({ propertyValue: _value, ...line }: Delivery): Delivery {
  return line
}
