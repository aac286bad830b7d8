/** What hangs on the contacts of a plan, and what of it may bind the company to keep something. */
import type { Problem, RecordRef } from '../connector.ts'
import type { Surveyed } from '../erasure.ts'
import type { HubspotClient } from './client.ts'
import { activities, related } from './erasure-activities.ts'
import { bindingOn, papersAt, type Linked } from './erasure-binding.ts'
import { commerceOf } from './erasure-commerce.ts'
import { associatedWith, checkedIds, orGap } from './erasure-read.ts'

/** Read, look for what binds twice more, opt out, erase, look twice. */
const callsOfRecord = 7
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
  for (const { name } of commerceOf(client)) found.set(name, await papersAt(client, { object, ids }, name, gaps, signal))
  return found
}
