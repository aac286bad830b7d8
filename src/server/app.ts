/** What everything that is asked over HTTP passes: a number of its own, safe headers, one shape of errors. What there is to ask comes as routers. */
import { randomUUID } from 'node:crypto'
import express, { type Express, type RequestHandler, type Router } from 'express'
import helmet from 'helmet'
import { reportProblems, unknownRoute } from './problem.ts'

/** `routers`: in the order in which they are asked. `proxies`: how many reverse proxies stand before us; only then is their word taken for who calls. */
export type AppParts = {
  log: (event: string, facts: Readonly<Record<string, string>>) => void
  proxies: number
  routers: readonly Router[]
}

export function createApp({ log, proxies, routers }: AppParts): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.set('trust proxy', proxies)
  app.set('etag', false)
  app.use(numberRequests, helmet(headers), neverCached)
  for (const router of routers) app.use(router)
  app.use(unknownRoute)
  app.use(reportProblems(log))
  return app
}

/** Nothing may be loaded, framed or sent from a page unless its router says so; no link tells where one came from. */
const headers: Parameters<typeof helmet>[0] = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
  },
  referrerPolicy: { policy: 'no-referrer' },
}

/** Ours alone: a number that the caller chose could carry anything into the log. */
const numberRequests: RequestHandler = (_request, response, next) => {
  response.setHeader('X-Request-Id', randomUUID())
  next()
}

const neverCached: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store')
  next()
}
