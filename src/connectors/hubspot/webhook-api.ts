/** Settings and subscriptions of one app. HubSpot docs: "Webhooks API". Opened by the developer account's key, not by the portal's token, which stays home. */
import { z } from 'zod'
import { ConnectorError } from '../connector.ts'
import { NoAnswer, retrying, send, type Answer, type Attempt } from '../http.ts'
import type { HubspotClient } from './client.ts'
import { jsonOf, reasonOf, refusalOf } from './refusal.ts'
import type { WantedSubscription } from './webhook-subscriptions.ts'

const Target = z.object({ targetUrl: z.string() })
const Subscription = z.object({
  id: z.union([z.string().regex(/^\d+$/), z.int().nonnegative()]).transform(String),
  eventType: z.string(),
  propertyName: z.nullish(z.string()),
  objectTypeId: z.nullish(z.string()),
  active: z.boolean(),
})
export type Subscription = z.output<typeof Subscription>
const Subscriptions = z.object({ results: z.array(Subscription) })

type Body = Readonly<Record<string, unknown>>
/** `refused`: HubSpot's reason, in codes. */
export type Done = { done: true } | { refused: string }
export interface WebhookApi {
  /** Null: the app delivers nowhere yet. */
  target(signal: AbortSignal): Promise<string | null>
  deliverTo(url: string, signal: AbortSignal): Promise<Done>
  subscriptions(signal: AbortSignal): Promise<readonly Subscription[]>
  subscribe(wanted: WantedSubscription, signal: AbortSignal): Promise<Done>
  activate(id: string, signal: AbortSignal): Promise<Done>
}

const retryLimits = { attempts: 5, baseMs: 500, maxMs: 10_000 }
/** HubSpot docs: requests that an app receives at once, ten by default. */
const throttling = { maxConcurrentRequests: 10 }

export function webhookApi(client: HubspotClient, app: { id: string; key: string }): WebhookApi {
  const ask = (method: string, path: string, body: Body | null, signal: AbortSignal) =>
    retrying(() => attempt(client, app, { method, path, body }, signal), retryLimits, client, signal)
  const change = async (method: string, path: string, body: Body, signal: AbortSignal): Promise<Done> => {
    const answer = await ask(method, path, body, signal)
    return answer.status < 300 ? { done: true } : { refused: reasonOf(refusalOf(answer.status, answer.body)) }
  }
  return {
    async target(signal) {
      const answer = await ask('GET', '/settings', null, signal)
      return answer.status === 404 ? null : shaped(Target, answer, 'the settings').targetUrl
    },
    deliverTo: (targetUrl, signal) => change('PUT', '/settings', { targetUrl, throttling }, signal),
    subscriptions: async (signal) => shaped(Subscriptions, await ask('GET', '/subscriptions', null, signal), 'the subscriptions').results,
    subscribe: (wanted, signal) => change('POST', '/subscriptions', { ...wanted, active: true }, signal),
    activate: (id, signal) => change('PATCH', `/subscriptions/${id}`, { active: true }, signal),
  }
}

type Call = { method: string; path: string; body: Body | null }

async function attempt(client: HubspotClient, app: { id: string; key: string }, call: Call, signal: AbortSignal): Promise<Attempt<Answer>> {
  const { settings, paths, usage } = client
  // HubSpot takes this key in the query alone; no message quotes a query.
  const url = `${settings.apiUrl}${paths.webhooks}/${app.id}${call.path}?hapikey=${encodeURIComponent(app.key)}`
  const headers = { accept: 'application/json', ...(call.body && { 'content-type': 'application/json' }) }
  usage.calls++
  try {
    const request = { method: call.method, url, headers, ...(call.body && { body: JSON.stringify(call.body) }) }
    const answer = await send(request, settings.timeoutMs, signal)
    if (answer.status === 401 || answer.status === 403) {
      const message = 'HubSpot does not accept webhooks.developerKey for webhooks.appId; check both, or set the app up on its screens'
      return { failed: new ConnectorError('auth', message), again: false }
    }
    if (answer.status === 429) usage.throttled++
    if (answer.status !== 429 && answer.status < 500) return { done: answer }
    // A subscription is not made blindly twice; the next run sees whether it is there.
    const again = answer.status === 429 || call.method !== 'POST'
    return { failed: new ConnectorError('unavailable', `HubSpot answered the webhooks API with ${answer.status}`), again }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    return { failed: new ConnectorError('unavailable', error.message), again: call.method !== 'POST' }
  }
}

function shaped<S extends z.ZodType>(schema: S, { status, body }: Answer, what: string): z.output<S> {
  if (status === 404) throw new ConnectorError('refused', 'HubSpot knows no app of the number webhooks.appId under this developer key')
  const parsed = schema.safeParse(jsonOf(body))
  if (parsed.success) return parsed.data
  throw new ConnectorError('unexpected-shape', `HubSpot answered ${what} of the webhooks oddly (${status})`)
}
