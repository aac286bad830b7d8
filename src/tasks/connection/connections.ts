/** What becomes of the records of a connection that is renamed or removed: never by itself, only when asked for. */
import type { Kysely, Transaction } from 'kysely'
import { forgetAccount } from '../../store/accounts.ts'
import { forgetLoss } from '../../store/connection-loss.ts'
import { clearProgress } from '../../store/connection-traces.ts'
import { keepFacts, unpackFacts } from '../../store/facts.ts'
import { emptyDictionary, loadFactKinds, type Dictionary } from '../../store/dictionary.ts'
import { appendBlock } from '../../store/ledger.ts'
import { forgetRecords, loadAfter, saveIdentifiers, saveRecords, takeTurn, type StoredRecord } from '../../store/records.ts'
import { clearSource, forgetSweeps, loadKnownSources, renameSources, ringTwins } from '../../store/retired.ts'
import type { Tables } from '../../store/tables.ts'
import { isNegative, legacyOf } from '../judge/facts.ts'
import { bondsLeft, leaveInRows } from '../sweep/legacy.ts'

/** `forgotten`: records of which nothing is left. `kept`: those whose refusals outlive them. */
export type Forgotten = { forgotten: number; kept: number }

const PER_TURN = 1_000

/**
 * Forgets what is known of a connection, but for refusals and withdrawals (GDPR art. 21(3)): these are kept with the hashes of the addresses. What binds a person
 * is left to their records in other connections.
 */
export async function forgetConnection(db: Kysely<Tables>, connection: string, at: string): Promise<Forgotten> {
  const dictionary = emptyDictionary()
  await loadFactKinds(db, dictionary)
  const sources = (await loadKnownSources(db)).filter((one) => one.connection === connection)
  const going = new Set(sources.map((one) => one.id))
  const total: Forgotten = { forgotten: 0, kept: 0 }
  await inTurn(db, async (trx) => {
    await clearProgress(trx, connection)
    await ringTwins(
      trx,
      sources.map((one) => one.id),
    )
  })
  for (const { id } of sources) {
    for (let after: string | null = null; ;) {
      const last: string | null = await inTurn(db, (trx) => forgetSome(trx, dictionary, { going, source: id, after }, total))
      if (last === null) break
      after = last
    }
  }
  await inTurn(db, async (trx) => {
    for (const { id } of sources) await clearSource(trx, id)
    await forgetSweeps(trx, connection)
    await forgetAccount(trx, connection, at)
    await forgetLoss(trx, connection, at)
    await appendBlock(trx, [JSON.stringify(['connection', connection, 'forgotten', total.forgotten, total.kept])], at)
  })
  return total
}

/** Answers the last id, or null at the end. */
async function forgetSome(
  trx: Transaction<Tables>,
  dictionary: Dictionary,
  { going, source, after }: { going: ReadonlySet<number>; source: number; after: string | null },
  total: Forgotten,
): Promise<string | null> {
  const records = await loadAfter(trx, source, after, PER_TURN)
  await leaveBonds(trx, dictionary, going, records)
  const negative = new Set([...dictionary.factKinds].flatMap(([id, kind]) => (isNegative(kind) ? [id] : [])))
  const living = records.filter((record) => !record.gone).map((record) => ({ ...record, facts: keepFacts(record.facts, negative) }))
  const silent = living.filter((record) => record.facts === null)
  const graves = living.filter((record) => record.facts !== null)
  await saveRecords(
    trx,
    graves.map((record) => ({ ...record, content: null, verdict: null, reviewOn: null, gone: true })),
  )
  await saveIdentifiers(trx, silent, [])
  await forgetRecords(
    trx,
    source,
    silent.map((record) => record.id),
  )
  total.forgotten += silent.length
  total.kept += graves.length
  return records.at(-1)?.id ?? null
}

async function leaveBonds(
  trx: Transaction<Tables>,
  dictionary: Dictionary,
  going: ReadonlySet<number>,
  records: readonly StoredRecord[],
): Promise<void> {
  const dead = records.map((stored) => ({ stored, legacy: legacyOf(unpackFacts(stored.facts, dictionary.factKinds)) }))
  const left = await bondsLeft(trx, dead, ({ source }) => going.has(source))
  for (const [source, heirs] of left) await leaveInRows({ db: trx, dictionary }, source, heirs)
}

/** The same CRM under another name. */
export async function renameConnection(db: Kysely<Tables>, from: string, to: string, at: string): Promise<void> {
  await inTurn(db, async (trx) => {
    await renameSources(trx, from, to)
    await appendBlock(trx, [JSON.stringify(['connection', from, 'renamed', to])], at)
  })
}

function inTurn<T>(db: Kysely<Tables>, work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await takeTurn(trx)
    return work(trx)
  })
}
