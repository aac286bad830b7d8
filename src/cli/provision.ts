import { Command } from 'commander'
import { strike } from '../log.ts'
import { openAccord, openVisit } from '../main.ts'
import { readSettings, type Settings } from '../settings.ts'
import type { Visit } from '../visit.ts'
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
      const dryRun = flags.dryRun === true
      const settings = readSettings(process.env, flags)
      const only = connection ? { only: connection } : {}
      const visit = await openVisit(settings, only)
      try {
        const results = await untilInterrupted(async (signal) => {
          if (flags.webhooks) return subscribe(visit, dryRun, signal)
          return dryRun ? provision(visit, dryRun, signal) : provisionForGood(settings, only, signal)
        }, 'again')
        if (flags.json)
          printJson({
            dryRun,
            connections: results.map(({ connection: id, steps, error }) => ({ connection: id, steps, ...(error && { error }) })),
          })
        else for (const result of results) printResult(result)
        if (results.some(({ steps, error }) => error || steps.some((step) => step.outcome === 'refused'))) process.exitCode = 1
      } finally {
        await visit.close()
      }
    })
}

/** With the database: what waited for these fields is tried again. */
async function provisionForGood(settings: Settings, only: { only?: string }, signal: AbortSignal): Promise<Result[]> {
  const accord = await openAccord(settings, only)
  try {
    return await provision(accord, false, signal)
  } finally {
    await accord.close()
  }
}

async function provision(crms: Pick<Visit, 'provision'>, dryRun: boolean, signal: AbortSignal): Promise<Result[]> {
  return (await crms.provision(dryRun, signal)).map((result) => ({
    ...result,
    lines: result.steps.map(({ outcome, what, object, name, reason }) => ({
      outcome,
      text: `${what} ${object}.${name}${reason ? `: ${reason}` : ''}`,
    })),
  }))
}

async function subscribe(crms: Pick<Visit, 'subscribe'>, dryRun: boolean, signal: AbortSignal): Promise<Result[]> {
  return (await crms.subscribe(dryRun, signal)).map(({ connection, steps, error }) => ({
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
