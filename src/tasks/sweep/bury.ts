/** Records that the CRM no longer has: forgotten, but for what must outlive them, a refusal or a withdrawal, and what binds the person. */
import type { CrmRecord, Gone } from '../../connectors/connector.ts'
import type { ConsentFact } from '../../core/consent/consent.ts'
import { packFacts, unpackFacts } from '../../store/facts.ts'
import { dropPatches, type Recheck } from '../../store/outbox.ts'
import {
  KINDS,
  forgetRecords,
  loadByEmails,
  loadByIds,
  loadBySubjects,
  loadIdentifiersByHash,
  loadIdentifiersOf,
  saveIdentifiers,
  saveRecords,
  type StoredRecord,
} from '../../store/records.ts'
import { nodeKey } from '../identity/cluster-node.ts'
import { isCovered, isNegative, legacyOf } from '../judge/facts.ts'
import { bondsLeft, leaveInRows, type Legacy } from './legacy.ts'
import { refOf, type Shell, type Target } from '../shell.ts'

/**
 * `inherited`: what merged records left, by id of the winner, for winners in this batch, and what binds the person of a gone one, for their others there.
 * `rechecks`: winners outside the batch, and records that shared a subject or a mailbox with a gone record. `rung`: address hashes of those winners; all
 * records there are to be read again.
 */
export type Buried = { entries: string[]; inherited: Map<string, readonly ConsentFact[]>; rechecks: Recheck[]; rung: readonly string[] }

export async function buryGone(
  shell: Shell,
  target: Target,
  batch: { gone: readonly Gone[]; records: readonly CrmRecord[] },
  known: ReadonlyMap<string, StoredRecord>,
): Promise<Buried> {
  const dead = batch.gone.flatMap(({ ref, into }) => {
    const stored = known.get(ref.id)
    if (!stored || stored.gone) return []
    const legacy = legacyOf(unpackFacts(stored.facts, shell.dictionary.factKinds))
    return [{ stored, into, legacy, negatives: legacy.filter(isNegative) }]
  })
  const { inherited, absent, heirs, rung } = await handDown(shell, target, batch, { dead, known })
  // What waits in the row of an heir is no news when the heir is read: who belongs to it is told now.
  const close = await neighboursOf(shell, [...dead.map((one) => one.stored), ...heirs])
  // A merged one keeps its grave, too: the winner may not have taken over the address that was refused.
  await bury(
    shell,
    target,
    dead.filter((one) => one.negatives.length > 0),
  )
  await forget(
    shell,
    target.source.id,
    dead.filter((one) => one.negatives.length === 0).map((one) => one.stored.id),
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
    rung,
    rechecks: [...absent.map(([id]) => ({ source: target.source.id, id, reason: 'linked' as const })), ...close],
  }
}

/** Graves of which it is told only now into whom they were merged: what their heirs have not heard yet. */
async function unheard(shell: Shell, target: Target, gone: readonly Gone[], known: ReadonlyMap<string, StoredRecord>): Promise<Legacy[]> {
  const { factKinds } = shell.dictionary
  const graves = gone.flatMap(({ ref, into }) => {
    const stored = known.get(ref.id)
    if (into === undefined || stored === undefined || !stored.gone) return []
    const negatives = unpackFacts(stored.facts, factKinds).filter(isNegative)
    return negatives.length === 0 ? [] : [[lastHeir(into.id, gone), negatives] as const]
  })
  const heirs = [...new Set(graves.map(([heir]) => heir))]
  const rows = await loadByIds(
    shell.db,
    heirs.map(() => target.source.id),
    heirs,
  )
  const heard = new Map(rows.map((row) => [row.id, unpackFacts(row.facts, factKinds)]))
  return graves.flatMap(([heir, negatives]) => {
    const news = negatives.filter((fact) => !isCovered(fact, heard.get(heir) ?? []))
    return news.length === 0 ? [] : [[heir, news] as const]
  })
}

type Dead = { stored: StoredRecord; into: Gone['into']; legacy: readonly ConsentFact[]; negatives: readonly ConsentFact[] }

/** `absent`: those of the heirs in this source that are not in the batch. `heirs`: their rows, where they were known. */
async function handDown(
  shell: Shell,
  target: Target,
  batch: { gone: readonly Gone[]; records: readonly CrmRecord[] },
  { dead, known }: { dead: readonly Dead[]; known: ReadonlyMap<string, StoredRecord> },
): Promise<Pick<Buried, 'inherited' | 'rung'> & { absent: readonly Legacy[]; heirs: readonly StoredRecord[] }> {
  const dying = new Set(dead.map(({ stored }) => nodeKey(stored.source, stored.id)))
  const left = await bondsLeft(
    shell.db,
    dead.filter(({ into }) => into === undefined),
    ({ source, id }) => dying.has(nodeKey(source, id)),
  )
  const inherited = leaveTo([
    ...dead.flatMap(({ into, legacy }) => (into && legacy.length > 0 ? [[lastHeir(into.id, batch.gone), legacy] as const] : [])),
    ...(await unheard(shell, target, batch.gone, known)),
    ...(left.get(target.source.id) ?? []),
  ])
  const present = new Set(inherited.size === 0 ? [] : batch.records.map(({ ref }) => ref.id))
  const absent = [...inherited].filter(([id]) => !present.has(id))
  const heirs = absent.length === 0 ? [] : await leaveInRows(shell, target.source.id, absent)
  for (const [source, twins] of left) if (source !== target.source.id) await leaveInRows(shell, source, twins)
  return { inherited, absent, heirs, rung: await addressesOf(shell, heirs) }
}

/** By heir. */
function leaveTo(legacies: readonly Legacy[]): Map<string, readonly ConsentFact[]> {
  const inherited = new Map<string, readonly ConsentFact[]>()
  for (const [heir, legacy] of legacies) inherited.set(heir, [...(inherited.get(heir) ?? []), ...legacy])
  return inherited
}

/** Winners are merged in their turn: who is left of a chain of them inherits from all. */
function lastHeir(id: string, gone: readonly Gone[]): string {
  const next = new Map(gone.flatMap(({ ref, into }) => (into ? [[ref.id, into.id] as const] : [])))
  const passed = new Set<string>()
  let heir = id
  while (next.has(heir) && !passed.has(heir)) {
    passed.add(heir)
    heir = next.get(heir)!
  }
  return heir
}

async function neighboursOf(shell: Shell, dead: readonly StoredRecord[]): Promise<Recheck[]> {
  const sources = dead.map((one) => one.source)
  const ids = dead.map((one) => one.id)
  const further = (await loadIdentifiersOf(shell.db, sources, ids)).filter((identifier) => identifier.kind !== KINDS.name)
  const addresses = [...new Set([...dead.flatMap((one) => one.email ?? []), ...further.map((one) => one.hash)])]
  const subjects = [...new Set(dead.flatMap((one) => one.subject ?? []))]
  const holders = await loadIdentifiersByHash(shell.db, addresses)
  const close = [
    ...(await loadByEmails(shell.db, addresses)),
    ...(await loadBySubjects(shell.db, subjects)),
    ...(await loadByIds(
      shell.db,
      holders.map((one) => one.source),
      holders.map((one) => one.id),
    )),
  ]
  const among = new Set(dead.map((one) => nodeKey(one.source, one.id)))
  const left = close.filter((one) => !one.gone && !among.has(nodeKey(one.source, one.id)))
  return [...new Map(left.map((one) => [nodeKey(one.source, one.id), one])).values()].map(({ source, id }) => ({
    source,
    id,
    reason: 'linked',
  }))
}

/** Who reads them is bound by the refusals, too. */
async function addressesOf(shell: Shell, rows: readonly StoredRecord[]): Promise<readonly string[]> {
  if (rows.length === 0) return []
  const further = await loadIdentifiersOf(
    shell.db,
    rows.map((row) => row.source),
    rows.map((row) => row.id),
  )
  return [
    ...new Set([...rows.flatMap((row) => row.email ?? []), ...further.flatMap(({ kind, hash }) => (kind === KINDS.name ? [] : [hash]))]),
  ]
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
      facts: packFacts(negatives, (fact) => shell.dictionary.factKindIds.get(fact)!),
    })),
  )
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
