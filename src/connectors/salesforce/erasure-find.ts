/**
 * Every Contact, Lead and person account that may be the person's, in the recycle bin too. By e-mail through SOQL, which is current; by phone through SOSL, whose
 * index lags and whose hits are suggestions anyway. What comes back is compared once more, whole address by whole address.
 */
import { normaliseEmail } from '../../core/identity/email.ts'
import { normalisePhone } from '../../core/identity/phone.ts'
import { emailSpellings, phoneSpellings } from '../../core/identity/spellings.ts'
import { ConnectorError, type Problem, type RecordRef } from '../connector.ts'
import type { Findings, FoundRecord, FoundVia, Sought } from '../erasure.ts'
import { fieldsIn } from './erasure-binding.ts'
import { checkedIds, infoOf, isDeletedRow, missingField, rowsWith, textAt, type Found } from './erasure-read.ts'
import { searchIds } from './erasure-search.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'

type Look = Sought['objects'][number]
type Hit = { look: Look; found: Found; via: Set<FoundVia>; same: Map<string, RecordRef> }
type Hits = Map<string, Hit>

/** A chain of merges and conversions is short; a longer one is a loop. */
const mostHops = 8

export async function find(org: Org, sought: Sought, signal: AbortSignal): Promise<Findings> {
  const gaps: Problem[] = []
  const hits: Hits = new Map()
  for (const look of sought.objects) {
    const info = await infoOf(org, look.object, signal)
    if (info === null) {
      gaps.push({ kind: 'object', name: look.object, message: `${look.object} cannot be read; grant Read on it` })
      continue
    }
    for (const field of look.emails) if (!info.fields.has(field)) gaps.push(missingField(look.object, field))
    const own = sought.refs.filter(({ object }) => object === look.object)
    await note(org, hits, look, ['Id'], await checkedIds(org, own, signal), 'known-id', signal)
    await byEmail(org, hits, look, sought.emails, signal)
    for (const phone of sought.phones) gaps.push(...(await byPhone(org, hits, look, phone, signal)))
  }
  await followed(org, hits, sought.objects, signal)
  const former = await formerAddresses(org, hits, signal)
  return { records: [...hits.values()].map((hit) => recordOf(hit, former)), gaps }
}

async function note(
  org: Org,
  hits: Hits,
  look: Look,
  any: readonly string[],
  values: readonly string[],
  via: FoundVia,
  signal: AbortSignal,
  isMeant: (found: Found) => boolean = () => true,
): Promise<void> {
  for (const found of await rowsWith(org, look.object, { fields: fieldsOf(look), any, values }, signal)) {
    if (!isMeant(found)) continue
    const known = hits.get(found.id)
    if (known === undefined) hits.set(found.id, { look, found, via: new Set([via]), same: new Map() })
    else known.via.add(via)
  }
}

function fieldsOf(look: Look): readonly string[] {
  const links = ['IndividualId', 'IsConverted', 'ConvertedContactId', 'IsPersonAccount', 'AccountId']
  return [...new Set([...look.fields, ...look.emails, ...look.phones, ...links])]
}

async function byEmail(org: Org, hits: Hits, look: Look, emails: readonly string[], signal: AbortSignal): Promise<void> {
  const wanted = new Set(emails)
  const spellings = emails.flatMap(emailSpellings)
  const isMeant = (found: Found): boolean => look.emails.some((field) => wanted.has(normaliseEmail(textAt(found, field) ?? '') ?? ''))
  await note(org, hits, look, look.emails, [...new Set(spellings)], 'email', signal, isMeant)
}

async function byPhone(org: Org, hits: Hits, look: Look, phone: string, signal: AbortSignal): Promise<readonly Problem[]> {
  if (look.phones.length === 0 || !/^\+\d{6,15}$/.test(phone)) return []
  const spellings = phoneSpellings(phone).map((text) => `"${text}"`)
  // Digits and blanks only: nothing in it needs escaping.
  const { ids, whole } = await searchIds(org, look.object, { term: spellings.join(' OR '), scope: 'PHONE' }, signal)
  const isMeant = (found: Found): boolean => look.phones.some((field) => normalisePhone(textAt(found, field) ?? '', 'FR') === phone)
  await note(org, hits, look, ['Id'], ids, 'phone', signal, isMeant)
  if (whole) return []
  const message = `the search of ${look.object} by a telephone number gives its first ${ids.length} records and no more`
  return [{ kind: 'object', name: look.object, message }]
}

/** What Salesforce itself names as the same person: winners and losers of merges, what a Lead was converted into, a shared Individual. */
async function followed(org: Org, hits: Hits, looks: readonly Look[], signal: AbortSignal): Promise<void> {
  for (let hop = 0, size = -1; size !== hits.size; hop++) {
    if (hop > mostHops) throw new ConnectorError('unexpected-shape', 'merges and conversions of these records lead on and on')
    size = hits.size
    const all = [...hits.values()]
    for (const look of looks)
      for (const [field, values] of pointersTo(look, all)) await note(org, hits, look, [field], values, 'same', signal)
  }
  for (const a of hits.values()) for (const b of hits.values()) if (a !== b && names(a, b)) a.same.set(b.found.id, refOf(b))
}

/** By which field, and with which values, a record of this object may be one of those that are found. */
function pointersTo(look: Look, all: readonly Hit[]): readonly (readonly [string, readonly string[]])[] {
  const own = all.filter((hit) => hit.look.object === look.object)
  const others = (object: string): readonly Hit[] => all.filter((hit) => hit.look.object === object)
  const held = (hits: readonly Hit[], field: string): readonly string[] => hits.flatMap(({ found }) => textAt(found, field) ?? [])
  const ids = (hits: readonly Hit[]): readonly string[] => hits.map(({ found }) => found.id)
  return [
    ['Id', held(own, 'MasterRecordId')],
    ['MasterRecordId', ids(own)],
    ['IndividualId', held(all, 'IndividualId')],
    ...(look.object === 'Contact' ? [['Id', held(others('Lead'), 'ConvertedContactId')] as const] : []),
    ...(look.object === 'Lead' ? [['ConvertedContactId', ids(others('Contact'))] as const] : []),
  ]
}

function names(a: Hit, b: Hit): boolean {
  const points = ['MasterRecordId', 'ConvertedContactId'].some((field) => textAt(a.found, field) === b.found.id)
  const individual = textAt(a.found, 'IndividualId')
  return points || (individual !== null && individual === textAt(b.found, 'IndividualId'))
}

/** Field history, where the org keeps one: by record, what its addresses were. */
async function formerAddresses(org: Org, hits: Hits, signal: AbortSignal): Promise<ReadonlyMap<string, readonly string[]>> {
  const former = new Map<string, string[]>()
  for (const object of ['Contact', 'Lead'] as const) {
    const ids = [...hits.values()].filter(({ look }) => look.object === object).map(({ found }) => found.id)
    const parent = `${object}Id`
    const query = { fields: [parent, 'Field', 'OldValue'], any: [parent], values: ids }
    for (const found of await rowsWith(org, `${object}History`, query, signal)) {
      const id = recordId(textAt(found, parent) ?? '', null)
      const email = normaliseEmail(textAt(found, 'OldValue') ?? '')
      if (id !== null && email !== null) former.set(id, [...(former.get(id) ?? []), email])
    }
  }
  return former
}

/** The Contact behind a person account is a shadow that nobody can delete: the account is the record. */
function refOf({ look, found }: Hit): RecordRef {
  const account = found.row['IsPersonAccount'] === true ? recordId(textAt(found, 'AccountId') ?? '', null) : null
  return account === null || look.object !== 'Contact' ? { object: look.object, id: found.id } : { object: 'Account', id: account }
}

function recordOf(hit: Hit, former: ReadonlyMap<string, readonly string[]>): FoundRecord {
  const { look, found, via, same } = hit
  const asked = new Set([...look.fields, ...look.emails, ...look.phones])
  const current = new Set(look.emails.map((field) => normaliseEmail(textAt(found, field) ?? '')))
  const ref = refOf(hit)
  return {
    ref,
    via: [...via],
    state: isDeletedRow(found) ? 'binned' : 'live',
    holds: look.object === 'Account' && found.row['IsPersonAccount'] !== true ? 'company' : 'person',
    fields: fieldsIn(found, asked),
    fieldsOf: look.object,
    formerEmails: [...new Set(former.get(found.id))].filter((email) => !current.has(email)),
    aliases: ref.id === found.id ? [] : [found.id],
    same: [...same.values()],
  }
}
