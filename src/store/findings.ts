/** What is open now, as counts and references. What is no longer configured is left out. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { remedies } from '../core/judge/remedies.ts'
import { RULES } from '../core/judge/rules.ts'

const FROZEN = 'mapping.record_frozen'
const frozen = RULES[FROZEN]
/** A record that takes no write, as a finding. */
export const isFrozen = { kind: frozen.kind, rule: FROZEN, severity: frozen.severity } as const

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

/** Of the body of a verdict (see core/judge/verdict-body.ts): its findings, fifth, as [rule, severity, fields]. */
export const findingsOf = sql.raw(`cross join lateral jsonb_array_elements(v.body::jsonb->4) f join rule on rule.id = f->>0`)

function matching({
  connection = null,
  kind = null,
  rule = null,
}: {
  connection?: string | null
  kind?: string | null
  rule?: string | null
}) {
  return sql`(${connection}::text is null or connection = ${connection}) and (${kind}::text is null or kind = ${kind}) and (${rule}::text is null or rule = ${rule})`
}

/** A record is counted once per rule that it breaks. Findings of a connection itself count no records. */
export async function countFindings(db: Db, filter: FindingFilter): Promise<FindingCount[]> {
  const among = await sourcesOf(db, filter.connection)
  const { rows } = await sql<FindingCount>`
    with open as (
      select source, verdict, count(*)::int as records from record where verdict > 0 and source = any(${among}::smallint[]) group by 1, 2
    ), found as (
      select s.connection, s.object, rule.kind, rule.id as rule, f->>1 as severity, o.records
      from open o join source s on s.id = o.source and not s.retired join verdict v on v.id = o.verdict ${findingsOf}
      union all
      select s.connection, s.object, c.kind, c.rule, c.severity, 0 from connection_finding c join source s on s.id = c.source and not s.retired
      union all
      select s.connection, s.object, ${frozen.kind}, ${FROZEN}, ${frozen.severity}, count(*)::int
      from patch p join source s on s.id = p.source and not s.retired where p.frozen is not null group by 1, 2
    )
    select connection, object, kind, rule, severity, sum(records)::int as records from found
    where ${matching(filter)}
    group by 1, 2, 3, 4, 5
    order by connection, object, kind, records desc, rule`.execute(db)
  return rows
}

/** References, never names: in the order of sources and ids, which an index has, so that a short list of many is read no further than it goes. */
export async function listFindings(db: Db, filter: FindingFilter, limit: number): Promise<FindingRow[]> {
  const { connection = null, kind = null, rule = null } = filter
  const { rows } = await sql<FindingRow>`
    with found as materialized (
      select v.id as verdict, rule.kind, rule.id as rule, f->>1 as severity, array(select jsonb_array_elements_text(f->2)) as fields, rule.remedy, rule.ref
      from verdict v ${findingsOf}
      where (${kind}::text is null or kind = ${kind}) and (${rule}::text is null or rule.id = ${rule})
    )
    select s.connection, s.object, r.id, found.kind, found.rule, found.severity, found.fields, found.remedy, found.ref
    from record r join found using (verdict) join source s on s.id = r.source and not s.retired
    where r.verdict >= 0 and (${connection}::text is null or s.connection = ${connection})
    order by r.source, length(r.id)::smallint, r.id, found.rule limit ${limit}`.execute(db)
  return rows.length < limit ? [...rows, ...(await listFrozen(db, filter, limit - rows.length))] : rows
}

/** What a connection breaks as a whole, such as a field that its mapping names and the CRM lacks. */
export async function listConnectionFindings(db: Db, filter: FindingFilter): Promise<Omit<FindingRow, 'id'>[]> {
  const { rows } = await sql<Omit<FindingRow, 'id'>>`
    with found as (
      select s.connection, s.object, c.kind, c.rule, c.severity, c.fields, c.remedy, c.ref
      from connection_finding c join source s on s.id = c.source and not s.retired
    )
    select * from found where ${matching(filter)} order by connection, object, rule, fields`.execute(db)
  return rows
}

/** Records that take no write: known from the patch that waits for ever, not from a verdict. */
async function listFrozen(db: Db, filter: FindingFilter, limit: number): Promise<FindingRow[]> {
  const { rows } = await sql<Pick<FindingRow, 'connection' | 'object' | 'id'>>`
    with found as (
      select s.connection, s.object, p.id, p.source, ${frozen.kind}::text as kind, ${FROZEN}::text as rule
      from patch p join source s on s.id = p.source and not s.retired where p.frozen is not null
    )
    select connection, object, id from found where ${matching(filter)} order by source, length(id), id limit ${limit}`.execute(db)
  const { kind, severity, ref } = frozen
  return rows.map((row) => ({ ...row, kind, rule: FROZEN, severity, fields: [], remedy: remedies[FROZEN].en, ref }))
}

/** Every rule that was ever broken, by a record or by a connection. */
export async function storedRules(db: Db): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from rule union select rule from connection_finding order by 1`.execute(db)
  return rows.map(({ id }) => id)
}

/** As values, so that the planner knows how many of all records these are. */
async function sourcesOf(db: Db, connection: string | undefined): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from source where not retired and (${connection ?? null}::text is null or connection = ${connection ?? null})`.execute(db)
  return rows.map(({ id }) => id)
}
