import { Command, Option } from 'commander'
import { openStore } from '../main.ts'
import { readSettings } from '../settings.ts'
import { countFindings, listFindings } from '../store/findings.ts'
import { UsageError } from './failure.ts'
import { printJson, printLine, printTable } from './output.ts'
import { KINDS } from './summary.ts'

type Flags = {
  config?: string
  data?: string
  json?: boolean
  connection?: string
  kind?: string
  rule?: string
  list?: boolean
  limit: string
}

export function findingsCommand(): Command {
  return new Command('findings')
    .description('What is to be put right, by connection, kind and rule. Shows references to records, never names.')
    .option('--connection <name>', 'only this connection')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(Object.keys(KINDS)))
    .option('--rule <id>', 'only this rule, such as consent.unproved')
    .option('--list', 'one line per record and rule instead of counts')
    .option('--limit <n>', 'with --list: at most so many lines', '100')
    .action(async (flags: Flags) => {
      const limit = Number(flags.limit)
      if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit takes a whole number, 1 or more')
      const { connection, kind, rule } = flags
      const filter = { ...(connection ? { connection } : {}), ...(kind ? { kind } : {}), ...(rule ? { rule } : {}) }
      const store = await openStore(readSettings(process.env, flags))
      try {
        if (flags.list) {
          const rows = await listFindings(store.db, filter, limit)
          if (flags.json) printJson({ findings: rows.map((row) => ({ record: `${row.connection}/${row.object}/${row.id}`, ...row })) })
          else
            printTable(
              ['record', 'rule', 'severity', 'fields', 'law'],
              rows.map((row) => [`${row.connection}/${row.object}/${row.id}`, row.rule, row.severity, row.fields.join(', '), row.ref]),
            )
          return
        }
        const counts = await countFindings(store.db, filter)
        if (flags.json) printJson({ counts })
        else if (counts.length === 0) printLine('No open findings. If nothing was swept yet, run "accord sweep" first.')
        else
          printTable(
            ['connection', 'object', 'kind', 'rule', 'severity', 'records'],
            counts.map((row) => [row.connection, row.object, row.kind, row.rule, row.severity, row.records]),
          )
      } finally {
        await store.close()
      }
    })
}
