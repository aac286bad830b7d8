/** What hangs on the records of a plan, and what of it may bind the company to keep something. */
import type { Problem, RecordRef } from '../connector.ts'
import type { Surveyed } from '../erasure.ts'
import { tallied, type Tally } from './erasure-binding.ts'
import { missingField } from './erasure-read.ts'
import { sharingUnseen } from './erasure-sharing.ts'
import { problemsIn } from './erasure-sight.ts'
import type { Org } from './org.ts'

/** Look, look for what binds twice more, opt out, delete, empty, look twice. */
const callsOfRecord = 10
const callsOfThing = 2

export async function survey(
  org: Org,
  refs: readonly RecordRef[],
  signal: AbortSignal,
): Promise<{ records: readonly Surveyed[]; gaps: readonly Problem[] }> {
  const { ids, tallies, blind, unseen } = await tallied(org, refs, 'all', signal)
  return {
    gaps: [
      ...problemsIn(blind),
      ...(unseen.length > 0 ? [missingField('Account', 'PersonContactId')] : []),
      ...(await sharingUnseen(org, refs, [...tallies.keys()], signal)),
    ],
    records: refs.map((ref, i) => surveyed(ref, tallies.get(ids[i] ?? '')!)),
  }
}

function surveyed(ref: RecordRef, { attached, facts, unread }: Tally): Surveyed {
  const things = [...attached.values()].reduce((sum, { size }) => sum + size, 0)
  return {
    ref,
    attached: Object.fromEntries([...attached].map(([object, ids]) => [object, ids.size])),
    facts: [...facts.values()],
    unread: [...unread],
    calls: callsOfRecord + callsOfThing * Math.ceil(things / 10),
  }
}
