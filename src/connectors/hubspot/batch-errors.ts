/**
 * What a batch read could not serve: told beside the results with 207, and with 200 under 2026-09 (HubSpot docs: batch read). What failed is not what is missing:
 * whoever takes one for the other proves an erasure, or lifts a hold, that nobody has looked at.
 */
import { ConnectorError } from '../connector.ts'
import { placeOf, type Call } from './message.ts'
import { kindOf } from './refusal.ts'

type Batch<T> = {
  readonly results: readonly T[]
  readonly status?: string | null | undefined
  readonly numErrors?: number | null | undefined
  readonly errors?: readonly unknown[] | null | undefined
}

/** Erased, archived, merged away, or never there. */
const missing = 'OBJECT_NOT_FOUND'
/** Of a record that nothing of that kind hangs on. unverified: how it is spelled; in public traffic its category is that of what is missing, too. */
const nothingAssociated = /(?:^|\.)NO_ASSOCIATIONS_FOUND$/

/** All but COMPLETE; a list, since examples in the docs say SUCCESS. */
const unserved = new Set(['PENDING', 'PROCESSING', 'CANCELED'])

/** Whether HubSpot says that it has not done what it was asked: such an answer has no results and no errors, and tells nothing. */
export const isUnserved = (status: string | null | undefined): boolean => unserved.has(status ?? '')

/** The results; what is missing is not among them. Throws `unavailable` when anything else kept HubSpot from serving an input. */
export function resultsOf<T>(call: Call, { results, status, numErrors, errors }: Batch<T>): readonly T[] {
  if (isUnserved(status)) throw new ConnectorError('unavailable', `HubSpot left ${placeOf(call)} unfinished (${status}); try again`)
  const refusals = (errors ?? []).map(kindOf)
  const failed = refusals.filter(({ category, subCategory }) => category !== missing && !nothingAssociated.test(subCategory))
  const unnamed = (numErrors ?? 0) > 0 && refusals.length === 0
  if (failed.length === 0 && !unnamed) return results
  const categories = [...new Set(failed.map(({ category }) => category || 'unnamed'))].sort().join(', ') || 'unnamed'
  throw new ConnectorError('unavailable', `HubSpot served only a part of ${placeOf(call)} (${categories}); try again`, { ofSome: true })
}
