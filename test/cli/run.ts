/** The command line as a user starts it: a process of its own, with an environment of its own. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startEnv } from '../compiled.ts'

export type Ended = { code: number | null; stdout: string; stderr: string }

const accord = fileURLToPath(new URL('../../bin/accord.js', import.meta.url))

export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd?: string,
  input?: string,
): Promise<Ended> {
  const child = spawn(process.execPath, [accord, ...args], {
    env: { ...startEnv(), ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  })
  child.stdin?.end(input)
  let stdout = ''
  let stderr = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, stdout, stderr }
}

/** The same with a reader who has gone before anything was written. */
export async function unread(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Pick<Ended, 'code' | 'stderr'>> {
  const child = spawn(process.execPath, [accord, ...args], {
    env: { ...startEnv(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  return { code, stderr }
}

/** `--json` promises one object on the last line. */
export function lastLine(stdout: string): unknown {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!)
}
