/** HubSpot's search, as an erasure asks it: all pages of a query, and many addresses in as few queries as its limits allow (HubSpot docs: search the CRM). */
import { together } from '../together.ts'
import type { SearchBody } from './bodies.ts'
import type { HubspotClient } from './client.ts'
import { byAddress, chunksOf, readBy, recordsAt } from './erasure-read.ts'
import type { CrmObject } from './payloads.ts'
import { behind, searchBehind } from './search-behind.ts'

export const secondary = 'hs_additional_emails'
const primary = 'email'
const groupsPerSearch = 5
/** A body takes 3,000 characters: five groups at most, each with its own way of walking on. */
const charactersPerGroup = 420

type Filters = SearchBody['filterGroups'][number]['filters']
type Group = { readonly filters: Filters }
export type Query = { readonly filterGroups: readonly Group[] } | { readonly query: string }

/** Walks by record id, so that neither a changing index nor the 10,000 results of a query can hide a record. */
export async function* searchAll(
  client: HubspotClient,
  object: string,
  query: Query,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly CrmObject[]> {
  const groups = 'query' in query ? [{ filters: [] }] : query.filterGroups
  let last = '0'
  for (let isMore = true; isMore;) {
    const body = {
      ...('query' in query && { query: query.query }),
      filterGroups: groups.map(({ filters }) => ({ filters: [...filters, behind(last)] })),
      properties: [...names],
    }
    const step = await searchBehind(client, object, body, last, signal)
    if (step.results.length > 0) yield step.results
    ;({ last, isMore } = step)
  }
}

/** The index lags and names must fit into 3,000 characters: what a search names is read again by id. */
export async function searched(
  client: HubspotClient,
  object: string,
  queries: readonly Query[],
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly CrmObject[]> {
  const ids = new Set<string>()
  await Promise.all(
    queries.map(async (query) => {
      for await (const page of searchAll(client, object, query, [], signal)) for (const { id } of page) ids.add(id)
    }),
  )
  return readBy(client, object, [...ids], names, {}, signal)
}

type Shape = { readonly object: string; readonly fields: readonly string[]; readonly names: readonly string[] }

/** Records with one of these addresses in one of these fields, besides the two that HubSpot has of itself. `names` hold them all. */
export const searchEmails = together(async (client: HubspotClient, { object, fields, names }: Shape, emails: readonly string[], signal) => {
  const queries = chunksOf(groupsFor(fields, emails), groupsPerSearch).map((filterGroups) => ({ filterGroups }))
  return byAddress(await searched(client, object, queries, names, signal), names)
}, recordsAt)

/** Of a field with one address many are asked for at once; the list of additional ones is searched by its words, one address at a time. */
function groupsFor(fields: readonly string[], emails: readonly string[]): readonly Group[] {
  const single = [...new Set([primary, ...fields])].filter((name) => name !== secondary)
  const lists = packed(emails)
  return [
    ...single.flatMap((propertyName) =>
      lists.map((values): Group => {
        const [only] = values
        return {
          filters: [values.length === 1 ? { propertyName, operator: 'EQ', value: only! } : { propertyName, operator: 'IN', values }],
        }
      }),
    ),
    ...emails.map((email): Group => {
      // An asterisk stands for anything in a search, and for itself in an address.
      return { filters: [{ propertyName: secondary, operator: 'CONTAINS_TOKEN', value: email.replaceAll('*', ' ') }] }
    }),
  ]
}

/** Lists of addresses that fit into a group. */
function packed(emails: readonly string[]): readonly string[][] {
  const lists: string[][] = []
  let room = 0
  for (const email of emails) {
    const length = JSON.stringify(email).length + 1
    if (length > room || lists.length === 0) {
      lists.push([])
      room = charactersPerGroup
    }
    lists.at(-1)!.push(email)
    room -= length
  }
  return lists
}
