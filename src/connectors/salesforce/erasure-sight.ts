/**
 * What this user may not look at, where somebody must know whether there is anything. Salesforce answers alike for an object that is hidden and for one that an
 * organisation has not got: unknown, unless the company's settings say which it is.
 */
import type { Problem } from '../connector.ts'
import { accountPapers, bindingKinds, cascades, consents, lookups, papers, type Way } from './erasure-children.ts'
import { infoOf } from './erasure-read.ts'
import type { Org } from './org.ts'

/** All that is asked before somebody is erased. */
export const ways: readonly Way[] = [...lookups, ...consents, ...papers, ...accountPapers, ...cascades]
/** Beside the way to the person: without it nobody knows whether a deal was won, or which deal it is. */
const telling: readonly Way[] = [
  { object: 'OpportunityContactRole', field: 'OpportunityId' },
  { object: 'Opportunity', field: 'IsWon' },
]

export type Blind = { readonly way: Way; readonly problem: Problem }

/** Whether the way can end at a record of this object: no paper of a sale names a Lead. */
export function leadsTo({ object, of }: Way, record: string): boolean {
  if (of !== undefined) return record === of
  return bindingKinds[object] === undefined || record !== 'Lead'
}

/** Of the ways to records of these objects, those that cannot be looked along. `binding`: of what may bind the company alone. */
export async function blindSpots(
  org: Org,
  records: readonly string[],
  signal: AbortSignal,
  { binding = false }: { binding?: boolean } = {},
): Promise<readonly Blind[]> {
  const blind: Blind[] = []
  for (const way of [...ways, ...telling]) {
    if (binding && bindingKinds[way.object] === undefined) continue
    if (!records.some((record) => leadsTo(way, record))) continue
    const problem = await problemOf(org, way, signal)
    if (problem !== null) blind.push({ way, problem })
  }
  return blind
}

async function problemOf(org: Org, { object, field }: Way, signal: AbortSignal): Promise<Problem | null> {
  const info = await infoOf(org, object, signal)
  if (info === null) {
    // What binds nobody and an organisation has not switched on is nobody's gap.
    if (bindingKinds[object] === undefined || org.settings.without.some((name) => name === object)) return null
    const message = `${object} cannot be read; grant Read on it, or name it under "without" in the settings of this connection if the organisation has none`
    return { kind: 'object', name: object, message }
  }
  if (info.fields.has(field)) return null
  const name = `${object}.${field}`
  return { kind: 'field-hidden', name, message: `${name} is hidden; what hangs on a record there is not seen` }
}

/** Each once, however many ways end at it. */
export function problemsIn(blind: readonly Blind[]): readonly Problem[] {
  return [...new Map(blind.map(({ problem }) => [problem.name, problem])).values()]
}
