/** Mailboxes with more records than are loaded one by one: what was refused there, and who is to hear of it. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { ACT, FACT } from './facts.ts'
import { HEAD } from './memory.ts'
import { KINDS } from './records.ts'
import { ownSources } from './voices.ts'

type Db = QueryExecutorProvider
type Refs = readonly { source: number; id: string }[]
/** `kind` as in fact_kind; `at` in epoch milliseconds, 0 for unknown, as in facts.ts. */
export type MailboxFact = { hash: string; kind: number; at: number }

/** Every record at these addresses, the dead with their graves included, but for the given ones. */
function holders(hashes: readonly string[], without: Refs) {
  return sql`
    with wanted as (select hash from unnest(${hashes}::bigint[]) as wanted (hash)), holder as (
      select wanted.hash, r.source, r.id, r.verdict, r.memory from wanted join record r on r.email = wanted.hash
      union all
      select wanted.hash, r.source, r.id, r.verdict, r.memory from wanted join identifier i on i.hash = wanted.hash and i.kind <> ${KINDS.name}
        join record r on r.source = i.source and length(r.id)::smallint = length(i.id)::smallint and r.id = i.id
    ), other as (
      select * from holder h where not exists (
        select from unnest(${without.map((one) => one.source)}::smallint[], ${without.map((one) => one.id)}::text[]) as known (source, id)
        where known.source = h.source and known.id = h.id)
    )`
}

/** Of the facts of these kinds that the records at each address hold, the latest of each kind: a handful, however many the records. */
export async function loadMailboxFacts(db: Db, hashes: readonly string[], kinds: readonly number[], without: Refs): Promise<MailboxFact[]> {
  if (hashes.length === 0 || kinds.length === 0) return []
  // As facts.ts packs them. One without a time counts as the latest of all.
  const { rows } = await sql<MailboxFact>`
    ${holders(hashes, without)}, fact as (
      select o.hash, get_byte(o.memory, at) * 256 + get_byte(o.memory, at + 1) as kind,
        ('x' || encode(substring(o.memory from at + 3 for 6), 'hex'))::bit(48)::bigint as at
      from other o cross join lateral generate_series(${HEAD + ACT}::int, length(o.memory) - ${FACT}::int, ${FACT}::int) as at
    )
    select hash::text, kind, case when min(at) = 0 then 0 else max(at) end as at from fact where kind = any(${kinds}::int[])
    group by hash, kind`.execute(db)
  return rows.map((row) => ({ ...row, at: Number(row.at) }))
}

/** Puts every living record at these addresses on the list of those to be read again, but for the given ones. */
export async function ringMailboxes(trx: Db, hashes: readonly string[], without: Refs): Promise<void> {
  if (hashes.length === 0) return
  await sql`
    ${holders(hashes, without)}
    insert into recheck (source, id, reason) select distinct source, id, 'linked' from other where verdict >= 0 and source <> all(${ownSources})
    on conflict do nothing`.execute(trx)
}
