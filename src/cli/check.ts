import { Command } from 'commander'
import { strike } from '../log.ts'
import { openStore, openVisit } from '../main.ts'
import { readSettings, type Settings } from '../settings.ts'
import { StoreError } from '../store/error.ts'
import type { Checked, Visit } from '../visit.ts'
import { printJson, printLine } from './output.ts'
import { untilInterrupted } from './interrupt.ts'

type Flags = { config?: string; data?: string; json?: boolean }

export function checkCommand(): Command {
  return new Command('check')
    .description('Can Accord reach your CRMs, and may it do what it must? Names each missing scope, field and permission. Changes nothing.')
    .argument('[connection]', 'one connection of connections.yaml; without it, all of them')
    .action(async (connection: string | undefined, flags: Flags) => {
      const settings = readSettings(process.env, flags)
      const visit = await openVisit(settings, connection ? { only: connection } : {})
      try {
        const { reports, uncompared } = await checkWithStore(settings, visit)
        if (flags.json) printJson({ connections: reports.map(({ own: _own, ...rest }) => rest), ...(uncompared && { uncompared }) })
        else {
          for (const checked of reports) {
            const { connection: name, report, error } = checked
            printLine(
              `${name}: ${error ? `FAILED (${error.kind}): ${error.message}` : `${report!.account || 'account unknown'} at ${report!.host}`}`,
            )
            printProblems(checked)
            if (report && report.problems.length === 0) printLine('  everything that Accord needs is there')
          }
          if (uncompared) printLine(`not compared with what is stored, so that another account would not be noticed here: ${uncompared}`)
        }
        if (reports.some(({ report, error }) => error || report!.problems.length > 0)) process.exitCode = 1
      } finally {
        await visit.close()
      }
    })
}

/** `uncompared`: why what is stored could not be looked at. Where nothing is stored there is nothing to compare. */
type Reports = { reports: readonly Checked[]; uncompared: string | null }

async function checkWithStore(settings: Settings, visit: Visit): Promise<Reports> {
  let store: Awaited<ReturnType<typeof openStore>> | null = null
  let uncompared: string | null = null
  try {
    store = await openStore(settings)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    if (error.kind !== 'missing') uncompared = strike(error.message)
  }
  try {
    return { reports: await untilInterrupted((signal) => visit.check(store?.db ?? null, signal), 'again'), uncompared }
  } finally {
    await store?.close()
  }
}

/** Before "provision" every field of Accord's own is missing: that is one line, so that what else is missing can be seen. */
function printProblems({ report, own }: Checked): void {
  const problems = report?.problems ?? []
  const uncreated = problems.filter(({ kind, name }) => kind === 'field-missing' && own.includes(name))
  if (uncreated.length > 0)
    printLine(
      `  ${'field-missing'.padEnd(16)} ${uncreated.length} of the ${own.length} fields that Accord writes: run "accord provision" to create them`,
    )
  for (const problem of problems.filter((one) => !uncreated.includes(one)))
    printLine(`  ${problem.kind.padEnd(16)} ${problem.name}: ${problem.message}`)
}
