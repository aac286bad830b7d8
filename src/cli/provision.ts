import { Command } from 'commander'
import { strike } from '../log.ts'
import { openHouse, type OpenHouse } from '../main.ts'
import { readSettings } from '../settings.ts'
import { printJson, printLine } from './output.ts'
import { untilInterrupted } from './interrupt.ts'

type Flags = { config?: string; data?: string; json?: boolean; dryRun?: boolean; webhooks?: boolean }
type Line = { outcome: string; text: string }
type Result = {
  connection: string
  steps: readonly { outcome: string }[]
  lines: readonly Line[]
  error?: { kind: string; message: string }
}

export function provisionCommand(): Command {
  return new Command('provision')
    .description('Create the fields that Accord writes to in your CRMs. Safe to repeat: what is there stays. Start with --dry-run.')
    .argument('[connection]', 'one connection of connections.yaml; without it, all of them')
    .option('--dry-run', 'tell what would be created, change nothing')
    .option(
      '--webhooks',
      'have the CRMs tell this service of changes instead: subscribe where an API can, and print the clicks where a person must',
    )
    .action(async (connection: string | undefined, flags: Flags) => {
      const house = await openHouse(readSettings(process.env, flags), connection ? { only: connection } : {})
      try {
        const dryRun = flags.dryRun === true
        const results = await untilInterrupted((signal) => (flags.webhooks ? subscribe : provision)(house, dryRun, signal))
        if (flags.json)
          printJson({
            dryRun,
            connections: results.map(({ connection: id, steps, error }) => ({ connection: id, steps, ...(error && { error }) })),
          })
        else for (const result of results) printResult(result)
        if (results.some(({ steps, error }) => error || steps.some((step) => step.outcome === 'refused'))) process.exitCode = 1
      } finally {
        await house.close()
      }
    })
}

async function provision(house: OpenHouse, dryRun: boolean, signal: AbortSignal): Promise<Result[]> {
  return (await house.provision(dryRun, signal)).map((result) => ({
    ...result,
    lines: result.steps.map(({ outcome, what, object, name, reason }) => ({
      outcome,
      text: `${what} ${object}.${name}${reason ? `: ${reason}` : ''}`,
    })),
  }))
}

async function subscribe(house: OpenHouse, dryRun: boolean, signal: AbortSignal): Promise<Result[]> {
  return (await house.subscribe(dryRun, signal)).map(({ connection, steps, error }) => ({
    connection,
    steps,
    ...(error && { error: { kind: error.kind, message: strike(error.message) } }),
    lines: steps.map(({ outcome, name, message }) => ({ outcome, text: `${name}: ${message}` })),
  }))
}

function printResult({ connection, lines, error }: Result): void {
  printLine(`${connection}:${error ? ` FAILED (${error.kind}): ${error.message}` : ''}`)
  for (const { outcome, text } of lines) printLine(`  ${outcome.padEnd(10)} ${text}`)
}
