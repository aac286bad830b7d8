/** What the API takes down and tells about consent. */
import type { Addressee, IntakeBody, ReadAddressee, ReadStatement, Recorded, Statement } from '../core/consent/intake.ts'
import type { KnownConsent } from '../core/consent/known-consent.ts'
import type { Proof } from '../store/voices.ts'
import { ConsentBody, LookupAnswer, LookupBody, RecordedAnswer } from './consent-body.ts'
import { HttpProblem } from './problem.ts'
import { defineRoute, type Called, type Route } from './route.ts'

/** The outcome of a post, as the task tells it. */
type Posted = { outcome: 'recorded' | 'repeated'; answer: Recorded } | { outcome: 'key used otherwise' }
/** `mails`: people can be asked to confirm. `read`: holds a body against the policy. `post`: takes it down, and answers after the commit. */
export type ConsentParts = {
  now: () => number
  mails: boolean
  read: (body: IntakeBody, now: number) => ReadStatement
  readAddressee: (identifier: IntakeBody['identifier']) => ReadAddressee
  lookUp: (addressee: Addressee) => Promise<{ states: readonly KnownConsent[]; proofs: readonly Proof[]; suppressed: boolean }>
  post: (posted: { statement: Statement; apiKey: string; idempotency: { key: string; body: string } | null }) => Promise<Posted>
}

export function consentRoutes(parts: ConsentParts): readonly Route[] {
  return [postRoute(parts), lookupRoute(parts)]
}

function postRoute(parts: ConsentParts): Route {
  return defineRoute({
    method: 'post',
    path: '/api/v1/consents',
    name: 'recordConsent',
    summary: 'Take down a consent, a withdrawal or a refusal',
    description:
      'Takes down what a person said in a form, on the telephone or on paper, and keeps the proof of it without the person: address and number ' +
      'are kept as keyed hashes. It counts at once for every record with that address in every CRM, and for those that come later. ' +
      'A withdrawal is this one call with the event "withdrawn" and an identifier; nothing else is needed. ' +
      'With an Idempotency-Key the same request has one effect and one answer for 24 hours, however often it comes.',
    scope: 'consents:write',
    idempotent: true,
    perMinute: null,
    body: ConsentBody,
    example: {
      event: 'given',
      identifier: { email: 'claire@example.fr' },
      purpose: 'newsletter',
      channel: 'email',
      at: '2026-11-21T10:15:00+01:00',
      text: { id: 'NL-2026-01', hash: '5f2ae4d0b1c3a6978812d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6071829', language: 'fr' },
      form: 'example.fr/newsletter',
      how: 'checkbox',
    },
    answers: { 201: { description: 'Taken down; with double opt-in the status is "awaiting_confirmation".', schema: RecordedAnswer } },
    problems: {
      422: 'Well formed, but not possible: an unknown purpose or channel, a time in the future, a key that was used for another request.',
    },
    work: (body, called) => post(parts, body, called),
  })
}

async function post(parts: ConsentParts, body: IntakeBody, { key, idempotencyKey }: Called): ReturnType<Route['run']> {
  const read = parts.read(body, parts.now())
  if (!read.ok) throw new HttpProblem(422, read.problem.code, read.problem.message, { field: read.problem.field })
  if (read.value.doubleOptIn && !parts.mails)
    throw new HttpProblem(
      422,
      'mail_not_configured',
      'this service sends no mail: set ACCORD_SMTP_URL, ACCORD_MAIL_FROM and ACCORD_PUBLIC_URL, or send "doubleOptIn": false',
      { field: 'doubleOptIn' },
    )
  const idempotency = idempotencyKey === null ? null : { key: idempotencyKey, body: JSON.stringify(body) }
  const posted = await parts.post({ statement: read.value, apiKey: key.id, idempotency })
  switch (posted.outcome) {
    case 'recorded':
      return { status: 201, body: posted.answer }
    case 'repeated':
      return { status: 201, body: posted.answer, headers: { 'idempotency-replayed': 'true' } }
    case 'key used otherwise':
      throw new HttpProblem(
        422,
        'idempotency_key_used',
        'this Idempotency-Key stood on another request in the last 24 hours; use a new one',
      )
    default:
      return posted satisfies never
  }
}

function lookupRoute(parts: ConsentParts): Route {
  return defineRoute({
    method: 'post',
    path: '/api/v1/consents/lookup',
    name: 'lookUpConsents',
    summary: 'Look up what somebody has agreed to',
    description:
      'Tells what everything that is known of one address or number adds up to, for each purpose and channel, and lists the proofs of what was said ' +
      'to Accord itself. It is a POST so that no address stands in a URL, and changes nothing. It answers as for a record with that address and no name: ' +
      'on a mailbox that several people use a yes counts for nobody.',
    scope: 'consents:read',
    idempotent: false,
    perMinute: null,
    body: LookupBody,
    example: { identifier: { email: 'claire@example.fr' } },
    answers: { 200: { description: 'What is known; also for an address that nobody has heard of.', schema: LookupAnswer } },
    problems: { 422: 'Not exactly one address, or no valid number.' },
    work: (body) => lookUp(parts, body.identifier),
  })
}

async function lookUp(parts: ConsentParts, identifier: IntakeBody['identifier']): ReturnType<Route['run']> {
  const read = parts.readAddressee(identifier)
  if (!read.ok) throw new HttpProblem(422, read.problem.code, read.problem.message, { field: read.problem.field })
  const { states, proofs, suppressed } = await parts.lookUp(read.value)
  const body = {
    suppressed,
    states: states.map(({ since, ...state }) => ({ ...state, since: since === null ? null : new Date(since).toISOString() })),
    statements: proofs.map(({ source: _source, record: _record, apiKey: _apiKey, optIn, ...proof }) => ({ ...proof, doubleOptIn: optIn })),
  }
  // The schema is what the document promises, so nothing else may leave.
  return { status: 200, body: LookupAnswer.parse(body) }
}
