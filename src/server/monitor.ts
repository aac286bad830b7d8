/** For whoever watches the service: is it ready to be sent requests, and what does it do? */
import { Router } from 'express'
import { sql, type QueryExecutorProvider } from 'kysely'
import { insideOnly } from './inside.ts'
import type { Metrics } from './metrics.ts'

export type MonitorParts = { db: QueryExecutorProvider; metrics: Metrics; isDraining: () => boolean }

/** A database that takes longer is no database to send requests to. */
const PATIENCE_MS = 1_000

export function createMonitor({ db, metrics, isDraining }: MonitorParts): Router {
  const router = Router()
  router.get('/readyz', async (_request, response) => {
    const problem = isDraining() ? 'the service is stopping' : await databaseProblem(db)
    response.status(problem === null ? 200 : 503).json(problem === null ? { status: 'ready' } : { status: 'not ready', problem })
  })
  router.get('/metrics', insideOnly, async (_request, response) => {
    const text = await metrics.read()
    response.type(metrics.contentType).send(text)
  })
  return router
}

async function databaseProblem(db: QueryExecutorProvider): Promise<string | null> {
  const late = Promise.withResolvers<string>()
  const timer = setTimeout(() => late.resolve('the database does not answer in time'), PATIENCE_MS)
  const asked = sql`select 1`.execute(db).then(
    () => null,
    () => 'the database cannot be reached',
  )
  try {
    return await Promise.race([asked, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
