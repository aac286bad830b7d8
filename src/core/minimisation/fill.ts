/** How many records fill each field, counted over a full pull. */
import { isFilled, unusedField, type CatalogueField, type FieldValues } from './minimisation.ts'
import type { Finding } from '../judge/verdict.ts'

/** Plain numbers, fit for JSON. `filled` holds every counted field, also those at 0. */
export type FillReport = { readonly records: number; readonly filled: Readonly<Record<string, number>> }
export interface FillCounter {
  add(fields: FieldValues): void
  /** So many records at once: how many of them fill each field. */
  addCounts(records: number, filled: ReadonlyMap<string, number>): void
  report(): FillReport
}

/** Below this share a field is as good as unused. */
const unusedShare = 0.005
const remedy = 'Delete or archive the field in the CRM: almost nobody fills it, and what is not there cannot leak.'

/** A field that a record does not carry at all (could not be read) counts as empty: ask for `fields` when reading. */
export function createFillCounter(fields: readonly string[]): FillCounter {
  const places = new Map(fields.map((name, index) => [name, index]))
  const counts = new Float64Array(fields.length)
  let records = 0
  return {
    add(values) {
      records++
      // Most values are empty, and to walk along them takes a fifth of asking for each by its name.
      for (const name in values) {
        if (!isFilled(values[name])) continue
        const place = places.get(name)
        if (place !== undefined) counts[place] = (counts[place] ?? 0) + 1
      }
    },
    addCounts(more, filled) {
      records += more
      for (const [name, count] of filled) {
        const place = places.get(name)
        if (place !== undefined) counts[place] = (counts[place] ?? 0) + count
      }
    },
    report: () => ({ records, filled: Object.fromEntries(fields.map((name, i) => [name, counts[i] ?? 0])) }),
  }
}

/**
 * The custom fields that fewer than one record in 200 fills, as one finding about the connection; `null` when there is none, or
 * when fewer than `minRecords` were counted (too few to tell). `keep`: fields that may be empty with reason, as the write-back's own.
 */
export function unusedFields(
  report: FillReport,
  options: { readonly catalogue: readonly CatalogueField[]; readonly keep: ReadonlySet<string>; readonly minRecords: number },
): Finding | null {
  if (report.records === 0 || report.records < options.minRecords) return null
  const fields = options.catalogue
    .filter(({ name, custom }) => custom && !options.keep.has(name))
    .map(({ name }) => name)
    .filter((name) => {
      const filled = report.filled[name]
      return filled !== undefined && filled / report.records < unusedShare
    })
  if (fields.length === 0) return null
  return { rule: unusedField, kind: 'minimisation', severity: 'low', fields, remedy, ref: 'GDPR art. 5(1)(c), 25(2)' }
}
