/** Where a pull stands: ids, times and job names only. None of them dies with the access token. */
import { z } from 'zod'
import { ConnectorError, type Cursor } from '../connector.ts'

const VERSION = 1
const id = z.string().regex(/^[A-Za-z0-9]{15,18}$/)
const ms = z.int().min(-8.64e15).max(8.64e15)

/**
 * `full`: rows up to `after` (by Id) are read, `rows` of them. `started` is the server's clock when the pull began, `newest`
 * the latest SystemModstamp seen. `job`: the same, and the rest comes from a Bulk job: `skip` rows of the page at `locator`
 * are read, and `before` rows of the pages before it.
 */
const Full = z.object({
  kind: z.literal('full'),
  after: id.nullable(),
  rows: z.int().min(0),
  started: ms.nullable(),
  newest: ms.nullable(),
})
const Job = Full.extend({
  kind: z.literal('job'),
  job: id,
  locator: z.string().max(500).nullable(),
  skip: z.int().min(0),
  before: z.int().min(0),
  started: ms,
})
/** A finished pull: the next one reads what was modified at `from` or later. */
const Since = z.object({ kind: z.literal('since'), from: ms })
/** In the middle of a delta: read up to `id` within the millisecond `at`; `started` is the server's clock at its first page. */
const Delta = z.object({ kind: z.literal('delta'), from: ms, at: ms, id, started: ms })

const Position = z.discriminatedUnion('kind', [Full, Job, Since, Delta])
export type Position = z.output<typeof Position>
export type FullPosition = z.output<typeof Full>
export type JobPosition = z.output<typeof Job>
export type DeltaPosition = z.output<typeof Delta> | z.output<typeof Since>

const Envelope = z.object({ v: z.literal(VERSION), object: z.string(), position: Position })

export const BEGINNING: FullPosition = { kind: 'full', after: null, rows: 0, started: null, newest: null }

export function toCursor(object: string, position: Position): Cursor {
  return Buffer.from(JSON.stringify({ v: VERSION, object, position })).toString('base64url') as Cursor
}

export function fromCursor(object: string, cursor: Cursor): Position {
  const parsed = Envelope.safeParse(read(cursor))
  if (parsed.success && parsed.data.object === object) return parsed.data.position
  throw new ConnectorError('bad-cursor', `this is no cursor of a pull of ${object}; start a full pull`)
}

function read(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

/**
 * Where the next delta starts. SystemModstamp drives it, never a clock alone: a wrong clock may cost a second reading, not a
 * change. Held back by `lookbackMs`, for a transaction is seen when it commits, later than the stamp it carries.
 */
export function nextSince(newest: number | null, started: number, lookbackMs: number, previous: number): Position {
  return { kind: 'since', from: newest === null ? previous : Math.max(previous, Math.min(newest, started - lookbackMs)) }
}
