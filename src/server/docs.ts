/** The document for programs, and a page for people: no script, nothing from elsewhere. */
import { Router } from 'express'
import { describeApi } from './openapi.ts'
import { renderDocs } from './docs-page.ts'
import { styleSheet } from './style.ts'
import type { Route } from './route.ts'

/** One stylesheet of our own. */
const PAGE_POLICY = "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

export function createDocs(routes: readonly Route[]): Router {
  const router = Router()
  const document = describeApi(routes)
  const page = renderDocs(routes, document)
  router.get('/openapi.json', (_request, response) => {
    response.json(document)
  })
  router.get('/docs', (_request, response) => {
    response.setHeader('Content-Security-Policy', PAGE_POLICY)
    response.type('html').send(page)
  })
  router.get('/style.css', (_request, response) => {
    response.type('css').send(styleSheet)
  })
  return router
}
