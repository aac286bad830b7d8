/** npm packages for one run, in a temporary folder of their own, from whatever registry npm is set to. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PATIENCE = 5 * 60_000

export type Installed = { folder: string; remove(): Promise<void> }

/** Undefined where the packages cannot be had: no network, no registry. */
export async function installTemporarily(...specs: string[]): Promise<Installed | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'accord-clients-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel', 'error', ...specs], {
      cwd: folder,
      timeout: PATIENCE,
    })
    return { folder, remove }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    await remove()
    return undefined
  }
}
