/** Jobs that failed for hours and were put aside for people: what failed, for whom, and why. Their work still stands in our own tables. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { PgBoss } from 'pg-boss'

export const DEAD = 'dead'
/** `reason`: words of ours, without personal data. `at`: ISO 8601. */
export type DeadJob = { id: string; queue: string; key: string; at: string; attempts: number; reason: string }

/** The latest first. A database in which no service ever ran has none. */
export async function loadDeadJobs(db: QueryExecutorProvider, limit: number): Promise<DeadJob[]> {
  if (!(await hasJobs(db))) return []
  const { rows } = await sql<DeadJob>`
    select id::text, source_name as queue, coalesce(data->>'key', '') as key, to_char(created_on at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
      coalesce((data->>'attempt')::int, 1) as attempts,
      coalesce(source_output->>'message', source_output->'value'->>'message', 'no reason was kept') as reason
    from pgboss.job where name = ${DEAD} and state = 'created' order by created_on desc limit ${limit}`.execute(db)
  return rows
}

export async function hasJobs(db: QueryExecutorProvider): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass('pgboss.job') is not null as there`.execute(db)
  return rows[0]!.there
}

/** Puts these back where they failed, as if they had never been tried; answers how many. Those of which the same bell waits already are left. */
export async function retryDeadJobs(db: QueryExecutorProvider, boss: Pick<PgBoss, 'redrive'>, ids: readonly string[]): Promise<number> {
  await sql`update pgboss.job set data = data - 'attempt' where name = ${DEAD} and id = any(${ids}::uuid[])`.execute(db)
  return boss.redrive(DEAD, { ids: [...ids], limit: ids.length })
}
