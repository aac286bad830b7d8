/** The API proper: keys, limits and bodies in front of the table of routes. */
import express, { Router, type Request, type Response } from 'express'
import { ipKeyGenerator, rateLimit, type RateLimitRequestHandler } from 'express-rate-limit'
import { authenticate, type KeyParts } from './authenticate.ts'
import { createConfirm, type ConfirmParts } from './confirm.ts'
import { createCopyPages, type CopyParts } from './copy.ts'
import { consentRoutes, type ConsentParts } from './consents.ts'
import { createDocs } from './docs.ts'
import { createAddress, type AddressParts } from './address.ts'
import { createIdentify, type IdentifyParts } from './identify.ts'
import { HttpProblem } from './problem.ts'
import { caseRoutes, type CaseParts } from './cases.ts'
import { requestRoutes, type RequestParts } from './requests.ts'
import type { Route } from './route.ts'

/** `copies`: null where no CRM can be read. */
export type ApiParts = {
  consents: ConsentParts
  requests: RequestParts
  cases: CaseParts
  confirm: ConfirmParts
  identify: IdentifyParts
  address: AddressParts
  copies: CopyParts | null
} & KeyParts

/** 32 kB: ten times the longest request that makes sense. */
const BODY_LIMIT = 32 * 1024
const PER_MINUTE = { address: 3_000, key: 1_200, failures: 60 }

export function createApi(parts: ApiParts): Router {
  const router = Router()
  const routes = [...consentRoutes(parts.consents), ...requestRoutes(parts.requests), ...caseRoutes(parts.cases)]
  router.use(createDocs(routes), createConfirm(parts.confirm), createIdentify(parts.identify), createAddress(parts.address))
  if (parts.copies !== null) router.use(createCopyPages(parts.copies))
  const readBody = express.json({ limit: BODY_LIMIT, type: isJson })
  const byAddress = limitRate('address', PER_MINUTE.address)
  const byKey = limitRate('key', PER_MINUTE.key)
  const byFailures = limitRate('failures', PER_MINUTE.failures)
  for (const route of routes) {
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1')
    router[route.method](path, byAddress, async (request, response, next) => {
      try {
        response.locals['key'] = await authenticate(parts, request, route.scope)
      } catch (error) {
        if (!(error instanceof HttpProblem) || error.status !== 401) throw error
        await byFailures(request, response, (limited?: unknown) => next(limited ?? error))
        return
      }
      next()
    })
    const limits = [byKey, ...(route.perMinute === null ? [] : [limitRate('key', route.perMinute)])]
    const readers = route.method === 'get' ? [] : [refuseOtherTypes, readBody]
    router[route.method](path, ...limits, ...readers, async (request: Request, response: Response) => {
      const called = { key: response.locals['key'], idempotencyKey: idempotencyKeyOf(request, route) }
      const answer = await route.run(route.method === 'get' ? request.params : request.body, called)
      for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value)
      response.status(answer.status).json(answer.body)
    })
    const allowed = route.method.toUpperCase()
    router.all(path, () => {
      throw new HttpProblem(405, 'method_not_allowed', `this takes ${allowed} only`, { headers: { allow: allowed } })
    })
  }
  return router
}

/** Counted in this process alone: enough against a loop gone wild, or somebody who tries keys. */
function limitRate(by: 'address' | 'key' | 'failures', most: number): RateLimitRequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: most,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: by,
    validate: false,
    keyGenerator: (request: Request, response: Response) =>
      by === 'key' ? String(response.locals['key'].id) : ipKeyGenerator(request.ip ?? ''),
    handler: (_request: Request, response: Response) => {
      const seconds = String(response.getHeader('retry-after') ?? '60')
      throw new HttpProblem(429, 'too_many_requests', `too many requests in one minute; go on after ${seconds} seconds`)
    },
  })
}

function isJson(request: { headers: Readonly<Record<string, unknown>> }): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(String(request.headers['content-type'] ?? ''))
}

/** A form of another site can send text and forms, but no JSON, without asking first. */
function refuseOtherTypes(request: Request, _response: Response, next: () => void): void {
  if (!isJson(request)) throw new HttpProblem(415, 'type_unsupported', 'send the body as content-type application/json')
  next()
}

function idempotencyKeyOf(request: Request, route: Route): string | null {
  const key = request.get('idempotency-key')
  if (key === undefined || !route.idempotent) return null
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new HttpProblem(400, 'idempotency_key_invalid', 'an Idempotency-Key is 1 to 255 printable ASCII characters without blanks')
  return key
}
