/** Reads single records again by id: those that fell due, those that a list no longer shows, those whose twin has changed. */
import { loadDue } from '../store/records.ts'
import { loadRechecks, saveRechecks } from '../store/outbox.ts'
import { applyBatch, type BatchOutcome } from './batch.ts'
import type { House, Shell, Target } from './shell.ts'

const DUE_AT_ONCE = 10_000

/** Puts the records whose verdict changes by itself today on the list of those to be read again. */
export async function ringDue(shell: Shell, target: Target): Promise<void> {
  const ids = await loadDue(shell.db, target.source.id, target.today, DUE_AT_ONCE)
  await saveRechecks(
    shell.db,
    ids.map((id) => ({ source: target.source.id, id, reason: 'due' as const })),
  )
}

/** Answers how many records were read again. */
export async function recheck(
  shell: Shell,
  house: House,
  target: Target,
  write: boolean,
  onBatch: (outcome: BatchOutcome) => void,
  signal: AbortSignal,
): Promise<number> {
  const { source, connector, judge } = target
  let records = 0
  for (;;) {
    const ids = await loadRechecks(shell.db, source.id, connector.limits.idsPerGet)
    if (ids.length === 0) return records
    const found = await connector.get({ object: source.object, ids, fields: judge.reads }, signal)
    const batch = { records: found.records, gone: found.gone, rechecked: ids, force: true }
    onBatch(await applyBatch(shell, house, target, batch, { keep: true, write }))
    records += found.records.length
  }
}
