/** What is open now, as counts and references. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
export type FindingFilter = { connection?: string; kind?: string; rule?: string }
export type FindingCount = { connection: string; object: string; kind: string; rule: string; severity: string; records: number }
export type FindingRow = {
  connection: string
  object: string
  id: string
  kind: string
  rule: string
  severity: string
  fields: string[]
  remedy: string
  ref: string
}

const anyOf = (value: string | undefined): string | null => value ?? null

/** A record is counted once per rule that it breaks. */
export async function countFindings(db: Db, filter: FindingFilter): Promise<FindingCount[]> {
  const { rows } = await sql<FindingCount>`
    with open as (
      select s.connection, s.object, r.verdict, count(*)::int as records
      from record r join source s on s.id = r.source where not r.gone and r.verdict is not null group by 1, 2, 3
    ), found as (
      select distinct o.connection, o.object, o.verdict, f->>'kind' as kind, f->>'rule' as rule, f->>'severity' as severity, o.records
      from open o join verdict v on v.id = o.verdict cross join lateral jsonb_array_elements(v.body::jsonb->'findings') f
      union all
      select s.connection, s.object, null, c.kind, c.rule, c.severity, 0 from connection_finding c join source s on s.id = c.source
    )
    select connection, object, kind, rule, severity, sum(records)::int as records from found
    where (${anyOf(filter.connection)}::text is null or connection = ${anyOf(filter.connection)})
      and (${anyOf(filter.kind)}::text is null or kind = ${anyOf(filter.kind)})
      and (${anyOf(filter.rule)}::text is null or rule = ${anyOf(filter.rule)})
    group by 1, 2, 3, 4, 5
    order by connection, object, kind, records desc, rule`.execute(db)
  return rows
}

/** References, never names: keyset by (source, id). */
export async function listFindings(db: Db, filter: FindingFilter, limit: number): Promise<FindingRow[]> {
  const { rows } = await sql<FindingRow>`
    select s.connection, s.object, r.id, f->>'kind' as kind, f->>'rule' as rule, f->>'severity' as severity,
      array(select jsonb_array_elements_text(f->'fields')) as fields, f->>'remedy' as remedy, f->>'ref' as ref
    from record r join source s on s.id = r.source join verdict v on v.id = r.verdict
    cross join lateral jsonb_array_elements(v.body::jsonb->'findings') f
    where not r.gone
      and (${anyOf(filter.connection)}::text is null or s.connection = ${anyOf(filter.connection)})
      and (${anyOf(filter.kind)}::text is null or f->>'kind' = ${anyOf(filter.kind)})
      and (${anyOf(filter.rule)}::text is null or f->>'rule' = ${anyOf(filter.rule)})
    order by r.source, length(r.id), r.id limit ${limit}`.execute(db)
  return rows
}

export async function countStatuses(db: Db): Promise<{ connection: string; status: string; records: number }[]> {
  const { rows } = await sql<{ connection: string; status: string; records: number }>`
    select s.connection, v.status, count(*)::int as records
    from record r join source s on s.id = r.source join verdict v on v.id = r.verdict
    where not r.gone group by 1, 2 order by 1, 2`.execute(db)
  return rows
}
