/** The key of the hashes belongs to the database: under another one no link, no refusal and no suppression would ever be found again. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { StoreError } from './error.ts'
import { hasHashKey, hashKeyFile, loadHashKey, type HashKey } from './keys.ts'

type Db = QueryExecutorProvider

/**
 * Makes a key for a database that holds nothing yet, and notes which one it is.
 * @throws StoreError `key` when the database was written with another key, or with one that is missing now.
 */
export async function openHashKey(db: Db, dir: string, given?: string): Promise<HashKey> {
  const where = given === undefined ? hashKeyFile(dir) : 'ACCORD_HASH_KEY'
  if (given === undefined && !(await hasHashKey(dir)) && (await isWritten(db)))
    throw new StoreError(
      'key',
      `${where} is missing, and what the database holds was hashed with it: put it back from the backup, or set ACCORD_HASH_KEY; with a new key every refusal would be lost`,
    )
  const key = await loadHashKey(dir, given)
  await sql`insert into hash_key (id, key_id) values (1, ${key.keyId}) on conflict do nothing`.execute(db)
  const { rows } = await sql<{ key_id: string }>`select key_id from hash_key`.execute(db)
  if (rows[0]?.key_id !== key.keyId)
    throw new StoreError(
      'key',
      `${where} holds the key ${key.keyId}, and what the database holds was hashed with the key ${rows[0]?.key_id}: give that one; with another every refusal would be lost`,
    )
  return key
}

async function isWritten(db: Db): Promise<boolean> {
  const { rows } = await sql<{ written: boolean }>`
    select exists (select from hash_key) or exists (select from record) or exists (select from suppression) as written`.execute(db)
  return rows[0]!.written
}
