/** What is sent, in the words of the official client's types. Its enumerations are plain text on the wire. */
import type { Client } from '@hubspot/api-client'

type Contacts = Client['crm']['contacts']
type Properties = Client['crm']['properties']
type Search = Parameters<Contacts['searchApi']['doSearch']>[0]
type Filter = NonNullable<NonNullable<Search['filterGroups']>[number]['filters']>[number]

export type SearchBody = Omit<Search, 'filterGroups'> & {
  filterGroups: { filters: (Omit<Filter, 'operator'> & { operator: `${Filter['operator']}` })[] }[]
}
export type BatchReadBody = Parameters<Contacts['batchApi']['read']>[0]
export type BatchUpdateBody = Parameters<Contacts['batchApi']['update']>[0]
type Create = Parameters<Properties['coreApi']['create']>[1]
export type PropertyBody = Omit<Create, 'type' | 'fieldType'> & { type: `${Create['type']}`; fieldType: `${Create['fieldType']}` }
export type PropertyChange = Parameters<Properties['coreApi']['update']>[2]
export type GroupBody = Parameters<Properties['groupsApi']['create']>[1]
