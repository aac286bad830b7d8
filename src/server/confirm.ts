/** The link of a mail: GET shows, POST confirms. The link itself is the secret, so no page of another site can send it. */
import { Router, type NextFunction, type Request, type Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { Policy } from '../core/policy-schema.ts'
import { renderConfirm, type Language, type PageState, type Question } from './confirm-page.ts'
import { requestIdOf } from './problem.ts'

/** How a link stands; `pending` after a confirmation: it counted. */
type Asked = {
  status: 'pending' | 'confirmed' | 'cancelled' | 'expired'
  purpose: string
  channel: string
  language: string
  form: string | null
  saidAt: number
}
export type ConfirmParts = {
  policy: Policy
  look: (token: string) => Promise<Asked | null>
  confirm: (token: string) => Promise<Asked | null>
  log: (event: string, facts: Readonly<Record<string, string>>) => void
}

export const CONFIRM_PATH = '/confirm'
const PER_MINUTE = 60
const PAGE_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

export function createConfirm(parts: ConfirmParts): Router {
  const router = Router()
  const path = `${CONFIRM_PATH}/:token`
  router.use(CONFIRM_PATH, limitRate(), (_request, response, next) => {
    response.setHeader('Content-Security-Policy', PAGE_POLICY)
    response.setHeader('X-Robots-Tag', 'noindex')
    next()
  })
  router.get(path, async (request, response) => {
    const asked = await parts.look(request.params.token)
    show(parts, request, response, asked?.status ?? 'unknown', asked)
  })
  router.post(path, async (request, response) => {
    const asked = await parts.confirm(request.params.token)
    show(parts, request, response, asked?.status === 'pending' ? 'confirmed now' : (asked?.status ?? 'unknown'), asked)
  })
  router.use(CONFIRM_PATH, (request, response) => show(parts, request, response, 'unknown', null))
  // People get a page, not JSON; four arguments are what makes this an error handler.
  router.use(CONFIRM_PATH, (error: unknown, request: Request, response: Response, _next: NextFunction) => {
    if (isTheirs(error)) {
      show(parts, request, response, 'unknown', null)
      return
    }
    parts.log('request.failed', {
      requestId: requestIdOf(response),
      method: request.method,
      error: error instanceof Error ? error.name : 'unknown',
    })
    response.setHeader('Retry-After', '60')
    show(parts, request, response, 'unavailable', null)
  })
  return router
}

function show({ policy }: ConfirmParts, request: Request, response: Response, state: PageState, asked: Asked | null): void {
  const language: Language = asked === null ? languageOf(request, policy) : asked.language === 'fr' ? 'fr' : 'en'
  const question = asked !== null && state === 'pending' ? questionOf(policy, language, asked) : null
  const { status, page } = renderConfirm(policy, language, state, question)
  response.status(status).type('html').send(page)
}

function languageOf(request: Request, { organisation }: Policy): Language {
  const own = organisation.locale
  const wanted = request.acceptsLanguages(own, own === 'fr' ? 'en' : 'fr')
  return wanted === 'fr' || wanted === 'en' ? wanted : own
}

function questionOf(policy: Policy, language: Language, { purpose, channel, form, saidAt }: Asked): Question {
  const labelOf = (list: readonly { id: string; label: { fr: string; en: string } }[], id: string): string =>
    list.find((one) => one.id === id)?.label[language] ?? id
  const saidOn = new Date(saidAt).toLocaleDateString(language === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'long',
    timeZone: policy.organisation.timezone,
  })
  return { purpose: labelOf(policy.purposes, purpose), channel: labelOf(policy.channels, channel), form, saidOn }
}

/** A path that cannot be decoded. */
function isTheirs(error: unknown): boolean {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500
}

function limitRate() {
  return rateLimit({
    windowMs: 60_000,
    limit: PER_MINUTE,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'confirm',
    validate: false,
    keyGenerator: (request: Request) => ipKeyGenerator(request.ip ?? ''),
  })
}
