/** What hangs on the contacts of a plan, and what of it may bind the company to keep something. */
import type { Problem, RecordRef } from '../connector.ts'
import type { BindingFact, Surveyed } from '../erasure.ts'
import type { HubspotClient } from './client.ts'
import { activities, related } from './erasure-activities.ts'
import { commerceOf, factsOf, papersOf } from './erasure-commerce.ts'
import { associatedWith, checkedIds, orGap } from './erasure-read.ts'

/** Read, opt out, erase, look twice. */
const callsOfRecord = 5
/** Look who else is there, read, write. */
const callsOfThing = 2

export async function survey(
  client: HubspotClient,
  refs: readonly RecordRef[],
  signal: AbortSignal,
): Promise<{ records: readonly Surveyed[]; gaps: readonly Problem[] }> {
  checkedIds(refs)
  const gaps: Problem[] = []
  const records = new Map<RecordRef, Surveyed>()
  for (const [object, group] of Map.groupBy(refs, (ref) => ref.object)) {
    const ids = [...new Set(group.map(({ id }) => id))]
    const linked = await linkedTo(client, object, ids, gaps, signal)
    const { facts, unread } = await bindingOn(client, linked, gaps, signal)
    for (const ref of group) {
      const attached = Object.fromEntries(
        [...linked].flatMap(([name, found]) => {
          const things = found?.get(ref.id)
          return things === undefined ? [] : [[name, new Set(things).size]]
        }),
      )
      const things = Object.values(attached).reduce((sum, count) => sum + count, 0)
      records.set(ref, { ref, facts: facts.get(ref.id) ?? [], unread, attached, calls: callsOfRecord + callsOfThing * things })
    }
  }
  return { records: refs.flatMap((ref) => records.get(ref) ?? []), gaps }
}

/** By name of the things, by record: their ids. Null: nobody may look. */
type Linked = ReadonlyMap<string, ReadonlyMap<string, readonly string[]> | null>

async function linkedTo(
  client: HubspotClient,
  object: string,
  ids: readonly string[],
  gaps: Problem[],
  signal: AbortSignal,
): Promise<Linked> {
  const found = new Map<string, ReadonlyMap<string, readonly string[]> | null>()
  for (const { name } of [...activities, ...related])
    found.set(name, await orGap(associatedWith(client, object, name, ids, signal), name, gaps))
  // unverified: what HubSpot answers where the portal's edition has no such object; whatever it is, it is no reason to know that there is none.
  for (const { name } of commerceOf(client))
    found.set(name, await orGap(associatedWith(client, object, name, ids, signal), name, gaps, 'refused'))
  return found
}

type Binding = { readonly facts: ReadonlyMap<string, readonly BindingFact[]>; readonly unread: readonly BindingFact['kind'][] }

async function bindingOn(client: HubspotClient, linked: Linked, gaps: Problem[], signal: AbortSignal): Promise<Binding> {
  const facts = new Map<string, BindingFact[]>()
  const unread: BindingFact['kind'][] = []
  for (const paper of papersOf(client)) {
    const links = linked.get(paper.name) ?? null
    const ids = [...new Set([...(links?.values() ?? [])].flat())]
    const read = links === null ? null : await factsOf(client, paper, ids, gaps, signal)
    if (links === null || read === null) {
      unread.push(paper.kind)
      continue
    }
    for (const [record, things] of links) {
      const own = [...new Set(things)].flatMap((id) => read.get(id) ?? [])
      facts.set(record, [...(facts.get(record) ?? []), ...own])
    }
  }
  return { facts, unread }
}
