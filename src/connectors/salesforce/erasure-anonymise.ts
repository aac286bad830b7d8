/**
 * A Contact, Lead or person account without the person: every field that somebody could have written something into is emptied, what hung on it alone is gone,
 * its field history is deleted; its id, its dates, its account and what points to it stay (GDPR rec. 26: nobody is singled out by what is left).
 */
import { asCertain, compileResidue } from '../../core/erasure/residue.ts'
import type { Fields, Patch, RecordRef } from '../connector.ts'
import type { AnonymiseResult, AttachedResult, Traits } from '../erasure.ts'
import { consents } from './erasure-children.ts'
import { remove } from './erasure-delete.ts'
import { circleOf, shadowsOf } from './erasure-circle.ts'
import { activitiesOf, filesOf, mailsOf } from './erasure-owned.ts'
import { individualsOf, withoutIndividuals } from './erasure-prepare.ts'
import { checkedIds, infoOf, isDeletedRow, rowsWith, textAt } from './erasure-read.ts'
import { removed, settled } from './erasure-settle.ts'
import type { Org } from './org.ts'
import type { DescribedField } from './payloads.ts'
import { retrieve } from './retrieve.ts'
import type { ObjectInfo } from './schema.ts'
import { write } from './write.ts'

/** In fields that must hold something. */
const mark = 'anonymised'
/** Whose record it is and what it belongs to, and that nobody may write to it: none of it is the person's. */
const kept = new Set([
  // Of a person account it is made of the names, which are emptied.
  'Name',
  'OwnerId',
  'RecordTypeId',
  'AccountId',
  'CurrencyIsoCode',
  'HasOptedOutOfEmail',
  'HasOptedOutOfFax',
  'DoNotCall',
  'PersonHasOptedOutOfEmail',
  'PersonHasOptedOutOfFax',
  'PersonDoNotCall',
])
const texts = new Set(['string', 'textarea', 'email', 'phone', 'url', 'encryptedstring', 'combobox'])

export async function anonymise(
  org: Org,
  refs: readonly RecordRef[],
  traits: Traits,
  signal: AbortSignal,
): Promise<{ records: AnonymiseResult[]; around: AttachedResult[] }> {
  const circle = await circleOf(org, refs, traits, signal)
  const { people } = circle
  const matcher = compileResidue(traits, traits.homeCountry)
  const individuals = await individualsOf(org, refs, circle, signal)
  const around = [
    ...(await removed(org, consents, [...people, ...individuals], signal)),
    ...(await settled(org, await mailsOf(org, circle, traits, signal), matcher, signal)),
    ...(await settled(org, await filesOf(org, people, signal, circle), matcher, signal)),
    ...(await settled(org, await activitiesOf(org, circle, signal), (text) => asCertain(matcher(text)), signal)),
    ...(await withoutIndividuals(org, individuals, signal)),
  ]
  const patches: Patch[] = []
  for (const ref of refs) patches.push({ ref, set: blankFields(await org.schemas.demand(ref.object, signal)) })
  const records = (await write(org, patches, signal)).map((result): AnonymiseResult => {
    const { ref } = result
    if (result.outcome === 'written' || result.outcome === 'unchanged') return { ref, outcome: 'anonymised' }
    if (result.outcome === 'gone') return { ref, outcome: 'gone' }
    return { ref, outcome: 'refused', reason: 'reason' in result ? result.reason : result.outcome }
  })
  // Emptying a tracked field has just written its last value there.
  return { records, around: [...around, ...(await withoutHistory(org, refs, people, signal))] }
}

/** By the describe of this user: what they cannot see they can neither empty nor read again, which the documentation says. */
function blankFields({ fields }: ObjectInfo): Fields {
  return Object.fromEntries(
    [...fields.values()].flatMap((field): [string, string | null][] => {
      const blank = isBlankable(field) ? blankOf(field) : undefined
      return blank === undefined ? [] : [[field.name, blank]]
    }),
  )
}

function isBlankable({ name, updateable }: DescribedField): boolean {
  return updateable && !kept.has(name)
}

/** `undefined`: what must hold something and is none of the person's words, such as the status of a lead. */
function blankOf({ name, type, nillable, custom }: DescribedField): string | null | undefined {
  if (type === 'boolean') return custom ? 'false' : undefined
  // Of accounts in general it may be empty, of a person it may not.
  if (nillable && name !== 'LastName') return null
  return texts.has(type) ? mark : undefined
}

/** unverified: needs the permission "Delete From Field History"; where that is missing the rows stay, and `areAnonymous` says no. */
async function withoutHistory(
  org: Org,
  refs: readonly RecordRef[],
  people: readonly string[],
  signal: AbortSignal,
): Promise<readonly AttachedResult[]> {
  const results: AttachedResult[] = []
  for (const { object, parent } of historiesOf(refs)) {
    const rowIds = async (): Promise<readonly string[]> =>
      (await rowsWith(org, object, { fields: [parent], any: [parent], values: people }, signal))
        .filter((row) => !isDeletedRow(row))
        .map(({ id }) => id)
    const ids = await rowIds()
    if (ids.length === 0) continue
    const outcomes = [...(await remove(org, ids, signal)).values()]
    // Salesforce says the same of a row that nobody may delete and of one that is not there.
    const left = await rowIds()
    const reason = outcomes.find((outcome) => typeof outcome === 'object')?.refused ?? 'the user may not delete from the field history'
    results.push(left.length === 0 ? { object, id: null, outcome: 'deleted' } : { object, id: null, outcome: 'refused', reason })
  }
  return results
}

function historiesOf(refs: readonly RecordRef[]): readonly { object: string; parent: string }[] {
  const objects = new Set(refs.flatMap(({ object }) => (object === 'Account' ? ['Account', 'Contact'] : [object])))
  return [...objects].map((object) => ({ object: `${object}History`, parent: `${object}Id` }))
}

/** Every field as it is now and as it was: what was to be emptied is, and no trait stands anywhere else. */
export async function areAnonymous(org: Org, refs: readonly RecordRef[], traits: Traits, signal: AbortSignal): Promise<boolean[]> {
  const ids = await checkedIds(org, refs, signal)
  const people = [...ids, ...(await shadowsOf(org, refs, ids, signal))]
  const matcher = compileResidue(traits, traits.homeCountry)
  const blank = new Map<string, boolean>()
  for (const [object, group] of Map.groupBy(
    refs.map((ref, i) => ({ object: ref.object, id: ids[i] ?? '' })),
    (one) => one.object,
  )) {
    const info = await org.schemas.demand(object, signal)
    const wanted = blankFields(info)
    const fields = [...info.fields.values()].filter(({ name, type }) => name in wanted || texts.has(type)).map(({ name }) => name)
    const values = group.map(({ id }) => id)
    for (const [id, row] of (await retrieve(org, object, values, fields, signal)).rows)
      blank.set(
        id,
        fields.every((name) => (name in wanted ? isBlank(row[name], wanted[name]) : matcher(String(row[name] ?? '')).length === 0)),
      )
  }
  const isRemembered = await hasFormerValues(org, refs, people, signal)
  return ids.map((id) => blank.get(id) === true && !isRemembered)
}

function isBlank(value: unknown, wanted: string | null | undefined): boolean {
  if (wanted === null) return value === null || value === undefined || value === ''
  return wanted === 'false' ? value !== true : value === wanted
}

/** Whether a history still knows what one of the fields was. */
async function hasFormerValues(org: Org, refs: readonly RecordRef[], people: readonly string[], signal: AbortSignal): Promise<boolean> {
  for (const { object, parent } of historiesOf(refs)) {
    if ((await infoOf(org, object, signal)) === null) continue
    const fields = [parent, 'OldValue', 'NewValue']
    const rows = await rowsWith(org, object, { fields, any: [parent], values: people }, signal)
    const values = rows.filter((row) => !isDeletedRow(row)).flatMap((row) => [textAt(row, 'OldValue'), textAt(row, 'NewValue')])
    if (values.some((value) => value !== null && value !== mark)) return true
  }
  return false
}
