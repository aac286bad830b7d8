/** The command line without a process of its own: for what a command does and says. What a process is about is for `run.ts`. */
import { main } from '../../src/cli.ts'
import type { Ended } from './run.ts'

let turn: Promise<unknown> = Promise.resolve()

/** One after another, since environment and output belong to the process. */
export function runHere(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const ended = turn.then(() => capture(args, env))
  turn = ended.catch(() => undefined)
  return ended
}

async function capture(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const said = { stdout: '', stderr: '' }
  const { env: own, exitCode } = process
  const listeners = process.stdout.listeners('error')
  const streams = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name]
    const write = stream.write
    stream.write = ((chunk: string | Uint8Array) => {
      said[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
      return true
    }) as typeof write
    return () => (stream.write = write)
  })
  process.env = { PATH: own['PATH'], ...env }
  process.exitCode = undefined
  try {
    const code = await main(['node', 'accord', ...args])
    return { code, ...said }
  } finally {
    for (const restore of streams) restore()
    for (const added of process.stdout.listeners('error')) if (!listeners.includes(added)) process.stdout.off('error', added as () => void)
    process.env = own
    process.exitCode = exitCode
  }
}
