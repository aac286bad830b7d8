/** HubSpot's API of e-mail subscriptions, by address: the batch endpoints where they are granted (Marketing Hub Enterprise), else one request for each. */
import { z } from 'zod'
import { isUnserved } from './batch-errors.ts'
import type { HubspotClient } from './client.ts'
import { errorFrom, type Call } from './message.ts'
import { Anything } from './payloads.ts'
import { reasonOf, type Refusal } from './refusal.ts'

/** Inputs of a batch. unverified: HubSpot names no limit; 100 is that of its other batches. */
const most = 100
const channel = 'channel=EMAIL'

const Status = z.object({
  subscriptionId: z.coerce.string(),
  status: z.string(),
  source: z.nullish(z.string()),
  timestamp: z.nullish(z.string()),
  legalBasis: z.nullish(z.string()),
})
const Wide = z.object({ wideStatusType: z.string(), status: z.string(), timestamp: z.nullish(z.string()) })
const Wrong = z.object({ context: z.object({ subscriberIdString: z.array(z.string()) }) })
const errors = z.nullish(z.array(z.unknown()))
const Written = z.object({ status: z.nullish(z.string()), errors })
const Statuses = z.object({ results: z.array(Status) })
const Wides = z.object({ results: z.array(Wide) })
const ManyStatuses = z.object({ results: z.array(z.object({ subscriberIdString: z.string(), statuses: z.array(Status) })), errors })
const ManyWides = z.object({ results: z.array(z.object({ subscriberIdString: z.string(), wideStatuses: z.array(Wide) })), errors })

export type State = { readonly status: string; readonly at: string | null; readonly source: string | null; readonly basis: string | null }
/** By subscription type. What is no address has no choices. An address that is not in the map could not be read. */
export type States = ReadonlyMap<string, ReadonlyMap<string, State>>
/** Since when somebody has opted out of everything; `null` for who has not. */
export type OptOuts = ReadonlyMap<string, { readonly at: string | null } | null>
export type Choice = { readonly email: string; readonly id: string; readonly status: 'SUBSCRIBED' | 'UNSUBSCRIBED' }

/** Portals that refused a batch: it is not asked for again by this connection. */
const single = new WeakSet<HubspotClient>()

/** HubSpot takes an address in any case and gives it back as it likes. */
export const keyOf = (email: string): string => email.trim().toLowerCase()

/** Answers `null` when this token may not read subscriptions. */
export async function readStates(client: HubspotClient, emails: readonly string[], signal: AbortSignal): Promise<States | null> {
  const states = new Map<string, ReadonlyMap<string, State>>()
  const keep = (email: string, all: readonly z.output<typeof Status>[]): void =>
    void states.set(keyOf(email), new Map(all.map((one) => [one.subscriptionId, stateOf(one)])))
  const readable = await readAll(client, emails, signal, {
    batch: '/statuses/batch/read',
    many: async (call, either) => {
      const reply = await client.ask(call, ManyStatuses, either)
      if (!reply.ok) return reply.refusal
      for (const { subscriberIdString, statuses } of reply.value.results) keep(subscriberIdString, statuses)
      for (const email of wrongIn(reply.value.errors)) keep(email, [])
      return null
    },
    one: (email) => `/statuses/${encodeURIComponent(email)}`,
    single: async (call, email, either) => {
      const reply = await client.ask(call, Statuses, either)
      if (reply.ok) keep(email, reply.value.results)
      else if (isNoAddress(reply.refusal)) keep(email, [])
      return reply.ok || reply.refusal.status === 400 ? null : reply.refusal
    },
  })
  return readable ? states : null
}

export async function readOptOuts(client: HubspotClient, emails: readonly string[], signal: AbortSignal): Promise<OptOuts | null> {
  const optOuts = new Map<string, { at: string | null } | null>()
  const keep = (email: string, all: readonly z.output<typeof Wide>[]): void => {
    const wide = all.find(({ wideStatusType, status }) => wideStatusType === 'PORTAL_WIDE' && status === 'UNSUBSCRIBED')
    optOuts.set(keyOf(email), wide ? { at: wide.timestamp ?? null } : null)
  }
  const readable = await readAll(client, emails, signal, {
    batch: '/statuses/batch/unsubscribe-all/read',
    many: async (call, either) => {
      const reply = await client.ask(call, ManyWides, either)
      if (!reply.ok) return reply.refusal
      for (const { subscriberIdString, wideStatuses } of reply.value.results) keep(subscriberIdString, wideStatuses)
      for (const email of wrongIn(reply.value.errors)) keep(email, [])
      return null
    },
    one: (email) => `/statuses/${encodeURIComponent(email)}/unsubscribe-all`,
    single: async (call, email, either) => {
      const reply = await client.ask(call, Wides, either)
      if (reply.ok) keep(email, reply.value.results)
      else if (isNoAddress(reply.refusal)) keep(email, [])
      return reply.ok || reply.refusal.status === 400 ? null : reply.refusal
    },
  })
  return readable ? optOuts : null
}

/** HubSpot's own word that this is no address, of which nothing was said; a gateway that will not have it in a path gives no reason, and leaves it unread. */
const isNoAddress = ({ status, category }: Refusal): boolean => status === 400 && category !== ''

type Way = {
  batch: string
  many: (call: Call, signal: AbortSignal) => Promise<Refusal | null>
  one: (email: string) => string
  single: (call: Call, email: string, signal: AbortSignal) => Promise<Refusal | null>
}

/** False when the scope is missing. */
async function readAll(client: HubspotClient, emails: readonly string[], signal: AbortSignal, way: Way): Promise<boolean> {
  const unique = [...new Map(emails.map((email) => [keyOf(email), email])).values()]
  for (let next = 0; next < unique.length && !single.has(client); next += most) {
    const inputs = unique.slice(next, next + most)
    const call: Call = { method: 'POST', path: client.paths.preferences + way.batch, query: channel, body: { inputs } }
    const refusal = await way.many(call, signal)
    if (refusal === null) continue
    if (refusal.status !== 403) throw errorFrom(call, refusal)
    goSingle(client)
  }
  if (!single.has(client)) return true
  const refusals = await Promise.all(
    unique.map(async (email) => {
      const call: Call = { method: 'GET', path: client.paths.preferences + way.one(email), query: channel }
      const refusal = await way.single(call, email, signal)
      if (refusal !== null && refusal.status !== 403) throw errorFrom(call, refusal)
      return refusal
    }),
  )
  return refusals.every((refusal) => refusal === null)
}

function goSingle(client: HubspotClient): void {
  if (single.has(client)) return
  single.add(client)
  client.log('hubspot.subscriptions-one-by-one', { reason: 'the batch endpoints are not granted to this token' })
}

function stateOf({ status, source, timestamp, legalBasis }: z.output<typeof Status>): State {
  return { status, source: source ?? null, at: timestamp ?? null, basis: legalBasis ?? null }
}

function wrongIn(all: readonly unknown[] | null | undefined): string[] {
  return (all ?? []).flatMap((error) => Wrong.safeParse(error).data?.context.subscriberIdString ?? [])
}

/** Asked for by portals with privacy settings on; whoever reads the history of a choice sees why it was made. */
const grounds = {
  SUBSCRIBED: { legalBasis: 'CONSENT_WITH_NOTICE', legalBasisExplanation: 'Proved consent, on file with Accord' },
  UNSUBSCRIBED: { legalBasis: 'LEGITIMATE_INTEREST_OTHER', legalBasisExplanation: 'Said no elsewhere; carried over by Accord' },
} as const

/** By address and type, see `choiceKey`: `null`, or why HubSpot refused. Choices are absolute, so they may be repeated. */
export async function writeChoices(
  client: HubspotClient,
  choices: readonly Choice[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string | null>> {
  const outcomes = new Map<string, string | null>()
  for (let next = 0; next < choices.length; next += most) {
    const part = choices.slice(next, next + most)
    const inputs = part.map(({ email, id, status }) => ({ subscriberIdString: email, ...bodyOf(id, status) }))
    if (!(await writeMany(client, '/statuses/batch/write', inputs, signal))) {
      for (const choice of part) {
        const path = `/statuses/${encodeURIComponent(choice.email)}`
        outcomes.set(choiceKey(choice), await writeOne(client, { path, body: bodyOf(choice.id, choice.status) }, signal))
      }
    } else for (const choice of part) outcomes.set(choiceKey(choice), null)
  }
  return outcomes
}

export const choiceKey = ({ email, id }: Pick<Choice, 'email' | 'id'>): string => `${id} ${keyOf(email)}`

/** Opts out of everything; by address: `null`, or why HubSpot refused. */
export async function optOut(
  client: HubspotClient,
  emails: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string | null>> {
  const outcomes = new Map<string, string | null>()
  for (let next = 0; next < emails.length; next += most) {
    const inputs = emails.slice(next, next + most)
    const done = await writeMany(client, '/statuses/batch/unsubscribe-all', inputs, signal)
    for (const email of inputs) {
      const path = `/statuses/${encodeURIComponent(email)}/unsubscribe-all`
      outcomes.set(keyOf(email), done ? null : await writeOne(client, { path, body: {} }, signal))
    }
  }
  return outcomes
}

function bodyOf(id: string, status: Choice['status']): Record<string, unknown> {
  return { subscriptionId: Number(id), statusState: status, channel: 'EMAIL', ...grounds[status] }
}

/** False when nothing was written, or not all: not granted, not finished, or one of them is bad, and the answer does not say which. */
async function writeMany(client: HubspotClient, path: string, inputs: readonly unknown[], signal: AbortSignal): Promise<boolean> {
  if (single.has(client)) return false
  const call: Call = { method: 'POST', path: client.paths.preferences + path, query: channel, body: { inputs } }
  const reply = await client.ask(call, Written, signal)
  if (reply.ok) return (reply.value.errors ?? []).length === 0 && !isUnserved(reply.value.status)
  if (reply.refusal.status === 403) goSingle(client)
  else if (reply.refusal.status !== 400) throw errorFrom(call, reply.refusal)
  return false
}

async function writeOne(
  client: HubspotClient,
  { path, body }: { path: string; body: unknown },
  signal: AbortSignal,
): Promise<string | null> {
  const call: Call = { method: 'POST', path: client.paths.preferences + path, query: channel, body }
  const reply = await client.ask(call, Anything, signal)
  if (reply.ok) return null
  const { refusal } = reply
  if (refusal.status === 403) return `${reasonOf(refusal)}: the token lacks communication_preferences.read_write`
  if (refusal.status !== 400 && refusal.status !== 404) throw errorFrom(call, refusal)
  return reasonOf(refusal)
}
