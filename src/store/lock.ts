import { accessSync, closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isDiskFull } from './disk-full.ts'
import { StoreError } from './error.ts'

export type Lock = { release(): void }

/**
 * Takes the lock that only one process can hold, or throws `locked` with the holder's pid.
 *
 * The kernel's own file lock, through SQLite's `begin exclusive`: freed when the holder dies however it dies, never judged by
 * age, never stolen. The file must not be deleted, ever: two processes could then hold locks on two files of one name.
 */
export function takeLock(path: string): Lock {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  createPrivate(path)
  // SQLite says of a file without rights what it says of a broken one.
  accessSync(path, constants.R_OK | constants.W_OK)
  const file = new DatabaseSync(path, { timeout: 0 })
  try {
    file.exec('begin exclusive')
  } catch (cause) {
    file.close()
    throw refusal(path, cause)
  }
  held.add(file)
  // Renamed into place, so that a rival never reads half of it.
  writeFileSync(`${holderFile(path)}.new`, `${process.pid} ${hostname()}\n`, { mode: 0o600 })
  renameSync(`${holderFile(path)}.new`, holderFile(path))
  return {
    release() {
      if (held.delete(file)) file.close()
    },
  }
}

/** Locks end with their database object: one that is only held by a forgotten variable would be collected, and released. */
const held = new Set<DatabaseSync>()

/** The path, and what can be done, are told by whoever reports it. */
const WITHOUT_RIGHTS: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS'])

/** Only when it is missing: opening and closing the file drops a POSIX lock that this process holds on it. */
function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (cause) {
    if (existsSync(path)) return
    if (typeof cause === 'object' && cause !== null && 'code' in cause && WITHOUT_RIGHTS.has(String(cause.code))) throw cause
    throw new StoreError('unusable', `the lock file ${path} cannot be made: ${reasonOf(path, cause)}`, { cause })
  }
}

function refusal(path: string, cause: unknown): StoreError {
  const busy = typeof cause === 'object' && cause !== null && 'errcode' in cause && cause.errcode === 5
  if (!busy) return new StoreError('unusable', `the lock file ${path} cannot be used: ${reasonOf(path, cause)}`, { cause })
  const [pid, host] = holder(path)
  const who = pid === undefined ? 'another process' : `process ${pid} on ${host ?? 'this host'}`
  const help = 'stop it first, or set DATABASE_URL so that several processes can share one Postgres'
  return new StoreError('locked', `the embedded database is in use by ${who}; ${help}`, { cause })
}

function reasonOf(path: string, cause: unknown): string {
  if (isDiskFull(dirname(path))) return 'no space is left on the device'
  if (typeof cause !== 'object' || cause === null) return 'unknown reason'
  return 'errstr' in cause ? String(cause.errstr) : 'code' in cause ? String(cause.code) : 'unknown reason'
}

/** Beside the lock, for the message only. */
function holderFile(path: string): string {
  return `${path}.pid`
}

function holder(path: string): (string | undefined)[] {
  try {
    return readFileSync(holderFile(path), 'utf8').trim().split(' ')
  } catch {
    return [] // the holder has not written its pid yet: the message does without
  }
}
