/** Opts the addresses of a contact out of all e-mail. Only addresses that stand on the record now: no other is ever named to HubSpot. */
import type { RecordRef } from '../connector.ts'
import type { SilenceResult } from '../erasure.ts'
import type { HubspotClient } from './client.ts'
import { addressesIn, checkedIds, readBy } from './erasure-read.ts'
import { together } from '../together.ts'
import { keyOf, optOut } from './subscriptions.ts'

export async function silence(client: HubspotClient, refs: readonly RecordRef[], signal: AbortSignal): Promise<SilenceResult[]> {
  checkedIds(refs)
  const addresses = new Map<string, readonly string[]>()
  for (const [object, group] of Map.groupBy(refs, (ref) => ref.object)) {
    const ids = [...new Set(group.map(({ id }) => id))]
    for (const { id, properties } of await readBy(client, object, ids, ['email', 'hs_additional_emails'], {}, signal))
      addresses.set(
        `${object} ${id}`,
        [properties['email'], properties['hs_additional_emails']].flatMap((value) => addressesIn(value ?? '')),
      )
  }
  const emails = [...new Set([...addresses.values()].flat())]
  const outcomes = emails.length === 0 ? new Map<string, string | null>() : await optingOut(client, null, emails, signal)
  return refs.map((ref): SilenceResult => {
    const own = addresses.get(`${ref.object} ${ref.id}`)
    if (own === undefined) return { ref, outcome: 'gone' }
    const refused = own.map((email) => outcomes.get(keyOf(email)) ?? null).find((reason) => reason !== null)
    return refused === undefined ? { ref, outcome: 'silenced' } : { ref, outcome: 'refused', reason: refused }
  })
}

const optingOut = together(
  (client: HubspotClient, _: null, emails: readonly string[], signal) => optOut(client, emails, signal),
  (outcomes) => outcomes,
)
