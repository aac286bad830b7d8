/** What hangs on the contacts of a plan, and what of it may bind the company to keep something. */
import type { Problem, RecordRef } from '../connector.ts'
import type { BindingFact, Surveyed } from '../erasure.ts'
import type { HubspotClient } from './client.ts'
import { activities, related } from './erasure-activities.ts'
import { associatedWith, checkedIds, orGap, readBy } from './erasure-read.ts'

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
    const attached = new Map<string, Record<string, number>>(ids.map((id) => [id, {}]))
    const deals = new Map<string, readonly string[]>()
    for (const to of [...activities, ...related].map(({ name }) => name)) {
      const found = await orGap(associatedWith(client, object, to, ids, signal), to, gaps)
      for (const [id, things] of found ?? []) {
        const counts = attached.get(id)
        if (counts !== undefined) counts[to] = new Set(things).size
        if (to === 'deals') deals.set(id, things)
      }
    }
    const facts = await dealFacts(client, [...new Set([...deals.values()].flat())], gaps, signal)
    for (const ref of group) {
      const counts = attached.get(ref.id) ?? {}
      const things = Object.values(counts).reduce((sum, count) => sum + count, 0)
      const own = (deals.get(ref.id) ?? []).flatMap((id) => facts.get(id) ?? [])
      records.set(ref, { ref, facts: own, attached: counts, calls: callsOfRecord + callsOfThing * things })
    }
  }
  return { records: refs.flatMap((ref) => records.get(ref) ?? []), gaps }
}

/** A won deal may stand for an invoice: it is for the company's rules to say whether it binds. */
async function dealFacts(
  client: HubspotClient,
  ids: readonly string[],
  gaps: Problem[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, BindingFact>> {
  const deals = await orGap(readBy(client, 'deals', ids, ['hs_is_closed_won', 'closedate'], {}, signal), 'deals', gaps)
  return new Map(
    (deals ?? []).flatMap(({ id, properties }): [string, BindingFact][] => {
      if (properties['hs_is_closed_won'] !== 'true') return []
      const at = Date.parse(properties['closedate'] ?? '')
      return [[id, { kind: 'won-deal', ref: { object: 'deals', id }, open: false, at: Number.isNaN(at) ? null : at }]]
    }),
  )
}
