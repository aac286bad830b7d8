/** Who may call the API, and for what. The secret itself is never stored: 256 random bits need no slow hash. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
export type ApiKey = { id: string; name: string; scopes: readonly string[] }
/** Days, not instants, of the last use: one write a day and key. */
export type KnownApiKey = ApiKey & { createdAt: string; lastUsedOn: string | null; revokedAt: string | null }

export async function insertApiKey(db: Db, key: ApiKey & { secretHash: Buffer }, at: string): Promise<void> {
  await sql`
    insert into api_key (id, name, scopes, secret_hash, created_at)
    values (${key.id}, ${key.name}, ${[...key.scopes]}::text[], ${key.secretHash}, ${at}::timestamptz)`.execute(db)
}

/** A key that was not revoked, with the hash to compare with. */
export async function findApiKey(db: Db, id: string): Promise<(ApiKey & { secretHash: Buffer; lastUsedOn: string | null }) | null> {
  const { rows } = await sql<ApiKey & { secretHash: Buffer; lastUsedOn: string | null }>`
    select id, name, scopes, secret_hash as "secretHash", last_used_on::text as "lastUsedOn" from api_key where id = ${id} and revoked_at is null`.execute(
    db,
  )
  return rows[0] ?? null
}

export async function noteUse(db: Db, id: string, day: string): Promise<void> {
  await sql`update api_key set last_used_on = ${day}::date where id = ${id} and last_used_on is distinct from ${day}::date`.execute(db)
}

export async function listApiKeys(db: Db): Promise<KnownApiKey[]> {
  const { rows } = await sql<Omit<KnownApiKey, 'createdAt' | 'revokedAt'> & { createdAt: Date; revokedAt: Date | null }>`
    select id, name, scopes, created_at as "createdAt", last_used_on::text as "lastUsedOn", revoked_at as "revokedAt"
    from api_key order by created_at, id`.execute(db)
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString(), revokedAt: row.revokedAt?.toISOString() ?? null }))
}

/** Whether there was such a key that still worked. */
export async function revokeApiKey(db: Db, id: string, at: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`
    update api_key set revoked_at = ${at}::timestamptz where id = ${id} and revoked_at is null returning id`.execute(db)
  return rows.length === 1
}
