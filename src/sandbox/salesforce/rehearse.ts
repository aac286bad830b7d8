/** All or none: writes that are taken back together when one of them fails. */
import { markTable, rollbackTable } from './table.ts'
import { recordError } from './fault.ts'
import { refreshGrants } from './grants.ts'
import type { Org } from './org.ts'
import type { Outcome } from './dml.ts'

const ROLLED_BACK = 'Record rolled back because not all records were valid and the request was using AllOrNone header'

export function rehearse(org: Org, jobs: readonly (() => Outcome)[]): Outcome[] {
  return transaction(org, () => {
    const outcomes = jobs.map((job) => job())
    if (outcomes.every((outcome) => outcome.ok)) return { keep: true, value: outcomes }
    const value = outcomes.map((outcome): Outcome =>
      outcome.ok ? { ok: false, id: outcome.id, errors: [recordError('ALL_OR_NONE_OPERATION_ROLLED_BACK', ROLLED_BACK)] } : outcome,
    )
    return { keep: false, value }
  })
}

/** Runs the work and takes every write back unless it says `keep`; also when it throws. */
export function transaction<T>(org: Org, work: () => { keep: boolean; value: T }): T {
  const marks = [...org.tables.values()].map((table) => ({ table, mark: markTable(table) }))
  let keep = false
  try {
    const result = work()
    keep = result.keep
    return result.value
  } finally {
    for (const { table, mark } of marks) {
      if (!keep) rollbackTable(table, mark)
      table.marks.delete(mark)
    }
    if (!keep) refreshGrants(org)
  }
}
