/** Before an erasure lays hands on records: writes of ours that were on their way to them have arrived, and no other sets out. */
import { ConnectorError } from '../../connectors/connector.ts'
import { together } from '../../connectors/together.ts'
import { dropSent, fencePatches, type FencedRecord, type OnItsWay } from '../../store/patch-fence.ts'
import type { Shell } from '../shell.ts'

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
  shell: Pick<Shell, 'db' | 'claims' | 'sleep'>,
  records: readonly FencedRecord[],
  signal: AbortSignal,
): Promise<void> {
  const { db, claims, sleep } = shell
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const open = await fencing(shell, null, records, signal)
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

/** One statement for all who ask in the same moment, who then go on in the same moment, and share what they ask the CRMs. */
const fencing = together(
  ({ db }: Pick<Shell, 'db'>, _: null, records: readonly FencedRecord[]) => fencePatches(db, records),
  (open, records) =>
    open.filter((one) =>
      records.some(({ connection, object, id }) => one.id === id && one.object === object && one.connection === connection),
    ),
)
