/** Takes words about a person out of texts that are not theirs, place by place as they were shown; what surrounds them stays. */
import { asCertain, compileResidue, redact as redactText, type ResidueHit } from '../../core/erasure/residue.ts'
import type { AttachedResult, Place, Reading, Traits } from '../erasure.ts'
import { remove } from './erasure-delete.ts'
import { checkedIds, isDeletedRow, rowsWith, textAt } from './erasure-read.ts'
import { redactionMark } from './erasure-settle.ts'
import type { Org } from './org.ts'
import { write } from './write.ts'

type Finder = (text: string) => readonly ResidueHit[]

export async function redact(
  org: Org,
  places: readonly Place[],
  traits: Traits,
  reading: Reading,
  signal: AbortSignal,
): Promise<AttachedResult[]> {
  await checkedIds(
    org,
    places.map(({ ref }) => ref),
    signal,
  )
  const matcher = compileResidue(traits, traits.homeCountry)
  const hitsIn: Finder = (text) =>
    reading === 'all' ? asCertain(matcher(text)) : matcher(text).filter(({ certainty }) => certainty === 'certain')
  const results: AttachedResult[] = []
  for (const place of places) results.push(await redactOne(org, place, hitsIn, signal))
  return results
}

async function redactOne(org: Org, place: Place, hitsIn: Finder, signal: AbortSignal): Promise<AttachedResult> {
  const { ref, field, remedy } = place
  const found = await read(org, place, signal)
  if (found === null) return { ...ref, outcome: 'gone' }
  const hits = hitsIn(found.text)
  if (hits.length === 0) return { ...ref, outcome: 'left', reason: 'nothing of it is there any more' }
  if (remedy === 'delete') return deleted(org, place, signal)
  // A field that takes nothing but an address is emptied.
  const value = found.isAddress ? null : redactText(found.text, hits, redactionMark)
  const [result] = await write(org, [{ ref, set: { [field]: value } }], signal)
  if (result?.outcome === 'gone') return { ...ref, outcome: 'gone' }
  if (result?.outcome !== 'written')
    return { ...ref, outcome: 'refused', reason: result && 'reason' in result ? result.reason : (result?.outcome ?? 'no result') }
  const left = await read(org, place, signal)
  return left !== null && hitsIn(left.text).length > 0
    ? { ...ref, outcome: 'refused', reason: 'it is still there when read again' }
    : { ...ref, outcome: 'redacted' }
}

async function deleted(org: Org, { ref }: Place, signal: AbortSignal): Promise<AttachedResult> {
  const outcome = (await remove(org, [ref.id], signal)).get(ref.id)
  if (outcome === 'deleted' || outcome === 'gone') return { ...ref, outcome }
  return { ...ref, outcome: 'refused', reason: outcome?.refused ?? 'Salesforce gave no result for this record' }
}

/** `null`: there is no such thing any more, or nothing in it. */
async function read(org: Org, { ref, field }: Place, signal: AbortSignal): Promise<{ text: string; isAddress: boolean } | null> {
  const [found] = await rowsWith(org, ref.object, { fields: [field], any: ['Id'], values: [ref.id] }, signal)
  const text = found === undefined || isDeletedRow(found) ? null : textAt(found, field)
  return text === null ? null : { text, isAddress: found?.info.fields.get(field)?.type === 'email' }
}
