/** A fresh database, and one sweep into it in a process of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshDatabase, startPostgres } from '../test/postgres.ts'
import { build } from './build.ts'
import { runChild } from './measure.ts'

export type Swept = { seconds: number; records: number; apiCalls: number; error: string; rssMiB: number }
export type Bed = {
  url: string | null
  dir: string
  sweep: (only: string, flags: readonly string[], env: Readonly<Record<string, string>>) => Promise<Swept>
}

/** One Postgres for all runs of a benchmark; `kind` embedded needs none. */
export async function withBeds<T>(work: (makeBed: (kind: 'postgres' | 'embedded') => Promise<Bed>) => Promise<T>): Promise<T> {
  await build()
  const root = await mkdtemp(join(tmpdir(), 'accord-bench-'))
  const server = await startPostgres()
  let count = 0
  const makeBed = async (kind: 'postgres' | 'embedded'): Promise<Bed> => {
    const dir = join(root, `bed-${++count}`)
    const url = kind === 'postgres' ? await freshDatabase(server.url) : null
    const sweep: Bed['sweep'] = async (only, flags, env) => {
      const swept = await runChild<Swept>('./child-sweep.ts', ['--only', only, '--data', dir, ...flags], {
        // As bin/accord.js starts it.
        MALLOC_ARENA_MAX: '1',
        ...env,
        DATABASE_URL: url ?? '',
      })
      if (swept.error) throw new Error(`the sweep of ${only} failed: ${swept.error}`)
      return swept
    }
    return { url, dir, sweep }
  }
  try {
    return await work(makeBed)
  } finally {
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}
