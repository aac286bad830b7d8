/** Which connections there are: in connections.yaml, and in what was ever swept. */
import { loadConnections } from '../config/load.ts'
import { readSettings } from '../settings.ts'
import type { KnownSource } from '../store/retired.ts'
import { UsageError } from './failure.ts'

export function configuredNames(flags: { config?: string; data?: string }): string[] {
  const settings = readSettings(process.env, flags)
  return loadConnections(settings.configDir, settings.env, { lenient: true }).connections.map((one) => one.id)
}

export function refuseUnknown(connection: string, sources: readonly KnownSource[]): void {
  if (sources.some((one) => one.connection === connection)) return
  const names = [...new Set(sources.map((one) => one.connection))]
  throw new UsageError(`no connection "${connection}" was ever swept; there is ${names.join(', ') || 'none'}`)
}
