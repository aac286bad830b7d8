/** What another policy would change, as counts: never as names. */
import type { Verdict } from '../judge/verdict.ts'

export type Change = { readonly name: string; readonly before: number; readonly after: number }
export type PolicyDiff = {
  readonly records: number
  /** Records of which anything but the dates changes, or the date of their end. */
  readonly changed: number
  /** Only counts that differ, sorted by name. */
  readonly changes: readonly Change[]
}
export interface DiffCounter {
  /** The verdicts on one record under the two policies. */
  add(before: Verdict, after: Verdict): void
  report(): PolicyDiff
}

export function createDiffCounter(): DiffCounter {
  const counts = new Map<string, { before: number; after: number }>()
  let records = 0
  let changed = 0
  return {
    add(before, after) {
      const was = traits(before)
      const is = traits(after)
      records += 1
      if (was.size !== is.size || [...was].some((trait) => !is.has(trait))) changed += 1
      for (const trait of was) count(counts, trait, 'before')
      for (const trait of is) count(counts, trait, 'after')
    },
    report() {
      const changes = [...counts].flatMap(([name, both]) =>
        both.before === both.after || name.startsWith('due ') ? [] : [{ name, ...both }],
      )
      return { records, changed, changes: changes.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
    },
  }
}

function traits(verdict: Verdict): ReadonlySet<string> {
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
