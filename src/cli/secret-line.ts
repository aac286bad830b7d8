/** What must not stand on a command line, where the shell's history and every list of processes show it: read from a prompt, or from a pipe. */
import { createInterface } from 'node:readline/promises'
import { UsageError } from './failure.ts'

/** `given`: what stands behind the option. `name`: what is asked for, such as "e-mail address". */
export async function readSecretLine(given: string, name: string): Promise<string> {
  if (given !== '-')
    throw new UsageError(
      `give "-" and type the ${name} when asked, or pipe it in: on the command line it stays in the shell's history, and shows in every list of processes`,
    )
  const lines = createInterface({
    input: process.stdin,
    output: process.stdin.isTTY ? process.stderr : undefined,
    terminal: process.stdin.isTTY,
  })
  try {
    if (process.stdin.isTTY) return (await lines.question(`${name}: `)).trim()
    for await (const line of lines) return line.trim()
    throw new UsageError(`nothing was piped in: the ${name} is read from the standard input`)
  } finally {
    lines.close()
  }
}
