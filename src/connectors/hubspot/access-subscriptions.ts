/** What the person said yes or no to, by address, as HubSpot keeps it. */
import type { AccessEntry, AccessField } from '../../core/access/entry.ts'
import type { AccessPage } from '../access.ts'
import type { Problem, RecordRef } from '../connector.ts'
import { plainField } from './access-field.ts'
import { Definitions } from './access-payloads.ts'
import type { HubspotClient } from './client.ts'
import { orGap } from './erasure-read.ts'
import { keyOf, readOptOuts, readStates, type State } from './subscriptions.ts'

/** `of`: the record that the addresses are told under. */
export async function subscriptionsOf(
  client: HubspotClient,
  of: RecordRef,
  emails: readonly string[],
  signal: AbortSignal,
): Promise<AccessPage> {
  const gaps: Problem[] = []
  const path = `${client.paths.preferences}/definitions`
  const defined = await orGap(client.call({ method: 'GET', path }, Definitions, signal), 'subscriptions', gaps)
  const states = defined === null ? null : await readStates(client, emails, signal)
  const optOuts = defined === null ? null : await readOptOuts(client, emails, signal)
  if (gaps.length === 0 && (states === null || optOuts === null)) {
    const message = 'this token may not read e-mail subscriptions; it needs communication_preferences.read'
    gaps.push({ kind: 'scope', name: 'subscriptions', message })
  }
  const names = new Map(defined?.results.map(({ id, name, purpose }) => [id, { name, purpose: purpose ?? null }]))
  const entries: AccessEntry[] = []
  for (const email of emails) {
    for (const [id, state] of states?.get(keyOf(email)) ?? []) {
      const known = names.get(id)
      entries.push({ part: 'subscription', of, object: 'subscriptions', id: `${id} ${email}`, fields: fieldsOf(email, known, id, state) })
    }
    const optOut = optOuts?.get(keyOf(email))
    if (optOut) {
      const fields = [plainField('email', 'E-mail', email), plainField('all', 'All e-mail', 'UNSUBSCRIBED', { at: optOut.at })]
      entries.push({ part: 'subscription', of, object: 'subscriptions', id: `all ${email}`, fields })
    }
  }
  return { entries, gaps }
}

type Known = { readonly name: string; readonly purpose: string | null } | undefined

function fieldsOf(email: string, known: Known, id: string, { status, at, source, basis }: State): AccessField[] {
  return [
    plainField('email', 'E-mail', email),
    plainField('subscription', 'Subscription', known?.name ?? id),
    ...(known?.purpose ? [plainField('purpose', 'Purpose', known.purpose)] : []),
    plainField('status', 'Status', status, { at, source }),
    ...(basis === null ? [] : [plainField('legalBasis', 'Legal basis', basis)]),
  ]
}
