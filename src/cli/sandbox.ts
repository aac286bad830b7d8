import { Command } from 'commander'
import { startSandbox } from '../sandbox/server.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine } from './output.ts'

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
      const port = count(flags.port, '--port')
      if (flags.rateLimit !== 'on' && flags.rateLimit !== 'off') throw new UsageError('--rate-limit is "on" or "off"')
      const sandbox = await startSandbox({
        controlPort: port,
        hubspotPort: port === 0 ? 0 : port + 1,
        salesforcePort: port === 0 ? 0 : port + 2,
        latencyMs: count(flags.latency, '--latency'),
        rateLimit: flags.rateLimit === 'on',
        seed: count(flags.randomSeed, '--random-seed'),
        ...(flags.seed ? { seedDir: flags.seed } : { people: count(flags.people, '--people') }),
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

function count(text: string, name: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new UsageError(`${name} takes a whole number, 0 or more`)
  return value
}
