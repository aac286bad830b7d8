/** What the HTTP layer remembers: whether answers are compressed, and since when each describe says what it says. */
import { createHash } from 'node:crypto'
import { readerOf } from './table.ts'
import type { SandboxClock } from '../crm.ts'
import type { Table } from './table.ts'

export type Wire = {
  /** Salesforce compresses where the client asks; off by default here, because it slows a rehearsal for no gain on loopback. */
  compress: boolean
  /** Whether the session may use the REST API: a user whose profile lacks "API Enabled" may not. */
  rest: boolean
  startedAt: number
  describes: Map<string, Version>
}
/** `at` is epoch milliseconds, whole seconds. */
export type Version = { etag: string; at: number }

const second = (ms: number): number => Math.floor(ms / 1_000) * 1_000

export const createWire = (clock: SandboxClock): Wire => ({
  compress: false,
  rest: true,
  startedAt: second(clock.now()),
  describes: new Map(),
})

/** The version of a text under a key: its moment moves when the text differs from the one seen before. */
export function versionOfText(wire: Wire, clock: SandboxClock, key: string, text: string): Version {
  const etag = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const known = wire.describes.get(key)
  if (known?.etag === etag) return known
  const version = { etag, at: known === undefined ? wire.startedAt : second(clock.now()) }
  wire.describes.set(key, version)
  return version
}

/** The version of a record: its last change. */
export function versionOfRow(table: Table, row: number): Version {
  const name = ['SystemModstamp', 'LastModifiedDate', 'CreatedDate'].find((each) => table.object.byName.has(each.toLowerCase()))
  const field = name === undefined ? undefined : table.object.byName.get(name.toLowerCase())
  const at = field === undefined ? 0 : Number(readerOf(table, field)(row) ?? 0)
  const etag = createHash('sha256')
    .update(`${table.ids[row] ?? ''} ${at}`)
    .digest('hex')
    .slice(0, 16)
  return { etag, at: second(at) }
}
