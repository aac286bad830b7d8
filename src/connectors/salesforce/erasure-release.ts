/** Takes a record out of what somebody else takes part in: the delete of a Contact or Lead takes every task and event of its own along. */
import type { ResidueMatcher } from '../../core/erasure/residue.ts'
import { ConnectorError, type Patch } from '../connector.ts'
import type { AttachedResult } from '../erasure.ts'
import type { Circle } from './erasure-circle.ts'
import { remove } from './erasure-delete.ts'
import { meetingsOf, type Meeting } from './erasure-owned.ts'
import { rowsWith, textAt } from './erasure-read.ts'
import { patched, redactedFields } from './erasure-settle.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'

/** @throws ConnectorError when one cannot be detached: then nothing may be deleted that would take it along */
export async function released(org: Org, circle: Circle, matcher: ResidueMatcher, signal: AbortSignal): Promise<readonly AttachedResult[]> {
  const shared = (await meetingsOf(org, circle, signal)).filter(({ whose }) => whose !== 'alone')
  if (shared.length === 0) return []
  // With shared activities the next of those who take part moves up (Object Reference: EventRelation): only who is still there is taken out by hand.
  const links = shared.flatMap((meeting) => meeting.links)
  await remove(
    org,
    links.map(({ id }) => id),
    signal,
  )
  const held = await stillOf(org, shared, circle, signal)
  const patches: Patch[] = []
  for (const meeting of shared) {
    const texts = meeting.whose === 'shared' ? await redactedFields(org, meeting, matcher, signal) : {}
    const set = { ...texts, ...(held.has(meeting.id) ? { WhoId: null } : {}) }
    if (Object.keys(set).length > 0) patches.push({ ref: { object: meeting.object, id: meeting.id }, set })
  }
  const results = await patched(org, patches, 'detached', signal)
  const left = await stillOf(org, shared, circle, signal)
  if (left.size > 0) {
    const reasons = new Set(results.flatMap(({ id, reason }) => (id !== null && left.has(id) && reason !== undefined ? [reason] : [])))
    throw new ConnectorError(
      'refused',
      `${left.size} tasks or events that somebody else shares cannot be detached, and would be deleted: ${[...reasons].join(', ')}`,
    )
  }
  const touched = new Set(patches.map(({ ref }) => ref.id))
  const others = shared.filter(({ id }) => !touched.has(id)).map(({ object, id }): AttachedResult => ({ object, id, outcome: 'detached' }))
  return [...results, ...others]
}

/** Those that a delete of these people would take along. */
async function stillOf(org: Org, meetings: readonly Meeting[], { people }: Circle, signal: AbortSignal): Promise<ReadonlySet<string>> {
  const still = new Set<string>()
  for (const [object, group] of Map.groupBy(meetings, (one) => one.object)) {
    const values = group.map(({ id }) => id)
    for (const row of await rowsWith(org, object, { fields: ['WhoId'], any: ['Id'], values }, signal)) {
      const who = recordId(textAt(row, 'WhoId') ?? '', null)
      if (who !== null && people.includes(who)) still.add(row.id)
    }
  }
  return still
}
