/** How the records of one connection stand, in one pass over them and over no others: whoever has a hundred times as many elsewhere does not wait for those. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { findingsOf, isFrozen } from './findings.ts'
import { hasActed } from './retention-guard.ts'

type Db = QueryExecutorProvider
/**
 * `statuses`: living records by the status of their verdict. `findings`: open ones by kind, a record once per rule that it breaks, one of the connection itself as one.
 * `held`: living records by object, and those of which an act of the person is known.
 */
export type Census = {
  statuses: Record<string, number>
  findings: Record<string, number>
  held: readonly { object: string; records: number; acted: number }[]
}

type Row = { what: keyof Census; name: string; records: number; acted: number }

/** One that is no longer configured has nothing. */
export async function takeCensus(db: Db, connection: string): Promise<Census> {
  const { rows: sources } = await sql<{ id: number }>`select id from source where connection = ${connection} and not retired`.execute(db)
  // As a value, so that the planner knows how few of all records these are.
  const ids = sources.map(({ id }) => id)
  const { rows } = await sql<Row>`
    with own as (select id, object from source where id = any(${ids}::smallint[])), counted as materialized (
      select source, verdict, count(*)::int as records, count(*) filter (where ${hasActed})::int as acted
      from record r where source = any(${ids}::smallint[]) and verdict >= 0 group by 1, 2
    ), judged as materialized (
      select c.source, c.records, v.body::jsonb as body from counted c join verdict v on v.id = c.verdict
    ), found as (
      select v.source, rule.kind, rule.id as rule, f->>1 as severity, v.records from judged v ${findingsOf}
      union all select source, kind, rule, severity, 0 from connection_finding where source = any(${ids}::smallint[])
      union all select source, ${isFrozen.kind}, ${isFrozen.rule}, ${isFrozen.severity}, count(*)::int
      from patch where source = any(${ids}::smallint[]) and frozen is not null group by 1
    ), open as (
      select kind, greatest(sum(records), 1) as records from found group by source, kind, rule, severity
    )
    select 'held' as what, own.object as name, sum(c.records)::int as records, sum(c.acted)::int as acted from counted c join own on own.id = c.source group by 2
    union all
    select 'statuses', body->>0, sum(records)::int, 0 from judged group by 2
    union all
    select 'findings', kind, sum(records)::int, 0 from open group by 2
    order by what, records desc, name`.execute(db)
  const those = (what: Row['what']): readonly Row[] => rows.filter((row) => row.what === what)
  const counts = (what: Row['what']): Record<string, number> => Object.fromEntries(those(what).map(({ name, records }) => [name, records]))
  return {
    statuses: counts('statuses'),
    findings: counts('findings'),
    held: those('held').map(({ name, records, acted }) => ({ object: name, records, acted })),
  }
}
