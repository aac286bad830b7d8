/** A record that is judged while a write of ours is on its way to it: what was read of it may be from before. */
import type { CrmRecord } from '../../connectors/connector.ts'
import type { RawFields } from '../../core/judge/judge.ts'
import { databaseTime, saveLiveReads } from '../../store/live-reads.ts'
import { loadSent, type StoredPatch } from '../../store/outbox.ts'
import { judgeOne } from '../judge/assess.ts'
import type { Decision } from '../judge/decide.ts'
import type { Shell, Target } from '../shell.ts'

/** Fields by record. */
export type Sent = ReadonlyMap<string, StoredPatch['fields']>

/** What is on its way to these records. Whoever sent it learns that they were read meanwhile. */
export async function sentTo(shell: Shell, source: number, records: readonly CrmRecord[]): Promise<Sent> {
  const sent = await loadSent(
    shell.db,
    source,
    records.map(({ ref }) => ref.id),
  )
  if (sent.size > 0) await saveLiveReads(shell.db, source, [...sent.keys()], await databaseTime(shell.db))
  return sent
}

/**
 * The patches of a batch, by decision: right whether what is on its way has landed when they are sent or not. A field that both touch is in them even if
 * the reading already showed its value; what the CRM then holds already is not written again.
 */
export function patchesOf(target: Target, decisions: readonly Decision[], records: readonly CrmRecord[], sent: Sent): StoredPatch[] {
  const source = target.source.id
  const fieldsOf = sent.size === 0 ? null : new Map(records.map((record) => [record.ref.id, record.fields]))
  return decisions.flatMap((decision) => {
    const { id, outcome } = decision
    const onItsWay = sent.size === 0 ? undefined : sent.get(id)
    const fields = onItsWay && fieldsOf ? completed(target, decision, fieldsOf.get(id)!, onItsWay) : outcome.patch
    return fields ? [{ source, id, fields }] : []
  })
}

function completed(target: Target, { outcome, context }: Decision, read: RawFields, sent: RawFields): RawFields | null {
  const onTop = judgeOne(target.judge, { ...read, ...sent }, context).patch
  return outcome.patch || onTop ? { ...onTop, ...outcome.patch } : null
}
