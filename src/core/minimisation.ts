/** Only what a purpose needs: the fields that nobody declared, and those that nobody fills (GDPR art. 5(1)(c), 25). */
import { sensitiveField } from './minimisation-fields.ts'
import type { Finding, Severity } from './verdict.ts'

export const undeclaredField = 'minimisation.undeclared_field'
export const unusedField = 'minimisation.unused_field'

/** One field of the CRM's catalogue. `custom`: the company made it, so the company can remove it. */
export type CatalogueField = { readonly name: string; readonly custom: boolean; readonly writable: boolean; readonly label: string }
export type MinimiserOptions = {
  /** CRM fields that the mapping and the policy's purposes allow, our own write-back fields included. */
  readonly declared: ReadonlySet<string>
  readonly catalogue: readonly CatalogueField[]
}
export type FieldValues = Readonly<Record<string, string | null>>

export interface Minimiser {
  /** Fields to watch, and so to ask the CRM for: undeclared ones that people fill (custom ones, and vendor defaults that are sensitive). */
  readonly watched: readonly string[]
  /** Names of the watched fields that this record fills, in catalogue order; 'false' and '0' count as filled. */
  judgeRecord(fields: FieldValues): readonly string[]
  /** The worst of what these fields hold by their nature: low for an ordinary field. */
  severityOf(fields: readonly string[]): Severity
  /** One finding for a record, `null` when it fills no undeclared field. */
  findingFor(fields: FieldValues): Finding | null
}

const none: readonly string[] = []
const rank: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 }

/** Compiled once per connection and object. */
export function createMinimiser(options: MinimiserOptions): Minimiser {
  const severities = new Map<string, Severity>()
  const refs = new Map<string, string>()
  for (const field of options.catalogue) {
    if (options.declared.has(field.name)) continue
    const kind = sensitiveField(field.name, field.label)
    if (kind === null && !(field.custom && field.writable)) continue
    severities.set(field.name, kind?.severity ?? 'low')
    refs.set(field.name, kind?.ref ?? 'GDPR art. 5(1)(c)')
  }
  const watched = [...severities.keys()]
  const judgeRecord = (fields: FieldValues): readonly string[] => {
    let filled: string[] | undefined
    for (let i = 0; i < watched.length; i++) {
      const name = watched[i] ?? ''
      if (isFilled(fields[name])) (filled ??= []).push(name)
    }
    return filled ?? none
  }
  const severityOf = (names: readonly string[]): Severity =>
    names.reduce<Severity>((worst, name) => worse(worst, severities.get(name) ?? 'low'), 'low')
  return {
    watched,
    judgeRecord,
    severityOf,
    findingFor(fields) {
      const names = judgeRecord(fields)
      if (names.length === 0) return null
      const severity = severityOf(names)
      const worst = names.find((name) => severities.get(name) === severity) ?? ''
      return {
        rule: undeclaredField,
        kind: 'minimisation',
        severity,
        fields: names,
        remedy: 'declare_or_empty',
        ref: refs.get(worst) ?? '',
      }
    },
  }
}

/** HubSpot gives '' for a value that was cleared; white space says nothing either. */
export function isFilled(value: string | null | undefined): boolean {
  return value !== null && value !== undefined && value !== '' && value.trim() !== ''
}

function worse(a: Severity, b: Severity): Severity {
  return rank[b] > rank[a] ? b : a
}
