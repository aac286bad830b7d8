import { sql, type QueryExecutorProvider } from 'kysely'

/**
 * Fifteen bytes less a record: a row of eight columns begins with 24 bytes, one of nine or more with 32 where any is empty. What only code reads is one value
 * of bytes (see memory.ts), three of them for the last act instead of eight, and the number of the verdict says who is gone. Rows are written anew, in key
 * order; both tables stand side by side until the end. About seven seconds for a million.
 */
const statements = [
  sql`alter table record rename to parted_record`,
  // `verdict`: 0 where nobody judges, -1 of what is gone.
  sql`create table record (
    email bigint,
    name bigint,
    review_on date,
    verdict integer not null,
    subject integer,
    source smallint not null,
    id text collate "C" not null,
    memory bytea not null
  )`,
  // `mark` was digest and tag of the given name as they stand now; of the gone, the tag alone, negative and less one. In `facts` the act was kind 0, first.
  sql`insert into record (email, name, review_on, verdict, subject, source, id, memory)
    select email, name, review_on, case when mark < 0 then -1 else coalesce(verdict, 0) end, subject, source, id,
      substring(int8send(case when mark < 0 then -mark - 1 else mark end) from 2) || int2send(family) || case
        when facts is null then ''
        when substring(facts for 2) = '\\x0000' then substring(facts from 6)
        else '\\xfffffe' || facts end
    from parted_record order by source, length(id)::smallint, id`,
  sql`drop table parted_record`,
  sql`create unique index record_key on record (source, (length(id)::smallint), id) with (fillfactor = 100)`,
  sql`create index record_email on record (email) where email is not null`,
  sql`create index record_name on record (name) where name is not null`,
  sql`create index record_subject on record (subject) where subject is not null`,
  // Nobody plans well on a table that was never looked at, and the first to ask may come before the first sweep.
  sql`analyze record`,
]

export async function up(db: QueryExecutorProvider): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}
