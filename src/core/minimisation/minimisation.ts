/** Only what a purpose needs: the fields that nobody declared (GDPR art. 5(1)(c), 25). */
import { sensitiveField } from './fields.ts'
import { undeclaredRemedy } from '../judge/remedies.ts'
import type { ColumnOf, Row } from '../record/row.ts'
import type { Finding, Severity } from '../judge/verdict.ts'

export const undeclaredField = 'minimisation.undeclared_field'
export const unusedField = 'minimisation.unused_field'

/** One field of the CRM's catalogue. `custom`: the company made it, so the company can remove it. */
export type CatalogueField = { readonly name: string; readonly custom: boolean; readonly writable: boolean; readonly label: string }
export type MinimiserOptions = {
  /** CRM fields that the mapping and the policy's purposes allow, the write-back's own fields included. */
  readonly declared: ReadonlySet<string>
  readonly catalogue: readonly CatalogueField[]
  readonly columnOf: ColumnOf
}
export type FieldValues = Readonly<Record<string, string | null>>

export interface Minimiser {
  /** The fields to ask the CRM for: undeclared and writable, and either custom or of a kind that a vendor should not have offered. */
  readonly watched: readonly string[]
  /** Names of the watched fields that this record fills, in catalogue order. 'false' and '0' fill a field: the question was asked. */
  judgeRecord(row: Row): readonly string[]
  /** One finding for a record, as grave as its worst field; `null` when it fills no undeclared field. Equal findings are one object. */
  findingFor(row: Row): Finding | null
}

const ordinary = { severity: 'low', ref: 'GDPR art. 5(1)(c)' } as const
const none: readonly string[] = []
const rank: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 }
/** Distinct lists of fields that are kept; beyond it, findings are made anew. */
const maxKept = 1_000

type Weight = { readonly severity: Severity; readonly ref: string }

/** Compiled once per connection and object. Read-only fields are left out: nobody can empty them. */
export function createMinimiser({ declared, catalogue, columnOf }: MinimiserOptions): Minimiser {
  const weights = new Map<string, Weight>()
  const watched: string[] = []
  for (const field of catalogue) {
    if (declared.has(field.name) || !field.writable) continue
    const kind = sensitiveField(field.name, field.label, field.custom)
    if (kind === null && !field.custom) continue
    weights.set(field.name, kind ?? ordinary)
    watched.push(field.name)
  }
  const kept = new Map<string, Finding>()
  const columns = watched.map(columnOf)
  const judgeRecord = (row: Row): readonly string[] => {
    let filled: string[] | undefined
    for (let i = 0; i < columns.length; i++) {
      if (typeof row[columns[i] ?? -1] === 'string') (filled ??= []).push(watched[i] ?? '')
    }
    return filled ?? none
  }
  return {
    watched,
    judgeRecord,
    findingFor(row) {
      const names = judgeRecord(row)
      if (names.length === 0) return null
      const key = names.join()
      const known = kept.get(key)
      if (known !== undefined) return known
      const finding = findingOf(names, weights)
      if (kept.size < maxKept) kept.set(key, finding)
      return finding
    },
  }
}

function findingOf(fields: readonly string[], weights: ReadonlyMap<string, Weight>): Finding {
  const worst = fields
    .map((name): Weight => weights.get(name) ?? ordinary)
    .reduce((a, b) => (rank[b.severity] > rank[a.severity] ? b : a), ordinary)
  return { rule: undeclaredField, kind: 'minimisation', severity: worst.severity, fields, remedy: undeclaredRemedy.en, ref: worst.ref }
}

/** HubSpot gives '' for a value that was cleared; white space says nothing either. */
export function isFilled(value: string | null | undefined): boolean {
  return value !== null && value !== undefined && value !== '' && value.trim() !== ''
}
