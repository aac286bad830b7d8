/** Reads the records of the recheck list by id: fallen due, missing from a full pull, changed in another record of the subject, or named by an event. */
import { databaseTime } from '../../store/live-reads.ts'
import { takeRechecks } from '../../store/outbox.ts'
import { allOf } from './all-of.ts'
import { applyBatch, type Batch, type BatchOutcome } from './batch.ts'
import type { Landscape, Shell, Target } from '../shell.ts'

/** `which`: a sweep reads the whole list; the live path leaves out records whose short delay is not over yet. */
export type RecheckOptions = { which: 'ready' | 'all'; onBatch: (outcome: BatchOutcome) => void }

/** Returns how many records were requested, including those found gone. Records claimed by another worker are skipped. */
export async function recheck(
  shell: Shell,
  landscape: Landscape,
  target: Target,
  options: RecheckOptions,
  signal: AbortSignal,
): Promise<number> {
  const claim = await shell.claims.take()
  try {
    return await readAgain(shell, landscape, target, { ...options, claim: claim.id }, AbortSignal.any([signal, claim.lost]))
  } finally {
    await claim.release()
  }
}

async function readAgain(
  shell: Shell,
  landscape: Landscape,
  target: Target,
  { which, onBatch, claim }: RecheckOptions & { claim: number },
  signal: AbortSignal,
): Promise<number> {
  const readFrom = (after: string): Promise<Again | null> => readNext(shell, target, { which, claim, after }, signal)
  let asked = 0
  let after = ''
  for (let again = await readFrom(after); ;) {
    if (again === null) {
      if (after === '') return asked
      after = '' // once more from the start: who was read again may have rung for others
      again = await readFrom(after)
      continue
    }
    const { taken } = again.rechecked
    after = taken.at(-1)!.id
    // The next ones are on their way while these are judged and stored.
    const [outcome, next] = await allOf([applyBatch(shell, landscape, target, again, 'keep'), readFrom(after)])
    onBatch(outcome)
    asked += taken.length
    again = next
  }
}

type Again = Batch & { rechecked: NonNullable<Batch['rechecked']> }

/** Takes the next ones off the list and reads them; null at its end. */
async function readNext(
  shell: Shell,
  { source, connector, judge }: Target,
  { which, claim, after }: { which: RecheckOptions['which']; claim: number; after: string },
  signal: AbortSignal,
): Promise<Again | null> {
  const taking = { source: source.id, after, limit: connector.limits.idsPerGet, claim, living: shell.claims.living }
  const taken = await takeRechecks(shell.db, taking, which)
  if (taken.length === 0) return null
  const readAt = await databaseTime(shell.db)
  const found = await connector.get({ object: source.object, ids: taken.map(({ id }) => id), fields: judge.reads }, signal)
  return { records: found.records, gone: found.gone, rechecked: { taken, readAt }, force: true }
}
