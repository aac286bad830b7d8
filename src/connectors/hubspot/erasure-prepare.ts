/**
 * What hangs on a contact, before it goes: afterwards nothing leads from the contact to its notes any more. What is associated with these contacts alone is
 * emptied and deleted, what others share loses the person's traits.
 */
import { asCertain, compileResidue, redact, type ResidueMatcher } from '../../core/erasure/residue.ts'
import type { Problem, RecordRef } from '../connector.ts'
import type { AttachedResult, Traits } from '../erasure.ts'
import type { HubspotClient } from './client.ts'
import { activities, related, type Thing } from './erasure-activities.ts'
import { commerceOf } from './erasure-commerce.ts'
import { associatedWith, checkedIds, orGap, readBy } from './erasure-read.ts'
import { errorFrom, type Call } from './message.ts'
import { Anything, type CrmObject } from './payloads.ts'
import { reasonOf, type Refusal } from './refusal.ts'

/** Stands where a trait stood; without quotes, so that the JSON of a mail's headers stays JSON. */
export const redactionMark = '[…]'

export async function prepare(
  client: HubspotClient,
  refs: readonly RecordRef[],
  traits: Traits,
  signal: AbortSignal,
): Promise<AttachedResult[]> {
  checkedIds(refs)
  const matcher = compileResidue(traits, traits.homeCountry)
  const results: AttachedResult[] = []
  for (const [object, group] of Map.groupBy(refs, (ref) => ref.object)) {
    const own = new Set(group.map(({ id }) => id))
    for (const thing of [...activities, ...related]) {
      const gaps: Problem[] = []
      const done = await orGap(prepareThings(client, object, own, thing, matcher, signal), thing.name, gaps)
      results.push(...(done ?? gaps.map(({ message }) => ({ object: thing.name, id: null, outcome: 'refused' as const, reason: message }))))
    }
    for (const { name } of commerceOf(client)) results.push(...(await papersLeft(client, object, own, name, signal)))
  }
  return results
}

/** Nobody rewrites what stands in the books: that it names the person is told. */
async function papersLeft(
  client: HubspotClient,
  object: string,
  own: ReadonlySet<string>,
  name: string,
  signal: AbortSignal,
): Promise<readonly AttachedResult[]> {
  const gaps: Problem[] = []
  const linked = await orGap(associatedWith(client, object, name, [...own], signal), name, gaps, 'refused')
  const ids = [...new Set([...(linked?.values() ?? [])].flat())]
  return [
    ...ids.map((id) => ({ object: name, id, outcome: 'left' as const, reason: 'a paper of a sale is not rewritten' })),
    ...gaps.map(({ message }) => ({ object: name, id: null, outcome: 'refused' as const, reason: message })),
  ]
}

async function prepareThings(
  client: HubspotClient,
  object: string,
  own: ReadonlySet<string>,
  thing: Thing,
  matcher: ResidueMatcher,
  signal: AbortSignal,
): Promise<readonly AttachedResult[]> {
  const linked = await associatedWith(client, object, thing.name, [...own], signal)
  const ids = [...new Set([...linked.values()].flat())]
  if (ids.length === 0) return []
  const people = related.includes(thing) ? null : await associatedWith(client, thing.name, object, ids, signal)
  // Nobody at all is no proof that nobody else is there: what was associated a moment ago has changed meanwhile.
  const isAlone = (id: string): boolean => {
    const found = people?.get(id) ?? []
    return found.length > 0 && found.every((person) => own.has(person))
  }
  const results: AttachedResult[] = []
  for (const record of await readBy(client, thing.name, ids, thing.texts, {}, signal))
    results.push(isAlone(record.id) ? await remove(client, thing, record, signal) : await clean(client, thing, record, matcher, signal))
  return results
}

/** Emptied first: HubSpot keeps what is deleted for 90 days, and anybody there can bring it back. */
async function remove(client: HubspotClient, thing: Thing, record: CrmObject, signal: AbortSignal): Promise<AttachedResult> {
  const one = { object: thing.name, id: record.id }
  const path = `${client.paths.objects(thing.name)}/${record.id}`
  const purge: Call | null =
    client.settings.apiVersion === purgesActivities
      ? { method: 'POST', path: `${client.paths.objects(thing.name)}/gdpr-delete`, body: { objectId: record.id } }
      : null
  if (purge !== null) return settled(one, 'deleted', purge, await client.ask(purge, Anything, signal))
  const emptied = Object.fromEntries(
    thing.texts.filter((name) => (record.properties[name] ?? '') !== '').map((name) => [name, blankFor(name)]),
  )
  if (Object.keys(emptied).length > 0) {
    const call: Call = { method: 'PATCH', path, body: { properties: emptied } }
    const result = settled(one, 'redacted', call, await client.ask(call, Anything, signal))
    if (result.outcome === 'refused') return result
  }
  const call: Call = { method: 'DELETE', path }
  return settled(one, 'deleted', call, await client.ask(call, Anything, signal))
}

/** unverified: privacy deletion of other objects than contacts is described for this version only. */
const purgesActivities = '2026-09'

const blankFor = (name: string): string => (name === 'hs_email_headers' ? '{}' : redactionMark)

async function clean(
  client: HubspotClient,
  thing: Thing,
  record: CrmObject,
  matcher: ResidueMatcher,
  signal: AbortSignal,
): Promise<AttachedResult> {
  const one = { object: thing.name, id: record.id }
  const hidden = thing.texts.filter((name) => record.properties[name] === undefined)
  const properties = redactedFields(record, thing.texts, matcher)
  if (Object.keys(properties).length > 0) {
    const call: Call = { method: 'PATCH', path: `${client.paths.objects(thing.name)}/${record.id}`, body: { properties } }
    const result = settled(one, 'redacted', call, await client.ask(call, Anything, signal))
    if (hidden.length === 0 || result.outcome !== 'redacted') return result
  }
  return { ...one, outcome: 'left', ...(hidden.length > 0 && { reason: `${hidden.join(', ')} could not be read` }) }
}

/** On something that is the person's by association a name is theirs, too. */
function redactedFields(record: CrmObject, names: readonly string[], matcher: ResidueMatcher): Record<string, string> {
  const changed: Record<string, string> = {}
  for (const name of names) {
    const text = record.properties[name] ?? ''
    const hits = asCertain(matcher(text))
    if (hits.length > 0) changed[name] = redact(text, hits, redactionMark)
  }
  return changed
}

export function settled(
  one: { readonly object: string; readonly id: string },
  outcome: 'deleted' | 'redacted',
  call: Call,
  reply: { ok: true } | { ok: false; refusal: Refusal },
): AttachedResult {
  if (reply.ok) return { ...one, outcome }
  if (reply.refusal.status === 404) return { ...one, outcome: 'gone' }
  if (reply.refusal.status === 400 || reply.refusal.status === 403) return { ...one, outcome: 'refused', reason: reasonOf(reply.refusal) }
  throw errorFrom(call, reply.refusal)
}
