import type { ObjectTable } from './table.ts'

/** What an export is to hold. Source: HubSpot docs, "CRM exports". */
export type ExportOrder = {
  exportType: 'VIEW' | 'LIST'
  exportName: string
  format: 'CSV' | 'XLSX'
  table: ObjectTable
  objectProperties: string[]
  /** Ids of the records of other types, each type in a column of its own. */
  associated: { tables: ObjectTable[]; most: number }
  /** Internal names as headings instead of labels; internal values of options instead of labels. */
  internal: { names: boolean; values: boolean }
  /** Ids of the records, as they are when the export is at work. */
  records: () => Iterable<number>
}

export type ExportFile = { name: string; type: string; bytes: Buffer }

export type ExportTask = {
  id: number
  order: ExportOrder
  requestedAt: number
  startedAt: number
  completedAt: number
  /** Whoever knows it may fetch the file: it is all that its address needs. */
  key: string
  /** How many records it holds; null until it is written. */
  records: number | null
  /** Null until it is written and again when its address has died. */
  file: ExportFile | null
}

/** The file's address dies five minutes after completion. */
export const FILE_LIFE_MS = 300_000
