/** How an org comes to tell of changes: what Tooling can select is selected, the rest is said in clicks. */
import type { WebhookRequest, WebhookStep } from '../connector.ts'
import { makeOnce } from '../http.ts'
import { changeEventOf } from './change-event.ts'
import { refusal } from './fault.ts'
import type { Org } from './org.ts'
import { QueryAnswer, shaped } from './payloads.ts'
import type { WebhookSettings } from './settings.ts'
import { quote } from './soql.ts'

/** The standard channel: what is selected there has a channel of its own too, such as /data/ContactChangeEvent. */
const channel = 'ChangeEvents'

export async function provisionWebhooks(
  org: Org,
  { secrets, stream }: WebhookSettings,
  request: WebhookRequest,
  signal: AbortSignal,
): Promise<readonly WebhookStep[]> {
  signal.throwIfAborted()
  return [...(stream ? await streamSteps(org, request, signal) : []), ...(secrets.length > 0 || !stream ? messageSteps(request) : [])]
}

/** Salesforce docs: Tooling API, PlatformEventChannelMember. */
async function streamSteps(org: Org, { objects, dryRun }: WebhookRequest, signal: AbortSignal): Promise<WebhookStep[]> {
  const selected = await selectedEvents(org, signal)
  const steps: WebhookStep[] = []
  for (const { object } of objects) {
    const name = `change events of ${object}`
    if (selected.has(changeEventOf(object))) steps.push({ name, outcome: 'present', message: 'selected for Change Data Capture' })
    else if (dryRun) steps.push({ name, outcome: 'to-create', message: 'to be selected for Change Data Capture' })
    else steps.push(await select(org, object, name, signal))
  }
  const message =
    'give the integration user "View All Records" on these objects (or "View All Data"): change events of other records do not come otherwise'
  return [...steps, { name: 'rights', outcome: 'by-hand', message }]
}

async function selectedEvents(org: Org, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const q = `SELECT SelectedEntity FROM PlatformEventChannelMember WHERE EventChannel = ${quote(channel)}`
  const call = { method: 'GET', path: '/tooling/query', query: { q }, doing: 'list the objects selected for Change Data Capture' } as const
  const { body } = await org.client.demand(call, signal)
  return new Set(shaped(QueryAnswer, body, 'the selected objects').records.map((row) => String(row['SelectedEntity'])))
}

async function select(org: Org, object: string, name: string, signal: AbortSignal): Promise<WebhookStep> {
  const event = changeEventOf(object)
  const body = { FullName: `${channel}_${event}`, Metadata: { eventChannel: channel, selectedEntity: event } }
  const doing = `select ${object} for Change Data Capture`
  const call = { method: 'POST', path: '/tooling/sobjects/PlatformEventChannelMember', body, doing } as const
  const refused = await makeOnce(
    async () => {
      const reply = await org.client.json(call, signal)
      if (reply.ok) return null
      const error = refusal(doing, reply.status, reply.faults)
      // 400: one object too many, or one without change events. 403: no right to look into the setup.
      if (reply.status === 400 || reply.status === 403) return error.message
      throw error
    },
    async () => ((await selectedEvents(org, signal)).has(event) ? null : undefined),
  )
  return refused === null
    ? { name, outcome: 'created', message: 'selected for Change Data Capture' }
    : { name, outcome: 'refused', message: refused }
}

/** New workflow rules cannot be made, and a flow is the company's: neither is touched through the API. */
function messageSteps({ url, objects }: WebhookRequest): WebhookStep[] {
  const step = (name: string, message: string): WebhookStep => ({ name, outcome: 'by-hand', message })
  return [
    ...objects.flatMap(({ object }) => [
      step(
        `outbound message of ${object}`,
        `in Setup, "Outbound Messages", make one for ${object}: endpoint URL ${url}/SECRET, where SECRET is the one in webhooks.secrets; the field Id alone; no session id`,
      ),
      step(
        `flow of ${object}`,
        `in Setup, "Flows", make a record-triggered flow on ${object}, run when a record is created or updated, whose action is that message; activate it`,
      ),
    ]),
    step(
      'integration user',
      'on the profile of the integration user, switch "Send Outbound Messages" off: our own writes need not come back',
    ),
    step('deletions', 'outbound messages do not tell of deletions: Change Data Capture (webhooks.stream) does, and sweeps find the rest'),
  ]
}
