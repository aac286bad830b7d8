/** What a CRM holds of a person, piece by piece, as a connector read it: before anything of others is taken out. */

type Ref = { readonly object: string; readonly id: string }

/**
 * Where a value came from, as far as the CRM tells: `person` gave it (a form), `observed` from what they did (visits, clicks), `derived` by computing,
 * `other` by somebody or something else.
 */
export type Provenance = 'person' | 'observed' | 'derived' | 'other' | 'unknown'

/**
 * One value that is not empty. `shown`: as the CRM's screens word it, where that differs. `at`: since when, ISO 8601. `source`: the CRM's own word.
 * `holds`: who else may be in it. A `colleague` is a user of the CRM by id or name; `parties` are addresses or names of all who took part; `text` is
 * free text, in which anybody may be named. `another`: the words of somebody else, in which the person is at most named.
 */
export type AccessField = {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly shown: string | null
  readonly at: string | null
  readonly source: string | null
  readonly provenance: Provenance
  readonly holds: 'plain' | 'colleague' | 'parties' | 'text' | 'another'
}
export type AccessVersion = Pick<AccessField, 'value' | 'at' | 'source' | 'provenance'>

/** What hangs on a record: one note, one list, one subscription, one form that was sent. `object`: as the CRM names that kind. */
const accessKinds = ['activity', 'association', 'list', 'subscription', 'submission', 'consent', 'file'] as const
export type AccessKind = (typeof accessKinds)[number]

/** `of`: the person's record that led here. `versions`: newest first, the present one included. */
export type AccessEntry =
  | { readonly part: 'record'; readonly of: Ref; readonly fields: readonly AccessField[] }
  | {
      readonly part: 'history'
      readonly of: Ref
      readonly name: string
      readonly label: string
      readonly holds: AccessField['holds']
      readonly versions: readonly AccessVersion[]
    }
  | {
      readonly part: AccessKind
      readonly of: Ref
      readonly object: string
      readonly id: string
      readonly fields: readonly AccessField[]
    }
