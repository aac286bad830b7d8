/** Before an erasure lays hands on records: writes of ours that were on their way to them have arrived, and no other sets out. */
import { ConnectorError } from '../connectors/connector.ts'
import { dropSent, fencePatches, type FencedRecord, type OnItsWay } from '../store/patch-fence.ts'
import type { Shell } from './shell.ts'

/** A batch of a CRM takes seconds; who is told to wait tries again a minute later, and longer and longer after that. */
const MOST_TRIES = 20
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1000

/**
 * To be called when the approval is stored: from then on nobody takes what waits for these records (`takePatches`), and what was taken before is waited for. A
 * claim holds as long as its worker lives, so that nobody waits for a dead one.
 * @throws ConnectorError when a write takes longer: the step is tried again later
 */
export async function waitForOwnWrites(
  { db, claims, sleep }: Pick<Shell, 'db' | 'claims' | 'sleep'>,
  records: readonly FencedRecord[],
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const open = await fencePatches(db, records)
    if (open.length === 0) return
    // Asked for after the rows were read: a claim that is not among them is over.
    const living = new Set(await claims.living())
    const isDead = ({ claim }: OnItsWay): boolean => claim !== null && !living.has(claim)
    await dropSent(db, open.filter(isDead))
    if (open.every(isDead)) return
    await sleep(Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS), signal)
  }
  throw new ConnectorError('unavailable', 'a write of our own is still on its way to one of these records; they are erased after it')
}
