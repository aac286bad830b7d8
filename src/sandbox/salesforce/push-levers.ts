/** Levers of what the org sends: streaming and outbound messages. */
import { z } from 'zod'
import { leverOn } from '../lever.ts'
import { dropMember, entityOfEvent, keepGap, members, selectEntity, STANDARD_CHANNEL } from './event-bus.ts'
import { eventName } from './change-event.ts'
import { armTimer, dropRule, setRule } from './outbound.ts'
import { forgetClients } from './cometd-client.ts'
import { LIVE } from './table.ts'
import { nextId } from './org.ts'
import { tableOf } from './grants.ts'
import type { Levers } from '../lever.ts'
import type { World } from './call.ts'

const Selection = z.strictObject({
  entities: z.array(z.string()).describe('objects whose changes are told, all others are not'),
  channel: z.string().regex(/^\w+$/).default(STANDARD_CHANNEL).describe('ChangeEvents, or a custom channel such as Sales__chn'),
})
const Gap = z.strictObject({
  entity: z.string(),
  changeType: z.enum(['GAP_CREATE', 'GAP_UPDATE', 'GAP_DELETE', 'GAP_UNDELETE', 'GAP_OVERFLOW']),
  ids: z.array(z.string()).default([]),
})
const Streaming = z
  .strictObject({
    timeoutMs: z.int().min(1).max(110_000).describe('how long a poll is held, in real time'),
    dailyLimit: z.int().min(0).describe('events delivered in 24 hours'),
    clientLimit: z.int().min(0).describe('clients at a time'),
    requireCookie: z.boolean().describe('refuses clients that do not send the session cookie back, as Salesforce does'),
    forgetClients: z.boolean().describe('loses what the org knows of every client now'),
  })
  .partial()
const Rule = z.strictObject({
  name: z.string().min(1),
  object: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  fields: z.array(z.string()).default([]).describe('besides Id'),
  when: z.enum(['create', 'change', 'create-or-change']).default('create-or-change'),
  changed: z.array(z.string()).default([]).describe('an update counts only if one of these fields changed'),
  where: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
  includeSession: z.boolean().default(false),
  apiVersion: z
    .string()
    .regex(/^\d\d\.0$/)
    .default('60.0'),
})
const Dropped = z.strictObject({ name: z.string() })
const Sending = z
  .strictObject({
    automatic: z.boolean().describe('sends by the clock; off: only by the lever deliver'),
    duplicates: z.number().min(0).max(1).describe('share of acknowledged notifications that come again'),
    disorder: z.boolean(),
    timeoutMs: z.int().min(10).max(60_000).describe('how long a receiver may take, in real time'),
    silentUsers: z.array(z.string()).describe('ids of users whose changes send nothing'),
    instanceUrl: z.url().describe('what EnterpriseUrl and PartnerUrl begin with'),
  })
  .partial()

const Nothing = z.strictObject({})
const lever = leverOn<World>()

export const PUSH_LEVERS: Levers<World> = {
  'change-events': lever('Change Data Capture: the entities of a channel', Selection, selectEntities, { entities: ['Contact'] }),
  'gap-event': lever('Tells that changes were lost', Gap, (world, { entity, changeType, ids }) => {
    keepGap(world.push.streams.bus, tableOf(world.org, entity), changeType, ids)
    return {}
  }),
  streaming: lever('How streaming clients are served', Streaming, ({ push }, { forgetClients: forget = false, ...settings }) => {
    Object.assign(push.streams, settings)
    return { forgotten: forget ? forgetClients(push.streams) : 0 }
  }),
  'outbound-message': lever('A workflow rule that sends an outbound message', Rule, addRule, {
    name: 'contacts',
    object: 'Contact',
    url: 'http://127.0.0.1:9/soap',
    fields: ['Email'],
  }),
  'drop-outbound-message': lever('Drops such a rule', Dropped, ({ push }, { name }) => ({ dropped: dropRule(push.outbound, name) })),
  'outbound-sending': lever('How outbound messages are sent', Sending, ({ push }, { silentUsers, instanceUrl, ...settings }) => {
    Object.assign(push.outbound, settings)
    if (silentUsers !== undefined) {
      push.outbound.silent.clear()
      for (const id of silentUsers) push.outbound.silent.add(id)
    }
    if (instanceUrl !== undefined) push.instance = instanceUrl.replace(/\/+$/, '')
    armTimer(push.outbound)
    return {}
  }),
  deliver: lever('Sends every outbound message that is due and waits for the answers', Nothing, ({ push }) => push.sender.deliver()),
  'outbound-state': lever('Counts of outbound messages, and what waits', Nothing, ({ push: { outbound } }) => ({
    ...outbound.counts,
    waiting: outbound.queue.map(({ id, rule, madeAt, dueAt, attempts }) => ({
      id,
      rule: rule.name,
      madeAt: new Date(madeAt).toISOString(),
      dueAt: new Date(dueAt).toISOString(),
      attempts,
    })),
  })),
}

function selectEntities({ org, push }: World, { entities, channel }: z.infer<typeof Selection>): unknown {
  const { bus } = push.streams
  const wanted = entities.map((name) => {
    const entity = entityOfEvent(org, eventName(name))
    if (entity === undefined) throw new Error(`Salesforce sandbox: ${name} has no change events`)
    return entity
  })
  const table = members(org)
  const channelField = table.object.byName.get('eventchannel')
  table.stages.forEach((stage, row) => {
    if (stage === LIVE && channelField !== undefined && table.columns.get('EventChannel')?.get(row) === channel) dropMember(bus, row)
  })
  for (const entity of new Set(wanted)) {
    const made = selectEntity(bus, channel, entity)
    if (typeof made !== 'string') throw new Error('Salesforce sandbox: change events can be selected for five objects')
  }
  return { channel, entities: [...(bus.channels.get(channel) ?? [])] }
}

function addRule({ org, push }: World, { object, where, fields, changed, ...rest }: z.infer<typeof Rule>): unknown {
  const table = tableOf(org, object)
  const nameOf = (name: string): string => {
    const field = table.object.byName.get(name.toLowerCase())
    if (field === undefined) throw new Error(`Salesforce sandbox: no field ${object}.${name}`)
    return field.name
  }
  const conditions = Object.entries(where).map(([name, value]) => [nameOf(name), value === null ? null : String(value)] as const)
  const actionId = push.outbound.rules.get(rest.name)?.actionId ?? nextId(org, '04k')
  setRule(push.outbound, { ...rest, table, actionId, fields: fields.map(nameOf), changed: changed.map(nameOf), where: new Map(conditions) })
  return { actionId }
}
