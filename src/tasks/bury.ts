/** Records that the CRM no longer has: forgotten, but for what must outlive them, a refusal or a withdrawal. */
import type { Gone } from '../connectors/connector.ts'
import type { ConsentFact } from '../core/consent.ts'
import { packFacts, unpackFacts } from '../store/facts.ts'
import { factKindKey } from '../store/dictionary.ts'
import { dropPatches, type Recheck } from '../store/outbox.ts'
import { forgetRecords, loadByIds, saveIdentifiers, saveRecords, type StoredRecord } from '../store/records.ts'
import { carryFacts, isNegative } from './facts.ts'
import { refOf, type Shell, type Target } from './shell.ts'

/** `inherited`: refusals of merged records, for winners that are judged in this very batch. */
export type Buried = { entries: string[]; inherited: Map<string, readonly ConsentFact[]>; rechecks: Recheck[] }

export async function buryGone(
  shell: Shell,
  target: Target,
  batch: { gone: readonly Gone[]; present: ReadonlySet<string> },
  known: ReadonlyMap<string, StoredRecord>,
): Promise<Buried> {
  const dead = batch.gone.flatMap(({ ref, into }) => {
    const stored = known.get(ref.id)
    return stored && !stored.gone
      ? [{ stored, into, negatives: unpackFacts(stored.facts, shell.dictionary.factKinds).filter(isNegative) }]
      : []
  })
  const merged = dead.filter((one) => one.into && one.negatives.length > 0)
  const inherited = new Map<string, readonly ConsentFact[]>()
  for (const { into, negatives } of merged) inherited.set(into!.id, [...(inherited.get(into!.id) ?? []), ...negatives])
  const absent = [...inherited].filter(([id]) => !batch.present.has(id))
  await bequeath(shell, target, absent)
  await bury(
    shell,
    target,
    dead.filter((one) => !one.into && one.negatives.length > 0),
  )
  await forget(
    shell,
    target.source.id,
    dead.filter((one) => one.into || one.negatives.length === 0).map((one) => one.stored.id),
  )
  await dropPatches(
    shell.db,
    dead.map((one) => ({ source: target.source.id, id: one.stored.id })),
  )
  return {
    entries: dead.map(({ stored, into }) =>
      JSON.stringify(['gone', refOf(target.source, stored.id), into ? refOf(target.source, into.id) : null]),
    ),
    inherited,
    rechecks: absent.map(([id]) => ({ source: target.source.id, id, reason: 'linked' as const })),
  }
}

/** The winner of a merge is not in this batch: what it inherits waits in its row until it is read. */
async function bequeath(shell: Shell, target: Target, heirs: readonly (readonly [string, readonly ConsentFact[]])[]): Promise<void> {
  if (heirs.length === 0) return
  const source = target.source.id
  const rows = await loadByIds(
    shell.db,
    heirs.map(() => source),
    heirs.map(([id]) => id),
  )
  const known = new Map(rows.map((row) => [row.id, row]))
  const blank = { source, subject: null, email: null, given: 0, verdict: null, reviewOn: null, gone: false, facts: null }
  await saveRecords(
    shell.db,
    heirs.map(([id, negatives]) => {
      const row = known.get(id) ?? { ...blank, id, content: null }
      const facts = carryFacts([], [...unpackFacts(row.facts, shell.dictionary.factKinds), ...negatives], 0)
      return { ...row, content: null, facts: pack(shell, facts) }
    }),
  )
}

async function bury(
  shell: Shell,
  target: Target,
  dead: readonly { stored: StoredRecord; negatives: readonly ConsentFact[] }[],
): Promise<void> {
  await saveRecords(
    shell.db,
    dead.map(({ stored, negatives }) => ({
      ...stored,
      source: target.source.id,
      content: null,
      verdict: null,
      reviewOn: null,
      gone: true,
      facts: pack(shell, negatives),
    })),
  )
}

function pack(shell: Shell, facts: readonly ConsentFact[]): Buffer | null {
  return packFacts(facts, (fact) => shell.dictionary.factKindIds.get(factKindKey(fact))!)
}

async function forget(shell: Shell, source: number, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await saveIdentifiers(
    shell.db,
    ids.map((id) => ({ source, id })),
    [],
  )
  await forgetRecords(shell.db, source, ids)
}
