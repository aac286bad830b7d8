/** Which connections there are: in connections.yaml, and in what was ever swept. */
import { loadConnections } from '../config/load.ts'
import type { Kysely } from 'kysely'
import { loadAccount, loadAccounts } from '../store/accounts.ts'
import type { Tables } from '../store/tables.ts'
import { readSettings } from '../settings.ts'
import type { KnownSource } from '../store/retired.ts'
import { UsageError } from './failure.ts'

export function configuredNames(flags: { config?: string; data?: string }): string[] {
  const settings = readSettings(process.env, flags)
  return loadConnections(settings.configDir, settings.env, { lenient: true }).connections.map((one) => one.id)
}

/** Known by its records, or by its account alone: a request may have gone there before the first sweep. */
export async function refuseUnknown(db: Kysely<Tables>, connection: string, sources: readonly KnownSource[]): Promise<void> {
  if (sources.some((one) => one.connection === connection) || (await loadAccount(db, connection)) !== null) return
  const names = [...new Set([...sources, ...(await loadAccounts(db))].map((one) => one.connection))]
  throw new UsageError(`no connection "${connection}" is known; there is ${names.join(', ') || 'none'}`)
}
