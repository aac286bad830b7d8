/** Between sweeps: what the CRMs tell us is read again at once, what that changes is sent at once. */
import { openWork, takeEvents, waitingRechecks } from '../../store/inbox.ts'
import { takeTurn } from '../../store/records.ts'
import { push, type PushCounts } from './push.ts'
import { recheck } from './recheck.ts'
import type { Landscape, Shell, Target } from '../shell.ts'
import { ringDue } from './sweep.ts'

/** The sources of a connection that were swept at least once; the others wait for their first sweep. */
export type Prepared = { landscape: Landscape; targets: readonly Target[] }

/** Polling interval while the list holds only records whose short delay is not over yet. */
const LOOK_AGAIN_MS = 250

/** Reads every record that an event named, until the list is empty. Returns how many records were requested. */
export async function followEvents(
  shell: Shell,
  connection: string,
  { landscape, targets }: Prepared,
  signal: AbortSignal,
): Promise<number> {
  const sources = targets.map(({ source }) => source.id)
  let asked = 0
  for (;;) {
    signal.throwIfAborted()
    const taken = await shell.db.transaction().execute(async (trx) => {
      await takeTurn(trx)
      return takeEvents(trx, connection)
    })
    let now = 0
    for (const target of targets) now += await recheck(shell, landscape, target, { which: 'ready', onBatch: () => undefined }, signal)
    asked += now
    if (taken > 0 || now > 0) continue
    if ((await waitingRechecks(shell.db, sources)) === 0) return asked
    await shell.sleep(LOOK_AGAIN_MS, signal)
  }
}

/** Sends what is waiting. */
export async function sendPatches(shell: Shell, targets: readonly Target[], signal: AbortSignal): Promise<PushCounts[]> {
  const all: PushCounts[] = []
  for (const target of targets) all.push(await push(shell, target, () => undefined, signal))
  return all
}

/** Rings for the records whose verdict changes today by itself. */
export async function ringDueRecords(shell: Shell, targets: readonly Target[]): Promise<void> {
  for (const target of targets) await ringDue(shell, target)
}

/** Enqueues jobs again for open work whose job was lost, unless one is waiting already. */
export async function ringOpenWork(
  shell: Shell,
  rung: (queue: 'pull-record' | 'push', key: string) => Promise<boolean>,
  ring: (queue: 'pull-record' | 'push', key: string) => Promise<void>,
): Promise<void> {
  const { heard, patches } = await openWork(shell.db)
  for (const key of heard) if (!(await rung('pull-record', key))) await ring('pull-record', key)
  for (const key of patches) if (!(await rung('push', key))) await ring('push', key)
}
