import { Command } from 'commander'
import { openVisit } from '../main.ts'
import { readSettings } from '../settings.ts'
import type { Checked } from '../visit.ts'
import { printJson, printLine } from './output.ts'
import { untilInterrupted } from './interrupt.ts'

type Flags = { config?: string; data?: string; json?: boolean }

export function checkCommand(): Command {
  return new Command('check')
    .description('Can Accord reach your CRMs, and may it do what it must? Names each missing scope, field and permission. Changes nothing.')
    .argument('[connection]', 'one connection of connections.yaml; without it, all of them')
    .action(async (connection: string | undefined, flags: Flags) => {
      const visit = await openVisit(readSettings(process.env, flags), connection ? { only: connection } : {})
      try {
        const reports = await untilInterrupted((signal) => visit.check(signal), 'again')
        if (flags.json) printJson({ connections: reports.map(({ own: _own, ...rest }) => rest) })
        else {
          for (const checked of reports) {
            const { connection: name, report, error } = checked
            printLine(`${name}: ${error ? `FAILED (${error.kind}): ${error.message}` : `${report!.account} at ${report!.host}`}`)
            printProblems(checked)
            if (report && report.problems.length === 0) printLine('  everything that Accord needs is there')
          }
        }
        if (reports.some(({ report, error }) => error || report!.problems.length > 0)) process.exitCode = 1
      } finally {
        await visit.close()
      }
    })
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
