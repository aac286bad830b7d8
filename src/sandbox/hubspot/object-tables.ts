import { ACTIVITY_TABLE, ACTIVITY_TABLES } from './activity-table.ts'
import { COMPANY_OPTIONS, COMPANY_TABLE } from './company-table.ts'
import { DEAL_OPTIONS, DEAL_TABLE, TICKET_OPTIONS, TICKET_TABLE } from './deal-table.ts'
import { SALES_TABLES } from './sales-tables.ts'
import type { ObjectKind } from './object-kind.ts'

/** What every object type but contacts has. GROUP stands for the type's own group. Source: HubSpot docs, "Default properties" of each object. */
const COMMON_TABLE = `
GROUP number number cr: hs_object_id
GROUP datetime date cr: hs_createdate hs_lastmodifieddate
GROUP string text r: hs_object_source hs_object_source_id hs_object_source_user_id hs_object_source_detail_1 hs_object_source_detail_2
  hs_object_source_detail_3
GROUP enumeration select r: hs_object_source_label
GROUP enumeration checkbox r: hs_merged_object_ids
GROUP enumeration select f: hubspot_owner_id hubspot_team_id
`

const TABLES: Record<string, { table: string; options: string }> = {
  companies: { table: COMPANY_TABLE, options: COMPANY_OPTIONS },
  deals: { table: DEAL_TABLE, options: DEAL_OPTIONS },
  tickets: { table: TICKET_TABLE, options: TICKET_OPTIONS },
  ...ACTIVITY_TABLES,
  ...SALES_TABLES,
}

/** The definition tables of a type other than contacts, and its options. */
export function objectTables(kind: ObjectKind): { tables: string[]; options: string } {
  const { table, options } = TABLES[kind.name]!
  const shared = kind.activity ? [COMMON_TABLE, ACTIVITY_TABLE] : [COMMON_TABLE]
  return { tables: [...shared.map((text) => text.replaceAll('GROUP', kind.group)), table], options }
}
