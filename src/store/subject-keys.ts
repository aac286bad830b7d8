/** Keys of what people said to Accord: without them the ledger's entries about it are noise. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { StatementKey } from '../core/ledger/statement.ts'

type Db = QueryExecutorProvider
export type SubjectKey = { id: number; seal: Buffer }

/** `holder`: 32 bytes, see `Hasher.holder`. `fresh`: 32 random bytes, for one that has no key yet. Within a turn: two statements at once share one key. */
export async function ensureSubjectKey(trx: Db, holder: Buffer, fresh: Buffer, at: string): Promise<SubjectKey> {
  await sql`insert into subject_key (holder, seal, made_at) values (${holder}, ${fresh}, ${at}::timestamptz) on conflict (holder) do nothing`.execute(
    trx,
  )
  const { rows } = await sql<SubjectKey>`select id, seal from subject_key where holder = ${holder}`.execute(trx)
  return rows[0]!
}

/** `null`: destroyed, or taken down before there were keys. */
export async function loadStatementKey(db: Db, proof: string, object: string): Promise<StatementKey | null> {
  const { rows } = await sql<{ subject: Buffer; own: Buffer }>`
    select k.seal as subject, p.seal as own from consent_proof p join subject_key k on k.id = p.key join source s on s.id = p.source
    where p.id = ${proof}::uuid and s.object = ${object}`.execute(db)
  return rows[0] ?? null
}
