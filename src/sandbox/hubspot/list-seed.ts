import { z } from 'zod'
import type { SeedRow } from '../crm.ts'
import { contactByEmail, parseAddress } from './contact.ts'
import { recordById } from './live-record.ts'
import { checkBranch } from './list-filter.ts'
import type { FilterBranch } from './list.ts'
import { addList } from './lists.ts'
import { parseInstant } from './instant.ts'
import { tableNamed } from './list-routes.ts'
import type { Portal } from './portal.ts'

const listRow = z.strictObject({
  listId: z.coerce.number().int().positive().optional(),
  name: z.string().min(1),
  objectTypeId: z.string().default('0-1'),
  processingType: z.enum(['MANUAL', 'DYNAMIC', 'SNAPSHOT']).default('MANUAL'),
  filterBranch: z.looseObject({ filterBranchType: z.string() }).optional(),
  createdAt: z.union([z.string(), z.number()]).optional(),
  members: z
    .array(z.union([z.string(), z.number()]))
    .default([])
    .describe('record ids or addresses'),
})

/** A list; `members` are record ids or addresses of contacts that are there already. */
export function seedList(portal: Portal, row: SeedRow): void {
  const { members, createdAt, filterBranch, listId, ...rest } = listRow.parse(row)
  const at = createdAt === undefined ? portal.clock.now() : parseInstant(String(createdAt))
  if (at === undefined) throw new Error('createdAt: not a date-time')
  if (rest.processingType === 'DYNAMIC' && filterBranch === undefined) throw new Error('filterBranch: a dynamic list needs one')
  if (listId !== undefined && portal.marketing.lists.has(listId)) throw new Error('listId: it occurs twice')
  const table = tableNamed(portal, rest.objectTypeId)
  const branch = (filterBranch ?? null) as FilterBranch | null
  if (branch !== null) checkBranch(table, branch)
  const list = addList(portal, { ...rest, objectTypeId: table.kind.typeId, filterBranch: branch, folderId: 0 }, at, listId)
  for (const [place, member] of members.entries()) {
    const address = parseAddress(member)
    const record = address === undefined ? recordById(table, Number(member)) : contactByEmail(portal, address)
    if (record === undefined) throw new Error(`members.${place}: no such record`)
    list.members.set(record.id, at)
    list.firstJoined.set(record.id, at)
  }
}
