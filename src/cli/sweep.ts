import { Command } from 'commander'
import { openAccord, type Accord } from '../main.ts'
import { readSettings } from '../settings.ts'
import type { ConnectionSummary } from '../tasks/sweep/sweep.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { createProgress, printJson, printLine } from './output.ts'
import { printSummary } from './summary.ts'

type Flags = { config?: string; data?: string; json?: boolean; full?: boolean; dryRun?: boolean; write: boolean; asOf?: string }

export function sweepCommand(): Command {
  return new Command('sweep')
    .description('Read what changed in your CRMs, judge each contact, write the verdict back.')
    .argument('[connection]', 'one connection of connections.yaml; without it, all of them')
    .option('--full', 'read every record again, not only what changed')
    .option('--dry-run', 'tell what a sweep would find and write; store nothing, send nothing')
    .option('--no-write', 'store the verdicts, but send nothing to the CRM')
    .option('--as-of <date>', 'judge as on this day (YYYY-MM-DD); with --dry-run only; reads everybody')
    .addHelpText(
      'after',
      '\nThe first sweep of a connection, and the first after a change of policy, is a full one.\nA sweep that was interrupted goes on where it stopped.',
    )
    .action(async (connection: string | undefined, flags: Flags) => {
      const accord = await openAccord(readSettings(process.env, flags), {
        ...(connection ? { only: connection } : {}),
        ...(flags.asOf ? { asOf: asOf(flags) } : {}),
      })
      try {
        const summaries = await runSweep(accord, flags)
        report(summaries, flags)
      } finally {
        await accord.close()
      }
    })
}

function asOf(flags: Flags): string {
  if (!flags.dryRun) throw new UsageError('--as-of judges by another day than today: it goes with --dry-run only')
  const day = flags.asOf ?? ''
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !isDay(day)) throw new UsageError('--as-of takes a day as YYYY-MM-DD')
  return day
}

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text
  } catch {
    return false // 31 April
  }
}

export async function runSweep(accord: Accord, flags: Pick<Flags, 'full' | 'dryRun' | 'write' | 'asOf'>): Promise<ConnectionSummary[]> {
  const progress = createProgress()
  try {
    return await untilInterrupted(
      (signal) =>
        accord.sweep(
          {
            full: flags.full === true || flags.asOf !== undefined,
            keep: flags.dryRun !== true,
            write: flags.write && flags.dryRun !== true,
            progress: progress.show,
          },
          signal,
        ),
      'sweep',
    )
  } finally {
    progress.stop()
  }
}

export function report(summaries: readonly ConnectionSummary[], flags: Pick<Flags, 'json' | 'dryRun'>): void {
  if (flags.json) printJson({ connections: summaries })
  else {
    printSummary(summaries, flags)
    if (flags.dryRun) printLine('\nDry run: nothing was stored, nothing was sent.')
  }
  if (summaries.some((summary) => summary.error)) process.exitCode = 1
}
