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

export function printSummary(summaries: readonly ConnectionSummary[]): void {
  for (const summary of summaries) {
    const { connection, records, mode, seconds, apiCalls, patches } = summary
    printLine()
    printLine(
      `${connection}: ${counted(records)} read (${mode === 'full' ? 'all of them' : 'those that changed'}), ${apiCalls} API calls, ${seconds} s`,
    )
    if (summary.error) printLine(`  FAILED (${summary.error.kind}): ${summary.error.message}`)
    const findings = Object.entries(summary.findings).sort(([, a], [, b]) => b - a)
    if (findings.length > 0) {
      printLine('  open findings')
      for (const [kind, count] of findings)
        printLine(
          `  ${count.toLocaleString('en').padStart(8)}  ${kind.padEnd(13)} ${(KINDS as Readonly<Record<string, string>>)[kind] ?? ''}`,
        )
    } else if (!summary.error) printLine('  no open findings')
    printLine(`  written back: ${counted(patches.written)}${outcomes(summary)}`)
    if (summary.unprovisioned)
      printLine(`  as if "accord provision" had been run: ${summary.unprovisioned} of the fields that Accord writes are not there yet`)
  }
}

function counted(records: number): string {
  return `${records.toLocaleString('en')} ${records === 1 ? 'record' : 'records'}`
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
