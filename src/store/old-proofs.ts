/** Proofs of what was said a long time ago, and their end. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { OptIn } from './voices.ts'

type Db = QueryExecutorProvider
/** `saidAt`: epoch milliseconds. */
export type OldProof = {
  id: string
  source: number
  record: string
  event: string
  purpose: string
  channel: string
  saidAt: number
  optIn: OptIn
}
export type ProofRef = Pick<OldProof, 'id' | 'source'>

/** The next ones said before `until` (ISO 8601), in the order of their ids. */
export async function loadOldProofs(db: Db, until: string, after: ProofRef | null, limit: number): Promise<OldProof[]> {
  const next = after === null ? sql`true` : sql`(id, source) > (${after.id}::uuid, ${after.source}::smallint)`
  const { rows } = await sql<Omit<OldProof, 'saidAt'> & { said_at: Date }>`
    select id, source, record, event, purpose, channel, said_at, opt_in as "optIn" from consent_proof
    where said_at < ${until}::timestamptz and ${next} order by id, source limit ${limit}`.execute(db)
  return rows.map(({ said_at, ...row }) => ({ ...row, saidAt: said_at.getTime() }))
}

export async function countProofs(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from consent_proof`.execute(db)
  return rows[0]!.n
}

/** With its half of the key; a subject of whom nothing is left loses theirs. Answers how many keys ended. */
export async function deleteProofs(trx: Db, refs: readonly ProofRef[]): Promise<number> {
  if (refs.length === 0) return 0
  const gone = sql`unnest(${refs.map((one) => one.id)}::uuid[], ${refs.map((one) => one.source)}::smallint[]) as g (id, source)`
  await sql`delete from confirmation c using ${gone} where g.id = c.proof and g.source = c.source and c.status <> 'pending'`.execute(trx)
  const { rows: keys } = await sql<{ key: number }>`
    delete from consent_proof p using ${gone} where g.id = p.id and g.source = p.source and p.key is not null returning p.key`.execute(trx)
  await sql`delete from consent_proof p using ${gone} where g.id = p.id and g.source = p.source`.execute(trx)
  const { rows } = await sql`
    delete from subject_key k where k.id = any(${[...new Set(keys.map(({ key }) => key))]}::int[])
      and not exists (select from consent_proof p where p.key = k.id) returning k.id`.execute(trx)
  return rows.length
}
