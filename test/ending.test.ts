import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lastingFolder } from './memory-disk.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'accord-ending-'))
  // The user that Postgres runs as goes through it.
  await chmod(folder, 0o711)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Process ids of the servers whose files lie there. */
async function servers(): Promise<number[]> {
  const found = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('postmaster.pid'))
  const texts = await Promise.all(found.map((path) => readFile(join(folder, path), 'utf8').catch(() => '')))
  // The eighth line says that it takes connections.
  return texts.flatMap((text) => (text.split('\n')[7]?.startsWith('ready') ? [Number.parseInt(text, 10)] : []))
}

it.each([
  { what: 'a bench', args: ['bench/main.ts', 'ledger'], signal: 'SIGINT', code: 130 },
  { what: 'a proof', args: ['test/prove/main.ts', 'schedule'], signal: 'SIGTERM', code: 143 },
] as const)('$what that is told to end by $signal ends its Postgres and leaves no files', async ({ args, signal, code }) => {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, TMPDIR: folder, ACCORD_TEST_LASTING: lastingFolder() }
  const run = spawn(process.execPath, args, { env, stdio: 'ignore' })
  const ended = once(run, 'exit')
  let running: number[] = []
  while ((running = await servers()).length === 0 && run.exitCode === null) await setTimeout(100)
  expect(running).toHaveLength(1)
  run.kill(signal)
  expect(await ended).toEqual([code, null])
  expect(() => process.kill(running[0]!, 0)).toThrow('ESRCH')
  expect(await readdir(folder)).toEqual([])
})
