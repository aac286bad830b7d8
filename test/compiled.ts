/** What processes of tests and proofs start with. */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Where they find what others before them have compiled: half of their start is that. */
export const COMPILED = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))

/** For processes that are killed, and so never come to keep what they have compiled: to be called before anything of ours is imported. */
export async function compileService(): Promise<void> {
  process.env['NODE_COMPILE_CACHE'] = COMPILED
  enableCompileCache(COMPILED)
  await Promise.all([import('../src/cli/serve.ts'), import('../src/service.ts')])
  flushCompileCache()
}

/** The least that a command needs; with the last of them it need not start anew (see bin/accord.js). */
export function startEnv(): Record<string, string> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  return { PATH, NODE_COMPILE_CACHE, MALLOC_ARENA_MAX: '1' }
}
