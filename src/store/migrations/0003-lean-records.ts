import { sql, type QueryExecutorProvider, type RawBuilder } from 'kysely'

/** The first half of a 128-bit hash. */
function first64(column: string): RawBuilder<string> {
  return sql.raw(`('x' || left(replace(${column}::text, '-', ''), 16))::bit(64)::bigint`)
}

/**
 * Verdict bodies as arrays, identifiers as 64-bit integers, the first named record beside the first address. No foreign keys on what every batch
 * writes: they cost more than the rows, and what they would catch cannot be written, since rows and what they refer to share a transaction.
 */
const statements = [
  sql`alter table record rename to wide_record`,
  sql`alter table identifier rename to wide_identifier`,
  sql`create table record (
    mark bigint not null,
    email bigint,
    name bigint,
    review_on date,
    verdict integer,
    subject integer,
    source smallint not null,
    id text collate "C" not null,
    facts bytea
  )`,
  sql`create table identifier (
    hash bigint not null,
    source smallint not null,
    kind smallint not null,
    id text collate "C" not null
  )`,
  sql`insert into record (mark, email, name, review_on, verdict, subject, source, id, facts)
    select r.mark, ${first64('r.email')}, ${first64('i.hash')}, r.review_on, r.verdict, r.subject, r.source, r.id, r.facts
    from wide_record r left join lateral (
      select hash from wide_identifier i where i.source = r.source and i.id = r.id and i.kind = 1 order by i.hash limit 1
    ) i on true
    order by r.source, length(r.id)::smallint, r.id`,
  sql`insert into identifier (hash, source, kind, id)
    select ${first64('i.hash')}, i.source, i.kind, i.id from wide_identifier i
    where i.kind <> 1 or exists (
      select from wide_identifier j where j.source = i.source and j.id = i.id and j.kind = 1 and j.hash < i.hash)`,
  sql`drop table wide_identifier`,
  sql`drop table wide_record`,
  sql`create unique index record_key on record (source, (length(id)::smallint), id)`,
  sql`create index record_email on record (email) where email is not null`,
  sql`create index record_name on record (name) where name is not null`,
  sql`create index record_subject on record (subject) where subject is not null`,
  sql`create index record_review on record (review_on) where review_on is not null`,
  sql`create index identifier_hash on identifier (hash)`,
  sql`create index identifier_record on identifier (source, id)`,
  sql`update verdict set body = jsonb_build_array(body::jsonb->'status', body::jsonb->'audience', body::jsonb->'bases', body::jsonb->'retention',
    body::jsonb->'findings', body::jsonb->'consent')::text`,
  sql`alter table recheck drop constraint recheck_source_fkey`,
  sql`alter table patch drop constraint patch_source_fkey`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}
