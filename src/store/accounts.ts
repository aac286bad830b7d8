/** Which account of its CRM (portal, organisation) a connection is: one id of connections.yaml stands for one account, for good. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
export type SeenAccount = { connection: string; crm: string; account: string }
/**
 * `forgotten`: what was known of it is deleted, refusals excepted; the id stays this account's, since those refusals name its records. `grant`: of the credentials
 * that led there, see the port.
 */
export type KnownAccount = SeenAccount & { forgotten: boolean; grant: string | null }

const columns = sql.raw(`connection, crm, account, forgotten_at is not null as forgotten, grant_digest as grant`)

export async function loadAccount(db: Db, connection: string): Promise<KnownAccount | null> {
  const { rows } = await sql<KnownAccount>`select ${columns} from connection_account where connection = ${connection}`.execute(db)
  return rows[0] ?? null
}

export async function loadAccounts(db: Db): Promise<KnownAccount[]> {
  const { rows } = await sql<KnownAccount>`select ${columns} from connection_account order by connection`.execute(db)
  return rows
}

/** Other ids under which this account is known. */
export async function loadOtherIds(db: Db, { connection, crm, account }: SeenAccount): Promise<string[]> {
  const { rows } = await sql<{ connection: string }>`
    select connection from connection_account
    where crm = ${crm} and account = ${account} and connection <> ${connection} and forgotten_at is null order by 1`.execute(db)
  return rows.map((row) => row.connection)
}

/** Of two who note it at once the first one counts: look again. One that was forgotten counts again. */
export async function noteAccount(db: Db, { connection, crm, account }: SeenAccount): Promise<void> {
  await sql`
    insert into connection_account (connection, crm, account) values (${connection}, ${crm}, ${account})
    on conflict (connection) do update set forgotten_at = null
    where connection_account.crm = excluded.crm and connection_account.account = excluded.account`.execute(db)
}

/** These credentials lead there. */
export async function noteGrant(db: Db, connection: string, grant: string): Promise<void> {
  await sql`update connection_account set grant_digest = ${grant} where connection = ${connection}`.execute(db)
}

export async function forgetAccount(trx: Db, connection: string, at: string): Promise<void> {
  await sql`update connection_account set forgotten_at = ${at}::timestamptz, grant_digest = null where connection = ${connection}`.execute(
    trx,
  )
}

export async function renameAccount(trx: Db, from: string, to: string): Promise<void> {
  await sql`update connection_account set connection = ${to} where connection = ${from}`.execute(trx)
}
