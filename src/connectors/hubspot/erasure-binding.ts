/** What may bind the company to keep a contact: looked for before a plan is shown, and again right before something goes. */
import type { Problem, RecordRef } from '../connector.ts'
import type { BindingFact, Bound } from '../erasure.ts'
import type { HubspotClient } from './client.ts'
import { factsOf, papersOf } from './erasure-commerce.ts'
import { associatedWith, checkedIds, orGap, readBy } from './erasure-read.ts'
import { recordFrom } from './record.ts'

/** By name of the things, by record: their ids. Null: nobody may look. */
export type Linked = ReadonlyMap<string, ReadonlyMap<string, readonly string[]> | null>
type Records = { readonly object: string; readonly ids: readonly string[] }

export async function bindings(
  client: HubspotClient,
  refs: readonly RecordRef[],
  asked: Readonly<Record<string, readonly string[]>>,
  signal: AbortSignal,
): Promise<readonly Bound[]> {
  checkedIds(refs)
  const bound = new Map<RecordRef, Bound>()
  for (const [object, group] of Map.groupBy(refs, (ref) => ref.object)) {
    const ids = [...new Set(group.map(({ id }) => id))]
    const gaps: Problem[] = []
    const names = papersOf(client).map(({ name }) => name)
    // Side by side: none of them waits for what another finds.
    const [said, ...links] = await Promise.all([
      saidBy(client, { object, ids }, asked[object] ?? [], signal),
      ...names.map((name) => papersAt(client, { object, ids }, name, gaps, signal)),
    ])
    const linked: Linked = new Map(names.map((name, i) => [name, links[i] ?? null]))
    const { facts, unread } = await bindingOn(client, linked, gaps, signal)
    for (const ref of group) bound.set(ref, { ref, facts: facts.get(ref.id) ?? [], unread, said: said.get(ref.id) ?? [] })
  }
  return refs.map((ref) => bound.get(ref)!)
}

async function saidBy(
  client: HubspotClient,
  { object, ids }: Records,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Bound['said']>> {
  if (names.length === 0) return new Map()
  const read = await readBy(client, object, ids, names, {}, signal)
  return new Map(
    read.map((record): [string, Bound['said']] => {
      const { fields } = recordFrom(object, record)
      const own = names.flatMap((name) => (name in fields ? [[name, fields[name] ?? null] as const] : []))
      return [record.id, [{ fieldsOf: object, fields: Object.fromEntries(own) }]]
    }),
  )
}

/** unverified: what HubSpot answers where the portal's edition has no such object; whatever it is, it is no reason to know that there is none. */
export function papersAt(
  client: HubspotClient,
  { object, ids }: Records,
  name: string,
  gaps: Problem[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]> | null> {
  return orGap(associatedWith(client, object, name, ids, signal), name, gaps, name === 'deals' ? null : 'refused')
}

type Binding = { readonly facts: ReadonlyMap<string, readonly BindingFact[]>; readonly unread: readonly BindingFact['kind'][] }

export async function bindingOn(client: HubspotClient, linked: Linked, gaps: Problem[], signal: AbortSignal): Promise<Binding> {
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
