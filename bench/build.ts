/** What is measured is what is installed: the build, in which no types are left to be taken off. Peers are JavaScript, too. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const root = new URL('../', import.meta.url)
let building: Promise<unknown> | null = null

/** Builds into `dist`, once for all that a run measures. */
export async function build(): Promise<void> {
  building ??= promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd: root })
  await building
}

/** A module of the build, by its path under `src` without an ending. */
export async function built<T>(module: string): Promise<T> {
  return (await import(new URL(`dist/${module}.js`, root).href)) as T
}
