/** Where a pull stands, as an opaque text. Holds times, counts and record ids: nothing about a person. */
import { z } from 'zod'
import { ConnectorError, type Cursor } from '../connector.ts'
import { jsonOf } from './refusal.ts'

const Stamp = z.int().nonnegative()
const Id = z.string().regex(/^\d+$/)

/**
 * The yardstick for removals: `count` records were created before `before`, and `fresh` are the known ones created later.
 * Undefined where there are too many to name.
 */
const Census = z.strictObject({ before: Stamp, count: z.int().nonnegative(), fresh: z.array(Id) })
export type Census = z.output<typeof Census>

/** A pull of everything. */
const Full = z.strictObject({
  v: z.literal(1),
  phase: z.literal('full'),
  object: z.string(),
  /** When the pull began, by HubSpot's clock. */
  began: Stamp,
  after: z.string().optional(),
  census: Census.optional(),
})
const Delta = z.strictObject({
  v: z.literal(1),
  phase: z.literal('delta'),
  object: z.string(),
  /** Changes from here on are wanted. */
  from: Stamp,
  census: Census.optional(),
  /** In the middle of a pull: when it began, the last record seen, and the tally of the new ones among those seen. */
  pull: z.strictObject({ began: Stamp, last: Id, joined: z.int().nonnegative(), fresh: z.array(Id).optional() }).optional(),
})
const State = z.discriminatedUnion('phase', [Full, Delta])
export type FullState = z.output<typeof Full>
export type DeltaState = z.output<typeof Delta>
export type PullState = z.output<typeof State>

export function cursorFrom(state: PullState): Cursor {
  return Buffer.from(JSON.stringify(state)).toString('base64url') as Cursor
}

export function stateFrom(cursor: Cursor, object: string): PullState {
  const { data } = State.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()))
  if (!data || data.object !== object)
    throw new ConnectorError('bad-cursor', `not a cursor of ${object} in HubSpot; start with a full pull`)
  return data
}
