/**
 * Other systems that were given data of persons, and are told what becomes of it (GDPR art. 19): the shape of config/recipients.yaml, and what they are sent.
 */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { problemsOf, type ConfigProblem, type Parsed } from '../policy/problem.ts'

/** What art. 19 has told: art. 16, 17(1) and 18. */
const toldRights = ['erasure', 'rectification', 'restriction'] as const
export type ToldRight = (typeof toldRights)[number]
/**
 * What is said. `erasure-withdrawn`: part of it was erased before the person withdrew the request; nothing is asked of the recipient. `restriction-lifted`: to
 * those who were told of the restriction, who would go on keeping the data unused for ever (art. 18(3) tells the person, art. 19 says nothing of the end).
 */
export type Told = ToldRight | 'erasure-withdrawn' | 'restriction-lifted'
/** Recipients are chosen by the right that it is about. */
export function rightOf(told: Told): ToldRight {
  switch (told) {
    case 'erasure-withdrawn':
      return 'erasure'
    case 'restriction-lifted':
      return 'restriction'
    case 'erasure':
    case 'rectification':
    case 'restriction':
      return told
    default:
      return told satisfies never
  }
}
const marks = ['email', 'phone'] as const
/** Why a recipient is not told: art. 19 knows no third reason. */
export type Exempt = 'impossible' | 'disproportionate'

const text = z.string().min(1)
const Secret = z.string().regex(/^(?:whsec_)?[A-Za-z0-9+/]{32,}={0,2}$/, {
  error: 'a secret is at least 24 random bytes in base64, such as "openssl rand -base64 32" writes',
})
const WebhookSchema = z
  .strictObject({ url: text, secret: Secret, loopback: z.boolean().default(false) })
  .superRefine(({ url, loopback }, ctx) => {
    const fault = urlFault(url, loopback)
    if (fault !== null)
      ctx.addIssue({
        code: 'custom',
        path: ['url'],
        message: fault,
        params: { instead: 'an address such as https://erp.example.com/privacy' },
      })
  })
const RecipientSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, { error: 'the id of a recipient is written in lower case letters, digits and -' }),
    /** As persons are told: the actual name (art. 15(1)(c); CJEU C-154/21). */
    name: text,
    purpose: z.strictObject({ fr: text, en: text }),
    country: z.string().regex(/^[A-Z]{2}$/, { error: 'a country is written with two capitals, such as FR' }),
    tell: z
      .array(z.enum(toldRights))
      .min(1)
      .default([...toldRights]),
    /** By what they know the person: nothing else is sent. */
    by: z.array(z.enum(marks)).min(1).default(['email']),
    webhook: WebhookSchema.optional(),
    email: z.strictObject({ to: z.email(), language: z.enum(['fr', 'en']).default('fr') }).optional(),
    none: z.strictObject({ because: z.enum(['impossible', 'disproportionate']), note: text }).optional(),
  })
  .superRefine(({ webhook, email, none }, ctx) => {
    const ways = [webhook, email, none].filter((way) => way !== undefined).length
    if (ways !== 1)
      ctx.addIssue({
        code: 'custom',
        message: ways === 0 ? 'nothing says how this recipient is told' : 'one way to be told is enough',
        params: { instead: 'one of webhook, email, none' },
      })
  })
export type Recipient = z.output<typeof RecipientSchema>
const RecipientsSchema = z.strictObject({ version: z.literal(1), recipients: z.array(RecipientSchema) })

const keys =
  'version recipients id name purpose fr en country tell by webhook url secret loopback email to language none because note'.split(' ')

export function parseRecipients(value: unknown): Parsed<readonly Recipient[]> {
  const read = RecipientsSchema.safeParse(value, { reportInput: true })
  if (!read.success) return { ok: false, problems: problemsOf(read.error, keys) }
  const { recipients } = read.data
  const ids = recipients.map(({ id }) => id)
  const twice = recipients.flatMap(({ id }, at): ConfigProblem[] =>
    ids.indexOf(id) === at
      ? []
      : [{ path: ['recipients', at, 'id'], message: `"${id}" is used twice`, instead: 'a name of its own for each' }],
  )
  return twice.length > 0 ? { ok: false, problems: twice } : { ok: true, value: recipients }
}

/** `null`: the address may be called. Where it leads is looked at once more with each call, for names change their minds. */
export function urlFault(address: string, loopback: boolean): string | null {
  if (!URL.canParse(address)) return 'this is no address'
  const url = new URL(address)
  if (url.username !== '' || url.password !== '') return 'an address holds no user and no password: the signature says who calls'
  if (url.hash !== '') return 'an address that is called has no #'
  if (url.protocol === 'https:') return null
  if (url.protocol !== 'http:') return 'only https is called'
  if (!loopback) return 'only https is called; plain http on this very machine needs "loopback: true"'
  return isLoopbackName(url.hostname) ? null : 'plain http is for a loopback address alone'
}

function isLoopbackName(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/.test(host)
}

/** The person in clear, for the time of one step. */
export type Identifiers = { readonly emails: readonly string[]; readonly phones: readonly string[] }

/** Of what is known no more than what this recipient knows the person by; null when that is nothing. */
export function identifiersFor({ by }: Pick<Recipient, 'by'>, { emails, phones }: Identifiers): Identifiers | null {
  const sent = { emails: by.includes('email') ? emails : [], phones: by.includes('phone') ? phones : [] }
  return sent.emails.length + sent.phones.length === 0 ? null : sent
}

/** The body of a webhook. `at`: ISO 8601, when it was decided to tell. */
export function noticeBody(right: Told, at: string, person: Identifiers): string {
  return JSON.stringify({ type: `subject.${right}`, timestamp: at, data: { right, ...person } })
}

/** As Standard Webhooks say (standardwebhooks.com): HMAC-SHA-256 over `id.timestamp.body`. `timestamp`: seconds. */
export function noticeHeaders(
  secret: string,
  { id, timestamp, body }: { id: string; timestamp: number; body: string },
): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${signature}` }
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const LONGEST_WAIT = 12 * HOUR
const GIVEN_UP_AFTER = 5 * 24 * HOUR

/** When to try again, epoch milliseconds; null: nobody tries any more. `attempts`: those that have failed, from 1 on. `since`: of the first. */
export function nextTry(attempts: number, since: number, now: number): number | null {
  const next = now + Math.min(MINUTE * 2 ** Math.min(attempts - 1, 16), LONGEST_WAIT)
  return next > since + GIVEN_UP_AFTER ? null : next
}
