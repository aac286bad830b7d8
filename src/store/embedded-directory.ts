import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDiskFull } from './disk-full.ts'
import { StoreError } from './error.ts'
import { syncPath } from './sync-path.ts'

const unfinished = 'db.new-'

/** A file beside this one, `.ts` from source and `.js` when built. */
export function sibling(name: string): URL {
  return new URL(`./${name}${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
}

/**
 * The data directory `<dir>/db`, made when it is missing. The caller holds the lock.
 * An interrupted initialisation would ruin the directory for ever, so it happens beside it and a rename publishes it.
 */
export async function dataDirectory(dir: string): Promise<string> {
  await removeUnfinished(dir)
  const path = join(dir, 'db')
  if (hasDatabase(dir)) return path
  if (existsSync(path) && (await readdir(path)).length > 0) {
    throw new StoreError('unusable', `${path} is no database and is not empty; move it away or choose another data directory`)
  }
  const fresh = join(dir, `${unfinished}${process.pid}`)
  await initialise(fresh)
  await rename(fresh, path)
  await syncPath(dir)
  return path
}

/** Throws where it may not look: a database of somebody else is not none. */
export function hasDatabase(dir: string): boolean {
  try {
    return statSync(join(dir, 'db', 'PG_VERSION')).isFile()
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return false
    throw error
  }
}

async function removeUnfinished(dir: string): Promise<void> {
  const left = (await readdir(dir)).filter((name) => name.startsWith(unfinished))
  await Promise.all(left.map((name) => rm(join(dir, name), { recursive: true, force: true })))
}

function initialise(path: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const child = spawn(process.execPath, [fileURLToPath(sibling('embedded-init')), path], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {}, // none of the service's secrets
  })
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output = `${output}${text}`.slice(-2000)))
  child.on('error', (cause) => reject(new StoreError('unusable', 'the embedded database could not be initialised', { cause })))
  child.on('close', (code, signal) => {
    if (code === 0) resolve()
    else if (isDiskFull(dirname(path)))
      reject(
        new StoreError('unusable', `the embedded database could not be initialised in ${dirname(path)}: no space is left on the device`),
      )
    else reject(new StoreError('unusable', `the embedded database could not be initialised (${signal ?? code}): ${output}`))
  })
  return promise
}
