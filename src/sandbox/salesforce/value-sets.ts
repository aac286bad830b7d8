/** The status values an org starts with, as rows that SOQL can read. Salesforce docs: LeadStatus, CaseStatus, TaskStatus, OpportunityStage. */
import { insertRow } from './table.ts'
import { nextId } from './org.ts'
import { STAGES } from './derive.ts'
import { tableOf } from './grants.ts'
import type { Cell } from './column.ts'
import type { Org } from './org.ts'

/** Object and field whose values are listed, and the flag that marks the last stage. */
const SETS = [
  { of: 'LeadStatus', object: 'Lead', flag: 'IsConverted', marked: ['Closed - Converted'] },
  { of: 'CaseStatus', object: 'Case', flag: 'IsClosed', marked: ['Closed'] },
  { of: 'TaskStatus', object: 'Task', flag: 'IsClosed', marked: ['Completed'] },
] as const

export function addValueSets(org: Org, dates: readonly [string, Cell][]): void {
  for (const { of, object, flag, marked } of SETS) {
    const values = tableOf(org, object).object.byName.get('status')?.picklist ?? []
    for (const [at, { value, label, isDefault }] of values.entries()) {
      const isMarked = (marked as readonly string[]).includes(value)
      addRow(org, of, at, [['MasterLabel', label], ['ApiName', value], ['IsDefault', isDefault], [flag, isMarked], ...dates])
    }
  }
  for (const [at, [name, stage]] of Object.entries(STAGES).entries()) {
    const flags: [string, Cell][] = [
      ['IsActive', true],
      ['IsClosed', stage.isClosed],
      ['IsWon', stage.isWon],
    ]
    const forecast: [string, Cell][] = [
      ['DefaultProbability', stage.probability],
      ['ForecastCategory', stage.forecast],
      ['ForecastCategoryName', stage.forecastName],
    ]
    addRow(org, 'OpportunityStage', at, [['MasterLabel', name], ['ApiName', name], ...flags, ...forecast, ...dates])
  }
}

function addRow(org: Org, name: string, at: number, cells: readonly [string, Cell][]): void {
  const table = tableOf(org, name)
  insertRow(table, nextId(org, table.object.keyPrefix), [
    ...cells,
    ['SortOrder', at + 1],
    ['CreatedById', org.userId],
    ['LastModifiedById', org.userId],
  ])
}
