/** From an error to what a person reads and what a script sees. */
import { ConfigError } from '../config/load.ts'
import { ConnectorError } from '../connectors/connector.ts'
import { strike } from '../log.ts'
import { SettingsError } from '../settings.ts'
import { StoreError } from '../store/error.ts'
import { Interrupted } from './interrupt.ts'

/** A wrong command line: exit code 2, one line on what to type instead. */
export class UsageError extends Error {
  override name = 'UsageError'
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof StoreError) return error.kind === 'missing' ? 2 : 1
  return error instanceof ConfigError || error instanceof SettingsError || error instanceof UsageError ? 2 : 1
}

/** Errors of ours are written for people; of anything else only the kind and the place, never the values. */
export function reportFailure(error: unknown): void {
  process.stderr.write(`${describeFailure(error)}\n`)
}

export function describeFailure(error: unknown): string {
  if (error instanceof ConfigError || error instanceof SettingsError || error instanceof UsageError || error instanceof Interrupted)
    return strike(error.message)
  if (error instanceof StoreError) return strike(`database: ${error.message}`)
  if (error instanceof ConnectorError) return strike(`${error.kind}: ${error.message}`)
  if (!(error instanceof Error)) return 'unexpected failure'
  const place = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .join('\n')
  return strike(`unexpected failure: ${error.name}: ${error.message}\n${place ?? ''}`)
}
