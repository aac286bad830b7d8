/** The state that `reset` comes back to: marks on the tables, copies of what is small. */
import { createUsage } from './usage.ts'
import { markTable, rollbackTable } from './table.ts'
import { refreshGrants } from './grants.ts'
import type { Mark, Table } from './table.ts'
import type { World } from './call.ts'

export type Snapshot = { marks: Map<Table, Mark>; fields: Map<Table, number>; sequence: Map<string, number>; limit: number }

const tablesOf = ({ org }: World): Table[] => [...org.tables.values(), ...org.tooling.values()]

export function snapshotWorld(world: World, before?: Snapshot): Snapshot {
  for (const [table, mark] of before?.marks ?? []) table.marks.delete(mark)
  const tables = tablesOf(world)
  return {
    marks: new Map(tables.map((table) => [table, markTable(table)])),
    fields: new Map(tables.map((table) => [table, table.object.fields.length])),
    sequence: new Map(world.org.sequence),
    limit: world.usage.limit,
  }
}

/** Tokens, cursors and jobs die: a reset is a new day. */
export function resetWorld(world: World, saved: Snapshot): void {
  const { org, sessions, cursors, jobs, usage } = world
  for (const job of jobs.queries.values()) job.release()
  jobs.queries.clear()
  jobs.ingests.clear()
  jobs.pace = { queuedMs: 0, runningMs: 0 }
  cursors.open.clear()
  sessions.byToken.clear()
  for (const [table, mark] of saved.marks) {
    rollbackTable(table, mark)
    for (const field of table.object.fields.splice(saved.fields.get(table) ?? 0)) table.object.byName.delete(field.name.toLowerCase())
  }
  org.sequence.clear()
  for (const [prefix, number] of saved.sequence) org.sequence.set(prefix, number)
  org.hidden.clear()
  org.locked.clear()
  Object.assign(usage, createUsage(), { limit: saved.limit })
  refreshGrants(org)
}
