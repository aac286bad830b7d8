/** What the API takes down and tells about requests of persons. */
import type { Corrections, ReadCorrections } from '../core/request/corrections.ts'
import type { Addressee, IntakeBody, ReadAddressee } from '../core/consent/intake.ts'
import type { Asked, Right } from '../core/request/request.ts'
import { HttpProblem } from './problem.ts'
import { RequestAnswer, RequestBody, RequestPath } from './request-body.ts'
import { defineRoute, type Called, type Route } from './route.ts'

type Told = { id: string; right: Right; status: string; receivedAt: string; answerBy: string; identity: string }
type Posted = { outcome: 'recorded' | 'repeated'; answer: Told } | { outcome: 'key used otherwise' }
/** `at`: when it reached the company, epoch milliseconds. */
export type Handed = {
  addressee: Addressee
  right: Right
  scope: Asked['scope']
  origin: RequestBody['origin']
  at: number
  language: 'fr' | 'en' | null
  corrections: Corrections | null
  apiKey: string
  idempotency: { key: string; body: string } | null
}
/** `post`: takes it down, and answers after the commit. */
export type RequestParts = {
  now: () => number
  readAddressee: (identifier: IntakeBody['identifier']) => ReadAddressee
  readCorrections: (given: Readonly<Record<string, unknown>>) => ReadCorrections
  post: (handed: Handed) => Promise<Posted>
  lookUp: (id: string) => Promise<Told | null>
}

/** A clock may be ahead of ours by that much. */
const GRACE_MS = 5 * 60_000
/** Nobody hands in what has been late for years: a wrong date would be answered by a wrong deadline. */
const OLDEST_MS = 366 * 24 * 3_600_000
/** People ask one at a time; somebody who plays with a form does not. */
const PER_MINUTE = 120

export function requestRoutes(parts: RequestParts): readonly Route[] {
  return [postRoute(parts), lookUpRoute(parts)]
}

function postRoute(parts: RequestParts): Route {
  return defineRoute({
    method: 'post',
    path: '/api/v1/requests',
    name: 'makeRequest',
    summary: 'Take down what a person asks for by right',
    description:
      'Takes down a request under GDPR art. 7(3), 15 to 18, 20 or 21, with its deadline. From a form, who asks is settled by a link that is sent to the ' +
      'address itself: the answer is the same whether or not anybody has heard of it. A withdrawal and an objection to marketing take effect at once, for ' +
      'the address that they name. With an Idempotency-Key the same request has one effect and one answer for 24 hours, however often it comes.',
    scope: 'requests:write',
    idempotent: true,
    perMinute: PER_MINUTE,
    body: RequestBody,
    example: { right: 'access', identifier: { email: 'claire@example.fr' }, origin: 'form', language: 'fr' },
    answers: { 201: { description: 'Taken down; the time to answer runs.', schema: RequestAnswer } },
    problems: {
      422: 'Well formed, but not possible: not exactly one address, a time in the future, a key that was used for another request.',
    },
    work: (body, called) => post(parts, body, called),
  })
}

async function post(parts: RequestParts, body: RequestBody, { key, idempotencyKey }: Called): ReturnType<Route['run']> {
  const { right, origin, identifier, receivedAt, language } = body
  if (origin === 'session' && !key.scopes.includes('requests:session'))
    throw new HttpProblem(
      403,
      'scope_missing',
      'this key may not say that somebody was signed in; make another with "accord api-key create --scope requests:write requests:session", or send another origin',
      { field: 'origin' },
    )
  const read = parts.readAddressee(identifier)
  if (!read.ok) throw new HttpProblem(422, read.problem.code, read.problem.message, { field: read.problem.field })
  const now = parts.now()
  const at = receivedAt === undefined ? now : Date.parse(receivedAt)
  if (at > now + GRACE_MS || at < now - OLDEST_MS)
    throw new HttpProblem(
      422,
      at > now ? 'at_in_future' : 'at_too_old',
      'send the time at which the request reached the company: not in the future, and no more than a year ago',
      { field: 'receivedAt' },
    )
  const given = body.right === 'rectification' ? body.corrections : undefined
  const corrections = given === undefined ? null : parts.readCorrections(given)
  if (corrections?.ok === false)
    throw new HttpProblem(422, 'correction_invalid', corrections.message, {
      field: ['corrections', corrections.field].filter(Boolean).join('.'),
    })
  const posted = await parts.post({
    addressee: read.value,
    right,
    scope: body.right === 'objection' ? body.scope : 'all',
    origin,
    at: Math.min(at, now),
    language: language ?? null,
    corrections: corrections?.value ?? null,
    apiKey: key.id,
    idempotency: idempotencyKey === null ? null : { key: idempotencyKey, body: JSON.stringify(body) },
  })
  if (posted.outcome === 'key used otherwise')
    throw new HttpProblem(422, 'idempotency_key_used', 'this Idempotency-Key stood on another request in the last 24 hours; use a new one')
  const headers = posted.outcome === 'repeated' ? { 'idempotency-replayed': 'true' } : {}
  return { status: 201, body: RequestAnswer.parse(posted.answer), headers }
}

function lookUpRoute(parts: RequestParts): Route {
  return defineRoute({
    method: 'get',
    path: '/api/v1/requests/{id}',
    name: 'lookUpRequest',
    summary: 'Look up how far a request has come',
    description: 'Tells the state of one request and the last day to answer it, and nothing of the person or of what was found.',
    scope: 'requests:read',
    idempotent: false,
    perMinute: null,
    body: RequestPath,
    example: null,
    answers: { 200: { description: 'How it stands.', schema: RequestAnswer } },
    problems: { 404: 'There is no such request.' },
    work: async ({ id }) => {
      const told = await parts.lookUp(id)
      if (told === null) throw new HttpProblem(404, 'request_unknown', 'there is no request of that number')
      return { status: 200, body: RequestAnswer.parse(told) }
    },
  })
}
