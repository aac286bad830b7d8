/** All that a portal holds of a person, for a copy under GDPR art. 15(3): their contacts with every property, and what hangs on them. Changes nothing. */
import type { Access, AccessPage, AccessRequest } from '../access.ts'
import { activitiesOf, relatedOf } from './access-around.ts'
import { listsOf } from './access-lists.ts'
import { contactsOf } from './access-record.ts'
import { submissionsOf } from './access-submissions.ts'
import { subscriptionsOf } from './access-subscriptions.ts'
import type { HubspotClient } from './client.ts'
import { checkedIds } from './erasure-read.ts'

export function accessOf(client: HubspotClient): Access {
  return { collect: (request, signal) => collect(client, request, signal) }
}

async function* collect(client: HubspotClient, { refs, emails }: AccessRequest, signal: AbortSignal): AsyncGenerator<AccessPage> {
  checkedIds(refs)
  const all = [...new Map(refs.map((ref) => [`${ref.object} ${ref.id}`, ref])).values()]
  yield* contactsOf(client, all, signal)
  yield* activitiesOf(client, all, signal)
  yield* relatedOf(client, all, signal)
  yield await listsOf(client, all, signal)
  const [first] = all
  if (first === undefined || emails.length === 0) return
  yield await subscriptionsOf(client, first, emails, signal)
  yield* submissionsOf(client, first, emails, signal)
}
