/** What the DPO was told about requests. */
import { sql, type QueryExecutorProvider } from 'kysely'
import type { Alert, AlertKind } from '../core/request-alerts.ts'

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

/** How many of a kind were told since then, ISO 8601. */
export async function countAlerts(db: Db, kind: AlertKind, since: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from request_alert where kind = ${kind} and at > ${since}::timestamptz`.execute(db)
  return rows[0]!.n
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
