/** What an administrator sets up once: features, search, duplicate rules, field history. Plain data, so that a snapshot can copy it. */
import type { Feature } from './schema-object.ts'

export type DuplicateRule = { object: string; fields: string[]; allowSave: boolean }
export type Switches = {
  features: Set<Feature>
  /** How long the search index lags behind writes, milliseconds. */
  searchLagMs: number
  /** Records the recycle bin holds. Salesforce docs: 5,000 per licence. */
  binCapacity: number
  /** A delete that is confirmed and does nothing: no vendor's way, and the worst a CRM can do to an erasure. */
  deletesKeep: boolean
  /** Duplicate rules that are active; none at first. */
  duplicateRules: DuplicateRule[]
  /** `object.field` in lower case of fields whose history is kept. */
  tracked: Set<string>
}

/** Salesforce docs: the index is written within seconds to minutes; jsforce waits ten seconds. */
const SEARCH_LAG = 10_000

export const createSwitches = (): Switches => ({
  features: new Set(['privacy']),
  searchLagMs: SEARCH_LAG,
  binCapacity: 5_000,
  deletesKeep: false,
  duplicateRules: [],
  tracked: new Set(),
})
