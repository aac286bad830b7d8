/** The state that `reset` comes back to: marks on the tables, copies of what is small. */
import { dropV1 } from './bulk1-job.ts'
import { createUsage } from './usage.ts'
import { forgetChanges } from './changes.ts'
import { resetPush } from './push.ts'
import { markTable, rollbackTable } from './table.ts'
import { firstRefreshTokens, passwordDefaults } from './session.ts'
import { refreshGrants } from './grants.ts'
import { shelve } from './org.ts'
import type { Field } from './schema-object.ts'
import type { Switches } from './switches.ts'
import type { Mark, Table } from './table.ts'
import type { World } from './call.ts'

export type Snapshot = {
  marks: Map<Table, Mark>
  fields: Map<Table, Field[]>
  sequence: Map<string, number>
  limit: number
  switches: Switches
}

const tablesOf = ({ org }: World): Table[] => [...org.tables.values(), ...org.shelf.values(), ...org.tooling.values()]

export function snapshotWorld(world: World): Snapshot {
  const tables = tablesOf(world)
  return {
    marks: new Map(tables.map((table) => [table, markTable(table)])),
    fields: new Map(tables.map((table) => [table, table.object.fields.map((field) => ({ ...field }))])),
    sequence: new Map(world.org.sequence),
    limit: world.usage.limit,
    switches: structuredClone(world.org.switches),
  }
}

/** Its tables no longer keep what changes for it. */
export function dropSnapshot({ marks }: Snapshot): void {
  for (const [table, mark] of marks) table.marks.delete(mark)
}

/** Tokens, cursors and jobs die: a reset is a new day. */
export function resetWorld(world: World, saved: Snapshot): void {
  const { org, sessions, cursors, jobs, usage, wire } = world
  for (const job of jobs.queries.values()) job.release()
  jobs.queries.clear()
  jobs.ingests.clear()
  for (const job of jobs.classic.values()) dropV1(jobs, job)
  jobs.pace = { queuedMs: 0, runningMs: 0 }
  cursors.open.clear()
  sessions.byToken.clear()
  sessions.codes.clear()
  Object.assign(sessions, { refreshTokens: firstRefreshTokens(), password: passwordDefaults() })
  for (const [table, mark] of saved.marks) {
    const { object } = table
    const fields = (saved.fields.get(table) ?? []).map((field) => ({ ...field }))
    // Rows first need every column they ever had, then the schema goes back.
    rollbackTable(table, mark)
    object.fields.splice(0, object.fields.length, ...fields)
    object.byName.clear()
    for (const field of fields) object.byName.set(field.name.toLowerCase(), field)
  }
  for (const [name, table] of org.tables) if (!saved.marks.has(table)) org.tables.delete(name)
  Object.assign(org.switches, structuredClone(saved.switches))
  shelve(org)
  org.sequence.clear()
  for (const [prefix, number] of saved.sequence) org.sequence.set(prefix, number)
  org.hidden.clear()
  org.locked.clear()
  org.hardDelete = false
  org.sweptAt = 0
  wire.compress = false
  wire.rest = true
  Object.assign(usage, createUsage(), { limit: saved.limit })
  refreshGrants(org)
  forgetChanges(org)
  resetPush(world.push)
}
