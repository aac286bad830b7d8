/** The part of the port that reads all that a CRM holds of a person, as its users see it: for a copy under GDPR art. 15(3) and 20. It changes nothing. */
import type { Problem, RecordRef } from './connector.ts'

/**
 * Where a value came from, as far as the CRM tells: `person` gave it (a form), `observed` from what they did (visits, clicks), `derived` by computing,
 * `other` by somebody or something else.
 */
export type Provenance = 'person' | 'observed' | 'derived' | 'other' | 'unknown'

/**
 * One value that is not empty. `shown`: as the CRM's screens word it, where that differs. `at`: since when, ISO 8601. `source`: the CRM's own word.
 * `holds`: who else may be in it. A `colleague` is a user of the CRM by id or name; `parties` are addresses or names of all who took part; `text` is
 * free text, in which anybody may be named.
 */
export type AccessField = {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly shown: string | null
  readonly at: string | null
  readonly source: string | null
  readonly provenance: Provenance
  readonly holds: 'plain' | 'colleague' | 'parties' | 'text'
}
export type AccessVersion = Pick<AccessField, 'value' | 'at' | 'source' | 'provenance'>

/** What hangs on a record: one note, one list, one subscription, one form that was sent. `object`: as the CRM names that kind. */
export const accessKinds = ['activity', 'association', 'list', 'subscription', 'submission', 'consent', 'file'] as const
export type AccessKind = (typeof accessKinds)[number]

/** `of`: the person's record that led here. `versions`: newest first, the present one included. */
export type AccessEntry =
  | { readonly part: 'record'; readonly of: RecordRef; readonly fields: readonly AccessField[] }
  | {
      readonly part: 'history'
      readonly of: RecordRef
      readonly name: string
      readonly label: string
      readonly holds: AccessField['holds']
      readonly versions: readonly AccessVersion[]
    }
  | {
      readonly part: AccessKind
      readonly of: RecordRef
      readonly object: string
      readonly id: string
      readonly fields: readonly AccessField[]
    }
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
