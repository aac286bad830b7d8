import { z } from 'zod'
import type { SeedRow } from '../crm.ts'
import { contactByEmail, contactById, parseAddress } from './contact.ts'
import { checkBranch } from './list-filter.ts'
import type { FilterBranch } from './list.ts'
import { addList } from './lists.ts'
import { parseInstant } from './instant.ts'
import type { Portal } from './portal.ts'

const listRow = z.strictObject({
  listId: z.coerce.number().int().positive().optional(),
  name: z.string().min(1),
  objectTypeId: z.literal('0-1').default('0-1'),
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
  const branch = (filterBranch ?? null) as FilterBranch | null
  if (branch !== null) checkBranch(portal, branch)
  const list = addList(portal, { ...rest, filterBranch: branch, folderId: 0 }, at, listId)
  for (const [place, member] of members.entries()) {
    const address = parseAddress(member)
    const contact = address === undefined ? contactById(portal, Number(member)) : contactByEmail(portal, address)
    if (contact === undefined) throw new Error(`members.${place}: no such contact`)
    list.members.set(contact.id, at)
    list.firstJoined.set(contact.id, at)
  }
}
