/** Duplicate rules: none is active until a lever makes one. Salesforce docs: DuplicateResult, DuplicateRuleHeader. */
import { LIVE, lookupRows } from './table.ts'
import { recordError } from './fault.ts'
import type { Cell } from './column.ts'
import type { DuplicateRule } from './switches.ts'
import type { Org } from './org.ts'
import type { RecordError } from './fault.ts'
import type { Table } from './table.ts'

export function duplicateError(org: Org, table: Table, cells: ReadonlyMap<string, Cell>, own: number | null): RecordError | undefined {
  for (const rule of org.switches.duplicateRules) {
    if (rule.object.toLowerCase() !== table.object.name.toLowerCase() || (rule.allowSave && org.allowsDuplicates)) continue
    const rows = rule.fields.flatMap((name) => matchesOf(table, name, cells)).filter((row) => row !== own && table.stages[row] === LIVE)
    if (rows.length > 0)
      return {
        ...recordError('DUPLICATES_DETECTED', 'Use one of these records?'),
        duplicateResult: resultOf(org, table, rule, [...new Set(rows)]),
      }
  }
  return undefined
}

function matchesOf(table: Table, name: string, cells: ReadonlyMap<string, Cell>): readonly number[] {
  const field = table.object.byName.get(name.toLowerCase())
  const cell = field === undefined ? null : (cells.get(field.name) ?? null)
  return field !== undefined && typeof cell === 'string' ? lookupRows(table, field, cell) : []
}

function resultOf({ apiBase }: Org, { object, ids }: Table, rule: DuplicateRule, rows: readonly number[]): object {
  const matchRecords = rows.map((row) => ({
    additionalInformation: [],
    fieldDiffs: [],
    matchConfidence: 100,
    record: { attributes: { type: object.name, url: `${apiBase}/sobjects/${object.name}/${ids[row] ?? ''}` }, Id: ids[row] ?? '' },
  }))
  const name = `Standard_${object.name}_Duplicate_Rule`
  return {
    allowSave: rule.allowSave,
    duplicateRule: name,
    duplicateRuleEntityType: object.name,
    errorMessage: "You're creating a duplicate record. We recommend you use an existing record instead.",
    matchResults: [
      { entityType: object.name, errors: [], matchEngine: 'ExactMatchEngine', matchRecords, rule: name, size: rows.length, success: true },
    ],
  }
}
