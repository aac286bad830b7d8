/** Targets for the live path, kept for a while: asking a CRM for its fields costs calls, and a job comes every second. */
import type { Policy } from '../../core/policy/schema.ts'
import { findPlaces, prepareTargets, type Linked } from './prepare.ts'
import type { Prepared } from './live.ts'
import type { Shell } from '../shell.ts'

export type PreparerParts = { shell: Shell; linked: readonly Linked[]; policy: Policy; today: () => string }

/** How long a prepared target is reused; after it, added or hidden CRM fields are noticed. */
const KEEP_MS = 10 * 60_000

/** Answers null for a connection that was never swept: its first sweep makes sure which account it is, and reads everything. */
export function createPreparer(parts: PreparerParts): (connection: string, signal: AbortSignal) => Promise<Prepared | null> {
  const kept = new Map<string, { prepared: Prepared; at: number; today: string }>()
  return async (connection, signal) => {
    const { shell } = parts
    const today = parts.today()
    const known = kept.get(connection)
    if (known && known.today === today && shell.now() - known.at < KEEP_MS) return known.prepared
    const linked = parts.linked.find((one) => one.name === connection)
    if (!linked) return null
    const landscape = await findPlaces(shell, parts.linked, true)
    const own = landscape.places.filter(({ source }) => source.connection === connection)
    if (own.every(({ source }) => source.cursor === null)) return null
    const targets = await prepareTargets(shell, linked, landscape.places, { policy: parts.policy, today, keep: false }, signal)
    const prepared = { landscape, targets: targets.filter(({ source }) => source.cursor !== null) }
    kept.set(connection, { prepared, at: shell.now(), today })
    return prepared
  }
}
