/** Sends the stored patches, in the CRM's batch size; one outcome per record goes into the ledger, in the transaction that ends the patch. */
import type { Patch, WriteResult } from '../../connectors/connector.ts'
import { appendBlock } from '../../store/ledger.ts'
import { databaseTime, saveLiveReads } from '../../store/live-reads.ts'
import { finishPatches, freezePatches, rungAmong, saveRechecks, takePatches, type TakenPatch } from '../../store/outbox.ts'
import { forgetDigests } from '../../store/records.ts'
import { noteWriting } from '../../store/unread-writes.ts'
import { expectEchoes, settleEchoes } from './echoes.ts'
import { refOf, type Shell, type Target } from '../shell.ts'
import { inTurn } from '../turn.ts'

export type PushCounts = { written: number; unchanged: number; conflict: number; rejected: number; gone: number; frozen: number }

/** Batches in flight at once: the connector's own budget sets the pace. */
const LANES = 4

export function noPushes(): PushCounts {
  return { written: 0, unchanged: 0, conflict: 0, rejected: 0, gone: 0, frozen: 0 }
}

/** `only`: send the patches of these records; null: of all. `onBatch` gets the running counts and the outcomes of the batch. */
export async function push(
  shell: Shell,
  target: Target,
  onBatch: (counts: PushCounts, results: readonly WriteResult[]) => void,
  signal: AbortSignal,
  only: readonly string[] | null = null,
): Promise<PushCounts> {
  const claim = await shell.claims.take()
  try {
    return await pushAll(shell, target, { onBatch, claim: claim.id, only }, AbortSignal.any([signal, claim.lost]))
  } finally {
    await claim.release()
  }
}

type Pushing = { onBatch: (counts: PushCounts, results: readonly WriteResult[]) => void; claim: number; only: readonly string[] | null }

async function pushAll(shell: Shell, target: Target, { onBatch, claim, only }: Pushing, signal: AbortSignal): Promise<PushCounts> {
  const counts = noPushes()
  let after = ''
  for (;;) {
    const size = target.connector.limits.patchesPerWrite
    const taking = { source: target.source.id, after, limit: size * LANES, claim, living: shell.claims.living }
    const waiting = await takePatches(shell.db, taking, only)
    if (waiting.length === 0) return counts
    after = waiting.at(-1)!.id
    await noteWriting(shell.db, target.source.id)
    const lanes = Array.from({ length: Math.ceil(waiting.length / size) }, (_, lane) => waiting.slice(lane * size, (lane + 1) * size))
    const settled = await Promise.allSettled(lanes.map((lane) => send(shell, target, lane, counts, signal)))
    onBatch(
      counts,
      settled.flatMap((one) => (one.status === 'fulfilled' ? one.value : [])),
    )
    const broken = settled.find((one) => one.status === 'rejected')
    if (broken) throw broken.reason
  }
}

async function send(
  shell: Shell,
  target: Target,
  patches: readonly TakenPatch[],
  counts: PushCounts,
  signal: AbortSignal,
): Promise<readonly WriteResult[]> {
  const { source, connector } = target
  const expected = await expectEchoes(shell, target, patches)
  const results = await connector.write(
    patches.map(({ id, fields }): Patch => ({ ref: { object: source.object, id }, set: fields })),
    signal,
  )
  for (const { outcome } of results) counts[outcome] += 1
  tellRefused(shell, target, results)
  await inTurn(shell, async (turn) => {
    const trx = turn.db
    const frozen = results.flatMap((result) => (result.outcome === 'frozen' ? [{ id: result.ref.id, reason: result.reason }] : []))
    await freezePatches(trx, source.id, frozen)
    const cold = new Set(frozen.map(({ id }) => id))
    await finishPatches(
      trx,
      patches.filter(({ id }) => !cold.has(id)),
    )
    await settleEchoes(turn, target, patches, results, expected)
    // A reader under way may hold the values from before this write.
    const written = results.flatMap(({ ref, outcome }) => (outcome === 'written' ? [ref.id] : []))
    await saveLiveReads(trx, source.id, await rungAmong(trx, source.id, written), await databaseTime(trx))
    if (written.length > 0) await noteWriting(trx, source.id)
    // A rejected patch is tried again by the next full pull; by then the cause may have been fixed.
    await forgetDigests(
      trx,
      source.id,
      results.flatMap(({ ref, outcome }) => (outcome === 'rejected' ? [ref.id] : [])),
    )
    // Read and judge these again; a conflict gets a new patch from what the CRM holds now.
    const again = results.filter(({ outcome }) => outcome === 'conflict' || outcome === 'gone')
    await saveRechecks(
      trx,
      again.map(({ ref, outcome }) => ({ source: source.id, id: ref.id, reason: outcome === 'gone' ? 'vanished' : 'linked' })),
    )
    await appendBlock(
      trx,
      results.map((result) => entryOf(target, result)),
      new Date(shell.now()).toISOString(),
    )
  })
  return results
}

/** Of many records one reason is often the same, such as a missing right. */
const TOLD = 5

function tellRefused(shell: Shell, { source }: Target, results: readonly WriteResult[]): void {
  const refused = Map.groupBy(
    results.filter((result) => result.outcome === 'rejected'),
    ({ reason }) => reason,
  )
  for (const [reason, those] of refused) {
    const records = those.slice(0, TOLD).map(({ ref }) => refOf(source, ref.id))
    shell.log('write.refused', { reason, count: those.length, records: records.join(' ') })
  }
}

function entryOf(target: Target, result: WriteResult): string {
  const reason = result.outcome === 'rejected' || result.outcome === 'frozen' ? [result.reason] : []
  return JSON.stringify(['patch', refOf(target.source, result.ref.id), result.outcome, ...reason])
}
