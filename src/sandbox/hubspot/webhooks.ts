import { createRandom } from '../random.ts'
import type { Change, ChangedRecord } from './changes.ts'
import { kindNamed } from './object-kind.ts'
import type { Part } from './part.ts'
import type { Portal } from './portal.ts'
import type { ObjectTable } from './table.ts'
import { copyApp, typeIdOf } from './webhook-app.ts'
import type { App, Target } from './webhook-app.ts'
import { DEFAULT_BEHAVIOUR } from './webhook-behaviour.ts'
import type { Behaviour } from './webhook-behaviour.ts'
import { createDeliveryLog } from './webhook-log.ts'
import type { DeliveryLog } from './webhook-log.ts'
import { notificationFields, subscriptionKey, subscriptionKeys } from './webhook-event.ts'
import type { Notification } from './webhook-event.ts'
import { createQueue } from './webhook-queue.ts'
import type { Queue } from './webhook-queue.ts'

export type Webhooks = {
  readonly apps: Map<number, App>
  readonly queue: Queue
  readonly log: DeliveryLog
  behaviour: Behaviour
  nextSubscription: number
  /** Events that a change made since the last reset, and those that `drop` lost. */
  counts: { events: number; dropped: number }
  /** To be called after settings, subscriptions or behaviour changed. */
  changed(): void
  readonly part: Part
  close(): void
}

/** Source: HubSpot docs, "Webhooks API": settings may take five minutes to have effect. */
const CACHE_MS = 5 * 60_000

type Route = { app: App; subscriptionId: number }
/** Settings and subscriptions as the sender sees them, which may be late. */
type Routing = {
  at: number
  routes: Map<string, Route[]>
  /** Type id → properties somebody subscribed to. */ properties: Map<string, Set<string>>
  targets: Map<number, Target>
}

/** The part of the portal that the sender looks at. */
type Source = Pick<Portal, 'id' | 'clock' | 'feed' | 'tables'>
type State = { hub: Webhooks; portal: Source; random: () => number; routing: Routing; unwatch: (() => void) | undefined }

/** What the apps of a portal are told. `app` is there from the start; others come by a lever. */
export function createWebhooks(portal: Source, seed: number, app: { id: number; secret: string }): Webhooks {
  const log = createDeliveryLog()
  const queue = createQueue({
    clock: portal.clock,
    random: () => state.random(),
    behaviour: () => hub.behaviour,
    target: (of) => current(state).targets.get(of.id) ?? null,
    log,
  })
  const hub: Webhooks = {
    apps: new Map([[app.id, { ...app, target: null, subscriptions: new Map() }]]),
    queue,
    log,
    behaviour: { ...DEFAULT_BEHAVIOUR },
    nextSubscription: 1_000_001,
    counts: { events: 0, dropped: 0 },
    changed: () => refresh(state, !hub.behaviour.settingsCache),
    part: { keep: () => keep(state, seed) },
    close() {
      listen(state, false)
      queue.clear()
    },
  }
  const routing = readRouting(hub.apps, portal.clock.now())
  const state: State = { hub, portal, random: createRandom(seed), routing, unwatch: undefined }
  return hub
}

/** Settings and subscriptions come back; what waited to be delivered, the log of what was, and the sender's behaviour do not. */
function keep(state: State, seed: number): () => void {
  const { hub } = state
  const apps = [...hub.apps.values()].map(copyApp)
  const { nextSubscription } = hub
  return () => {
    hub.queue.clear()
    hub.log.clear()
    hub.apps.clear()
    for (const app of apps) hub.apps.set(app.id, copyApp(app))
    Object.assign(hub, { nextSubscription, behaviour: { ...DEFAULT_BEHAVIOUR }, counts: { events: 0, dropped: 0 } })
    state.random = createRandom(seed)
    refresh(state, true)
  }
}

function refresh(state: State, atOnce: boolean): void {
  if (atOnce) state.routing = readRouting(state.hub.apps, state.portal.clock.now())
  listen(state, state.hub.behaviour.settingsCache || state.routing.routes.size > 0)
}

/** Nobody subscribed: nobody listens, and a change costs nothing. */
function listen(state: State, wanted: boolean): void {
  if (wanted) state.unwatch ??= state.portal.feed.watch((change) => hear(state, change))
  else {
    state.unwatch?.()
    state.unwatch = undefined
  }
}

function current(state: State): Routing {
  const { hub, portal } = state
  const now = portal.clock.now()
  if (hub.behaviour.settingsCache && now - state.routing.at >= CACHE_MS) state.routing = readRouting(hub.apps, now)
  return state.routing
}

function hear(state: State, change: Change): void {
  const { behaviour } = state.hub
  const { at, source, objectTypeId } = change
  // What HubSpot computes mostly does not fire (HubSpot docs, "Webhooks API").
  if (change.kind === 'propertyChange' && tableOf(state, objectTypeId)?.properties.find(change.property)?.calculated === true) return
  if (change.kind === 'privacyDeletion') return hearErasure(state, change)
  tell(state, change, false)
  if (change.kind === 'creation' && behaviour.creationTells === 'all') tellFirstValues(state, change)
  if (change.kind !== 'merge' || behaviour.mergeTells !== 'all') return
  for (const id of [change.primary, ...change.merged]) tell(state, { kind: 'deletion', at, source, objectTypeId, id }, false)
  tell(state, { kind: 'creation', at, source, objectTypeId, id: change.id }, false)
}

/** Fires twice, in either order, together or apart. Source: HubSpot docs, "Webhooks API: privacy-compliant deletions". */
function hearErasure(state: State, change: Change & ChangedRecord): void {
  const { at, source, objectTypeId, id } = change
  const both: Change[] = [change, { kind: 'deletion', at, source, objectTypeId, id }]
  if (state.random() < 0.5) both.reverse()
  const apart = state.random() < 0.5
  both.forEach((one, position) => tell(state, one, apart && position === 1))
}

/** Reads only what somebody subscribed to. */
function tellFirstValues(state: State, { at, source, objectTypeId, id }: Change & ChangedRecord): void {
  const table = tableOf(state, objectTypeId)
  if (table === undefined) return
  for (const property of current(state).properties.get(objectTypeId) ?? []) {
    const index = table.properties.indexOf(property)
    const value = index < 0 ? undefined : table.store.value(table.store.row(id), index)
    if (value === undefined) continue
    const sensitive = table.properties.list[index]!.dataSensitivity !== 'non_sensitive'
    tell(state, { kind: 'propertyChange', at, source, objectTypeId, id, property, value, sensitive }, false)
  }
}

function tableOf({ portal }: State, objectTypeId: string): ObjectTable | undefined {
  return portal.tables.get(kindNamed(objectTypeId)?.name ?? '')
}

function tell(state: State, change: Change, apart: boolean): void {
  const { routes } = current(state)
  const eventId = newEventId(state.random)
  for (const { type, key } of subscriptionKeys(change)) {
    for (const route of routes.get(key) ?? []) notify(state, change, type, route, eventId, apart)
  }
}

function notify(state: State, change: Change, type: string, { app, subscriptionId }: Route, eventId: number, apart: boolean): void {
  const { hub, random, portal } = state
  hub.counts.events++
  if (random() < hub.behaviour.drop) {
    hub.counts.dropped++
    return
  }
  const common = {
    eventId,
    subscriptionId,
    portalId: portal.id,
    appId: app.id,
    occurredAt: change.at,
    subscriptionType: type,
    attemptNumber: 0,
  }
  const notification = { ...common, ...notificationFields(change, type, hub.behaviour) }
  send(state, app, notification, apart)
  if (random() < hub.behaviour.duplicates) send(state, app, notification, true)
  if (random() < hub.behaviour.foreignPortals) send(state, app, foreign(notification, portal.id + 1, random), apart)
}

function send({ hub, random, portal }: State, app: App, notification: Notification, apart: boolean): void {
  const { delayMs } = hub.behaviour
  const delay = typeof delayMs === 'number' ? delayMs : delayMs.from + Math.floor(random() * (delayMs.to - delayMs.from + 1))
  hub.queue.add({ app, dueAt: portal.clock.now() + delay, apart, notification })
}

function newEventId(random: () => number): number {
  return 1 + Math.floor(random() * 4_294_967_294)
}

function readRouting(apps: ReadonlyMap<number, App>, now: number): Routing {
  const routing: Routing = { at: now, routes: new Map(), properties: new Map(), targets: new Map() }
  for (const app of apps.values()) {
    if (app.target === null) continue
    routing.targets.set(app.id, { ...app.target })
    for (const { id, eventType, objectTypeId, propertyName, active } of app.subscriptions.values()) {
      if (!active) continue
      const key = subscriptionKey(eventType, objectTypeId, propertyName)
      const typeId = objectTypeId ?? typeIdOf(eventType)
      if (propertyName !== null) routing.properties.set(typeId, (routing.properties.get(typeId) ?? new Set()).add(propertyName))
      const routes = routing.routes.get(key)
      if (routes === undefined) routing.routes.set(key, [{ app, subscriptionId: id }])
      else routes.push({ app, subscriptionId: id })
    }
  }
  return routing
}

/** A notification of another account that installed the same app. */
function foreign(notification: Notification, portalId: number, random: () => number): Notification {
  const eventId = newEventId(random)
  const objectId = 1 + Math.floor(random() * 1_000_000_000)
  const value = 'propertyValue' in notification ? { propertyValue: '' } : {}
  return { ...notification, eventId, portalId, ...('objectId' in notification ? { objectId } : {}), ...value }
}
