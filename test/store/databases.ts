/** Both databases of the store, for `describe.each(databases)`: whatever holds for one must hold for the other. */
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { DatabaseOptions } from '../../src/store/database.ts'
import { dataDirectory } from '../../src/store/embedded-directory.ts'
import { lastingFolder } from '../memory-disk.ts'
import { emptyDatabase, freshDatabase, startPostgres } from '../postgres.ts'
import { sharedByTheRun } from '../shared.ts'

export type TestDatabases = {
  /** What `openDatabase` needs for a new database without rows; the same options open it again. */
  fresh(): Promise<DatabaseOptions>
  /** The same without any table. */
  empty(): Promise<DatabaseOptions>
  stop(): Promise<void>
}

export const databases: readonly { readonly kind: 'postgres' | 'embedded'; start(): Promise<TestDatabases> }[] = [
  { kind: 'postgres', start: startOnPostgres },
  { kind: 'embedded', start: startEmbedded },
]

async function startOnPostgres(): Promise<TestDatabases> {
  const server = await startPostgres()
  const dirs = temporaryDirectories()
  return {
    fresh: async () => ({ url: await freshDatabase(server.url), dir: dirs.make(), log }),
    empty: async () => ({ url: await emptyDatabase(server.url), dir: dirs.make(), log }),
    stop: async () => {
      dirs.remove()
      await server.stop()
    },
  }
}

async function startEmbedded(): Promise<TestDatabases> {
  const dirs = temporaryDirectories()
  const copyOf = (template: string): DatabaseOptions => {
    const dir = dirs.make()
    cpSync(template, join(dir, 'db'), { recursive: true })
    return { dir, log }
  }
  return {
    fresh: async () => copyOf(await migrated()),
    empty: async () => copyOf(await initialised()),
    stop: async () => dirs.remove(),
  }
}

/** A data directory with the schema of today where the run has one, to be copied. */
export async function migrated(): Promise<string> {
  return (await sharedByTheRun('embedded')) ?? initialised()
}

function log(): void {
  // Tests that look at the log bring their own.
}

/** A new data directory, to be copied: initialising one takes four seconds, so it is done once per version. */
export async function initialised(): Promise<string> {
  const template = join(lastingFolder(), `accord-embedded-${pgliteVersion()}-${process.getuid?.() ?? 0}`)
  if (existsSync(template)) return join(template, 'db')
  const partial = mkdtempSync(`${template}.`)
  await dataDirectory(partial)
  try {
    renameSync(partial, template)
  } catch {
    rmSync(partial, { recursive: true, force: true }) // another test file was faster
  }
  return join(template, 'db')
}

function pgliteVersion(): string {
  const requireHere = createRequire(import.meta.url)
  const root = dirname(dirname(requireHere.resolve('@electric-sql/pglite')))
  return (requireHere(join(root, 'package.json')) as { version: string }).version
}

function temporaryDirectories(): { make(): string; remove(): void } {
  const made: string[] = []
  return {
    make() {
      const dir = mkdtempSync(join(tmpdir(), 'accord-test-'))
      made.push(dir)
      return dir
    },
    remove() {
      for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
    },
  }
}
