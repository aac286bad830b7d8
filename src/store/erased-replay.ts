/** Does again what a journal of erasures says and an older copy of the database does not know. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { shredSpeakers, type OwnRecord } from './shred.ts'
import { carrySuppressions, liftSuppressions, suppressForRequests } from './suppressions.ts'
import type { ErasedAct } from './erased-journal.ts'

type Db = QueryExecutorProvider
/** `at`: when it was done first, ISO 8601. */
type Done = { at: string }

export async function suppressAgain(trx: Db, act: Extract<ErasedAct, { act: 'suppressed' }>, { at }: Done): Promise<void> {
  await suppressForRequests(trx, [{ request: act.request, hashes: act.hashes.map(bytes) }], at)
}

/** Answers how many are on the list by it. */
export function carryAgain(trx: Db, act: Extract<ErasedAct, { act: 'carried' }>): Promise<number> {
  return carrySuppressions(trx, act.from.map(bytes), act.to.map(bytes))
}

export async function liftAgain(trx: Db, act: Extract<ErasedAct, { act: 'lifted' }>): Promise<void> {
  await liftSuppressions(trx, act.requests, act.hashes.map(bytes))
}

/** Keys that were made later are of what was said later. Answers how many were there once more. */
export async function shredAgain(trx: Db, act: Extract<ErasedAct, { act: 'shredded' }>, { at }: Done): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    select id from subject_key where holder = any(${act.holders.map(bytes)}::bytea[]) and made_at <= ${at}::timestamptz`.execute(trx)
  for (const { id } of rows) {
    const { rows: records } = await sql<OwnRecord>`
      select distinct source, record as id, null::text as email from consent_proof where key = ${id}`.execute(trx)
    await shredSpeakers(trx, [{ key: id, records, spokeAgain: false }])
  }
  return rows.length
}

/** Of these, the ones that this database has: whether they are closed in it. */
export async function requestsThere(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, boolean>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; closed: boolean }>`
    select id, closed_at is not null as closed from request where id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, closed }) => [id, closed]))
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}
