/**
 * What a delete stumbles over, takes along or leaves behind: cases, contracts, orders and what others take part in are detached, consents, mails, files and the
 * Individual of this person alone go, what others share loses the person's traits.
 */
import { compileResidue } from '../../core/erasure/residue.ts'
import type { Patch, RecordRef } from '../connector.ts'
import type { AttachedResult, Traits } from '../erasure.ts'
import { consents, contactPoints, lookups, partyConsents } from './erasure-children.ts'
import { circleOf, type Circle } from './erasure-circle.ts'
import { filesOf, mailsOf } from './erasure-owned.ts'
import { infoOf, isDeletedRow, rowsWith, textAt } from './erasure-read.ts'
import { released } from './erasure-release.ts'
import { deleted, patched, removed, settled } from './erasure-settle.ts'
import { hiddenSharers, individualsNamed, sharers } from './erasure-sharing.ts'
import type { Org } from './org.ts'
import { isAccount } from './person-account.ts'
import { recordId } from './record-id.ts'

export async function prepare(org: Org, refs: readonly RecordRef[], traits: Traits, signal: AbortSignal): Promise<AttachedResult[]> {
  const circle = await circleOf(org, refs, traits, signal)
  const { people } = circle
  const matcher = compileResidue(traits, traits.homeCountry)
  const individuals = await individualsOf(org, refs, circle, signal)
  return [
    ...(await released(org, circle, matcher, signal)),
    ...(await detached(org, people, signal)),
    ...(await removed(org, consents, [...people, ...individuals], signal)),
    ...(await settled(org, await mailsOf(org, circle, traits, signal), matcher, signal)),
    ...(await settled(org, await filesOf(org, people, signal, circle), matcher, signal)),
    ...(await withoutIndividuals(org, individuals, signal)),
  ]
}

/** Case by case: the lookup is emptied, and with it the copies of the person's name, address and number beside it. One question for each object. */
async function detached(org: Org, people: readonly string[], signal: AbortSignal): Promise<readonly AttachedResult[]> {
  const patches: Patch[] = []
  const own = new Set(people)
  const hasAccounts = people.some(isAccount)
  for (const [object, group] of Map.groupBy(lookups, (lookup) => lookup.object)) {
    const info = await infoOf(org, object, signal)
    const any = group.flatMap(({ field, of }) => (of === undefined || hasAccounts ? [field] : []))
    for (const found of await rowsWith(org, object, { fields: any, any, values: people }, signal)) {
      if (isDeletedRow(found)) continue
      const names = group
        .filter(({ field }) => own.has(recordId(textAt(found, field) ?? '', null) ?? ''))
        .flatMap(({ field, texts }) => [field, ...texts.filter((text) => info?.fields.get(text)?.updateable === true)])
      patches.push({ ref: { object, id: found.id }, set: Object.fromEntries(names.map((name) => [name, null])) })
    }
  }
  return patched(org, patches, 'detached', signal)
}

/**
 * Individuals of these records, and of none but those of the person that go or are anonymised: one that somebody else uses stays, or a record of theirs that is
 * kept. It holds their name, so that none may be left behind by a record that names nobody any more.
 */
export async function individualsOf(
  org: Org,
  refs: readonly RecordRef[],
  { people, own }: Pick<Circle, 'people' | 'own'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const named = await individualsNamed(org, refs, people, signal)
  // Where nobody may look, somebody else may share it.
  if (named.size === 0 || (await hiddenSharers(org, signal)).length > 0) return []
  const shared = new Set<string>()
  for (const object of sharers) {
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
      individuals.map((id) => ({ object: 'Individual', id })),
      signal,
    )),
  ]
}
