import { sql, type Kysely } from 'kysely'
import { StoreError } from './error.ts'
import type { Tables } from './tables.ts'

/** As `server_version_num` has it. The oldest that Accord is tested on; its makers support none before it (postgresql.org/support/versioning). */
const OLDEST = 150_000

/** @throws StoreError `unusable` on a Postgres that Accord was never tried on. */
export async function refuseOldServer(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ number: number; name: string }>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as name`.execute(db)
  const { number, name } = rows[0]!
  if (number >= OLDEST) return
  throw new StoreError(
    'unusable',
    `DATABASE_URL names a Postgres ${name}, and Accord needs ${OLDEST / 10_000} or newer; nothing was changed`,
  )
}
