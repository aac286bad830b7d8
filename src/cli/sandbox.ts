import { Command } from 'commander'
import type { Sandbox, SandboxOptions } from '../sandbox/server.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine } from './output.ts'
import { wholeNumber } from './whole-number.ts'

type Flags = { people: string; seed?: string; latency: string; rateLimit: string; port: string; randomSeed: string; json?: boolean }

export function sandboxCommand(): Command {
  return new Command('sandbox')
    .description('A HubSpot and a Salesforce on this machine, full of invented people, that speak the real protocols.')
    .option('--people <n>', 'how many records to invent in each CRM', '2000')
    .option('--seed <dir>', 'load your own cases instead, from hubspot/*.jsonl and salesforce/*.jsonl')
    .option('--latency <ms>', 'milliseconds before each answer', '0')
    .option('--rate-limit <on|off>', 'enforce the vendors’ limits', 'on')
    .option('--port <n>', 'control port; the CRMs take the next two; 0 takes any that are free', '4400')
    .option('--random-seed <n>', 'other people for another number', '1')
    .addHelpText(
      'after',
      '\nHubSpot token: pat-eu1-sandbox-0000-0000-000000000001\nSalesforce client: sandbox-client / sandbox-secret\nClock, faults, levers and how to point Accord at it: docs/sandbox.md, or GET /openapi.json on the control port.',
    )
    .action(async (flags: Flags) => {
      const port = wholeNumber(flags.port, '--port', 0, 65_533)
      if (flags.rateLimit !== 'on' && flags.rateLimit !== 'off') throw new UsageError('--rate-limit is "on" or "off"')
      const sandbox = await open({
        controlPort: port,
        hubspotPort: port === 0 ? 0 : port + 1,
        salesforcePort: port === 0 ? 0 : port + 2,
        latencyMs: wholeNumber(flags.latency, '--latency', 0),
        rateLimit: flags.rateLimit === 'on',
        seed: wholeNumber(flags.randomSeed, '--random-seed', 0),
        ...(flags.seed ? { seedDir: flags.seed } : { people: wholeNumber(flags.people, '--people', 0) }),
      })
      const { hubspot, salesforce, control } = sandbox
      if (flags.json) printJson({ hubspot, salesforce, control })
      else printLine(`HubSpot     ${hubspot}\nSalesforce  ${salesforce}\ncontrol     ${control}\nCtrl-C stops.`)
      await new Promise<void>((resolve) => {
        process.once('SIGINT', () => resolve())
        process.once('SIGTERM', () => resolve())
      })
      await sandbox.close()
    })
}

/** Loaded when it is asked for: no other command needs the two CRMs. What it refuses, such as a line of a seed file, is the user's to mend. */
async function open(options: SandboxOptions): Promise<Sandbox> {
  const { startSandbox } = await import('../sandbox/server.ts')
  try {
    return await startSandbox(options)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if ('code' in error && error.code === 'EADDRINUSE') throw new UsageError('a port is taken; choose others with --port')
    throw 'code' in error || error.name !== 'Error' ? error : new UsageError(error.message, { cause: error })
  }
}
