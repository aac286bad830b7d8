/** Records that the CRM no longer has: forgotten, but for what must outlive them, a refusal or a withdrawal. */
import type { CrmRecord, Gone } from '../../connectors/connector.ts'
import type { ConsentFact } from '../../core/consent/consent.ts'
import type { ActDay } from '../../core/judge/judge.ts'
import { packFacts, unpackFacts, unpackLastAct } from '../../store/facts.ts'
import { internFactKinds } from '../../store/dictionary.ts'
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
import { blankRecord } from '../judge/blank-record.ts'
import { nodeKey } from '../identity/cluster-node.ts'
import { adoptRefusals, isCovered, isNegative } from '../judge/facts.ts'
import { refOf, type Shell, type Target } from '../shell.ts'

/**
 * `inherited`: refusals of merged records, by id of the winner, for winners in this batch. `rechecks`: winners outside the batch, and records that shared
 * a subject or a mailbox with a gone record. `rung`: address hashes of those winners; all records there are to be read again.
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
    return stored && !stored.gone
      ? [{ stored, into, negatives: unpackFacts(stored.facts, shell.dictionary.factKinds).filter(isNegative) }]
      : []
  })
  const inherited = new Map<string, readonly ConsentFact[]>()
  for (const { into, negatives } of dead) {
    if (!into || negatives.length === 0) continue
    const heir = lastHeir(into.id, batch.gone)
    inherited.set(heir, [...(inherited.get(heir) ?? []), ...negatives])
  }
  for (const [heir, negatives] of await unheard(shell, target, batch.gone, known))
    inherited.set(heir, [...(inherited.get(heir) ?? []), ...negatives])
  const present = new Set(inherited.size === 0 ? [] : batch.records.map(({ ref }) => ref.id))
  const absent = [...inherited].filter(([id]) => !present.has(id))
  const rung = await bequeath(shell, target, absent)
  const bereaved = await neighboursOf(
    shell,
    dead.map((one) => one.stored),
  )
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
    rechecks: [...absent.map(([id]) => ({ source: target.source.id, id, reason: 'linked' as const })), ...bereaved],
  }
}

/** Graves of which it is told only now into whom they were merged: what their heirs have not heard yet. */
async function unheard(
  shell: Shell,
  target: Target,
  gone: readonly Gone[],
  known: ReadonlyMap<string, StoredRecord>,
): Promise<(readonly [heir: string, negatives: readonly ConsentFact[]])[]> {
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

/** The winner of a merge is not in this batch: what it inherits waits in its row until it is read. Answers its addresses: who reads them is bound, too. */
async function bequeath(
  shell: Shell,
  target: Target,
  heirs: readonly (readonly [string, readonly ConsentFact[]])[],
): Promise<readonly string[]> {
  if (heirs.length === 0) return []
  const source = target.source.id
  const rows = await loadByIds(
    shell.db,
    heirs.map(() => source),
    heirs.map(([id]) => id),
  )
  const known = new Map(rows.map((row) => [row.id, row]))
  const bequeathed = heirs.map(
    ([id, negatives]) => [id, adoptRefusals(unpackFacts(known.get(id)?.facts ?? null, shell.dictionary.factKinds), negatives)] as const,
  )
  await internFactKinds(
    shell.db,
    shell.dictionary,
    bequeathed.flatMap(([, facts]) => facts),
  )
  await saveRecords(
    shell.db,
    bequeathed.map(([id, facts]) => {
      const row = known.get(id) ?? { ...blankRecord, source, id }
      return { ...row, content: null, facts: pack(shell, facts, unpackLastAct(row.facts)) }
    }),
  )
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
      facts: pack(shell, negatives),
    })),
  )
}

function pack(shell: Shell, facts: readonly ConsentFact[], lastAct: ActDay = null): Buffer | null {
  return packFacts(facts, (fact) => shell.dictionary.factKindIds.get(fact)!, lastAct)
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
