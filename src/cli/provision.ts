import { Command } from 'commander'
import { openHouse } from '../main.ts'
import { readSettings } from '../settings.ts'
import { printJson, printLine } from './output.ts'
import { untilInterrupted } from './interrupt.ts'

type Flags = { config?: string; data?: string; json?: boolean; dryRun?: boolean }

export function provisionCommand(): Command {
  return new Command('provision')
    .description('Create the fields that Accord writes to in your CRMs. Safe to repeat: what is there stays. Start with --dry-run.')
    .argument('[connection]', 'one connection of connections.yaml; without it, all of them')
    .option('--dry-run', 'tell what would be created, change nothing')
    .action(async (connection: string | undefined, flags: Flags) => {
      const house = await openHouse(readSettings(process.env, flags), connection ? { only: connection } : {})
      try {
        const results = await untilInterrupted((signal) => house.provision(flags.dryRun === true, signal))
        if (flags.json) printJson({ dryRun: flags.dryRun === true, connections: results })
        else {
          for (const { connection: name, steps, error } of results) {
            printLine(`${name}:${error ? ` FAILED (${error.kind}): ${error.message}` : ''}`)
            for (const step of steps)
              printLine(`  ${step.outcome.padEnd(10)} ${step.what} ${step.object}.${step.name}${step.reason ? `: ${step.reason}` : ''}`)
          }
        }
        if (results.some(({ steps, error }) => error || steps.some((step) => step.outcome === 'refused'))) process.exitCode = 1
      } finally {
        await house.close()
      }
    })
}
