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

export interface SandboxCrm {
  readonly name: 'hubspot' | 'salesforce'
  /** One request of a client. The host has already applied latency and faults, and counts it. */
  handle(request: IncomingMessage, response: ServerResponse): void | Promise<void>
  /** Adds seeded rows of one object or file (`contacts`, `Contact`, `Lead`, …). Throws with the row's number on a bad row. */
  load(object: string, rows: Iterable<SeedRow>): void
  /** Keeps the present state as the one that `reset` comes back to. */
  snapshot(): void
  reset(): void
  /** The CRM's own levers, for the control port: `POST /<crm>/<lever>` with a JSON body; a promise is awaited. Unknown levers throw. */
  pull(lever: string, body: unknown): unknown
  /** Ends what works on its own: timers, deliveries, streams. */
  close?(): void
}
