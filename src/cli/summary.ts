/** The result of a sweep as a marketer reads it. */
import type { FindingKind } from '../core/judge/verdict.ts'
import type { ConnectionSummary } from '../tasks/sweep/sweep.ts'
import { printLine } from './output.ts'

/** Every kind of finding, in words. */
export const KINDS = {
  consent: 'marketing permission missing, expired or contradicted',
  retention: 'kept too long, or soon to be',
  minimisation: 'filled fields that no purpose needs',
  sensitive: 'sensitive data in comments',
  accuracy: 'addresses, phones or dates that cannot be right',
  mapping: 'fields or records that Accord cannot read or write',
  identity: 'doubts about who is who',
} as const satisfies Record<FindingKind, string>

export function printSummary(summaries: readonly ConnectionSummary[], { dryRun = false }: { dryRun?: boolean | undefined } = {}): void {
  for (const [index, summary] of summaries.entries()) {
    if (index > 0) printLine()
    printLine(`${summary.connection}: ${readBy(summary)}, ${callsOf(summary)}, ${summary.seconds} s`)
    if (summary.error) {
      printLine(`  FAILED (${summary.error.kind}): ${summary.error.message}`)
      if (!dryRun) printLine('  what was read until then is stored; the next sweep goes on from there')
    }
    if (statusesOf(summary) !== '') printLine(`  status: ${statusesOf(summary)}`)
    printFindings(summary)
    const { written } = summary.patches
    printLine(
      dryRun ? `  would be written back: ${counted(summary.waiting)}` : `  written back: ${counted(written, 'update')}${outcomes(summary)}`,
    )
    if (summary.patches.rejected > 0 && !dryRun) printLine(`${' '.repeat(12)}the log says which (write.refused), and why`)
    for (const other of summary.unheard ?? [])
      printLine(
        `  CAUTION: ${other} has not been read to its end yet; what people refused there is not in these fields: send nothing by them until it has`,
      )
    if (summary.unprovisioned)
      printLine(`  as if "accord provision" had been run: ${summary.unprovisioned} of the fields that Accord writes are not there yet`)
  }
}

function readBy({ records, mode, pages, error }: ConnectionSummary): string {
  if (error && records === 0 && pages === 0) return 'nothing read'
  const which = mode === 'delta' ? 'those that changed' : error ? 'of all of them' : 'all of them'
  return `${counted(records)} read (${which})`
}

export function callsOf({ apiCalls }: Pick<ConnectionSummary, 'apiCalls'>): string {
  return `${apiCalls.toLocaleString('en')} API ${apiCalls === 1 ? 'call' : 'calls'}`
}

function printFindings({ findings, error }: ConnectionSummary): void {
  const counts = Object.entries(findings).sort(([, a], [, b]) => b - a)
  if (counts.length > 0) printLine('  open findings')
  else if (!error) printLine('  no open findings')
  for (const [kind, count] of counts)
    printLine(`  ${count.toLocaleString('en').padStart(8)}  ${kind.padEnd(13)} ${(KINDS as Readonly<Record<string, string>>)[kind] ?? ''}`)
  // Of the fields nothing else here tells, and without them nothing may be written back.
  if (findings['mapping']) printLine(`${' '.repeat(12)}"accord findings --list --kind mapping" names them`)
}

/** As `accord_status` says it in the CRM: what may be used, what is to be put right, what is not to be used. */
function statusesOf({ statuses }: ConnectionSummary): string {
  const shown = ['ok', 'attention', 'blocked'].filter((status) => statuses[status])
  return shown.map((status) => `${statuses[status]!.toLocaleString('en')} ${status}`).join(', ')
}

/** A record is updated more than once when what the other CRM says of its person comes in later. */
function counted(count: number, what: 'record' | 'update' = 'record'): string {
  return `${count.toLocaleString('en')} ${count === 1 ? what : `${what}s`}`
}

function outcomes({ patches, waiting }: ConnectionSummary): string {
  const rest = Object.entries({
    unchanged: patches.unchanged,
    'changed there meanwhile': patches.conflict,
    'refused by the CRM': patches.rejected,
    'closed to changes for good': patches.frozen,
    'deleted meanwhile': patches.gone,
    'not sent': waiting,
  })
  const shown = rest.filter(([, count]) => count > 0).map(([name, count]) => `${count.toLocaleString('en')} ${name}`)
  return shown.length > 0 ? ` (${shown.join(', ')})` : ''
}
