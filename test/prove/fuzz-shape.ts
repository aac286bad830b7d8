/** How each vendor says no. Anything else is a flaw. */
import type { FuzzRequest } from './fuzz-request.ts'

type Answer = { status: number; type: string; text: string }

/** What is wrong with an answer, or undefined. */
export function flawOf(request: FuzzRequest, answer: Answer): string | undefined {
  const { status, text } = answer
  const isSoap = /\/services\/+soap/i.test(request.target)
  // SOAP faults travel as 500.
  if (status >= 500 && !(isSoap && (text.includes('Fault') || request.method === 'HEAD')))
    return `answered ${status} to ${request.target.slice(0, 300)}: ${text.slice(0, 200)}`
  if (status < 400 || request.method === 'HEAD') return undefined
  const fine = request.crm === 'hubspot' ? isHubSpotError(request, answer) : isSalesforceError(request, answer)
  return fine ? undefined : `answered ${status} with a body that is not the vendor's: ${answer.type} ${text.slice(0, 200)}`
}

function isHubSpotError({ target }: FuzzRequest, { status, type, text }: Answer): boolean {
  if (/html/.test(type)) return (status === 404 || status === 405) && text.includes(`Error ${status}`)
  const body = objectOf(text)
  if (body === undefined || !type.includes('json')) return false
  if (/^\/+oauth\//i.test(target)) return typeof body.message === 'string' || typeof body.error === 'string'
  return (
    body.status === 'error' && typeof body.message === 'string' && (typeof body.correlationId === 'string' || Array.isArray(body.errors))
  )
}

function isSalesforceError({ target }: FuzzRequest, { type, text }: Answer): boolean {
  if (type.includes('xml')) return /<(Errors|error|OAuth|soapenv:Envelope)\b/i.test(text)
  if (/^\/+services\/+oauth2|^\/+id(\/|$)/i.test(target) && objectOf(text) !== undefined) return typeof objectOf(text)?.error === 'string'
  if (/html/.test(type)) return /^\/+(services\/+oauth2|id\/)/i.test(target)
  if (/^\/+services\/async\//i.test(target) && objectOf(text) !== undefined) return typeof objectOf(text)?.exceptionCode === 'string'
  if (/\/composite\/tree\//i.test(target) && objectOf(text)?.hasErrors === true) return Array.isArray(objectOf(text)?.results)
  const list = listOf(text)
  if (/^\/+cometd(?=[/?]|$)/i.test(target)) return list !== undefined && list.every((message) => message.successful === false)
  return (
    list !== undefined && list.length > 0 && list.every((error) => typeof error.errorCode === 'string' && typeof error.message === 'string')
  )
}

function objectOf(text: string): Record<string, unknown> | undefined {
  const value = parse(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
}

function listOf(text: string): Record<string, unknown>[] | undefined {
  const value = parse(text)
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null)
    ? (value as Record<string, unknown>[])
    : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON is an answer too: the caller calls it a flaw.
    return undefined
  }
}
