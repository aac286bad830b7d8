/** What another policy would make of the records, as counts. Reads them from the CRM; stores nothing. */
import type { CrmRecord } from '../connectors/connector.ts'
import type { Verdict } from '../core/verdict.ts'
import { applyBatch } from './batch.ts'
import type { House, Shell, Target } from './shell.ts'

export type PolicyDiff = { records: number; changed: number; rules: { name: string; before: number; after: number }[] }

/** `now` and `then` are the same source under two policies. Consent known from other records of a person is taken as it is stored. */
export async function diffPolicy(
  shell: Shell,
  house: House,
  { now, then }: { now: Target; then: Target },
  into: PolicyDiff,
  signal: AbortSignal,
): Promise<void> {
  const fields = [...new Set([...now.judge.reads, ...then.judge.reads])]
  for await (const page of now.connector.read({ object: now.source.object, fields }, signal)) {
    const before = await judgeBy(shell, house, now, page.records)
    const after = await judgeBy(shell, house, then, page.records)
    for (const [id, verdict] of before) compare(into, verdict, after.get(id)!)
  }
}

async function judgeBy(shell: Shell, house: House, target: Target, records: readonly CrmRecord[]): Promise<Map<string, Verdict>> {
  const { decisions } = await applyBatch(shell, house, target, { records, gone: [], force: true }, 'dry run')
  return new Map(decisions.map(({ id, verdict }) => [id, verdict]))
}

function compare(into: PolicyDiff, before: Verdict, after: Verdict): void {
  into.records += 1
  const [was, is] = [namesOf(before), namesOf(after)]
  if (JSON.stringify([...was].sort()) !== JSON.stringify([...is].sort()) || before.retention.dueOn !== after.retention.dueOn)
    into.changed += 1
  for (const name of was) countUp(into, name, 'before')
  for (const name of is) countUp(into, name, 'after')
}

function namesOf(verdict: Verdict): Set<string> {
  return new Set([
    `status ${verdict.status}`,
    `retention ${verdict.retention.rule}`,
    ...verdict.findings.map((finding) => `finding ${finding.rule}`),
    ...verdict.consent.map((one) => `${one.purpose} by ${one.channel}: ${one.status}`),
  ])
}

function countUp(into: PolicyDiff, name: string, when: 'before' | 'after'): void {
  let row = into.rules.find((rule) => rule.name === name)
  if (!row) into.rules.push((row = { name, before: 0, after: 0 }))
  row[when] += 1
}
