/** The command line without a process of its own: for what a command does and says. What a process is about is for `run.ts`. */
import { Readable } from 'node:stream'
import { main } from '../../src/cli.ts'
import type { Ended } from './run.ts'

let turn: Promise<unknown> = Promise.resolve()

/** One after another, since environment, input and output belong to the process. `input`: what is piped in. */
export function runHere(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = ''): Promise<Ended> {
  const ended = turn.then(() => capture(args, env, input))
  turn = ended.catch(() => undefined)
  return ended
}

async function capture(args: readonly string[], env: Readonly<Record<string, string>>, input: string): Promise<Ended> {
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
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin')!
  Object.defineProperty(process, 'stdin', { value: Readable.from([input]), configurable: true })
  try {
    const code = await main(['node', 'accord', ...args])
    return { code, ...said }
  } finally {
    for (const restore of streams) restore()
    for (const added of process.stdout.listeners('error')) if (!listeners.includes(added)) process.stdout.off('error', added as () => void)
    Object.defineProperty(process, 'stdin', stdin)
    process.env = own
    process.exitCode = exitCode
  }
}

/** Both CRMs at a port where nobody listens. */
export const nowhere = {
  HUBSPOT_API_URL: 'http://127.0.0.1:9',
  HUBSPOT_TOKEN: 'pat-eu1-x',
  SALESFORCE_LOGIN_URL: 'http://127.0.0.1:9',
  SALESFORCE_CLIENT_ID: 'x',
  SALESFORCE_CLIENT_SECRET: 'x',
}
