/** What the two foreign CRMs of the sandbox have in common, seen from the process that hosts them. */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** One record in the CRM's own field names, read-only ones (dates, ids, history) included. */
export type SeedRow = Readonly<Record<string, unknown>>
/** The control port moves it; it never goes backwards. Times are epoch milliseconds. */
export type SandboxClock = {
  now(): number
  /** Calls `run` once the clock has come to `due`, however it got there, and never before this call is over. The answer forgets it. */
  at(due: number, run: () => void): () => void
}
export type CrmOptions = { clock: SandboxClock; rateLimit: boolean; seed: number }

/** A state to come back to, whatever happened since and whatever other state was come back to. */
export type Kept = { /** As often as wanted, until it is dropped. */ restore(): void; drop(): void }

/**
 * One person as the native integration between the two CRMs sees it. `fields` have HubSpot's names; what is empty is absent. `key` is the
 * record's id, which merges and conversions may have changed since it was asked for.
 */
export type SyncRecord = {
  key: string
  email: string | undefined
  changedAt: number
  optedOut: boolean
  /** The id on the other side, as this side has it noted. */
  partner: string | undefined
  fields: ReadonlyMap<string, string>
  /** Whether this kind of record has a place for a property. */
  accepts(name: string): boolean
  /** Any other property, by HubSpot's name, where this side has one. */
  value(name: string): string | undefined
}

/** What the native integration may do with one CRM. Writes are the CRM's own: whoever listens to changes hears of them. */
export interface SyncSide {
  /** Ids of the live records that changed at or after a time; 0 for all. */
  changedSince(at: number): Iterable<string>
  /** Undefined where no live record is left. */
  read(key: string): SyncRecord | undefined
  keyOfEmail(email: string): string | undefined
  /** Returns the id, or undefined where the CRM refuses. HubSpot has one kind only. */
  create(fields: ReadonlyMap<string, string>, partner: string | undefined, kind: 'Lead' | 'Contact'): string | undefined
  /** False where the CRM refuses. */
  write(key: string, fields: ReadonlyMap<string, string>, partner: string | undefined): boolean
  optOut(key: string): void
  remove(key: string): boolean
  /** Ends a transaction. */
  commit(): void
}

/** `content` for postMessage, `bytes` in it change hands uncopied. */
export type Parcel = { content: unknown; bytes: ArrayBuffer[] }

export interface SandboxCrm {
  readonly name: 'hubspot' | 'salesforce'
  /** One request of a client. The host has already applied latency and faults, and counts it. */
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>
  /** Adds seeded rows of one object or file (`contacts`, `Contact`, `Lead`, …). Throws with the row's number on a bad row. */
  load(object: string, rows: Iterable<SeedRow>): void
  /** All records, for the same CRM in another thread; this one is of no use afterwards. Absent: rows must be loaded where they are served. */
  give?(): Parcel
  /** Takes over what the same CRM in another thread gave; throws where there are records already. */
  take?(content: unknown): void
  /** Remembers the present state. */
  keep(): Kept
  /** The CRM's own levers, for the control port: `POST /<crm>/<lever>` with a JSON body; a promise is awaited. Unknown levers throw. */
  pull(lever: string, body: unknown): unknown
  readonly sync: SyncSide
  /** Ends what works on its own: timers, deliveries, streams. */
  close?(): void
}
