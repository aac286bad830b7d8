/** Reads single records again by id: those that fell due, those that a list no longer shows, those whose twin has changed, those we heard of. */
import { databaseTime } from '../store/live-reads.ts'
import { takeRechecks } from '../store/outbox.ts'
import { applyBatch, type BatchOutcome } from './batch.ts'
import type { House, Shell, Target } from './shell.ts'

/** `which`: a sweep reads all that are on the list, the live path those that need not wait a little longer. */
export type RecheckOptions = { which: 'ready' | 'all'; onBatch: (outcome: BatchOutcome) => void }

/** Answers how many records were asked for again, those that turned out to be gone included. Another worker's are left to it. */
export async function recheck(shell: Shell, house: House, target: Target, options: RecheckOptions, signal: AbortSignal): Promise<number> {
  const claim = await shell.claims.take()
  try {
    return await readAgain(shell, house, target, { ...options, claim: claim.id }, AbortSignal.any([signal, claim.lost]))
  } finally {
    await claim.release()
  }
}

async function readAgain(
  shell: Shell,
  house: House,
  target: Target,
  { which, onBatch, claim }: RecheckOptions & { claim: number },
  signal: AbortSignal,
): Promise<number> {
  const { source, connector, judge } = target
  let asked = 0
  let after = ''
  for (;;) {
    const taking = { source: source.id, after, limit: connector.limits.idsPerGet, claim, living: await shell.claims.living() }
    const taken = await takeRechecks(shell.db, taking, which)
    if (taken.length === 0) {
      if (after === '') return asked
      after = '' // once more from the start: who was read again may have rung for others
      continue
    }
    after = taken.at(-1)!.id
    const readAt = await databaseTime(shell.db)
    const found = await connector.get({ object: source.object, ids: taken.map(({ id }) => id), fields: judge.reads }, signal)
    const batch = { records: found.records, gone: found.gone, rechecked: { taken, readAt }, force: true }
    onBatch(await applyBatch(shell, house, target, batch, 'keep'))
    asked += taken.length
  }
}
