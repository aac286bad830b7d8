import { parseArgs } from 'node:util'
import { startSandbox } from './server.ts'
import type { SandboxOptions } from './server.ts'

/**
 * The sandbox as a process of its own: prints one JSON line `{"control","hubspot","salesforce"}` when it is ready; SIGTERM and SIGINT stop it,
 * and with --exit-with-parent the end of its standard input.
 */
async function runSandbox(args: readonly string[]): Promise<void> {
  const { options, exitWithParent } = readArguments(args)
  const sandbox = await startSandbox(options)
  const { control, hubspot, salesforce } = sandbox
  process.stdout.write(`${JSON.stringify({ control, hubspot, salesforce })}\n`)
  await stopSignal(exitWithParent)
  await sandbox.close()
}

function readArguments(args: readonly string[]): { options: SandboxOptions; exitWithParent: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      people: { type: 'string' },
      seed: { type: 'string' },
      latency: { type: 'string', default: '0' },
      'rate-limit': { type: 'string', default: 'on' },
      port: { type: 'string', default: '4400' },
      'random-seed': { type: 'string', default: '1' },
      'exit-with-parent': { type: 'boolean', default: false },
    },
  })
  if (values['rate-limit'] !== 'on' && values['rate-limit'] !== 'off') throw new Error('--rate-limit is on or off')
  const port = wholeNumber('--port', values.port)
  const options: SandboxOptions = {
    controlPort: port,
    hubspotPort: port === 0 ? 0 : port + 1,
    salesforcePort: port === 0 ? 0 : port + 2,
    latencyMs: wholeNumber('--latency', values.latency),
    rateLimit: values['rate-limit'] === 'on',
    seed: wholeNumber('--random-seed', values['random-seed']),
    ...(values.people === undefined ? {} : { people: wholeNumber('--people', values.people) }),
    ...(values.seed === undefined ? {} : { seedDir: values.seed }),
  }
  return { options, exitWithParent: values['exit-with-parent'] }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} takes a whole number`)
  return Number(text)
}

function stopSignal(exitWithParent: boolean): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve())
    process.once('SIGINT', () => resolve())
    if (!exitWithParent) return
    process.stdin.once('end', () => resolve())
    process.stdin.once('close', () => resolve())
    process.stdin.resume()
  })
}

if (import.meta.main) {
  runSandbox(process.argv.slice(2)).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
      process.exit(1)
    },
  )
}
