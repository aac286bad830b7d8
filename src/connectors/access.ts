/** The part of the port that reads all that a CRM holds of a person, as its users see it: for a copy under GDPR art. 15(3) and 20. It changes nothing. */
import type { AccessEntry } from '../core/access/entry.ts'
import type { Problem, RecordRef } from './connector.ts'

/** `gaps`: what could not be read, for a lasting reason such as a missing permission, so that the copy says so. */
export type AccessPage = { readonly entries: readonly AccessEntry[]; readonly gaps: readonly Problem[] }

/**
 * `refs`: the person's records, which were found and shown before. `emails`: addresses that are theirs alone, in identity form: what is kept by address is
 * read by these, and never by a mailbox that others share.
 */
export type AccessRequest = { readonly refs: readonly RecordRef[]; readonly emails: readonly string[] }

export interface Access {
  /**
   * Everything around these records, live, archived or binned. Ends normally only when complete: whatever fails on the way throws, so that half of a copy is
   * never taken for one.
   */
  collect(request: AccessRequest, signal: AbortSignal): AsyncIterable<AccessPage>
}
