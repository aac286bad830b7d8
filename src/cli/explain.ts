import { Command } from 'commander'
import type { Verdict } from '../core/judge/verdict.ts'
import { openAccord, type Accord } from '../main.ts'
import { readSettings } from '../settings.ts'
import { UsageError } from './failure.ts'
import { untilInterrupted } from './interrupt.ts'
import { printJson, printLine } from './output.ts'

type Explained = NonNullable<Awaited<ReturnType<Accord['explain']>>>
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
      if (!connection || !object || !id || rest.length > 0) throw new UsageError(NAMING)
      const accord = await openAccord(readSettings(process.env, flags), { only: connection })
      try {
        const explained = await untilInterrupted((signal) => accord.explain(connection, object, id, signal), 'again')
        if (!explained) throw new UsageError(`${reference} is not in the CRM any more; if it should be, check the id`)
        const { values, ...rest } = explained
        if (flags.json) printJson({ ...rest, ...(flags.values ? { values } : {}) })
        else printExplained(explained, flags.values)
      } finally {
        await accord.close()
      }
    })
}

const NAMING =
  'a record is named connection/object/id, such as hubspot/contacts/12345678901 or salesforce/Contact/003…, as "accord findings --list" prints it; the id ends the address of the record in the CRM'

function printExplained({ record, verdict, values, where, linked }: Explained, showValues: boolean): void {
  printLine(`${record}: ${verdict.status}, treated as ${verdict.audience}`)
  for (const finding of verdict.findings) {
    printLine(`\n  ${finding.rule} (${finding.severity})\n    law     ${finding.ref}\n    remedy  ${finding.remedy}`)
    for (const name of finding.fields)
      for (const line of fieldLines(name, where[name], showValues ? values : {})) printLine(`    field   ${line}`)
  }
  printPermissions(verdict)
  const { rule, then, dueOn, hold } = verdict.retention
  printLine(`\n  lawful basis  ${verdict.lawfulBases.join(', ') || 'none'}`)
  printLine(`  retention     ${rule}: ${then} ${dueOn ? `from ${dueOn}` : 'on no known date'}${hold ? `, held by ${hold}` : ''}`)
  if (linked.length > 0) printLine(`  same person   ${linked.join(', ')}`)
}

/** What the policy calls birthDate stands in a field of the CRM, under a name of the CRM. */
function fieldLines(name: string, behind: readonly string[] | undefined, values: Explained['values']): string[] {
  if (behind === undefined) return [`${name}${valueOf(values[name])}`]
  if (behind.length === 0) return [`none of this CRM (${name})`]
  return behind.map((field) => `${field}${valueOf(values[field])} (${name})`)
}

function valueOf(value: string | null | undefined): string {
  return value === undefined ? '' : ` = ${shorten(value)}`
}

/** One line for each purpose and channel: whether, by which rule of the policy, and what is known of the consent. */
function printPermissions({ status, permissions, consent }: Verdict): void {
  printLine('\n  may be contacted')
  for (const { purpose, channel, allowed, rule } of permissions) {
    const known = consent.find((view) => view.purpose === purpose && view.channel === channel)
    const answer = !allowed ? `no   ${refusalOf(rule)}` : status === 'blocked' ? 'no   this record is blocked' : `yes  ${rule}`
    const said = known ? `consent ${known.status}${known.grade ? ` (${known.grade})` : ''}` : ''
    printLine(`    ${`${purpose} by ${channel}`.padEnd(34)} ${answer.padEnd(31)} ${said}`.trimEnd())
  }
}

/** A gate or a consent rule by its id in policy.yaml. */
function refusalOf(rule: string): string {
  if (rule.startsWith('channel.')) return 'no usable contact point'
  return rule.startsWith('purpose.') ? 'this purpose is switched off' : rule
}

function shorten(value: string | null): string {
  if (value === null) return '(empty)'
  const line = value.replace(/\s+/g, ' ')
  return line.length > 120 ? `${line.slice(0, 117)}…` : line
}
