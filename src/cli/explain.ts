import { Command } from 'commander'
import { openAccord } from '../main.ts'
import { readSettings } from '../settings.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine } from './output.ts'

type Flags = { config?: string; data?: string; json?: boolean; values: boolean }

export function explainCommand(): Command {
  return new Command('explain')
    .description(
      'Why one record is judged as it is: each finding with its law and what to do. Reads the record now; what it shows is not stored.',
    )
    .argument('<record>', 'such as hubspot/contacts/12345678901, as "accord findings --list" prints it')
    .option('--no-values', 'do not show what stands in the record')
    .action(async (reference: string, flags: Flags) => {
      const [connection, object, id, ...rest] = reference.split('/')
      if (!connection || !object || !id || rest.length > 0)
        throw new UsageError('a record is named connection/object/id, such as hubspot/contacts/12345678901')
      const accord = await openAccord(readSettings(process.env, flags), { only: connection })
      try {
        const explained = await untilInterrupted((signal) => accord.explain(connection, object, id, signal), 'again')
        if (!explained) throw new UsageError(`${reference} is not in the CRM any more; if it should be, check the id`)
        const { record, verdict, values, linked } = explained
        if (flags.json) {
          printJson({ record, verdict, linked, ...(flags.values ? { values } : {}) })
          return
        }
        printLine(`${record}: ${verdict.status}, treated as ${verdict.audience}`)
        for (const finding of verdict.findings) {
          printLine(`\n  ${finding.rule} (${finding.severity})\n    law     ${finding.ref}\n    remedy  ${finding.remedy}`)
          for (const field of finding.fields)
            printLine(`    field   ${field}${flags.values && values[field] !== undefined ? ` = ${shorten(values[field])}` : ''}`)
        }
        printLine('\n  consent')
        for (const { purpose, channel, status, grade } of verdict.consent)
          printLine(`    ${`${purpose} by ${channel}`.padEnd(40)} ${status}${grade ? ` (${grade})` : ''}`)
        printLine(`\n  lawful basis  ${verdict.lawfulBases.join(', ') || 'none'}`)
        printLine(
          `  retention     ${verdict.retention.rule}: ${verdict.retention.then} ${verdict.retention.dueOn ? `from ${verdict.retention.dueOn}` : 'on no known date'}${verdict.retention.hold ? `, held by ${verdict.retention.hold}` : ''}`,
        )
        if (linked.length > 0) printLine(`  same person   ${linked.join(', ')}`)
      } finally {
        await accord.close()
      }
    })
}

function shorten(value: string | null): string {
  if (value === null) return '(empty)'
  const line = value.replace(/\s+/g, ' ')
  return line.length > 120 ? `${line.slice(0, 117)}…` : line
}
