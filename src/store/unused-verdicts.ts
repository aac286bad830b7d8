/** Verdicts that no record refers to any more. Workers know by heart which number a verdict has, so that one is retired before it is deleted. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/** Numbers of them. `retired`: of those nobody has come to use any since an earlier look. */
export type UnusedVerdicts = { readonly unused: readonly number[]; readonly retired: readonly number[] }

/** One pass over all records, which waits for nobody and holds nobody up. In one statement: what it sees as retired was so before it looked at the records. */
export async function findUnusedVerdicts(db: Db): Promise<UnusedVerdicts> {
  const { rows } = await sql<{ id: number; retired: boolean }>`
    with used as materialized (select distinct verdict from record where verdict > 0)
    select v.id, v.key is null as retired from verdict v left join used u on u.verdict = v.id where u.verdict is null order by v.id`.execute(
    db,
  )
  const idsOf = (wanted: boolean): number[] => rows.filter(({ retired }) => retired === wanted).map(({ id }) => id)
  return { unused: idsOf(false), retired: idsOf(true) }
}

/**
 * Call it after `takeTurn`. Whoever stores records from now on looks at the age first, and knows none of these any more; those who came to use one since it was
 * looked for keep it.
 */
export async function retireVerdicts(trx: Db, ids: readonly number[]): Promise<void> {
  await sql`update verdict set key = null where id = any(${ids}::int[])`.execute(trx)
  await sql`update verdict_age set age = age + 1`.execute(trx)
}

export async function deleteRetired(db: Db, ids: readonly number[]): Promise<void> {
  await sql`delete from verdict where id = any(${ids}::int[]) and key is null`.execute(db)
}
