/**
 * The webhooks journal: changes kept for three days in files that an app fetches. unverified: all of it is read from the vendor's API
 * description, nothing from life; lever `journal` takes it away.
 */
import { createHash } from 'node:crypto'
import type { Change } from './changes.ts'
import { kindNamed } from './object-kind.ts'
import type { Part } from './part.ts'
import type { Portal } from './portal.ts'
import { passes } from './journal-filter.ts'
import type { Filter } from './journal-filter.ts'
import { entryOf } from './journal-event.ts'
import type { JournalEvent } from './journal-event.ts'

export type JournalSubscription = {
  id: number
  subscriptionType: string
  actions: string[]
  objectTypeId: string | null
  portalId: number
  /** Empty: all. */
  properties: string[]
  objectIds: number[]
  createdAt: number
  updatedAt: number
}

export type JournalFile = { offset: string; publishedAt: number; events: JournalEvent[] }

export type Journal = {
  on: boolean
  subscriptions: Map<number, JournalSubscription>
  filters: Map<number, { id: number; subscriptionId: number; filter: Filter; createdAt: number }>
  /** Status id → when it was asked for. */
  snapshots: Map<string, number>
  files: JournalFile[]
  nextId: number
  /** Events that gave way because too many waited. */
  shed: number
  /** To be called after subscriptions changed. */
  changed(): void
  add(event: JournalEvent): void
  /** The files of the last three days, what just happened included. */
  published(): JournalFile[]
  newId(): string
  readonly part: Part
  close(): void
}

const KEPT_MS = 3 * 86_400_000
const FILE_MOST = 10_000
const EVENTS_MOST = 100_000

type Source = Pick<Portal, 'id' | 'clock' | 'feed' | 'tables'>

export function createJournal(portal: Source, seed: number): Journal {
  let open: JournalEvent[] = []
  let unwatch: (() => void) | undefined
  let serial = 0

  const journal: Journal = {
    on: true,
    subscriptions: new Map(),
    filters: new Map(),
    snapshots: new Map(),
    files: [],
    nextId: 1,
    shed: 0,
    changed() {
      if (journal.subscriptions.size > 0) unwatch ??= portal.feed.watch((change) => hear(portal, journal, change))
      else journal.close()
    },
    add(event) {
      if (joins(open.at(-1), event)) return
      open.push(event)
      if (open.length >= FILE_MOST) publish()
    },
    published() {
      publish()
      const oldest = portal.clock.now() - KEPT_MS
      journal.files = journal.files.filter(({ publishedAt }) => publishedAt > oldest)
      return journal.files
    },
    newId: () => uuid(`${seed}:journal:${++serial}`),
    part: { keep: () => keepJournal(journal, () => (open = [])) },
    close() {
      unwatch?.()
      unwatch = undefined
    },
  }

  function publish(): void {
    if (open.length === 0) return
    journal.files.push({ offset: journal.newId(), publishedAt: portal.clock.now(), events: open })
    open = []
    while (journal.files.reduce((sum, { events }) => sum + events.length, 0) > EVENTS_MOST)
      journal.shed += journal.files.shift()!.events.length
  }
  return journal
}

/** The properties of one write are one event. */
function joins(last: JournalEvent | undefined, event: JournalEvent): boolean {
  if (last === undefined || event.action !== 'UPDATE' || last.action !== 'UPDATE') return false
  if (last.objectId !== event.objectId || last.objectTypeId !== event.objectTypeId || last.occurredAt !== event.occurredAt) return false
  Object.assign(last.propertyChanges as object, event.propertyChanges)
  return true
}

/** Subscriptions come back, what was published does not. */
function keepJournal(journal: Journal, forget: () => void): () => void {
  const { nextId } = journal
  const subscriptions = structuredClone([...journal.subscriptions])
  const filters = structuredClone([...journal.filters])
  return () => {
    forget()
    journal.subscriptions = new Map(structuredClone(subscriptions))
    journal.filters = new Map(structuredClone(filters))
    journal.snapshots.clear()
    Object.assign(journal, { on: true, nextId, files: [], shed: 0 })
    journal.changed()
  }
}

/** One event for each change, however many subscriptions want it. */
function hear(portal: Source, journal: Journal, change: Change): void {
  for (const subscription of journal.subscriptions.values()) {
    const event = entryOf(change, subscription, portal.id, (property) => valueOf(portal, change.objectTypeId, change.id, property))
    if (event === undefined) continue
    const filters = [...journal.filters.values()].filter(({ subscriptionId }) => subscriptionId === subscription.id)
    const fits = filters.every(({ filter }) => passes(filter, (property) => valueOf(portal, change.objectTypeId, change.id, property)))
    if (fits) return journal.add(event)
  }
}

export function valueOf({ tables }: Source, objectTypeId: string, id: number, property: string): string | undefined {
  const table = tables.get(kindNamed(objectTypeId)?.name ?? '')
  const row = table?.store.row(id) ?? -1
  const index = table?.properties.indexOf(property) ?? -1
  return row < 0 || index < 0 ? undefined : table!.store.value(row, index)
}

function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}
