/** `accord` as a process of its own, to be measured or killed. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startEnv } from './compiled.ts'

const cli = fileURLToPath(new URL('../bin/accord.js', import.meta.url))
export type ServiceProcess = {
  url: string
  child: ChildProcess
  /** SIGKILL to the whole group. */
  kill: () => Promise<void>
  /** SIGTERM; answers the exit code. */
  stop: () => Promise<number | null>
}

/** Ends when the service says that it listens. */
export async function startServing(args: readonly string[], env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [cli, 'serve', '--json', ...args], {
    env: { ...startEnv(), ACCORD_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', process.env['ACCORD_SHOW_LOG'] ? 'inherit' : 'ignore'],
    detached: true,
  })
  const ended = once(child, 'close')
  const leave = (): void => void signal(child, 'SIGKILL')
  process.once('exit', leave)
  const url = await new Promise<string>((resolve, reject) => {
    child.once('close', (code) => {
      process.off('exit', leave)
      reject(new Error(`accord serve ended with code ${code}`))
    })
    createInterface({ input: child.stdout! }).once('line', (line) => resolve((JSON.parse(line) as { url: string }).url))
  })
  const end = async (name: NodeJS.Signals): Promise<number | null> => {
    signal(child, name)
    await ended
    process.off('exit', leave)
    return child.exitCode
  }
  return { url, child, kill: async () => void (await end('SIGKILL')), stop: () => end('SIGTERM') }
}

/** Runs a command to its end; its output is not looked at. */
export async function runCommand(args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...startEnv(), ACCORD_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'ignore', process.env['ACCORD_SHOW_LOG'] ? 'inherit' : 'ignore'],
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`accord ${args.join(' ')} ended with code ${code}`)
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, name)
  } catch {
    // it ended by itself a moment ago
  }
}
