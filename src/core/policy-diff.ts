/** What another policy would change, as counts: never as names. */
import type { ConsentFact } from './consent.ts'
import type { Judge, RawFields } from './judge.ts'
import type { Verdict } from './verdict.ts'

export type JudgedRecord = { readonly fields: RawFields; readonly facts: readonly ConsentFact[]; readonly suppressed: boolean }
export type Change = { readonly name: string; readonly before: number; readonly after: number }
export type PolicyDiff = {
  readonly records: number
  /** Records of which anything but the dates changes, or the date of their end. */
  readonly changed: number
  /** Only counts that differ, sorted by name. */
  readonly changes: readonly Change[]
}

/** Reads the records once; keeps counts only. */
export function policyDiff(before: Judge, after: Judge, records: Iterable<JudgedRecord>): PolicyDiff {
  const counts = new Map<string, { before: number; after: number }>()
  let total = 0
  let changed = 0
  for (const record of records) {
    const was = traits(before, record)
    const is = traits(after, record)
    total += 1
    if (was.size !== is.size || [...was].some((trait) => !is.has(trait))) changed += 1
    for (const trait of was) count(counts, trait, 'before')
    for (const trait of is) count(counts, trait, 'after')
  }
  const changes = [...counts].flatMap(([name, both]) => (both.before === both.after || name.startsWith('due ') ? [] : [{ name, ...both }]))
  return { records: total, changed, changes: changes.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}

function traits(judge: Judge, { fields, facts, suppressed }: JudgedRecord): ReadonlySet<string> {
  const verdict: Verdict = judge.judge(fields, { facts, suppressed })
  return new Set([
    `status ${verdict.status}`,
    `retention ${verdict.retention.rule}`,
    `due ${verdict.retention.dueOn ?? 'never'}`,
    ...verdict.findings.map((finding) => `finding ${finding.rule}`),
    ...verdict.permissions
      .filter((permission) => permission.allowed)
      .map((permission) => `allowed ${permission.purpose} by ${permission.channel}`),
  ])
}

function count(counts: Map<string, { before: number; after: number }>, name: string, when: 'before' | 'after'): void {
  const both = counts.get(name) ?? { before: 0, after: 0 }
  both[when] += 1
  counts.set(name, both)
}
