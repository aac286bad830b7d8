/** Reads single records again by id: those that fell due, those that a list no longer shows, those whose twin has changed. */
import { loadRechecks } from '../store/outbox.ts'
import { applyBatch, type BatchOutcome } from './batch.ts'
import type { House, Shell, Target } from './shell.ts'

/** Answers how many records were asked for again, those that turned out to be gone included. */
export async function recheck(
  shell: Shell,
  house: House,
  target: Target,
  onBatch: (outcome: BatchOutcome) => void,
  signal: AbortSignal,
): Promise<number> {
  const { source, connector, judge } = target
  let asked = 0
  let after = ''
  for (;;) {
    const ids = await loadRechecks(shell.db, source.id, after, connector.limits.idsPerGet)
    if (ids.length === 0) {
      if (after === '') return asked
      after = '' // once more from the start: who was read again may have rung for others
      continue
    }
    after = ids.at(-1)!
    const found = await connector.get({ object: source.object, ids, fields: judge.reads }, signal)
    const batch = { records: found.records, gone: found.gone, rechecked: ids, force: true }
    onBatch(await applyBatch(shell, house, target, batch, 'keep'))
    asked += ids.length
  }
}
