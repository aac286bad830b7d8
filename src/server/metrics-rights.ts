/** Requests of persons for a monitor: counts only. */
import { Gauge, type Registry } from 'prom-client'
import type { QueryExecutorProvider } from 'kysely'
import { countFailing, countRights } from '../store/workload.ts'

const states = ['open', 'not-proved', 'held-up', 'failed'] as const

/** Answers what reads them anew. */
export function createRightsMetrics(registry: Registry, db: QueryExecutorProvider): () => Promise<void> {
  const gauge = (name: string, help: string, labelNames: string[]): Gauge => new Gauge({ name, help, labelNames, registers: [registry] })
  const seenAgain = gauge('accord_seen_again', 'Persons who were erased, are seen again, and wait for a decision.', [])
  const requests = gauge(
    'accord_requests',
    'Requests that are not closed: open, not proved, held up by a CRM, or failed by an error of our own.',
    ['state'],
  )
  const failing = gauge('accord_failing', 'Mails, recipients, cases and persons of lists that fail by an error of our own.', ['what'])
  return async () => {
    const load = await countRights(db)
    for (const { what, n } of await countFailing(db)) failing.set({ what }, n)
    seenAgain.set(load.seenAgain)
    for (const state of states) requests.set({ state }, load[state])
  }
}
