/** Whose the things are that hang on a person's records: theirs alone, somebody else's too, or of a record of theirs that is kept. */
import type { RecordRef } from '../connector.ts'
import type { Traits } from '../erasure.ts'
import { checkedIds, infoOf, rowsWith, textAt } from './erasure-read.ts'
import type { Org } from './org.ts'
import { contactsBehind } from './person-account.ts'
import { recordId } from './record-id.ts'

/** Ids, with those of the Contacts behind person accounts. `people`: of the records that go in this call; `own`: of all that go; `kept`: of those that stay. */
export type Circle = { readonly people: readonly string[]; readonly own: ReadonlySet<string>; readonly kept: ReadonlySet<string> }
export type Whose = 'alone' | 'shared' | 'kept'
/** A row between a thing and one of its parties; where `thing` is `Id`, the thing itself, which names one. */
export type Link = { readonly id: string; readonly party: string }
/** By id of the thing. `null`: the rows may not be read, so that nobody knows who else there is. */
export type Links = ReadonlyMap<string, readonly Link[]> | null

/** Key prefix of users: what the person and the company's own people share is the person's. */
const userPrefix = '005'

export async function circleOf(
  org: Org,
  refs: readonly RecordRef[],
  { going = [], kept = [] }: Pick<Traits, 'going' | 'kept'>,
  signal: AbortSignal,
): Promise<Circle> {
  const [people, also, stay] = [await idsOf(org, refs, signal), await idsOf(org, going, signal), await idsOf(org, kept, signal)]
  return { people, own: new Set([...people, ...also]), kept: new Set(stay) }
}

async function idsOf(org: Org, refs: readonly RecordRef[], signal: AbortSignal): Promise<readonly string[]> {
  const ids = await checkedIds(org, refs, signal)
  return [...ids, ...(await shadowsOf(org, refs, ids, signal))]
}

/** The Contacts behind person accounts: cases and mails hang on them. */
export async function shadowsOf(
  org: Org,
  refs: readonly RecordRef[],
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  return [...(await contactsBehind(org, refs, ids, signal)).accounts.keys()]
}

/** A deleted link counts: with its other end it may come back. */
export async function linksOf(
  org: Org,
  object: string,
  { thing, party }: { readonly thing: string; readonly party: string },
  things: readonly string[],
  signal: AbortSignal,
): Promise<Links> {
  if (things.length === 0) return new Map()
  const info = await infoOf(org, object, signal)
  if (info === null || [thing, party].some((field) => field !== 'Id' && !info.fields.has(field))) return null
  const links = new Map<string, Link[]>()
  for (const row of await rowsWith(org, object, { fields: [party], any: [thing], values: things }, signal)) {
    const of = thing === 'Id' ? row.id : recordId(textAt(row, thing) ?? '', null)
    const other = recordId(textAt(row, party) ?? '', null)
    if (of !== null && other !== null) links.set(of, [...(links.get(of) ?? []), { id: row.id, party: other }])
  }
  return links
}

export function whoseOf(parties: readonly string[], { own, kept }: Pick<Circle, 'own' | 'kept'>): Whose {
  if (parties.some((id) => kept.has(id))) return 'kept'
  return parties.every((id) => own.has(id) || id.startsWith(userPrefix)) ? 'alone' : 'shared'
}
