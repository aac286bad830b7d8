/** One export on its way. Source: HubSpot docs, "CRM exports". */
export type ExportOrder = {
  exportType: 'VIEW' | 'LIST'
  exportName: string
  format: 'CSV' | 'XLSX'
  objectType: string
  objectProperties: string[]
  internal: { names: boolean; values: boolean }
  listId: string | null
  search: Record<string, unknown>
  language: string
}

export type ExportTask = {
  id: number
  order: ExportOrder
  requestedAt: number
  startedAt: number
  completedAt: number
  /** Secret of the address of the file: whoever knows it may fetch the file. */
  key: string
  /** What the file holds; null until it is written and again when it has expired. */
  file: { name: string; type: string; bytes: Buffer; records: number } | null
  written: boolean
}

/** The file's address dies five minutes after completion. */
export const FILE_LIFE_MS = 300_000
