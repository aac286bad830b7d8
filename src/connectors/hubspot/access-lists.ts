/** The lists that a contact is in: what a marketing team sorts people by (HubSpot docs: lists). */
import type { AccessEntry } from '../../core/access/entry.ts'
import type { AccessPage } from '../access.ts'
import type { Problem, RecordRef } from '../connector.ts'
import { plainField } from './access-field.ts'
import { pagesOf } from './access-pages.ts'
import { ListNames, Memberships } from './access-payloads.ts'
import type { HubspotClient } from './client.ts'
import { chunksOf, orGap } from './erasure-read.ts'
import { isContact } from './paths.ts'

const CONTACTS = '0-1'
/** Ids stand in the query of a GET. */
const listsPerRead = 50

type Membership = { readonly of: RecordRef; readonly list: string; readonly since: string | null }

export async function listsOf(client: HubspotClient, refs: readonly RecordRef[], signal: AbortSignal): Promise<AccessPage> {
  const gaps: Problem[] = []
  const entries = await orGap(read(client, refs, signal), 'lists', gaps)
  return { entries: entries ?? [], gaps }
}

async function read(client: HubspotClient, refs: readonly RecordRef[], signal: AbortSignal): Promise<AccessEntry[]> {
  const found: Membership[] = []
  for (const of of refs.filter(({ object }) => isContact(object))) {
    const path = `${client.paths.lists}/records/${CONTACTS}/${of.id}/memberships`
    for await (const { results } of pagesOf(client, { path }, Memberships, signal))
      found.push(...results.map(({ listId, firstAddedTimestamp }) => ({ of, list: listId, since: firstAddedTimestamp ?? null })))
  }
  const names = new Map<string, string>()
  for (const ids of chunksOf([...new Set(found.map(({ list }) => list))], listsPerRead)) {
    const query = new URLSearchParams(ids.map((id): [string, string] => ['listIds', id])).toString()
    const { lists } = await client.call({ method: 'GET', path: `${client.paths.lists}/`, query }, ListNames, signal)
    for (const { listId, name } of lists) names.set(listId, name)
  }
  return found.map(({ of, list, since }): AccessEntry => {
    const field = plainField('name', 'List', names.get(list) ?? list, { at: since, provenance: 'derived' })
    return { part: 'list', of, object: 'lists', id: list, fields: [field] }
  })
}
