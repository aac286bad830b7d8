/** What the DPO was told about requests. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Alert, AlertKind } from '../core/request/alerts.ts'

type Db = QueryExecutorProvider

/** Null: it was told before, or there is no such request. */
export async function noteAlert(
  trx: Db,
  request: string,
  { kind, event }: Alert,
  at: string,
): Promise<{ right: string; lastDay: string } | null> {
  const { rows } = await sql<{ right: string; lastDay: string }>`
    with told as (
      insert into request_alert (request, kind, event, at)
      select id, ${kind}, ${event}, ${at}::timestamptz from request where id = ${request}
      on conflict do nothing returning request)
    select r.kind as right, r.last_day::text as "lastDay" from told join request r on r.id = told.request`.execute(trx)
  return rows[0] ?? null
}

/** Whether so many of its kind have gone out one by one since then (ISO 8601): then this one, which was just noted, waits for the others. */
export async function isMailboxFull(
  trx: Db,
  { request, kind, event }: Alert & { request: string },
  { since, most }: { since: string; most: number },
): Promise<boolean> {
  const { rows } = await sql`
    update request_alert set waits = true
    where request = ${request} and kind = ${kind} and event = ${event} and ${most} < (
      select count(*) from (select from request_alert where kind = ${kind} and at > ${since}::timestamptz and not waits limit ${most + 1}) as sent)
    returning kind`.execute(trx)
  return rows.length > 0
}

export async function countWaiting(db: Db): Promise<readonly { kind: AlertKind; count: number }[]> {
  const { rows } = await sql<{ kind: AlertKind; count: number }>`
    select kind, count(*)::int as count from request_alert where waits group by 1 order by 1`.execute(db)
  return rows
}

/** They were told of by one mail, and count for the hour as if each had been sent: what comes after them waits as well. */
export async function tellTogether(trx: Db, kind: AlertKind): Promise<void> {
  await sql`update request_alert set waits = false where kind = ${kind} and waits`.execute(trx)
}

/** Of the given alerts those that nobody was told of, as positions. */
export async function untold(db: Db, alerts: readonly (Alert & { request: string })[]): Promise<number[]> {
  if (alerts.length === 0) return []
  const { rows } = await sql<{ n: number }>`
    select n::int from unnest(${alerts.map((one) => one.request)}::uuid[], ${alerts.map((one) => one.kind)}::text[],
      ${alerts.map((one) => one.event)}::text[]) with ordinality as a (request, kind, event, n)
    where not exists (select from request_alert t where t.request = a.request and t.kind = a.kind and t.event = a.event) order by n`.execute(
    db,
  )
  return rows.map(({ n }) => n - 1)
}
