/** One transaction per batch: compare, link, judge, store, ledger, enqueue, save the cursor. The heart of pull and of every recheck. */
import { setImmediate } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import type { CrmRecord, Gone, RecordRef } from '../../connectors/connector.ts'
import type { ConsentFact } from '../../core/consent/consent.ts'
import { sealBatch, type Batch as Sealed } from '../../core/ledger/ledger.ts'
import { readLiveSince, saveLiveReads } from '../../store/live-reads.ts'
import { loadFactKinds, loadVerdicts, settleDictionary } from '../../store/dictionary.ts'
import { appendSealed } from '../../store/ledger.ts'
import { ringMailboxes } from '../../store/mailboxes.ts'
import { dropPatches, finishRechecks, savePatches, saveRechecks, type Recheck, type TakenRecheck } from '../../store/outbox.ts'
import { compareIds, insertRecords, loadByIds, loadRange, saveRecords, takeTurn, type StoredRecord } from '../../store/records.ts'
import { lookAround } from '../../store/surroundings.ts'
import type { Tables } from '../../store/tables.ts'
import { insertProvisional, saveProgress, type Progress } from '../../store/sources.ts'
import { contentOf } from '../judge/ahead.ts'
import { buryGone } from './bury.ts'
import { judgeRecords, type Decision } from '../judge/decide.ts'
import { identifyRecords } from '../identity/identify.ts'
import { patchesOf, sentTo } from './in-flight.ts'
import { isNewTo, refusalsByPhone } from '../identity/phones.ts'
import type { Landscape, Shell, Target } from '../shell.ts'

/**
 * `range`: this batch holds every live record of the source in (after, last]. `force`: judge even what has not changed. `since`: when the pull began that
 * these pages belong to. `rechecked`: asked for one by one, and when. Times are the database's.
 */
export type Batch = {
  records: readonly CrmRecord[]
  gone: readonly Gone[]
  range?: { after: string | null; last: string }
  progress?: Progress
  since?: string
  rechecked?: { taken: readonly TakenRecheck[]; readAt: string }
  force?: boolean
}
export type BatchOutcome = { records: number; changed: number; patches: number; decisions: readonly Decision[] }

/** `dry run`: everything is judged, nothing stays. */
export async function applyBatch(
  shell: Shell,
  landscape: Landscape,
  target: Target,
  batch: Batch,
  mode: 'keep' | 'dry run',
): Promise<BatchOutcome> {
  return shell.oneAtATime(async () => {
    const trx = await shell.db.startTransaction().execute()
    let end: 'committed' | 'rolled back' = 'rolled back'
    try {
      await takeTurn(trx)
      if (target.source.id < 0) await insertProvisional(trx, target.source)
      const outcome = await apply({ ...shell, db: trx }, landscape, target, batch)
      if (mode === 'keep') {
        await trx.commit().execute()
        end = 'committed'
      }
      return outcome
    } finally {
      try {
        if (end === 'rolled back') await trx.rollback().execute()
      } finally {
        // Also after the database connection broke, when no statement can be sent on it.
        settleDictionary(shell.dictionary, end)
      }
    }
  })
}

type BatchShell = Shell & { db: Transaction<Tables> }

async function apply(shell: BatchShell, landscape: Landscape, target: Target, batch: Batch): Promise<BatchOutcome> {
  const source = target.source.id
  const around = await lookAround(shell.db, source)
  // None is ever changed or taken away.
  if (around.factKinds > shell.dictionary.factKinds.size) await loadFactKinds(shell.db, shell.dictionary)
  if (around.verdictAge !== shell.dictionary.verdictAge) await loadVerdicts(shell.db, shell.dictionary)
  const known = await loadKnown(shell, target, batch)
  const { records, gone: dead, doubtful } = sortOut(batch)
  const refused = await refusalsByPhone(shell, target, records, around.phones)
  const isFirst = known.size === 0
  const news = newsOf(shell, target, { records, force: batch.force === true }, known)
  if (refused.size > 0)
    for (const record of records) if (isNewTo(known.get(record.ref.id), refused.get(record.ref.id), shell)) news.add(record)
  const overtaken = around.liveReads ? await readMeanwhile(shell, source, [...news, ...dead], batch) : nobody
  const gone = dead.filter(({ ref }) => !overtaken.has(ref.id))
  const buried = await buryGone(shell, target, { gone, records }, known)
  const inherited = joined(buried.inherited, refused)
  // The winner of a merge may be unchanged: what it inherits is not in its fields.
  const changed = records.filter(
    (one) => (overtaken.size === 0 || !overtaken.has(one.ref.id)) && (news.has(one) || buried.inherited.has(one.ref.id)),
  )
  const identified = identifyRecords(shell, target, changed, known, around)
  // Nothing can be on its way to a record that is not stored.
  const sent = await sentTo(shell, source, isFirst ? [] : changed.filter(({ ref }) => known.has(ref.id)))
  const decided = await judgeRecords(shell, landscape, target, identified, { inherited, accompanied: around.accompanied, sent })
  const entries = [...buried.entries, ...decided.entries]
  const [block] = await Promise.all([seal(shell, entries), saveRows(shell.db, decided.rows, known)])
  const unsure = [...doubtful, ...overtaken].map((id) => ({ source, id, reason: 'vanished' as const }))
  const rechecks: readonly Recheck[] = [...buried.rechecks, ...decided.rechecks, ...vanished(batch, known, source), ...unsure]
  if (batch.rechecked) await finishRechecked(shell, source, batch.rechecked)
  await saveRechecks(shell.db, rechecks)
  const nodes = identified.map(({ node }) => node)
  await ringMailboxes(shell.db, decided.rung, nodes)
  await ringMailboxes(shell.db, buried.rung, [])
  const patches = patchesOf(target, decided.decisions, changed, sent)
  await savePatches(shell.db, patches)
  const patched = new Set(patches.map(({ id }) => id))
  await dropPatches(
    shell.db,
    isFirst ? [] : decided.decisions.filter(({ id }) => !patched.has(id) && known.has(id)).map(({ id }) => ({ source, id })),
  )
  if (block) await appendSealed(shell.db, block)
  if (batch.progress) await saveProgress(shell.db, source, batch.progress)
  await shell.ring(shell.db, {
    rechecks: new Set(rechecks.map((one) => one.source)),
    anywhere: decided.rung.length + buried.rung.length > 0,
    patches: patches.length > 0 ? source : null,
  })
  return { records: records.length, changed: decided.decisions.length, patches: patches.length, decisions: decided.decisions }
}

/** Of a thousand entries some milliseconds, in which the database stores what they tell of: that is on its way by the next turn of the loop. */
async function seal(shell: Shell, entries: readonly string[]): Promise<Sealed | null> {
  if (entries.length === 0) return null
  await setImmediate()
  return sealBatch(entries, new Date(shell.now()).toISOString())
}

async function saveRows(trx: Transaction<Tables>, rows: readonly StoredRecord[], known: ReadonlyMap<string, StoredRecord>): Promise<void> {
  const isKnown = ({ id }: StoredRecord): boolean => known.size > 0 && known.has(id)
  await insertRecords(
    trx,
    rows.filter((row) => !isKnown(row)),
  )
  await saveRecords(trx, rows.filter(isKnown))
}

async function finishRechecked(shell: Shell, source: number, { taken, readAt }: NonNullable<Batch['rechecked']>): Promise<void> {
  await finishRechecks(shell.db, source, taken)
  const ids = taken.map(({ id }) => id)
  await saveLiveReads(shell.db, source, ids, readAt)
}

function joined(
  a: ReadonlyMap<string, readonly ConsentFact[]>,
  b: ReadonlyMap<string, readonly ConsentFact[]>,
): ReadonlyMap<string, readonly ConsentFact[]> {
  if (b.size === 0) return a
  return new Map([...a, ...Array.from(b, ([id, facts]) => [id, [...(a.get(id) ?? []), ...facts]] as const)])
}

const nobody: ReadonlySet<string> = new Set()

/**
 * Those that somebody has read by themselves since, or written to while they were being read: what is in hand may be older than that, so they are read
 * once more.
 */
async function readMeanwhile(
  shell: Shell,
  source: number,
  news: readonly { ref: RecordRef }[],
  batch: Batch,
): Promise<ReadonlySet<string>> {
  const since = batch.since ?? batch.rechecked?.readAt
  if (since === undefined || news.length === 0) return nobody
  const ids = news.map(({ ref }) => ref.id)
  return new Set(await readLiveSince(shell.db, source, ids, since))
}

/** A record that changed during the pull may be listed twice: the last one counts. One listed both as present and as gone is read again. */
export function sortOut({ records, gone }: Pick<Batch, 'records' | 'gone'>): {
  records: readonly CrmRecord[]
  gone: readonly Gone[]
  doubtful: readonly string[]
} {
  const dead = new Map(gone.map((one) => [one.ref.id, one]))
  const latest = isAscending(records) ? null : new Map(records.map((record) => [record.ref.id, record]))
  const isPresent = (id: string): boolean => (latest === null ? isAmong(records, id) : latest.has(id))
  const doubtful = [...dead.keys()].filter(isPresent)
  for (const id of doubtful) dead.delete(id)
  return { records: latest === null ? records : [...latest.values()], gone: [...dead.values()], doubtful }
}

/** As a list gives them: then none stands there twice. */
function isAscending(records: readonly CrmRecord[]): boolean {
  for (let i = 1; i < records.length; i++) if (compareIds(records[i - 1]!.ref.id, records[i]!.ref.id) >= 0) return false
  return true
}

/** In ascending order. */
function isAmong(records: readonly CrmRecord[], id: string): boolean {
  let low = 0
  let high = records.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareIds(records[middle]!.ref.id, id) < 0) low = middle + 1
    else high = middle
  }
  return records[low]?.ref.id === id
}

async function loadKnown(shell: Shell, target: Target, batch: Batch): Promise<Map<string, StoredRecord>> {
  const source = target.source.id
  const ranged = batch.range ? await loadRange(shell.db, source, batch.range.after, batch.range.last) : []
  const known = new Map(ranged.map((record) => [record.id, record]))
  const others = [...batch.gone.map((gone) => gone.ref.id), ...(batch.range ? [] : batch.records.map((record) => record.ref.id))].filter(
    (id) => known.size === 0 || !known.has(id),
  )
  const found = await loadByIds(
    shell.db,
    others.map(() => source),
    others,
  )
  for (const record of found) known.set(record.id, record)
  return known
}

/** Those that need judging. To look for an id, even among none, costs as much as a hash: on a first pull nobody is looked for. */
function newsOf(
  shell: Shell,
  target: Target,
  { records, force }: { records: readonly CrmRecord[]; force: boolean },
  known: ReadonlyMap<string, StoredRecord>,
): Set<CrmRecord> {
  if (known.size === 0) return new Set(records)
  return new Set(records.filter((record) => needsJudging(shell, target, record, known.get(record.ref.id), force)))
}

function needsJudging(shell: Shell, target: Target, record: CrmRecord, stored: StoredRecord | undefined, force: boolean): boolean {
  return force || !stored || stored.gone || stored.content !== contentOf(shell, target, record)
}

/** Records stored in the id range of this page but not listed: read by id before they count as gone. */
function vanished(batch: Batch, known: ReadonlyMap<string, StoredRecord>, source: number): Recheck[] {
  if (!batch.range || known.size === 0) return []
  const present = new Set(batch.records.map((record) => record.ref.id))
  const { after, last } = batch.range
  return [...known.values()]
    .filter(
      (record) =>
        !record.gone && !present.has(record.id) && compareIds(record.id, last) <= 0 && (after === null || compareIds(record.id, after) > 0),
    )
    .map((record) => ({ source, id: record.id, reason: 'vanished' as const }))
}
