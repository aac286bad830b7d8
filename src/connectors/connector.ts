/** The one port between compliance and a CRM: its types and its one error. No SDK, no policy. */
import type { z } from 'zod'
import type { Access } from './access.ts'
import type { Erasure } from './erasure.ts'

/** What a CRM holds in one field, as text: `null` is empty; an absent key could not be read. */
export type FieldValue = string | null
export type Fields = Readonly<Record<string, FieldValue>>
/** Opaque and connector-owned. Save it only in the transaction that stores the page it came with. */
export type Cursor = string & { readonly __brand: 'Cursor' }
/** One record in one CRM object: never an e-mail address, which may change under us. */
export type RecordRef = { readonly object: string; readonly id: string }

/** `version` names the state that was read; `modifiedAt` is in epoch milliseconds. `fields` may be worked out when asked for: a copy by `{ ...record }` has none. */
export type CrmRecord = { ref: RecordRef; version: string; modifiedAt: number; fields: Fields }
/** A merged record is gone `into` its winner: consent withdrawn by the loser must follow. */
export type Gone = { ref: RecordRef; at: number; into?: RecordRef }
/** `expected` is the CRM's own count of records in this pull, where it tells. */
export type Page = { records: readonly CrmRecord[]; gone: readonly Gone[]; cursor: Cursor; expected?: number }
/**
 * Without `since`: everything. With a cursor from the middle of a pull: the rest of that pull.
 * With the last cursor of a finished pull: what changed after it.
 */
export type ReadRequest = { object: string; fields: readonly string[]; since?: Cursor }
export type GetRequest = { object: string; ids: readonly string[]; fields: readonly string[] }

export type FieldType =
  | 'text'
  | 'longtext'
  | 'email'
  | 'phone'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'number'
  | 'enum'
  | 'multi'
  | 'reference'
  | 'other'
/** `sensitive`: the CRM itself marks the field as sensitive data. `needs`: a field of the record; where it is empty, there is no place to write this one to. */
export type FieldSchema = {
  name: string
  label: string
  type: FieldType
  writable: boolean
  custom: boolean
  sensitive?: boolean
  needs?: string
  options?: readonly string[]
}
export type ObjectSchema = { object: string; fields: readonly FieldSchema[] }

/** `ifVersion` makes the write conditional: losing a race is an outcome, not an accident. */
export type Patch = { ref: RecordRef; set: Fields; ifVersion?: string }
export type WriteResult = { ref: RecordRef } &
  /** `held`: fields that had their value already: somebody else was first. */
  (
    | { outcome: 'written'; version: string; held?: readonly string[] }
    | { outcome: 'unchanged' | 'conflict' | 'gone' }
    | { outcome: 'rejected'; reason: string }
    /** The CRM takes no write of this record any more, whatever is written: not to be asked again. */
    | { outcome: 'frozen'; reason: string }
  )

/** What the service asks of one CRM object, so that `check` can name each thing that is missing. */
export type Needs = { object: string; read: readonly string[]; write: readonly string[] }
export type Problem = {
  kind: 'credentials' | 'account' | 'setting' | 'scope' | 'permission' | 'object' | 'field-missing' | 'field-hidden' | 'field-read-only'
  name: string
  /** What is wrong and what to do, for a person; no personal data. */
  message: string
}
export type CheckReport = { account: string; host: string; problems: readonly Problem[] }

/** A field the service wants to own in the CRM. `options` for enum and multi. */
export type WantedField = {
  object: string
  name: string
  label: string
  description: string
  type: 'enum' | 'multi' | 'date' | 'text'
  options?: readonly { value: string; label: string }[]
}
export type ProvisionRequest = { group: { name: string; label: string }; fields: readonly WantedField[]; dryRun: boolean }
export type ProvisionStep = {
  what: 'group' | 'field' | 'option' | 'permission'
  object: string
  name: string
  outcome: 'present' | 'to-create' | 'created' | 'refused'
  reason?: string
}

/** What a CRM sent us, as it came over the wire: nothing of it is parsed or believed yet. `path` holds the query as well. */
export type Delivery = {
  method: string
  path: string
  headers: Readonly<Record<string, string | readonly string[] | undefined>>
  body: Uint8Array
}
/**
 * A doorbell, not a letter: which record to read again, and nothing that it holds. `key` is the same for the same event however often it is delivered.
 * `at`: epoch milliseconds, by the CRM's clock. `into`: the winner of a merge.
 */
export type CrmEvent = {
  key: string
  kind: 'created' | 'changed' | 'deleted' | 'erased' | 'merged' | 'restored' | 'associated'
  ref: RecordRef
  at: number
  into?: RecordRef
}
/** `genuine`: `reply` is the answer once the events are stored. `unready`: a fault of ours, so that the sender comes back. */
export type Opened =
  | { outcome: 'genuine'; events: readonly CrmEvent[]; reply: { contentType: string; body: string } }
  | { outcome: 'refused'; status: 400 | 401 | 403 | 413 | 415; reason: string }
  | { outcome: 'unready'; reason: string }
export interface Webhooks {
  /** Verifies the raw bytes, then parses them once. Never throws for what a stranger sent. */
  open(delivery: Delivery): Opened
  /**
   * Sets up what the API can, so that deliveries come to `url`, the public address of this connection's route; what a person must click comes back
   * as `by-hand`. Idempotent. `fields`: those whose changes matter.
   */
  provision(request: WebhookRequest, signal: AbortSignal): Promise<readonly WebhookStep[]>
}
export type WebhookRequest = { url: string; objects: readonly { object: string; fields: readonly string[] }[]; dryRun: boolean }
export type WebhookStep = { name: string; outcome: 'present' | 'to-create' | 'created' | 'refused' | 'by-hand'; message: string }
export interface EventStream {
  /**
   * Hears until aborted. `since`: the position stored with the last events, null at the first start. `onEvents` ends after they are stored. A position
   * that the CRM no longer knows throws `bad-cursor`: what was missed is for a sweep to find. `onListening`: each time it begins to hear; from `now`
   * means that what happened before is not told, and is for a sweep to find that begins after this.
   */
  listen(
    request: {
      objects: readonly string[]
      since: string | null
      onEvents: (events: readonly CrmEvent[], position: string) => Promise<void>
      onListening: (from: 'position' | 'now') => Promise<void>
    },
    signal: AbortSignal,
  ): Promise<void>
}

export interface Connector {
  readonly id: string
  /** `settleMs`: how long after a write a delta read may still miss it, or show it again to the next one. */
  readonly limits: { readonly patchesPerWrite: number; readonly idsPerGet: number; readonly settleMs: number }
  /** HTTP requests sent so far, OAuth and retries included, and how many of them met a 429. */
  readonly usage: { readonly calls: number; readonly throttled: number }
  /** By how many milliseconds the CRM's clock was ahead of ours when it last answered; null before it has told. */
  readonly clock: { readonly aheadMs: number | null }
  /**
   * The portal or organisation that the present credentials lead to, as the CRM numbers it. Asks once for each grant of credentials, and answers from memory after
   * that. @throws ConnectorError when it cannot tell.
   */
  account(signal: AbortSignal): Promise<string>
  /** A digest of address and credentials. Present where the same ones always lead to the same account, so that nobody has to ask who has asked before. */
  readonly grant?: string
  /** Reads who we are; proves credentials, scopes and fields; changes nothing. */
  check(needs: readonly Needs[], signal: AbortSignal): Promise<CheckReport>
  /** `named`: fields that will be asked for, so that those which cost a question of their own are in the catalogue. */
  describe(objects: readonly string[], signal: AbortSignal, named?: readonly string[]): Promise<readonly ObjectSchema[]>
  /** Ends normally only when complete; a broken pull throws and so never looks finished. Yields at least one page, so that there is a cursor. */
  read(request: ReadRequest, signal: AbortSignal): AsyncIterable<Page>
  /** The named records as they are now; each id comes back once, as a record or as gone. */
  get(request: GetRequest, signal: AbortSignal): Promise<{ records: readonly CrmRecord[]; gone: readonly Gone[] }>
  /** One result per patch, in order. Throws only if it cannot tell what happened to the batch. */
  write(patches: readonly Patch[], signal: AbortSignal): Promise<readonly WriteResult[]>
  /** Idempotent; with `dryRun` it tells what it would do and changes nothing. */
  provision(request: ProvisionRequest, signal: AbortSignal): Promise<readonly ProvisionStep[]>
  /** The one spelling of an id that records are read under, where the CRM understands several; what is no id comes back as it is. */
  canonicalId?(id: string): string
  /** Present if the CRM tells of changes, and the connection is set up for it. */
  readonly webhooks?: Webhooks
  readonly stream?: EventStream
  /** Present if and only if the CRM can erase a person. */
  readonly erasure?: Erasure
  /** Present if the CRM can show all that it holds of a person; found by `erasure`. */
  readonly access?: Access
  /** Releases sockets and timers. */
  close(): Promise<void>
}

/** Who goes first when the CRM's allowance is short: a person's rights, then what has just happened, then sweeps. */
export type Urgency = 'rights' | 'live' | 'sweep'
/**
 * So many requests in any `windowMs`, of which `share` is ours. One name is one bucket for all who work on a connection, in this process and in
 * others. `dailyReserve`: the share of the day's calls that is left alone, whoever used the rest.
 */
export type Bucket = { name: string; limit: number; windowMs: number; share: number; dailyReserve: number }
/** What the vendor says is left, of how much, on a request sent at that time. */
export type Seen = { remaining: number; limit: number; sentAt: number }
export interface Permits {
  /** The clock of `sentAt`, in milliseconds since any moment. */
  now(): number
  /**
   * Waits for a place in the window; the request must start at once, and `answered` be called when it is over. Rejects with the signal's reason,
   * or with `throttled` when our part of the day's calls is used up; `exempt` requests are not held back by that.
   */
  take(ask: { urgency: Urgency; exempt: boolean }, signal: AbortSignal): Promise<Place>
  observe(seen: Seen): void
  observeDay(seen: Seen): void
  /** The vendor said no: nobody starts before this many milliseconds have passed. `day`: because the day's calls are used up. */
  refused(waitMs: number, what: 'window' | 'day'): void
}
export type Place = { answered(): void }

/** `sleep` rejects with the signal's reason when aborted; `random` is in [0, 1). */
export type Deps = {
  now: () => number
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  random: () => number
  log: (event: string, facts: Readonly<Record<string, string | number | boolean>>) => void
  /** What stands before the path of a delivery in the address that CRMs call, without a trailing slash; `undefined`: nobody has said. */
  publicUrl?: string | undefined
  /** What this connector is opened for: another one of the same connection may be opened for something more urgent. */
  urgency: Urgency
  /** The allowances of this connection, shared with everybody else who works on it. */
  permits: (bucket: Bucket) => Permits
}
export interface ConnectorDefinition<S extends z.ZodType = z.ZodType> {
  readonly crm: string
  readonly settings: S
  connect(id: string, settings: z.output<S>, deps: Deps): Connector
}

export type ConnectorErrorKind = 'auth' | 'scope' | 'throttled' | 'unavailable' | 'bad-cursor' | 'unexpected-shape' | 'refused'
/** The one error a connector may throw. `kind` decides what the caller does next; `message` is for people and holds no personal data and no token. */
export class ConnectorError extends Error {
  override name = 'ConnectorError'
  readonly kind: ConnectorErrorKind
  readonly retryAfterMs: number | undefined
  /** Of several things that were asked for at once some failed: whoever asks for the others alone may be served. */
  readonly ofSome: boolean
  constructor(kind: ConnectorErrorKind, message: string, options: { cause?: unknown; retryAfterMs?: number; ofSome?: true } = {}) {
    super(message, { cause: options.cause })
    this.kind = kind
    this.retryAfterMs = options.retryAfterMs
    this.ofSome = options.ofSome ?? false
  }
}
