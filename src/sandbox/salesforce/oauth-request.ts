/** A request to an OAuth endpoint, whoever answers it. */
import { Fault } from './fault.ts'
import { json } from './call.ts'
import type { Reply } from './call.ts'

export type OAuthRequest = {
  method: string
  path: readonly string[]
  /** Body and query together; the body wins. */
  form: URLSearchParams
  authorization: string | undefined
  accept: string | undefined
  origin: string
}

export const oauthError = (error: string, description: string): Reply => json(400, { error, error_description: description })

/** Credentials stand in the body, or in a Basic header with only the grant in the body. */
export function clientOf({ form, authorization }: OAuthRequest): { id: string | undefined; secret: string | undefined } {
  const basic = /^Basic\s+(\S+)$/i.exec(authorization ?? '')?.[1]
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8')
    const colon = text.indexOf(':')
    return { id: decoded(text.slice(0, colon)), secret: decoded(text.slice(colon + 1)) }
  }
  const secret = form.get('client_secret') ?? ''
  return { id: form.get('client_id') ?? undefined, secret: secret === '' ? undefined : secret }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A form in the body, or the query. */
export function formOf(method: string, query: URLSearchParams, body: Buffer): URLSearchParams {
  const form = new URLSearchParams(query)
  if (method !== 'POST') return form
  if (body.length > 65_536) throw new Fault(413, 'REQUEST_ENTITY_TOO_LARGE', 'Request Entity Too Large')
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) form.set(name, value)
  return form
}

/** What `format` or else the Accept header asks for, JSON where neither says. Salesforce docs: OAuth 2.0, parameter `format`; Identity URLs. */
export function formatOf({ form, accept = '' }: OAuthRequest): string {
  const asked = form.get('format')?.toLowerCase()
  if (asked !== undefined) return asked
  return accept.startsWith('application/xml') ? 'xml' : accept.startsWith('application/x-www-form-urlencoded') ? 'urlencoded' : 'json'
}
