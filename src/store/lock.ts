import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
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
  closeSync(openSync(path, 'a', 0o600))
  const file = new DatabaseSync(path, { timeout: 0 })
  try {
    file.exec('begin exclusive')
  } catch (cause) {
    file.close()
    throw refusal(path, cause)
  }
  writeFileSync(holderFile(path), `${process.pid} ${hostname()}\n`, { mode: 0o600 })
  let held = true
  return {
    release() {
      if (!held) return
      held = false
      file.close()
    },
  }
}

function refusal(path: string, cause: unknown): StoreError {
  const busy = typeof cause === 'object' && cause !== null && 'errcode' in cause && cause.errcode === 5
  if (!busy) return new StoreError('unusable', `the lock file ${path} cannot be used`, { cause })
  const [pid, host] = holder(path)
  const who = pid === undefined ? 'another process' : `process ${pid} on ${host ?? 'this host'}`
  const help = 'stop it first, or set DATABASE_URL so that several processes can share one Postgres'
  return new StoreError('locked', `the embedded database is in use by ${who}; ${help}`, { cause })
}

/** Beside the lock, never inside: reading and closing the locked file itself would drop a POSIX lock. Only for the message. */
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
