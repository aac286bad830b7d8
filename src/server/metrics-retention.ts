/** Retention for a monitor: what waits for people, what became of persons, and how much of the brake's window is used. */
import { Gauge, type Registry } from 'prom-client'
import type { QueryExecutorProvider } from 'kysely'
import { loadRetention } from '../store/retention-load.ts'

/** As the brake counts by default. */
const WINDOW_MS = 30 * 86_400_000

/** Answers what reads them anew. */
export function createRetentionMetrics(registry: Registry, db: QueryExecutorProvider): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: string[]): Gauge => new Gauge({ name, help, labelNames, registers: [registry] })
  const lists = gauge('accord_retention_lists', 'Lists of records whose time is over: shown waits for people, released is under way.', [
    'status',
  ])
  const persons = gauge('accord_retention_persons', 'Persons in such lists, by what became of them.', ['state'])
  const acts = gauge('accord_retention_acts', 'Records that retention has begun to destroy in the last thirty days.', ['connection'])
  const stops = gauge(
    'accord_retention_stops',
    'What has to be confirmed or mended before retention goes on: the clock, or fields that went empty.',
    [],
  )
  return async () => {
    const load = await loadRetention(db, new Date(Date.now() - WINDOW_MS).toISOString())
    for (const one of [lists, persons, acts]) one.reset()
    for (const { status, count } of load.lists) lists.set({ status }, count)
    for (const { state, count } of load.persons) persons.set({ state }, count)
    for (const { connection, count } of load.spent) acts.set({ connection }, count)
    stops.set(load.stops)
  }
}
