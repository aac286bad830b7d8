/**
 * The properties HubSpot defines in every portal for other object types than contacts, in the format of the contact table. GROUP stands for
 * the type's own group. Source: HubSpot docs, page of each object, and "Default properties" of each.
 */
export const COMMON_TABLE = `
GROUP number number cr: hs_object_id
GROUP datetime date cr: hs_createdate hs_lastmodifieddate
GROUP string text r: hs_object_source hs_object_source_id hs_object_source_detail_1 hs_object_source_detail_2 hs_object_source_detail_3
GROUP enumeration select r: hs_object_source_label
GROUP enumeration checkbox r: hs_merged_object_ids
GROUP enumeration select -: hubspot_owner_id hubspot_team_id
`

const NONE = { table: '', options: '' }

export const OBJECT_TABLES: Record<string, { table: string; options: string }> = {
  companies: NONE,
  deals: NONE,
  tickets: NONE,
  notes: NONE,
  calls: NONE,
  emails: NONE,
  meetings: NONE,
  tasks: NONE,
  communications: NONE,
}
