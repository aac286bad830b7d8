/** What the service shows of itself: alive, and when each connection was last swept. Counts only. */
import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express'
import helmet from 'helmet'
import type { QueryExecutorProvider } from 'kysely'
import { countStatuses } from '../store/findings.ts'
import { lastSweeps } from '../store/sweeps.ts'

export type AppOptions = {
  db: QueryExecutorProvider
  routers: readonly Router[]
  log: (event: string, facts: Readonly<Record<string, string>>) => void
}

export function createApp({ db, log, routers }: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use(helmet())
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' })
  })
  app.get('/status', async (_request, response) => {
    const [sweeps, statuses] = await Promise.all([lastSweeps(db), countStatuses(db)])
    response.json({
      connections: sweeps.map(({ connection, startedAt, finishedAt }) => ({
        connection,
        startedAt,
        finishedAt,
        records: Object.fromEntries(statuses.filter((one) => one.connection === connection).map((one) => [one.status, one.records])),
      })),
    })
  })
  for (const router of routers) app.use(router)
  app.use((_request, response) => {
    response.status(404).json({ error: 'not found' })
  })
  // Express's own error page shows stacks; four arguments are what makes this an error handler.
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    log('request.failed', { route: request.path, error: error instanceof Error ? error.name : 'unknown' })
    response.status(503).json({ error: 'temporarily unavailable' })
  })
  return app
}
