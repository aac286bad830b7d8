/**
 * What a batch read could not serve: told beside the results with 207, and with 200 under 2026-09 (HubSpot docs: batch read). What failed is not what is missing:
 * whoever takes one for the other proves an erasure, or lifts a hold, that nobody has looked at.
 */
import { ConnectorError } from '../connector.ts'
import { placeOf, type Call } from './message.ts'
import { kindOf } from './refusal.ts'

type Batch<T> = {
  readonly results: readonly T[]
  readonly numErrors?: number | undefined
  readonly errors?: readonly unknown[] | undefined
}

/** Erased, archived, merged away, or never there. */
const missing = 'OBJECT_NOT_FOUND'
/** Of a record that nothing of that kind hangs on. unverified: how it is spelled; in public traffic its category is that of what is missing, too. */
const nothingAssociated = /(?:^|\.)NO_ASSOCIATIONS_FOUND$/

/** The results; what is missing is not among them. Throws `unavailable` when anything else kept HubSpot from serving an input. */
export function resultsOf<T>(call: Call, { results, numErrors = 0, errors = [] }: Batch<T>): readonly T[] {
  const refusals = errors.map(kindOf)
  const failed = refusals.filter(({ category, subCategory }) => category !== missing && !nothingAssociated.test(subCategory))
  const unnamed = numErrors > 0 && errors.length === 0
  if (failed.length === 0 && !unnamed) return results
  const categories = [...new Set(failed.map(({ category }) => category || 'unnamed'))].sort().join(', ') || 'unnamed'
  throw new ConnectorError('unavailable', `HubSpot served only a part of ${placeOf(call)} (${categories}); try again`, { ofSome: true })
}
