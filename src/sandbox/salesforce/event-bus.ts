/** The events an org keeps for its streaming clients, and which entities make any. Salesforce docs: Select Objects for Change Notifications. */
import { createHash } from 'node:crypto'
import { changeEvents, eventName, gapEvent } from './change-event.ts'
import { DAY } from './text.ts'
import { GONE, insertRow, LIVE, setStage } from './table.ts'
import { listenToChanges, stopListening } from './changes.ts'
import { nextId } from './org.ts'
import { readersOf } from './grants.ts'
import type { ChangeEvent, GapType, Transaction } from './change-event.ts'
import type { Commit } from './changes.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

export type KeptEvent = { replayId: number; at: number; entity: string; event: ChangeEvent }
export type EventBus = {
  readonly org: Org
  readonly kept: KeptEvent[]
  lastReplayId: number
  commits: number
  /** Channel → entities, for the standard channel `ChangeEvents` and custom ones. */
  readonly channels: Map<string, Set<string>>
  readonly subscribers: Set<(event: KeptEvent) => void>
}

/** Salesforce docs: change events are kept for three days. */
const RETENTION = 3 * DAY
/** Salesforce docs: entities that can be selected without an add-on. */
const MOST_ENTITIES = 5
const FIRST_COMMIT = 1_082_985_383_811
export const STANDARD_CHANNEL = 'ChangeEvents'
/** Setup objects have no change event. */
const WITHOUT_EVENTS = /^(Organization|Profile|PermissionSet.*|FieldPermissions|ObjectPermissions|UserPermissionAccess)$/

export function createEventBus(org: Org): EventBus {
  return { org, kept: [], lastReplayId: 0, commits: 0, channels: new Map(), subscribers: new Set() }
}

/** Salesforce docs: Tooling API, PlatformEventChannelMember. */
export function members(org: Org): Table {
  const table = org.tooling.get('platformeventchannelmember')
  if (table === undefined) throw new Error('Tooling has no PlatformEventChannelMember')
  return table
}

/** The object whose change event has this name, if any has. */
export function entityOfEvent(org: Org, name: string): string | undefined {
  for (const { object } of org.tables.values())
    if (eventName(object.name).toLowerCase() === name.toLowerCase() && !WITHOUT_EVENTS.test(object.name)) return object.name
  return undefined
}

const listeners = new WeakMap<EventBus, (commit: Commit) => void>()

/** Reads the selection anew; nobody listens to changes while nothing is selected. */
export function refreshSelection(bus: EventBus): void {
  const table = members(bus.org)
  const read = readersOf(table, ['EventChannel', 'SelectedEntity'])
  bus.channels.clear()
  table.stages.forEach((stage, row) => {
    const entity = entityOfEvent(bus.org, String(read.SelectedEntity(row)))
    if (stage !== LIVE || entity === undefined) return
    const channel = String(read.EventChannel(row))
    bus.channels.set(channel, (bus.channels.get(channel) ?? new Set()).add(entity))
  })
  const known = listeners.get(bus)
  if (known !== undefined && bus.channels.size === 0) {
    stopListening(bus.org, known)
    listeners.delete(bus)
  } else if (known === undefined && bus.channels.size > 0) {
    const listener = (commit: Commit): void => keepCommit(bus, commit)
    listeners.set(bus, listener)
    listenToChanges(bus.org, listener)
  }
}

/** Selects an entity on a channel; returns the member's id, or why it cannot be. */
export function selectEntity(bus: EventBus, channel: string, entity: string): string | { refusal: string } {
  const chosen = new Set([...bus.channels.values()].flatMap((each) => [...each]))
  if (bus.channels.get(channel)?.has(entity) === true) return { refusal: 'DUPLICATE' }
  if (!chosen.has(entity) && chosen.size >= MOST_ENTITIES) return { refusal: 'LIMIT' }
  const id = nextId(bus.org, '0v8')
  const now = bus.org.clock.now()
  insertRow(members(bus.org), id, [
    ['DeveloperName', `${channel}_${eventName(entity)}`],
    ['FullName', `${channel}_${eventName(entity)}`],
    ['EventChannel', channel],
    ['SelectedEntity', eventName(entity)],
    ['Metadata', JSON.stringify({ eventChannel: channel, selectedEntity: eventName(entity) })],
    ['CreatedDate', now],
    ['LastModifiedDate', now],
    ['SystemModstamp', now],
  ])
  refreshSelection(bus)
  return id
}

export function dropMember(bus: EventBus, row: number): void {
  setStage(members(bus.org), row, GONE, null)
  refreshSelection(bus)
}

const isSelected = (bus: EventBus, entity: string): boolean => [...bus.channels.values()].some((entities) => entities.has(entity))

function keepCommit(bus: EventBus, commit: Commit): void {
  const transaction = nextTransaction(bus, commit.origin, commit.userId)
  keep(
    bus,
    changeEvents(bus.org, commit, transaction, (entity) => isSelected(bus, entity)),
  )
}

/** Tells of a change without saying what it was, as after a conversion or a change made in the database itself. */
export function keepGap(bus: EventBus, table: Table, changeType: GapType, ids: string[]): void {
  if (isSelected(bus, table.object.name)) keep(bus, [gapEvent(table, changeType, ids, nextTransaction(bus, '', bus.org.userId))])
}

function nextTransaction(bus: EventBus, origin: string, userId: string): Transaction {
  bus.commits += 1
  const hex = createHash('sha256').update(`transaction ${bus.commits}`).digest('hex')
  const key = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
  const at = Math.floor(bus.org.clock.now() / 1_000) * 1_000
  return { key, number: FIRST_COMMIT + bus.commits, at, origin, userId }
}

function keep(bus: EventBus, events: readonly ChangeEvent[]): void {
  forgetOld(bus)
  for (const event of events) {
    bus.lastReplayId += 1
    const kept = { replayId: bus.lastReplayId, at: bus.org.clock.now(), entity: event.payload.ChangeEventHeader.entityName, event }
    bus.kept.push(kept)
    for (const subscriber of bus.subscribers) subscriber(kept)
  }
}

function forgetOld(bus: EventBus): void {
  const oldest = bus.org.clock.now() - RETENTION
  const first = bus.kept.findIndex(({ at }) => at > oldest)
  bus.kept.splice(0, first < 0 ? bus.kept.length : first)
}

/** Events after a replay id (-1: only new ones, -2: all that are kept); undefined where the id is not among those kept. */
export function eventsAfter(bus: EventBus, replayId: number): readonly KeptEvent[] | undefined {
  forgetOld(bus)
  if (replayId === -1) return []
  if (replayId === -2) return [...bus.kept]
  const at = bus.kept.findIndex((kept) => kept.replayId === replayId)
  return at < 0 ? undefined : bus.kept.slice(at + 1)
}

/** Whether an event belongs to a channel such as `/data/ContactChangeEvent`, `/data/ChangeEvents` or `/data/Sales__chn`. */
export function isOnChannel(bus: EventBus, channel: string, entity: string): boolean {
  const name = channel.slice('/data/'.length)
  return bus.channels.get(name)?.has(entity) ?? eventName(entity) === name
}

/** A channel exists for every entity that has change events, selected or not. */
export const channelExists = (bus: EventBus, channel: string): boolean => {
  const name = /^\/data\/(\w+)$/.exec(channel)?.[1]
  return name !== undefined && (name === STANDARD_CHANNEL || bus.channels.has(name) || entityOfEvent(bus.org, name) !== undefined)
}

/** Nothing is kept across a reset; replay ids go on. */
export function resetEventBus(bus: EventBus): void {
  bus.kept.length = 0
  refreshSelection(bus)
}
