/** The key that signs the ledger belongs to the database: a new one in its place would sign whatever the chain says by then. */
import { join } from 'node:path'
import { sql, type QueryExecutorProvider } from 'kysely'
import { StoreError } from './error.ts'
import { findLedgerKey, ledgerKeyFile, loadLedgerKey, type LedgerKey } from './keys.ts'

type Db = QueryExecutorProvider

export async function notedLedgerKey(db: Db): Promise<string | null> {
  const { rows } = await sql<{ key_id: string }>`select key_id from ledger_key`.execute(db)
  return rows[0]?.key_id ?? null
}

/** The first key that signs is noted, and no other signs after it. @throws StoreError `key` */
export async function noteLedgerKey(db: Db, keyId: string, where: string): Promise<void> {
  await sql`insert into ledger_key (key_id) values (${keyId}) on conflict do nothing`.execute(db)
  const noted = await notedLedgerKey(db)
  if (noted !== keyId) throw new StoreError('key', `${where} holds the key ${keyId}, and the ledger is signed by ${noted}; ${REPAIR}`)
}

/** Only for who has just put the new key into its place. */
export async function replaceNotedKey(trx: Db, keyId: string): Promise<void> {
  await sql`insert into ledger_key (key_id) values (${keyId}) on conflict (id) do update set key_id = excluded.key_id`.execute(trx)
}

/**
 * The key of this data folder; made where the ledger has none yet.
 * @throws StoreError `key` when the one that the ledger is signed with is missing here, or when there is another one
 */
export async function openLedgerKey(db: Db, dir: string): Promise<LedgerKey> {
  const file = ledgerKeyFile(dir)
  const noted = await notedLedgerKey(db)
  if (noted !== null && (await findLedgerKey(dir)) === null)
    throw new StoreError('key', `${file} is missing, and the ledger is signed by the key ${noted}; ${REPAIR}`)
  const key = await loadLedgerKey(dir)
  await noteLedgerKey(db, key.keyId, file)
  return key
}

/** Where the public half of a key is kept that signs no longer. */
export function retiredKeyFile(dir: string, keyId: string): string {
  return join(dir, 'keys', `ledger-${keyId}.pub`)
}

const REPAIR =
  'put that key back from the backup of keys/, and give all workers one data folder; a rotation that was cut off is ended by "accord ledger rotate-key"; if ' +
  'the key is lost for good, "accord ledger rotate-key --lost" begins anew with another one, and says so in the ledger'
