/** How much waits, and since when: what a person or a monitor wants to see at a glance. Counts only. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { hasJobs } from './dead-jobs.ts'

type Db = QueryExecutorProvider
/** `lagSeconds`: age of the oldest event that nobody has taken yet. `summary`: of the last sweep that came to its end, JSON text. */
export type ConnectionLoad = {
  connection: string
  lagSeconds: number
  records: number
  patches: number
  sweptAt: number | null
  summary: string | null
}
export type JobCount = { queue: string; state: string; jobs: number }

export async function loadConnectionLoads(db: Db): Promise<ConnectionLoad[]> {
  const { rows } = await sql<ConnectionLoad>`
    select c.connection,
      coalesce((select extract(epoch from clock_timestamp() - min(heard_at)) from inbox i where i.connection = c.connection and not i.taken), 0)::float8
        as "lagSeconds",
      (select count(*) from recheck r join source s on s.id = r.source where s.connection = c.connection)::int as records,
      (select count(*) from patch p join source s on s.id = p.source where s.connection = c.connection and p.frozen is null)::int as patches,
      extract(epoch from l.finished_at)::float8 as "sweptAt", l.summary
    from (select distinct connection from source where not retired) c
    left join lateral (
      select finished_at, summary from sweep s where s.connection = c.connection and finished_at is not null order by finished_at desc limit 1
    ) l on true
    order by c.connection`.execute(db)
  return rows
}

export async function countJobs(db: Db): Promise<JobCount[]> {
  if (!(await hasJobs(db))) return []
  const { rows } = await sql<JobCount>`
    select name as queue, state::text as state, count(*)::int as jobs from pgboss.job where state in ('created', 'retry', 'active') group by 1, 2`.execute(
    db,
  )
  return rows
}

/** What is tried again, ever more rarely, because of an error of our own: counts by what it is. */
export async function countFailing(db: Db): Promise<readonly { what: string; n: number }[]> {
  const { rows } = await sql<{ what: string; n: number }>`
    select 'mail' as what, count(*)::int as n from mail where status = 'waiting' and fault = 'internal'
    union all select 'recipient', count(*)::int from notice where due_at is not null and fault = 'internal'
    union all select 'comeback', count(*)::int from comeback where due_at is not null and fault = 'internal'
    union all select 'retention', count(*)::int from retention_case where held_until is not null and status not in ('dropped', 'closed')`.execute(
    db,
  )
  return rows
}

/** `open`: not closed; the others are among them. `held-up`: by a CRM. `failed`: by an error of our own, for which `internal` stands as the fault. */
export type RightsLoad = { open: number; 'not-proved': number; 'held-up': number; failed: number; seenAgain: number }

export async function countRights(db: Db): Promise<RightsLoad> {
  const { rows } = await sql<RightsLoad>`
    select count(*)::int as open, count(*) filter (where standing = 'not-proved')::int as "not-proved", count(*) filter (where fault <> 'internal')::int as "held-up",
      count(*) filter (where fault = 'internal')::int as failed,
      (select count(*)::int from comeback where closed_at is null) as "seenAgain"
    from request where closed_at is null`.execute(db)
  return rows[0]!
}
