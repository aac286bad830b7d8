/** Tells an opt-out that Accord wrote (an echo when read back) from one that a person set. */
import type { WriteResult } from '../../connectors/connector.ts'
import { factKindKey, type ConsentFact } from '../../core/consent/consent.ts'
import type { Judge } from '../../core/judge/judge.ts'
import { internFactKinds } from '../../store/dictionary.ts'
import { packFacts, unpackFacts, unpackLastAct } from '../../store/facts.ts'
import { databaseTime, readLiveSince } from '../../store/live-reads.ts'
import { saveRechecks, type StoredPatch, type TakenPatch } from '../../store/outbox.ts'
import { loadByIds, saveRecords } from '../../store/records.ts'
import { withEchoes } from '../judge/facts.ts'
import type { Shell, Target } from '../shell.ts'
import { inTurn, type TurnShell } from '../turn.ts'

type Fields = StoredPatch['fields']

/** The patches that set an opt-out field of the CRM. */
function mirroring<P extends StoredPatch>(target: Target, patches: readonly P[]): readonly P[] {
  const { names } = target.judge.mirror
  return names.size === 0 ? [] : patches.filter(({ fields }) => Object.keys(fields).some((name) => names.has(name)))
}

/** `at`: database time. `standing`: by record, the opt-outs that an earlier write of Accord had set already. */
export type Expected = { at: string; standing: ReadonlyMap<string, ReadonlySet<string>> }

/**
 * Notes the opt-outs about to be written, before they are sent: read back, even before the CRM has answered, they get the date of the refusal they stand
 * for. Null if the patches set none.
 */
export async function expectEchoes(shell: Shell, target: Target, patches: readonly TakenPatch[]): Promise<Expected | null> {
  const { mirror } = target.judge
  const mirrored = mirroring(target, patches)
  if (mirrored.length === 0) return null
  return inTurn(shell, async (turn) => {
    const standing = new Map<string, ReadonlySet<string>>()
    await changeFacts(turn, target, mirrored, ({ id, fields, retaken }, facts) => {
      // A worker that died after noting its write may never have sent it.
      if (!retaken) standing.set(id, standingAmong(mirror, fields, facts))
      return withEchoes(facts, mirror.echoes(fields, facts))
    })
    return { at: await databaseTime(turn.db), standing }
  })
}

function standingAmong(mirror: Judge['mirror'], fields: Fields, facts: readonly ConsentFact[]): ReadonlySet<string> {
  return new Set(
    Object.entries(fields).flatMap(([name, value]) => (knownEchoes(mirror, { [name]: value }, facts).length > 0 ? [name] : [])),
  )
}

/** The facts that come from these fields as Accord wrote them. */
export function knownEchoes(mirror: Judge['mirror'], fields: Fields, facts: readonly ConsentFact[]): readonly ConsentFact[] {
  const kinds = new Set(mirror.echoes(fields, facts).map(factKindKey))
  return facts.filter((fact) => kinds.has(factKindKey(fact)))
}

/**
 * In the transaction that ends the patches. What the CRM did not take, or held already, is no echo unless we had set it before: somebody else ticked it,
 * or will. Such a record is read again if part of the patch was written, for its tick may have been taken for ours meanwhile; so is one that was read
 * meanwhile, for nobody knows whether that showed what was there before our tick or after it.
 */
export async function settleEchoes(
  turn: TurnShell,
  target: Target,
  patches: readonly StoredPatch[],
  results: readonly WriteResult[],
  expected: Expected | null,
): Promise<void> {
  if (expected === null) return
  const { mirror } = target.judge
  const resultOf = new Map(results.map((result) => [result.ref.id, result]))
  const mirrored = mirroring(target, patches)
  const { at, standing } = expected
  const ids = mirrored.map(({ id }) => id)
  const again = await readLiveSince(turn.db, target.source.id, ids, at)
  await changeFacts(turn, target, mirrored, ({ id, fields }, facts) => {
    const [ours, others] = divided(fields, resultOf.get(id), standing.get(id))
    // Whatever its time: what is known of the person may have changed since it was expected.
    const foreign = new Set(mirror.echoes(others, facts).map(factKindKey))
    const left = facts.filter((fact) => !foreign.has(factKindKey(fact)))
    if (left.length < facts.length && isTaken(resultOf.get(id))) again.push(id)
    return withEchoes(left, mirror.echoes(ours, facts))
  })
  await saveRechecks(
    turn.db,
    again.map((id) => ({ source: target.source.id, id, reason: 'linked' })),
  )
}

/**
 * A record that was neither written nor lost has nothing to be read anew: what somebody ticked there is told by the CRM itself, and one that shows the
 * opt-out later than it keeps it (HubSpot) would be asked in every round of a sweep.
 */
function isTaken(result: WriteResult | undefined): boolean {
  return result?.outcome !== 'rejected' && result?.outcome !== 'unchanged'
}

/**
 * Splits the opt-outs into those that this write set, and those that somebody else had set or will. One that an earlier write of Accord had set is in
 * neither unless this write set it: nothing new is known of it.
 */
function divided(fields: Fields, result: WriteResult | undefined, standing: ReadonlySet<string> | undefined): readonly [Fields, Fields] {
  const held = result?.outcome === 'written' ? new Set(result.held) : null
  const part = (has: (name: string) => boolean): Fields => Object.fromEntries(Object.entries(fields).filter(([name]) => has(name)))
  const isOurs = (name: string): boolean => held !== null && !held.has(name)
  return [part(isOurs), part((name) => !isOurs(name) && standing?.has(name) !== true)]
}

async function changeFacts<P extends StoredPatch>(
  turn: TurnShell,
  target: Target,
  patches: readonly P[],
  change: (patch: P, facts: readonly ConsentFact[]) => readonly ConsentFact[],
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
      facts: packFacts(facts, (fact) => dictionary.factKindIds.get(fact)!, unpackLastAct(row.facts)),
    })),
  )
}
