/** What is known of a record's opt-outs around a write of ours: whether the next reading shows our own hand or a person's. */
import type { WriteResult } from '../connectors/connector.ts'
import { factKindKey, type ConsentFact } from '../core/consent.ts'
import { internFactKinds } from '../store/dictionary.ts'
import { packFacts, unpackFacts, unpackLastAct } from '../store/facts.ts'
import { saveRechecks, type StoredPatch } from '../store/outbox.ts'
import { loadByIds, saveRecords } from '../store/records.ts'
import { withEchoes } from './facts.ts'
import type { Shell, Target } from './shell.ts'
import { inTurn, type TurnShell } from './turn.ts'

type Fields = StoredPatch['fields']

/** Patches that set an opt-out of the CRM. */
export function mirroring(target: Target, patches: readonly StoredPatch[]): readonly StoredPatch[] {
  const { names } = target.judge.mirror
  return names.size === 0 ? [] : patches.filter(({ fields }) => Object.keys(fields).some((name) => names.has(name)))
}

/** Before they are sent: what is read back of it, even before the CRM has answered, is as old as the no that it stands for. */
export async function expectEchoes(shell: Shell, target: Target, patches: readonly StoredPatch[]): Promise<void> {
  const mirrored = mirroring(target, patches)
  if (mirrored.length === 0) return
  await inTurn(shell, (turn) =>
    changeFacts(turn, target, mirrored, ({ fields }, facts) => withEchoes(facts, target.judge.mirror.echoes(fields, facts))),
  )
}

/**
 * In the transaction that ends the patches. What the CRM did not take, or held already, is no echo: somebody else ticked it, or will. Such a record is
 * read again, for its tick may have been taken for ours meanwhile.
 */
export async function settleEchoes(
  turn: TurnShell,
  target: Target,
  patches: readonly StoredPatch[],
  results: readonly WriteResult[],
): Promise<void> {
  const { mirror } = target.judge
  const resultOf = new Map(results.map((result) => [result.ref.id, result]))
  const again: string[] = []
  await changeFacts(turn, target, mirroring(target, patches), ({ id, fields }, facts) => {
    const [ours, others] = divided(fields, resultOf.get(id))
    // Whatever its time: what is known of the person may have changed since it was expected.
    const foreign = new Set(mirror.echoes(others, facts).map(factKindKey))
    const left = facts.filter((fact) => !foreign.has(factKindKey(fact)))
    if (left.length < facts.length) again.push(id)
    return withEchoes(left, mirror.echoes(ours, facts))
  })
  await saveRechecks(
    turn.db,
    again.map((id) => ({ source: target.source.id, id, reason: 'linked' })),
  )
}

/** What we wrote, and what we did not. */
function divided(fields: Fields, result: WriteResult | undefined): readonly [Fields, Fields] {
  if (result?.outcome !== 'written') return [{}, fields]
  const held = new Set(result.held)
  const part = (isHeld: boolean): Fields => Object.fromEntries(Object.entries(fields).filter(([name]) => held.has(name) === isHeld))
  return [part(false), part(true)]
}

async function changeFacts(
  turn: TurnShell,
  target: Target,
  patches: readonly StoredPatch[],
  change: (patch: StoredPatch, facts: readonly ConsentFact[]) => readonly ConsentFact[],
): Promise<void> {
  if (patches.length === 0) return
  const { db, dictionary } = turn
  const patchOf = new Map(patches.map((patch) => [patch.id, patch]))
  const rows = await loadByIds(
    db,
    patches.map(() => target.source.id),
    patches.map(({ id }) => id),
  )
  const changed = rows
    .filter((row) => !row.gone)
    .map((row) => ({ row, facts: change(patchOf.get(row.id)!, unpackFacts(row.facts, dictionary.factKinds)) }))
  await internFactKinds(
    db,
    dictionary,
    changed.flatMap(({ facts }) => facts),
  )
  await saveRecords(
    db,
    changed.map(({ row, facts }) => ({
      ...row,
      facts: packFacts(facts, (fact) => dictionary.factKindIds.get(factKindKey(fact))!, unpackLastAct(row.facts)),
    })),
  )
}
