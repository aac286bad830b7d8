/**
 * Every contact that may be the person's. By e-mail twice: a read by the address is current and knows primary addresses, a search knows the other ones and lags.
 * Whatever HubSpot answers is compared once more, whole address by whole address: its search matches words.
 */
import { normaliseEmail } from '../../core/identity-email.ts'
import { normalisePhone } from '../../core/identity-phone.ts'
import { emailSpellings, phoneSpellings } from '../../core/identity-spellings.ts'
import { ConnectorError, type Fields, type Problem } from '../connector.ts'
import type { Findings, FoundRecord, FoundVia, Sought } from '../erasure.ts'
import type { SearchBody } from './bodies.ts'
import type { HubspotClient } from './client.ts'
import { ArchivePage, HistoryAnswer } from './erasure-payloads.ts'
import { checkedIds, chunksOf, orGap, readBy } from './erasure-read.ts'
import { fateOf } from './get.ts'
import { bookkeeping, mergedProperty } from './paths.ts'
import { SearchPage, type CrmObject } from './payloads.ts'
import { recordFrom } from './record.ts'

type Look = Sought['objects'][number]
type Hit = { record: CrmObject; via: Set<FoundVia>; state: 'live' | 'archived' }
type Hits = Map<string, Hit>

const primary = 'email'
const secondary = 'hs_additional_emails'
const mergedVids = 'hs_calculated_merged_vids'
const groupsPerSearch = 5
const pageSize = 100
/** A page of a search; more records than this on one address are a team's, and the plan asks somebody anyway. */
const searchPageSize = 200
/** Records with their history in one request (HubSpot docs: batch read). */
const withHistoryMost = 50
/** The archive cannot be searched: it is read, up to here, and what lies beyond is told as a gap. */
const archivePages = 100

export async function find(client: HubspotClient, sought: Sought, signal: AbortSignal): Promise<Findings> {
  const gaps: Problem[] = []
  const records: FoundRecord[] = []
  for (const look of sought.objects) records.push(...(await findIn(client, look, sought, gaps, signal)))
  return { records, gaps }
}

async function findIn(client: HubspotClient, look: Look, sought: Sought, gaps: Problem[], signal: AbortSignal): Promise<FoundRecord[]> {
  const { object } = look
  const names = [...new Set([...look.fields, ...look.emails, ...look.phones, primary, secondary, mergedVids, ...bookkeeping(object)])]
  const hits: Hits = new Map()
  const emails = new Set(sought.emails)
  const note = (record: CrmObject, via: FoundVia, state: Hit['state'] = 'live'): void => {
    const known = hits.get(record.id)
    if (known === undefined) hits.set(record.id, { record, via: new Set([via]), state })
    else known.via.add(via)
  }
  const noteByEmail = (record: CrmObject, state: Hit['state'] = 'live'): void => {
    if (emailsOf(record.properties, look).some((email) => emails.has(email))) note(record, 'email', state)
  }
  await known(client, look, sought, names, note, signal)
  const spellings = sought.emails.flatMap(emailSpellings)
  if (spellings.length > 0) {
    for (const record of await readBy(client, object, spellings, names, { idProperty: 'email' }, signal)) noteByEmail(record)
    for (const email of spellings) for (const record of await searchEmail(client, look, email, names, signal)) noteByEmail(record)
    await archived(client, look, names, (record) => noteByEmail(record, 'archived'), gaps, signal)
  }
  for (const phone of sought.phones)
    for (const record of await searchPhone(client, object, phone, names, signal))
      if (phonesOf(record.properties, look).includes(phone)) note(record, 'phone')
  return finished(client, look, hits, signal)
}

/** The records that we know of, wherever a merge has led them, and in the archive. */
async function known(
  client: HubspotClient,
  { object }: Look,
  { refs }: Sought,
  names: readonly string[],
  note: (record: CrmObject, via: FoundVia, state?: 'live' | 'archived') => void,
  signal: AbortSignal,
): Promise<void> {
  const own = refs.filter((ref) => ref.object === object)
  checkedIds(own)
  const ids = [...new Set(own.map(({ id }) => id))]
  const live = await readBy(client, object, ids, names, {}, signal)
  for (const record of live) note(record, 'known-id')
  const there = new Set(live.map(({ id }) => id))
  const missing = ids.filter((id) => !there.has(id))
  if (missing.length === 0) return
  for (const record of await readBy(client, object, missing, names, { archived: true }, signal)) note(record, 'known-id', 'archived')
  const fates = await Promise.all(missing.map((id) => fateOf(client, object, id, signal)))
  const survivors = [...new Set(fates.flatMap((gone) => gone?.into?.id ?? []))]
  for (const record of await readBy(client, object, survivors, names, {}, signal)) note(record, 'same')
}

/** Any of the fields that hold addresses, up to five in a search. */
async function searchEmail(client: HubspotClient, look: Look, email: string, names: readonly string[], signal: AbortSignal) {
  // An asterisk stands for anything in a search, and for itself in an address.
  const words = email.replaceAll('*', ' ')
  const groups = [...new Set([primary, ...look.emails])].map((propertyName) => ({
    filters: [
      propertyName === secondary
        ? { propertyName, operator: 'CONTAINS_TOKEN' as const, value: words }
        : { propertyName, operator: 'EQ' as const, value: email },
    ],
  }))
  const additional = { filters: [{ propertyName: secondary, operator: 'CONTAINS_TOKEN' as const, value: words }] }
  const found: CrmObject[] = []
  for (const filterGroups of chunksOf(
    [...groups.filter(({ filters }) => filters[0]?.propertyName !== secondary), additional],
    groupsPerSearch,
  ))
    found.push(...(await searched(client, look.object, { filterGroups }, names, signal)))
  return found
}

/** The ways in which people write a French or international number; what a search finds is compared as E.164 afterwards. */
async function searchPhone(client: HubspotClient, object: string, phone: string, names: readonly string[], signal: AbortSignal) {
  const found: CrmObject[] = []
  for (const query of phoneSpellings(phone)) found.push(...(await searched(client, object, { query }, names, signal)))
  return found
}

type Filters = SearchBody['filterGroups'][number]['filters']
type Query = { filterGroups: readonly { filters: Filters }[] } | { query: string }

/** Walks by record id, so that neither a changing index nor the 10,000 results of a query can hide a record. */
export async function* searchAll(
  client: HubspotClient,
  object: string,
  query: Query,
  names: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly CrmObject[]> {
  const groups = 'query' in query ? [{ filters: [] }] : query.filterGroups
  for (let last = '0'; ;) {
    const behind = { propertyName: 'hs_object_id', operator: 'GT' as const, value: last }
    const body = {
      ...('query' in query && { query: query.query }),
      filterGroups: groups.map(({ filters }) => ({ filters: [...filters, behind] })),
      properties: names,
      limit: searchPageSize,
      sorts: ['hs_object_id'],
    }
    const call = { method: 'POST', path: `${client.paths.objects(object)}/search`, body, bucket: 'search' } as const
    const { results } = await client.call(call, SearchPage, signal)
    if (results.length > 0) yield results
    const end = results.at(-1)?.id
    if (end === undefined || results.length < searchPageSize) return
    if (BigInt(end) <= BigInt(last))
      throw new ConnectorError('unexpected-shape', `HubSpot's search of ${object} is not sorted by hs_object_id as asked`)
    last = end
  }
}

/** The index lags and names must fit into 3,000 characters: what a search names is read again by id. */
async function searched(client: HubspotClient, object: string, query: Query, names: readonly string[], signal: AbortSignal) {
  const found: CrmObject[] = []
  for await (const page of searchAll(client, object, query, [], signal))
    found.push(
      ...(await readBy(
        client,
        object,
        page.map(({ id }) => id),
        names,
        {},
        signal,
      )),
    )
  return found
}

async function archived(
  client: HubspotClient,
  { object }: Look,
  names: readonly string[],
  see: (record: CrmObject) => void,
  gaps: Problem[],
  signal: AbortSignal,
): Promise<void> {
  let after: string | undefined
  for (let page = 0; page < archivePages; page++) {
    const query = new URLSearchParams({
      limit: String(pageSize),
      archived: 'true',
      properties: names.join(','),
      ...(after !== undefined && { after }),
    })
    const read = client.call({ method: 'GET', path: client.paths.objects(object), query: query.toString() }, ArchivePage, signal)
    const answer = await orGap(read, `archived ${object}`, gaps)
    if (answer === null) return
    answer.results.forEach(see)
    after = answer.paging?.next?.after
    if (after === undefined) return
  }
  const message = `only the first ${archivePages * pageSize} archived ${object} were looked through; HubSpot cannot search its archive`
  gaps.push({ kind: 'object', name: `archived ${object}`, message })
}

/** Reads what addresses each record once held: it vanishes with the record, and leads to the person elsewhere. */
async function finished(client: HubspotClient, look: Look, hits: Hits, signal: AbortSignal): Promise<FoundRecord[]> {
  const live = [...hits.values()].filter(({ state }) => state === 'live').map(({ record }) => record.id)
  const versions = new Map<string, readonly string[]>()
  const fields = [...new Set([primary, secondary, ...look.emails])]
  for (const chunk of chunksOf(live, withHistoryMost)) {
    const body = { inputs: chunk.map((id) => ({ id })), properties: [], propertiesWithHistory: fields }
    const call = { method: 'POST', path: `${client.paths.objects(look.object)}/batch/read`, body } as const
    for (const { id, propertiesWithHistory = {} } of (await client.call(call, HistoryAnswer, signal)).results)
      versions.set(
        id,
        Object.values(propertiesWithHistory).flatMap((list) => list.flatMap(({ value }) => addressesIn(value ?? ''))),
      )
  }
  return [...hits.values()].map(({ record, via, state }): FoundRecord => {
    const current = new Set(emailsOf(record.properties, look))
    const formerEmails = [...new Set(versions.get(record.id))].filter((email) => !current.has(email))
    const aliases = aliasesOf(record)
    return {
      ref: { object: look.object, id: record.id },
      via: [...via],
      state,
      holds: 'person',
      fieldsOf: look.object,
      fields: picked(recordFrom(look.object, record).fields, look),
      formerEmails,
      aliases,
      same: [],
    }
  })
}

function picked(fields: Fields, look: Look): Fields {
  return Object.fromEntries(
    [...new Set([...look.fields, ...look.emails, ...look.phones])].flatMap((name) =>
      name in fields ? [[name, fields[name] ?? null]] : [],
    ),
  )
}

function emailsOf(properties: Fields, look: Look): readonly string[] {
  return [...new Set([primary, secondary, ...look.emails])].flatMap((name) => addressesIn(properties[name] ?? ''))
}

export function addressesIn(value: string): readonly string[] {
  return value.split(';').flatMap((part) => normaliseEmail(part) ?? [])
}

/** Without a country of its own a number is taken for French: for a suggestion, which somebody confirms, that is enough. */
function phonesOf(properties: Fields, look: Look): readonly string[] {
  return look.phones.flatMap((name) => normalisePhone(properties[name] ?? '', 'FR') ?? [])
}

function aliasesOf(record: CrmObject): readonly string[] {
  const merged = [record.properties[mergedProperty] ?? '', (record.properties[mergedVids] ?? '').replaceAll(/:\d+/g, '')]
  const ids = merged.flatMap((list) => list.split(';')).map((id) => id.trim())
  if (ids.some((id) => id !== '' && !/^\d+$/.test(id)))
    throw new ConnectorError('unexpected-shape', `HubSpot lists merged ids of ${record.id} that are no ids`)
  return [...new Set(ids)].filter((id) => id !== '' && id !== record.id)
}
