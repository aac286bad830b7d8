import { Command } from 'commander'
import { openHouse } from '../main.ts'
import { readSettings } from '../settings.ts'
import { printJson, printLine } from './output.ts'
import { untilInterrupted } from './interrupt.ts'

type Flags = { config?: string; data?: string; json?: boolean }

export function checkCommand(): Command {
  return new Command('check')
    .description('Can Accord reach your CRMs, and may it do what it must? Names each missing scope, field and permission. Changes nothing.')
    .argument('[connection]', 'a connection of connections.yaml')
    .action(async (connection: string | undefined, flags: Flags) => {
      const house = await openHouse(readSettings(process.env, flags), connection ? { only: connection } : {})
      try {
        const reports = await untilInterrupted((signal) => house.check(signal))
        if (flags.json) printJson({ connections: reports })
        else {
          for (const { connection: name, report, error } of reports) {
            printLine(`${name}: ${error ? `FAILED (${error.kind}): ${error.message}` : `${report!.account} at ${report!.host}`}`)
            for (const problem of report?.problems ?? []) printLine(`  ${problem.kind.padEnd(16)} ${problem.name}: ${problem.message}`)
            if (report && report.problems.length === 0) printLine('  everything that Accord needs is there')
          }
        }
        if (reports.some(({ report, error }) => error || report!.problems.length > 0)) process.exitCode = 1
      } finally {
        await house.close()
      }
    })
}
