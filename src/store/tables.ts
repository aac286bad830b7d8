import type { LedgerTables } from './ledger-tables.ts'

/** Every table, as Kysely sees it. Each file of the store declares its own and is listed here. */
export interface Tables extends LedgerTables {}
