/**
 * Sets fields, 100 records a request. HubSpot has no If-Match, so every batch is read first: one call per 100 records
 * answers three questions (is it still there, is it still the version that was judged, is there anything to change), and a
 * night without changes then writes nothing and stamps nothing as modified. Between that read and the write there
 * remains a gap of one round trip.
 */
import { ConnectorError, type Patch, type WriteResult } from '../connector.ts'
import { batchSize, readBatch } from './batch-read.ts'
import type { BatchUpdateBody } from './bodies.ts'
import type { HubspotClient } from './client.ts'
import { errorFrom, type Call } from './message.ts'
import { BatchAnswer, CrmObject } from './payloads.ts'
import { isContact, modifiedProperty } from './paths.ts'
import { split, writePreferences, type WishOutcome } from './preference-write.ts'
import { versionOf } from './record.ts'
import { reasonOf, refusalOf } from './refusal.ts'
import { sameValue } from './same-value.ts'

export async function write(client: HubspotClient, patches: readonly Patch[], signal: AbortSignal): Promise<WriteResult[]> {
  const results = new Map<number, WriteResult>()
  for (const round of roundsOf(patches)) {
    const outcomes = await writeRound(
      client,
      round.map((index) => patches[index]!),
      signal,
    )
    round.forEach((index, i) => results.set(index, outcomes[i]!))
  }
  return patches.map((_, index) => results.get(index)!)
}

/** Up to 100 patches of one object and never two of one record, for HubSpot refuses a batch that names a record twice. */
function roundsOf(patches: readonly Patch[]): number[][] {
  const rounds: { object: string; ids: Set<string>; indexes: number[] }[] = []
  patches.forEach(({ ref }, index) => {
    // Later patches of a record must come after earlier ones, so only rounds behind its last one are open to it.
    const after = rounds.findLastIndex((round) => round.object === ref.object && round.ids.has(ref.id))
    let round = rounds.find((open, i) => i > after && open.object === ref.object && open.ids.size < batchSize)
    if (!round) rounds.push((round = { object: ref.object, ids: new Set(), indexes: [] }))
    round.ids.add(ref.id)
    round.indexes.push(index)
  })
  return rounds.map((round) => round.indexes)
}

async function writeRound(client: HubspotClient, patches: readonly Patch[], signal: AbortSignal): Promise<WriteResult[]> {
  const { object } = patches[0]!.ref
  const parts = patches.map((patch) => (isContact(object) ? split(patch.set) : { properties: patch.set, preferences: [] }))
  const names = [...new Set(parts.flatMap(({ properties }) => Object.keys(properties)))]
  const ids = patches.map((patch) => patch.ref.id)
  const addresses = parts.some(({ preferences }) => preferences.length > 0) ? ['email'] : []
  const present = await readBatch(client, object, ids, [...names, ...addresses, modifiedProperty(object)], signal)
  const plain = patches.map((patch, i): Patch => ({ ...patch, set: parts[i]!.properties }))
  const decided = plain.map((patch) => decidedBefore(patch, present.get(patch.ref.id)))
  const open = plain.filter((_, i) => !decided[i])
  const written = open.length > 0 ? await update(client, object, open, signal) : new Map<string, WriteResult>()
  const results = plain.map((patch, i) => decided[i] ?? written.get(patch.ref.id)!)
  const lasting = patches.flatMap((patch, i) => (isLost(results[i]!) ? [] : [[patch, parts[i]!] as const]))
  const wished = await writePreferences(client, lasting, present, signal)
  return results.map((result, i) => {
    const one = joined(result, wished.get(result.ref.id), present.get(result.ref.id))
    return one.outcome === 'written' ? withHeld(one, plain[i]!, present.get(one.ref.id)!, wished.get(one.ref.id)) : one
  })
}

function withHeld(
  result: Extract<WriteResult, { outcome: 'written' }>,
  { set }: Patch,
  present: CrmObject,
  wished: WishOutcome | undefined,
): WriteResult {
  const same = Object.entries(set).flatMap(([name, value]) => (sameValue(present.properties[name], value) ? [name] : []))
  const held = [...same, ...(wished && 'held' in wished ? wished.held : [])]
  return held.length > 0 ? { ...result, held } : result
}

/** Nothing more is written for these. */
const isLost = ({ outcome }: WriteResult): boolean => outcome === 'gone' || outcome === 'conflict'

/** One outcome for both parts of a patch. An opt-out goes through even when HubSpot refuses a property beside it. */
function joined(result: WriteResult, wished: WishOutcome | undefined, present: CrmObject | undefined): WriteResult {
  if (wished === undefined || wished.outcome === 'unchanged' || isLost(result) || result.outcome === 'rejected') return result
  const { ref } = result
  if (wished.outcome === 'rejected') return { ref, outcome: 'rejected', reason: wished.reason }
  return result.outcome === 'written' ? result : { ref, outcome: 'written', version: versionOf(ref.object, present!) }
}

function decidedBefore({ ref, set, ifVersion }: Patch, present: CrmObject | undefined): WriteResult | undefined {
  if (!present) return { ref, outcome: 'gone' }
  if (ifVersion !== undefined && ifVersion !== versionOf(ref.object, present)) return { ref, outcome: 'conflict' }
  const same = Object.entries(set).every(([name, value]) => sameValue(present.properties[name], value))
  return same ? { ref, outcome: 'unchanged' } : undefined
}

/** Values are absolute, so an update may be repeated. One bad value makes HubSpot refuse the whole batch: see `divided`. */
async function update(
  client: HubspotClient,
  object: string,
  patches: readonly Patch[],
  signal: AbortSignal,
): Promise<Map<string, WriteResult>> {
  const body: BatchUpdateBody = { inputs: patches.map(({ ref, set }) => ({ id: ref.id, properties: propertiesFrom(set) })) }
  const call: Call = { method: 'POST', path: `${client.paths.objects(object)}/batch/update`, body }
  const reply = await client.ask(call, BatchAnswer, signal)
  if (!reply.ok) {
    const { status } = reply.refusal
    if (status !== 400 && status !== 404 && status !== 409) throw errorFrom(call, reply.refusal)
    return divided(client, object, patches, reasonOf(reply.refusal), signal)
  }
  const results = new Map<string, WriteResult>()
  const { results: written, errors } = reply.value
  for (const record of written)
    results.set(record.id, { ref: { object, id: record.id }, outcome: 'written', version: versionOf(object, record) })
  for (const error of errors ?? []) {
    const refusal = refusalOf(200, error)
    for (const id of refusal.ids) if (!results.has(id)) results.set(id, refused(object, id, refusal.category))
  }
  for (const { ref, set } of patches) if (!results.has(ref.id)) results.set(ref.id, await updateOne(client, { ref, set }, signal))
  return results
}

/** Finds the bad ones by halves: a refused batch writes nothing, and its answer does not say which record it is about. */
async function divided(client: HubspotClient, object: string, patches: readonly Patch[], reason: string, signal: AbortSignal) {
  if (patches.length === 1) return new Map([[patches[0]!.ref.id, await updateOne(client, patches[0]!, signal)]])
  const half = Math.ceil(patches.length / 2)
  client.log('hubspot.batch-refused', { object, records: patches.length, reason })
  const results = await update(client, object, patches.slice(0, half), signal)
  for (const [id, result] of await update(client, object, patches.slice(half), signal)) results.set(id, result)
  return results
}

/** The last word on one record: what neither the results nor the errors of its batch account for. */
async function updateOne(client: HubspotClient, { ref, set }: Patch, signal: AbortSignal): Promise<WriteResult> {
  const call: Call = { method: 'PATCH', path: `${client.paths.objects(ref.object)}/${ref.id}`, body: { properties: propertiesFrom(set) } }
  const reply = await client.ask(call, CrmObject, signal)
  if (reply.ok) {
    if (reply.value.id !== ref.id) return { ref, outcome: 'gone' } // merged away since it was read
    return { ref, outcome: 'written', version: versionOf(ref.object, reply.value) }
  }
  const { refusal } = reply
  if (refusal.status === 404) return { ref, outcome: 'gone' }
  if (refusal.status === 400 || refusal.status === 409) return { ref, outcome: 'rejected', reason: reasonOf(refusal) }
  throw errorFrom(call, refusal)
}

function refused(object: string, id: string, category: string): WriteResult {
  const ref = { object, id }
  return category === 'OBJECT_NOT_FOUND' ? { ref, outcome: 'gone' } : { ref, outcome: 'rejected', reason: category || 'refused by HubSpot' }
}

/** HubSpot clears a property with an empty text. A leading semicolon would append to a multi-select instead of replacing it. */
function propertiesFrom(set: Patch['set']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(set).map(([name, value]) => {
      if (value?.startsWith(';'))
        throw new ConnectorError('refused', `a value for ${name} begins with a semicolon, which HubSpot takes for "append"`)
      return [name, value ?? '']
    }),
  )
}
