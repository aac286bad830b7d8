/** Takes words about a person out of texts that are not theirs, place by place as they were shown; what surrounds them stays. */
import { asCertain, compileResidue, redact as redactText, type ResidueHit } from '../../core/erasure/residue.ts'
import type { AttachedResult, Place, Reading, Traits } from '../erasure.ts'
import { resultsOf } from './batch-errors.ts'
import type { HubspotClient } from './client.ts'
import { HistoryAnswer } from './erasure-payloads.ts'
import { redactionMark, settled } from './erasure-prepare.ts'
import { checkedIds, readBy } from './erasure-read.ts'
import type { Call } from './message.ts'
import { Anything } from './payloads.ts'

type Finder = (text: string) => readonly ResidueHit[]

export async function redact(
  client: HubspotClient,
  places: readonly Place[],
  traits: Traits,
  reading: Reading,
  signal: AbortSignal,
): Promise<AttachedResult[]> {
  checkedIds(places.map(({ ref }) => ref))
  const matcher = compileResidue(traits, traits.homeCountry)
  const hitsIn: Finder = (text) =>
    reading === 'all' ? asCertain(matcher(text)) : matcher(text).filter(({ certainty }) => certainty === 'certain')
  const results: AttachedResult[] = []
  for (const place of places) results.push(await redactOne(client, place, hitsIn, signal))
  return results
}

async function redactOne(client: HubspotClient, { ref, field }: Place, hitsIn: Finder, signal: AbortSignal): Promise<AttachedResult> {
  const text = await textAt(client, { ref, field }, signal)
  if (text === null) return { ...ref, outcome: 'gone' }
  const hits = hitsIn(text)
  if (hits.length === 0) return { ...ref, outcome: 'left', reason: 'nothing of it is there any more' }
  const call: Call = {
    method: 'PATCH',
    path: `${client.paths.objects(ref.object)}/${ref.id}`,
    body: { properties: { [field]: redactText(text, hits, redactionMark) } },
  }
  const result = settled(ref, 'redacted', call, await client.ask(call, Anything, signal))
  if (result.outcome !== 'redacted') return result
  const left = await textAt(client, { ref, field }, signal)
  if (left !== null && hitsIn(left).length > 0) return { ...ref, outcome: 'refused', reason: 'it is still there when read again' }
  return (await isInVersions(client, { ref, field }, hitsIn, signal)) ? { ...result, reason: keptVersions } : result
}

/** Nobody can take them away (docs: property history); whoever reads this text in HubSpot does not see them. */
const keptVersions = 'HubSpot keeps the former text among the versions of the property'

async function isInVersions(
  client: HubspotClient,
  { ref, field }: Pick<Place, 'ref' | 'field'>,
  hitsIn: Finder,
  signal: AbortSignal,
): Promise<boolean> {
  const body = { inputs: [{ id: ref.id }], properties: [], propertiesWithHistory: [field] }
  const call: Call = { method: 'POST', path: `${client.paths.objects(ref.object)}/batch/read`, body }
  const read = resultsOf(call, await client.call(call, HistoryAnswer, signal))
  const versions = read.flatMap(({ propertiesWithHistory = {} }) => propertiesWithHistory[field] ?? [])
  return versions.some(({ value }) => hitsIn(value ?? '').length > 0)
}

/** `null`: there is no such thing, or nothing in it. By id, which is current; the search is not. */
async function textAt(client: HubspotClient, { ref, field }: Pick<Place, 'ref' | 'field'>, signal: AbortSignal): Promise<string | null> {
  const [record] = await readBy(client, ref.object, [ref.id], [field], {}, signal)
  return record?.properties[field] ?? null
}
