/** What stands around a batch, in one statement: whether there is anything at all of what would cost a statement with all its ids. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { OWN } from '../core/consent/own-connection.ts'

/**
 * `accompanied`: there are records of other sources, so that a named one may be there, and these may have been named. `suppressing`: somebody is on the
 * suppression list, restricted, or asks for something. `liveReads`: records of this source were read by themselves. `phones`: number of the source of what was said by telephone number
 * alone, `null` for nothing. `factKinds`: how many there are. `verdictAge`: of the numbers of verdicts (see dictionary.ts).
 */
export type Surroundings = {
  readonly accompanied: boolean
  readonly suppressing: boolean
  readonly liveReads: boolean
  readonly phones: number | null
  readonly factKinds: number
  readonly verdictAge: number
}

/** Whether there is anything of another source the two ends of an index tell, whatever the planner knows. */
export async function lookAround(db: QueryExecutorProvider, source: number): Promise<Surroundings> {
  const { rows } = await sql<Surroundings>`
    select coalesce((select source from record order by source, length(id)::smallint, id limit 1) <> ${source}, false)
        or coalesce((select source from record order by source desc, length(id)::smallint desc, id desc limit 1) <> ${source}, false) as accompanied,
      exists (select from suppression) or exists (select from restriction) or exists (select from request where person is not null) as suppressing,
      exists (select from live_read where source = ${source}) as "liveReads",
      (select id from source where connection = ${OWN} and object = 'phone') as phones,
      (select count(*) from fact_kind)::int as "factKinds", (select age from verdict_age) as "verdictAge"`.execute(db)
  return rows[0]!
}
