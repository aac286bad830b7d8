/** The part of a batch of patches that goes to the API of subscriptions. */
import type { Fields, Patch } from '../connector.ts'
import type { HubspotClient } from './client.ts'
import { ALL, preferenceOf } from './preference.ts'
import type { CrmObject } from './payloads.ts'
import { choiceKey, keyOf, optOut, readOptOuts, readStates, writeChoices, type Choice } from './subscriptions.ts'

export type Split = { readonly properties: Fields; readonly preferences: readonly Wish[] }
/** `reason`: what HubSpot cannot be asked for. */
type Wish =
  | { readonly name: string; readonly id: string; readonly status: Choice['status'] }
  | { readonly name: string; readonly reason: string }
/** `held`: fields that said so already. */
export type WishOutcome =
  | { readonly outcome: 'written' | 'unchanged'; readonly held: readonly string[] }
  | { readonly outcome: 'rejected'; readonly reason: string }

export function split(set: Fields): Split {
  const properties: Record<string, string | null> = {}
  const preferences: Wish[] = []
  for (const [name, value] of Object.entries(set)) {
    if (preferenceOf(name) === undefined) properties[name] = value
    else preferences.push(wishOf(name, value))
  }
  return { properties, preferences }
}

/** An opt-out of everything is taken back by the person alone (HubSpot docs: subscription preferences). */
function wishOf(name: string, value: string | null): Wish {
  const { id, part, optOut: shown } = preferenceOf(name)!
  const said = shown ? (value === 'true' ? 'UNSUBSCRIBED' : value === 'false' ? 'SUBSCRIBED' : null) : value
  if (part !== 'status') return { name, reason: `READ_ONLY of ${name}` }
  if (said === 'UNSUBSCRIBED' || (said === 'SUBSCRIBED' && id !== ALL)) return { name, id, status: said }
  return { name, reason: `INVALID_OPTION of ${name}` }
}

type Due = { readonly patch: Patch; readonly wishes: readonly Wish[]; readonly email: string | null }

/** Reads what holds first: HubSpot stamps and tells of a choice that was made again. By record id. */
export async function writePreferences(
  client: HubspotClient,
  patches: readonly (readonly [Patch, Split])[],
  present: ReadonlyMap<string, CrmObject>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, WishOutcome>> {
  const due = patches.flatMap(([patch, { preferences }]): Due[] =>
    preferences.length === 0 ? [] : [{ patch, wishes: preferences, email: addressOf(present.get(patch.ref.id)) }],
  )
  if (due.length === 0) return new Map()
  const wishes = due.flatMap(({ wishes: own, email }) =>
    email === null ? [] : own.flatMap((wish) => ('reason' in wish ? [] : [{ email, ...wish }])),
  )
  const leaving = wishes.filter((wish) => wish.id === ALL).map((wish) => wish.email)
  const optOuts = leaving.length === 0 ? null : await readOptOuts(client, leaving, signal)
  const gone = unique(leaving.filter((email) => !optOuts?.get(keyOf(email))))
  const left = await optOut(client, gone, signal)
  const typed = wishes.filter((wish) => wish.id !== ALL)
  const states =
    typed.length === 0
      ? null
      : await readStates(
          client,
          typed.map((wish) => wish.email),
          signal,
        )
  const open = typed.filter(({ email, id, status }) => states?.get(keyOf(email))?.get(id)?.status !== status)
  const chosen = await writeChoices(client, [...new Map(open.map((one) => [choiceKey(one), one])).values()], signal)
  return new Map(due.map((one) => [one.patch.ref.id, outcomeOf(one, left, chosen)]))
}

/** What names no mailbox HubSpot takes for no address, and with it refuses all others of its batch. */
function addressOf(record: CrmObject | undefined): string | null {
  const text = record?.properties['email']?.trim() ?? ''
  return /^[^\s@]+@[^\s@]+$/.test(text) ? text : null
}

/** Nobody without an address can be written to: there is nothing to opt out of. */
function outcomeOf(
  { wishes, email }: Due,
  left: ReadonlyMap<string, string | null>,
  chosen: ReadonlyMap<string, string | null>,
): WishOutcome {
  let written = false
  const held: string[] = []
  for (const wish of wishes) {
    if ('reason' in wish) return { outcome: 'rejected', reason: wish.reason }
    if (email === null) {
      held.push(wish.name)
      continue
    }
    const done = wish.id === ALL ? left.get(keyOf(email)) : chosen.get(choiceKey({ email, id: wish.id }))
    if (typeof done === 'string') return { outcome: 'rejected', reason: done }
    if (done === null) written = true
    else held.push(wish.name)
  }
  return { outcome: written ? 'written' : 'unchanged', held }
}

function unique(emails: readonly string[]): readonly string[] {
  return [...new Map(emails.map((email) => [keyOf(email), email])).values()]
}
