/** What the DPO was told that is about no single request. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { AlarmKind } from '../core/alarms.ts'

type Db = QueryExecutorProvider

/** False: it was told before. */
export async function noteAlarm(trx: Db, { kind, event }: { kind: AlarmKind; event: string }, at: string): Promise<boolean> {
  const { rows } = await sql`
    insert into alarm (kind, event, at) values (${kind}, ${event}, ${at}::timestamptz) on conflict do nothing returning kind`.execute(trx)
  return rows.length > 0
}

export async function forgetAlarms(db: Db, until: string): Promise<void> {
  await sql`delete from alarm where at < ${until}::timestamptz`.execute(db)
}
