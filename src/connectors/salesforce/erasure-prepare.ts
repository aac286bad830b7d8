/**
 * What a delete stumbles over or leaves behind: cases, contracts and orders are detached, consents, mails, files and the Individual of this person alone go, what
 * others share loses the person's traits.
 */
import { asCertain, compileResidue, redact, type ResidueMatcher } from '../../core/residue.ts'
import type { Fields, Patch, RecordRef } from '../connector.ts'
import type { AttachedResult, Traits } from '../erasure.ts'
import { consents, contactPoints, lookups, partyConsents } from './erasure-children.ts'
import { remove } from './erasure-delete.ts'
import { emailsOf, filesOf, type Owned } from './erasure-owned.ts'
import { checkedIds, infoOf, isDeletedRow, rowsWith, textAt } from './erasure-read.ts'
import type { Org } from './org.ts'
import { recordId } from './record-id.ts'
import { writeTogether } from './erasure-write.ts'

export const redactionMark = '[…]'

export async function prepare(org: Org, refs: readonly RecordRef[], traits: Traits, signal: AbortSignal): Promise<AttachedResult[]> {
  const ids = await checkedIds(org, refs, signal)
  const people = [...ids, ...(await shadowsOf(org, refs, ids, signal))]
  const matcher = compileResidue(traits, traits.homeCountry)
  const individuals = await individualsOf(org, refs, people, signal)
  return [
    ...(await detached(org, people, signal)),
    ...(await removed(org, consents, [...people, ...individuals], signal)),
    ...(await settled(org, await emailsOf(org, people, traits.emails, signal), matcher, signal)),
    ...(await settled(org, await filesOf(org, people, signal), matcher, signal)),
    ...(await withoutIndividuals(org, individuals, signal)),
  ]
}

/** The Contacts behind person accounts: cases and mails hang on them. */
export async function shadowsOf(
  org: Org,
  refs: readonly RecordRef[],
  ids: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const accounts = refs.flatMap(({ object }, i) => (object === 'Account' ? [ids[i] ?? ''] : []))
  const found = await rowsWith(org, 'Account', { fields: ['PersonContactId'], any: ['Id'], values: accounts }, signal)
  return found.flatMap((account) => recordId(textAt(account, 'PersonContactId') ?? '', null) ?? [])
}

/** Case by case: the lookup is emptied, and with it the copies of the person's name, address and number beside it. */
async function detached(org: Org, people: readonly string[], signal: AbortSignal): Promise<readonly AttachedResult[]> {
  const patches: Patch[] = []
  for (const { object, field, texts } of lookups) {
    const info = await infoOf(org, object, signal)
    const emptied = Object.fromEntries(
      [field, ...texts.filter((text) => info?.fields.get(text)?.updateable === true)].map((each) => [each, null]),
    )
    for (const found of await rowsWith(org, object, { fields: [field], any: [field], values: people }, signal))
      if (!isDeletedRow(found)) patches.push({ ref: { object, id: found.id }, set: emptied })
  }
  return patched(org, patches, 'detached', signal)
}

export async function patched(
  org: Org,
  patches: readonly Patch[],
  done: 'detached' | 'redacted',
  signal: AbortSignal,
): Promise<readonly AttachedResult[]> {
  return (await writeTogether(org, patches, signal)).map((result): AttachedResult => {
    const { object, id } = result.ref
    if (result.outcome === 'written' || result.outcome === 'unchanged') return { object, id, outcome: done }
    if (result.outcome === 'gone') return { object, id, outcome: 'gone' }
    return { object, id, outcome: 'refused', reason: 'reason' in result ? result.reason : result.outcome }
  })
}

export async function removed(
  org: Org,
  kinds: readonly { readonly object: string; readonly field: string }[],
  parents: readonly string[],
  signal: AbortSignal,
): Promise<readonly AttachedResult[]> {
  const things: Owned[] = []
  for (const { object, field } of kinds) {
    for (const found of await rowsWith(org, object, { fields: [field], any: [field], values: parents }, signal))
      if (!isDeletedRow(found)) things.push({ object, id: found.id, alone: true, texts: {} })
  }
  return deleted(org, things, signal)
}

async function deleted(org: Org, things: readonly Owned[], signal: AbortSignal): Promise<readonly AttachedResult[]> {
  const outcomes = await remove(
    org,
    things.map(({ id }) => id),
    signal,
  )
  return things.map(({ object, id }): AttachedResult => {
    const outcome = outcomes.get(id)
    if (outcome === 'deleted' || outcome === 'gone') return { object, id, outcome }
    return { object, id, outcome: 'refused', reason: outcome?.refused ?? 'Salesforce gave no result for this record' }
  })
}

/** What is this person's alone goes; what others share is cleaned of the traits, where Salesforce lets it be written. */
export async function settled(
  org: Org,
  things: readonly Owned[],
  matcher: ResidueMatcher,
  signal: AbortSignal,
): Promise<readonly AttachedResult[]> {
  const shared = things.filter(({ alone }) => !alone)
  const patches: Patch[] = []
  for (const { object, id, texts } of shared) {
    const info = await infoOf(org, object, signal)
    const set = redactedFields(texts, matcher, (name) => info?.fields.get(name)?.type === 'email')
    if (Object.keys(set).length > 0) patches.push({ ref: { object, id }, set })
  }
  const touched = new Set(patches.map(({ ref: { id } }) => id))
  const left = shared.filter(({ id }) => !touched.has(id)).map(({ object, id }): AttachedResult => ({ object, id, outcome: 'left' }))
  const gone = await deleted(
    org,
    things.filter(({ alone }) => alone),
    signal,
  )
  return [...gone, ...(await patched(org, patches, 'redacted', signal)), ...left]
}

/** On something that is the person's by a relation a name is theirs, too. A field that takes nothing but an address is emptied. */
function redactedFields(texts: Readonly<Record<string, string>>, matcher: ResidueMatcher, isAddress: (name: string) => boolean): Fields {
  const changed: Record<string, string | null> = {}
  for (const [name, text] of Object.entries(texts)) {
    const hits = asCertain(matcher(text))
    if (hits.length > 0) changed[name] = isAddress(name) ? null : redact(text, hits, redactionMark)
  }
  return changed
}

/** Individuals of these records and of no other: one that somebody else uses stays. */
export async function individualsOf(
  org: Org,
  refs: readonly RecordRef[],
  people: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const own = new Set(people)
  const named = new Set<string>()
  for (const object of new Set(['Contact', ...refs.map((ref) => ref.object)])) {
    for (const found of await rowsWith(org, object, { fields: ['IndividualId'], any: ['Id'], values: people }, signal)) {
      const id = recordId(textAt(found, 'IndividualId') ?? '', null)
      if (id !== null) named.add(id)
    }
  }
  const shared = new Set<string>()
  for (const object of ['Contact', 'Lead', 'User']) {
    for (const found of await rowsWith(org, object, { fields: ['IndividualId'], any: ['IndividualId'], values: [...named] }, signal))
      if (!own.has(found.id) && !isDeletedRow(found)) shared.add(recordId(textAt(found, 'IndividualId') ?? '', null) ?? '')
  }
  return [...named].filter((id) => !shared.has(id))
}

/** Its consents first, since its delete leaves them; contact points go along with it, their consents do not. */
export async function withoutIndividuals(
  org: Org,
  individuals: readonly string[],
  signal: AbortSignal,
): Promise<readonly AttachedResult[]> {
  if (individuals.length === 0) return []
  const points: string[] = []
  for (const object of contactPoints)
    for (const found of await rowsWith(org, object, { fields: ['ParentId'], any: ['ParentId'], values: individuals }, signal))
      points.push(found.id)
  const pointConsents = [
    { object: 'ContactPointConsent', field: 'ContactPointId' },
    { object: 'CommSubscriptionConsent', field: 'ContactPointId' },
  ]
  return [
    ...(await removed(org, pointConsents, points, signal)),
    ...(await removed(org, partyConsents, individuals, signal)),
    ...(await deleted(
      org,
      individuals.map((id) => ({ object: 'Individual', id, alone: true, texts: {} })),
      signal,
    )),
  ]
}
