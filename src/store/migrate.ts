import { sql } from 'kysely'
import type { Kysely, Transaction } from 'kysely'
import { StoreError } from './error.ts'
import { up as ledger } from './migrations/0001-ledger.ts'
import { up as records } from './migrations/0002-records.ts'
import { up as leanRecords } from './migrations/0003-lean-records.ts'
import { up as whoIsWho } from './migrations/0004-who-is-who.ts'
import { up as connections } from './migrations/0005-connections.ts'
import { up as frozenPatches } from './migrations/0006-frozen-patches.ts'
import { up as hotRecords } from './migrations/0007-hot-records.ts'
import { up as live } from './migrations/0008-live.ts'
import { up as slots } from './migrations/0009-slots.ts'
import { up as intake } from './migrations/0010-intake.ts'
import { up as requests } from './migrations/0012-requests.ts'
import { up as requestRights } from './migrations/0013-request-rights.ts'
import { up as copies } from './migrations/0014-copies.ts'
import { up as comebacks } from './migrations/0016-comebacks.ts'
import { up as retention } from './migrations/0018-retention.ts'
import { up as subjectKeys } from './migrations/0019-subject-keys.ts'
import { up as liftedNotices } from './migrations/0020-lifted-notices.ts'
import { up as addressLinks } from './migrations/0021-address-links.ts'
import { up as smallKeys } from './migrations/0022-small-keys.ts'
import { up as wideFindings } from './migrations/0023-wide-findings.ts'
import { up as accounts } from './migrations/0024-accounts.ts'
import { up as putOff } from './migrations/0025-put-off.ts'
import { up as faultReasons } from './migrations/0026-fault-reasons.ts'
import { up as erasedMark } from './migrations/0027-erased-mark.ts'
import { up as ledgerKey } from './migrations/0028-ledger-key.ts'
import { up as oneMemory } from './migrations/0029-one-memory.ts'
import { up as lostConnections } from './migrations/0030-lost-connections.ts'
import { up as openWork } from './migrations/0031-open-work.ts'
import { up as forgottenLosses } from './migrations/0032-forgotten-losses.ts'
import { up as retiredVerdicts } from './migrations/0033-retired-verdicts.ts'
import { up as accountGrants } from './migrations/0034-account-grants.ts'
import { up as unreadWrites } from './migrations/0035-unread-writes.ts'
import { up as sentPatches } from './migrations/0036-sent-patches.ts'
import type { Tables } from './tables.ts'

export type Migration = { readonly name: string; up(trx: Transaction<Tables>): Promise<void> }

/** In the order they are applied; a released one is never changed, only followed by another. */
export const migrations: readonly Migration[] = [
  { name: '0001-ledger', up: ledger },
  { name: '0002-records', up: records },
  { name: '0003-lean-records', up: leanRecords },
  { name: '0004-who-is-who', up: whoIsWho },
  { name: '0005-connections', up: connections },
  { name: '0006-frozen-patches', up: frozenPatches },
  { name: '0007-hot-records', up: hotRecords },
  { name: '0008-live', up: live },
  { name: '0009-slots', up: slots },
  { name: '0010-intake', up: intake },
  { name: '0012-requests', up: requests },
  { name: '0013-request-rights', up: requestRights },
  { name: '0014-copies', up: copies },
  { name: '0016-comebacks', up: comebacks },
  { name: '0018-retention', up: retention },
  { name: '0019-subject-keys', up: subjectKeys },
  { name: '0020-lifted-notices', up: liftedNotices },
  { name: '0021-address-links', up: addressLinks },
  { name: '0022-small-keys', up: smallKeys },
  { name: '0023-wide-findings', up: wideFindings },
  { name: '0024-accounts', up: accounts },
  { name: '0025-put-off', up: putOff },
  { name: '0026-fault-reasons', up: faultReasons },
  { name: '0027-erased-mark', up: erasedMark },
  { name: '0028-ledger-key', up: ledgerKey },
  { name: '0029-one-memory', up: oneMemory },
  { name: '0030-lost-connections', up: lostConnections },
  { name: '0031-open-work', up: openWork },
  { name: '0032-forgotten-losses', up: forgottenLosses },
  { name: '0033-retired-verdicts', up: retiredVerdicts },
  { name: '0034-account-grants', up: accountGrants },
  { name: '0035-unread-writes', up: unreadWrites },
  { name: '0036-sent-patches', up: sentPatches },
]

/** Any constant that no other program uses on the same database. */
const migrationLock = 4_702_111_234

/**
 * Applies what is missing, all of it in one transaction, and answers the names applied.
 * Several starters at once are serialised by an advisory lock that ends with the transaction.
 * @throws StoreError `newer` when the database knows migrations that this release does not.
 */
export async function migrate(db: Kysely<Tables>, list: readonly Migration[] = migrations): Promise<string[]> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(trx)
    await sql`
      create table if not exists schema_migrations (
        name text primary key,
        applied_at timestamptz not null default now()
      )`.execute(trx)
    const { rows } = await sql<{ name: string }>`select name from schema_migrations order by name`.execute(trx)
    const applied = new Set(rows.map((row) => row.name))
    refuseUnknown(applied, list)
    const missing = list.filter((migration) => !applied.has(migration.name))
    for (const migration of missing) {
      await migration.up(trx)
      await sql`insert into schema_migrations (name) values (${migration.name})`.execute(trx)
    }
    return missing.map((migration) => migration.name)
  })
}

/**
 * For whoever only looks: reads the names, and writes nothing.
 * @throws StoreError `older` or `newer` when the schema is not the one of this release.
 */
export async function refuseOtherSchema(db: Kysely<Tables>, list: readonly Migration[] = migrations): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from schema_migrations order by name`.execute(db)
  const applied = new Set(rows.map((row) => row.name))
  refuseUnknown(applied, list)
  const missing = list.filter(({ name }) => !applied.has(name)).map(({ name }) => name)
  if (missing.length > 0)
    throw new StoreError(
      'older',
      `the database was written by an earlier release and lacks ${missing.join(', ')}, and this command changes no schema: back up, stop the ` +
        'processes of that release and start this one ("accord serve" or "accord sweep"), or look with the release that wrote it',
    )
}

/** Whether any release of ours has been here. */
export async function isMigrated(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ table: string | null }>`select to_regclass('schema_migrations')::text as table`.execute(db)
  return rows[0]!.table !== null
}

function refuseUnknown(applied: ReadonlySet<string>, list: readonly Migration[]): void {
  const known = new Set(list.map((migration) => migration.name))
  const unknown = [...applied].filter((name) => !known.has(name))
  if (unknown.length > 0) {
    throw new StoreError('newer', `the database was written by a later release (${unknown.join(', ')}); upgrade accord before starting it`)
  }
}
