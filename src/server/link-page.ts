/** Pages behind the links of mails: GET shows, POST does. The link itself is the secret, so no page of another site can send it. */
import { Router, type NextFunction, type Request, type Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { Language } from '../core/text/language.ts'
import type { Policy } from '../core/policy/schema.ts'
import { html, type Html } from './html.ts'
import { requestIdOf } from './problem.ts'

/** `unavailable`: our fault. `unknown`: not a link of ours. */
export type PageState = 'pending' | 'confirmed now' | 'confirmed' | 'cancelled' | 'expired' | 'unknown' | 'unavailable'
/** How a link stands; `pending` after it was used: it counted. `language`: null as the browser asks. */
export type Linked = { status: 'pending' | 'confirmed' | 'cancelled' | 'expired'; language: string | null }
/** `look` changes nothing: mail scanners open every link. Null: no link of ours. */
export type LinkActs<L extends Linked> = {
  policy: Policy
  look: (token: string) => Promise<L | null>
  use: (token: string) => Promise<L | null>
  log: (event: string, facts: Readonly<Record<string, string>>) => void
}
/** What one kind of link shows. `question`: what the button is about. */
export type Words = {
  button: string
  states: Readonly<Record<PageState, { title: string; text: string }>>
}
export type LinkPage<L extends Linked> = {
  path: string
  words: Readonly<Record<Language, Words>>
  question: (policy: Policy, language: Language, linked: L) => Html
  /** In place of the page behind a press that counted: what it asked for. */
  deliver?: (linked: L, response: Response) => Promise<void>
}

const PER_MINUTE = 60
const PAGE_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

export function createLinkPages<L extends Linked>(page: LinkPage<L>, acts: LinkActs<L>): Router {
  const router = Router()
  const path = `${page.path}/:token` as const
  const show = (request: Request, response: Response, state: PageState, linked: L | null): void => {
    const language = languageOf(request, acts.policy, linked)
    const question = linked !== null && state === 'pending' ? page.question(acts.policy, language, linked) : null
    response
      .status(statuses[state])
      .type('html')
      .send(render(acts.policy, language, { words: page.words[language], state, question }))
  }
  router.use(page.path, limitRate(page.path), (_request, response, next) => {
    response.setHeader('Content-Security-Policy', PAGE_POLICY)
    response.setHeader('X-Robots-Tag', 'noindex')
    next()
  })
  router.get(path, async (request, response) => {
    const linked = await acts.look(request.params['token'] ?? '')
    show(request, response, linked?.status ?? 'unknown', linked)
  })
  router.post(path, async (request, response) => {
    const linked = await acts.use(request.params['token'] ?? '')
    if (linked?.status === 'pending' && page.deliver !== undefined) return page.deliver(linked, response)
    show(request, response, linked?.status === 'pending' ? 'confirmed now' : (linked?.status ?? 'unknown'), linked)
  })
  router.use(page.path, (request, response) => show(request, response, 'unknown', null))
  // People get a page, not JSON; four arguments are what makes this an error handler.
  router.use(page.path, (error: unknown, request: Request, response: Response, _next: NextFunction) => {
    if (isTheirs(error)) {
      show(request, response, 'unknown', null)
      return
    }
    acts.log('request.failed', {
      requestId: requestIdOf(response),
      method: request.method,
      error: error instanceof Error ? error.name : 'unknown',
    })
    // What was begun is cut off, so that nobody takes it for whole.
    if (response.headersSent) {
      response.destroy()
      return
    }
    response.setHeader('Retry-After', '60')
    show(request, response, 'unavailable', null)
  })
  return router
}

const statuses: Readonly<Record<PageState, number>> = {
  pending: 200,
  'confirmed now': 200,
  confirmed: 409,
  cancelled: 410,
  expired: 410,
  unknown: 404,
  unavailable: 503,
}

type Shown = { words: Words; state: PageState; question: Html | null }

function render({ organisation }: Policy, language: Language, { words, state, question }: Shown): string {
  const { controller, dpo } = organisation
  const { title, text } = words.states[state]
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <link rel="stylesheet" href="../style.css" />
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${question === null ? [] : [question]}
          <p>${text}</p>
          ${state === 'pending' ? [html`<form method="post"><button type="submit">${words.button}</button></form>`] : []}
        </main>
        <footer>${controller.name}, ${controller.address}. ${officer[language]} <a href="mailto:${dpo.email}">${dpo.email}</a></footer>
      </body>
    </html> `.html
}

const officer: Readonly<Record<Language, string>> = { fr: 'Délégué à la protection des données :', en: 'Data protection officer:' }

function languageOf(request: Request, { organisation }: Policy, linked: Linked | null): Language {
  const given = linked?.language ?? null
  if (given !== null) return given === 'fr' ? 'fr' : 'en'
  const own = organisation.locale
  const wanted = request.acceptsLanguages(own, own === 'fr' ? 'en' : 'fr')
  return wanted === 'fr' || wanted === 'en' ? wanted : own
}

/** As people of that language write it, in the time zone of the company. `at`: epoch milliseconds. */
export function dayWord(at: number, language: Language, { organisation }: Policy): string {
  return new Date(at).toLocaleDateString(language === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: organisation.timezone })
}

/** A path that cannot be decoded. */
function isTheirs(error: unknown): boolean {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500
}

function limitRate(path: string) {
  return rateLimit({
    windowMs: 60_000,
    limit: PER_MINUTE,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: path.slice(1),
    validate: false,
    keyGenerator: (request: Request) => ipKeyGenerator(request.ip ?? ''),
  })
}
