/**
 * Every contact that may be the person's. By e-mail twice: a read by the address is current and knows primary addresses, a search knows the other ones and lags.
 * Whatever HubSpot answers is compared once more, whole address by whole address: its search matches words.
 */
import { normalisePhone } from '../../core/identity/phone.ts'
import { emailSpellings, phoneSpellings } from '../../core/identity/spellings.ts'
import { ConnectorError, type Fields, type Problem } from '../connector.ts'
import { together } from '../together.ts'
import type { Findings, FoundRecord, FoundVia, Sought } from '../erasure.ts'
import { resultsOf } from './batch-errors.ts'
import type { HubspotClient } from './client.ts'
import { ArchivePage, HistoryAnswer } from './erasure-payloads.ts'
import { addressesIn, byAddress, checkedIds, chunksOf, orGap, readBy, recordsAt } from './erasure-read.ts'
import { searched, searchEmails, secondary } from './erasure-search.ts'
import { fateOf } from './get.ts'
import { bookkeeping, mergedProperty } from './paths.ts'
import type { CrmObject } from './payloads.ts'
import { recordFrom } from './record.ts'

type Look = Sought['objects'][number]
type Hit = { record: CrmObject; via: Set<FoundVia>; state: 'live' | 'archived' }
type Hits = Map<string, Hit>

const primary = 'email'
const mergedVids = 'hs_calculated_merged_vids'
const pageSize = 100
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
    // Side by side: the search waits for its own allowance for as long as all the rest takes.
    const [current, others, binned] = await Promise.all([
      readBy(client, object, spellings, names, { idProperty: 'email' }, signal),
      searchEmails(client, { object, fields: look.emails, names }, spellings, signal),
      archived(client, object, names, spellings, gaps, signal),
    ])
    for (const record of [...current, ...others]) noteByEmail(record)
    for (const record of binned) noteByEmail(record, 'archived')
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

/** The ways in which people write a French or international number; what a search finds is compared as E.164 afterwards. */
async function searchPhone(client: HubspotClient, object: string, phone: string, names: readonly string[], signal: AbortSignal) {
  const queries = phoneSpellings(phone).map((query) => ({ query }))
  return searched(client, object, queries, names, signal)
}

async function archived(
  client: HubspotClient,
  object: string,
  names: readonly string[],
  emails: readonly string[],
  gaps: Problem[],
  signal: AbortSignal,
): Promise<readonly CrmObject[]> {
  const read = await archiveHolds(client, { object, names }, emails, signal)
  gaps.push(...read.gaps)
  return read.records
}

/** The archive cannot be asked for an address: whoever looks at the same time reads it once for all. */
const archiveHolds = together(
  async (client: HubspotClient, { object, names }: { object: string; names: readonly string[] }, emails: readonly string[], signal) => {
    const gaps: Problem[] = []
    const wanted = new Set(emails.flatMap(addressesIn))
    const found: CrmObject[] = []
    for await (const page of archivePagesOf(client, object, names, gaps, signal))
      found.push(
        ...page.filter(({ properties }) => names.some((name) => addressesIn(properties[name] ?? '').some((one) => wanted.has(one)))),
      )
    return { gaps, found: byAddress(found, names) }
  },
  ({ gaps, found }, emails) => ({ gaps, records: recordsAt(found, emails) }),
)

async function* archivePagesOf(
  client: HubspotClient,
  object: string,
  names: readonly string[],
  gaps: Problem[],
  signal: AbortSignal,
): AsyncGenerator<readonly CrmObject[]> {
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
    yield answer.results
    after = answer.paging?.next?.after
    if (after === undefined) return
  }
  const message = `only the first ${archivePages * pageSize} archived ${object} were looked through; HubSpot cannot search its archive`
  gaps.push({ kind: 'object', name: `archived ${object}`, message })
}

/** Reads what addresses each record once held: it vanishes with the record, and leads to the person elsewhere. */
async function finished(client: HubspotClient, look: Look, hits: Hits, signal: AbortSignal): Promise<FoundRecord[]> {
  const live = [...hits.values()].filter(({ state }) => state === 'live').map(({ record }) => record.id)
  const fields = [...new Set([primary, secondary, ...look.emails])]
  const versions =
    live.length === 0 ? new Map<string, readonly string[]>() : await historyOf(client, { object: look.object, fields }, live, signal)
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

/** By record: every address that it ever held in these fields. */
const historyOf = together(
  async (client: HubspotClient, { object, fields }: { object: string; fields: readonly string[] }, ids: readonly string[], signal) => {
    const versions = new Map<string, readonly string[]>()
    for (const chunk of chunksOf(ids, withHistoryMost)) {
      const body = { inputs: chunk.map((id) => ({ id })), properties: [], propertiesWithHistory: fields }
      const call = { method: 'POST', path: `${client.paths.objects(object)}/batch/read`, body } as const
      for (const { id, propertiesWithHistory = {} } of resultsOf(call, await client.call(call, HistoryAnswer, signal)))
        versions.set(
          id,
          Object.values(propertiesWithHistory).flatMap((list) => list.flatMap(({ value }) => addressesIn(value ?? ''))),
        )
    }
    return versions
  },
  (versions) => versions,
)

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
