/** How an org comes to send outbound messages. Rules and flows are made in Setup: there is no call that makes one without touching what the company built. */
import type { WebhookRequest, WebhookStep } from '../connector.ts'
import type { Org } from './org.ts'
import type { WebhookSettings } from './settings.ts'

export async function provisionWebhooks(
  _org: Org,
  { secrets }: WebhookSettings,
  { url, objects }: WebhookRequest,
  signal: AbortSignal,
): Promise<readonly WebhookStep[]> {
  signal.throwIfAborted()
  const end = secrets.length === 0 ? 'the secret of webhooks.secrets' : 'the first secret of webhooks.secrets'
  const step = (name: string, message: string): WebhookStep => ({ name, outcome: 'by-hand', message })
  return [
    ...objects.flatMap(({ object }) => [
      step(
        `${object} message`,
        `in Setup, "Outbound Messages": a new one for ${object}, endpoint URL ${url}/ followed by ${end}, the field Id alone, no session id`,
      ),
      step(
        `${object} flow`,
        `in Setup, "Flows": a record-triggered flow on ${object}, run when a record is created or updated, with the message above as its action; activate it`,
      ),
    ]),
    step(
      'integration user',
      'on the profile of the integration user, switch "Send Outbound Messages" off: our own writes need not come back to us',
    ),
    step('deletions', 'outbound messages do not tell of deletions; Change Data Capture (stream: true) and the sweeps do'),
  ]
}
