/** From an error to what a person reads and what a script sees. */
import { ConfigError } from '../config/load.ts'
import { ConnectorError } from '../connectors/connector.ts'
import { strike } from '../log.ts'
import { SettingsError } from '../settings.ts'
import { StoreError } from '../store/error.ts'
import { Interrupted } from './interrupt.ts'
import { visible } from './output.ts'

/** A wrong command line: exit code 2, one line on what to type instead. */
export class UsageError extends Error {
  override name = 'UsageError'
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof StoreError) return error.kind === 'missing' || error.kind === 'backup' ? 2 : 1
  if (isSystemError(error)) return error.code in WRONG_PLACE ? 2 : 1
  return error instanceof ConfigError || error instanceof SettingsError || error instanceof UsageError ? 2 : 1
}

/** Errors of ours are written for people; of anything else only the kind and the place, never the values. */
export function reportFailure(error: unknown): void {
  process.stderr.write(`${visible(describeFailure(error))}\n`)
}

export function describeFailure(error: unknown): string {
  if (error instanceof ConfigError || error instanceof SettingsError || error instanceof UsageError || error instanceof Interrupted)
    return strike(error.message)
  if (error instanceof StoreError) return strike(error.kind === 'backup' ? error.message : `${sourceOf(error)}: ${error.message}`)
  if (error instanceof ConnectorError) return strike(`${error.kind}: ${error.message}`)
  if (!(error instanceof Error)) return 'unexpected failure'
  if ('code' in error && error.code === DISK_FULL) return 'database: no space is left on its disk'
  if ('code' in error && error.code === UNDEFINED_TABLE)
    return strike(`database: ${error.message}; somebody has changed the tables of Accord: put a backup back`)
  if (isSystemError(error)) {
    const reason = WRONG_PLACE[error.code] ?? NO_ROOM[error.code]
    if (reason !== undefined) return strike(`${error.path ?? 'a file'}: ${reason} (${error.code})`)
  }
  const place = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 8)
    .join('\n')
  return strike(`unexpected failure: ${error.name}: ${error.message}\n${place ?? ''}`)
}

/** What cannot be signed, or read of what was, stands in a file beside the database. */
function sourceOf({ kind }: StoreError): string {
  return kind === 'ledger' ? 'ledger' : 'database'
}

/** SQLSTATE disk_full, undefined_table. */
const DISK_FULL = '53100'
const UNDEFINED_TABLE = '42P01'

/** Another folder would do: the command line is wrong, or the rights are. */
const WRONG_PLACE: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; give this user the right to write there, or choose another folder with --data',
  EPERM: 'not permitted; give this user the right to write there, or choose another folder with --data',
  EROFS: 'the file system is read-only; choose another folder with --data',
  ENOTDIR: 'a file stands where a folder is needed; choose another folder with --data',
  EEXIST: 'a file stands where a folder is needed; choose another folder with --data',
  EISDIR: 'a folder stands where a file is needed',
}
const NO_ROOM: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EMFILE: 'too many files are open',
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
}
