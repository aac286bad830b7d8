/** What the service shows of itself: alive, and when each connection was last swept. Counts only. */
import { Router } from 'express'
import type { QueryExecutorProvider } from 'kysely'
import { insideOnly } from './inside.ts'
import { lastSweeps } from '../store/sweeps.ts'
import type { Unsigned } from '../store/unsigned.ts'

/** `refused`: connections that show another account than the one that is stored, so that nothing is done there. `unsigned`: of the ledger; null where nobody signs. */
export type HealthParts = { db: QueryExecutorProvider; refused: () => readonly string[]; unsigned: (() => Promise<Unsigned>) | null }

export function createHealth({ db, refused, unsigned }: HealthParts): Router {
  const router = Router()
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' })
  })
  router.get('/status', insideOnly, async (_request, response) => {
    const [sweeps, tail] = await Promise.all([lastSweeps(db), unsigned?.()])
    response.json({
      connections: sweeps.map(({ connection, startedAt, finishedAt, summary }) => {
        // As that sweep left them: a monitor asks every few seconds, and to count millions of records each time takes seconds.
        const { statuses } = JSON.parse(summary) as { statuses?: Readonly<Record<string, number>> }
        return { connection, startedAt, finishedAt, ...(statuses && { records: statuses }) }
      }),
      otherAccount: refused(),
      ...(tail && { ledger: { unsignedBlocks: tail.blocks, unsignedSince: tail.since, problem: tail.problem } }),
    })
  })
  return router
}
