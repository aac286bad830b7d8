/** Every property of some contacts that is not empty, with its label and its earlier values. */
import type { AccessEntry, AccessField, AccessVersion } from '../../core/access/entry.ts'
import type { AccessPage } from '../access.ts'
import { ConnectorError, type Problem, type RecordRef } from '../connector.ts'
import { fieldOf, holdsOf, provenanceOf, type Version } from './access-field.ts'
import { ValuesWithHistory } from './access-payloads.ts'
import { resultsOf } from './batch-errors.ts'
import type { HubspotClient } from './client.ts'
import { propertiesOf } from './describe.ts'
import { chunksOf, orGap } from './erasure-read.ts'
import type { Property } from './payloads.ts'

/** Records with their history in one request (HubSpot docs: batch read). */
const withHistoryMost = 50
/** unverified: names stand in the body, whose limit nobody states; a portal may have more than a thousand properties. */
const namesPerRead = 400

export async function* contactsOf(client: HubspotClient, refs: readonly RecordRef[], signal: AbortSignal): AsyncGenerator<AccessPage> {
  for (const [object, group] of Map.groupBy(refs, (ref) => ref.object)) {
    const properties = await propertiesOf(client, object, signal)
    for (const chunk of chunksOf(group, withHistoryMost)) yield* readSome(client, object, chunk, properties, signal)
  }
}

type Held = { values: Record<string, string | null>; versions: Record<string, readonly Version[]> }

async function* readSome(
  client: HubspotClient,
  object: string,
  refs: readonly RecordRef[],
  properties: readonly Property[],
  signal: AbortSignal,
): AsyncGenerator<AccessPage> {
  const gaps: Problem[] = []
  const held = new Map<string, Held>()
  const ids = refs.map(({ id }) => id)
  // Sensitive ones apart: a token that may not read them is refused as a whole (HubSpot docs: sensitive data).
  for (const level of Map.groupBy(properties, ({ dataSensitivity = 'non_sensitive' }) => dataSensitivity).values())
    for (const chunk of chunksOf(level, namesPerRead)) {
      const names = chunk.map(({ name }) => name)
      const title = `${object}: ${names.length > 1 ? `${names.length} properties` : names[0]}`
      if (level[0]?.dataSensitivity === undefined || level[0].dataSensitivity === 'non_sensitive')
        await readNames(client, object, ids, names, held, signal)
      else await orGap(readNames(client, object, ids, names, held, signal), title, gaps)
    }
  const missing = ids.find((id) => !held.has(id))
  if (missing !== undefined) throw new ConnectorError('unavailable', `one of the ${object} vanished while it was read; begin again`)
  const hidden = properties.filter(({ name }) => [...held.values()].some(({ values }) => !(name in values)))
  if (hidden.length > 0)
    gaps.push({
      kind: 'field-hidden',
      name: object,
      message: `HubSpot did not give ${hidden.length} properties of ${object} to this token: ${hidden
        .slice(0, 20)
        .map(({ name }) => name)
        .join(', ')}`,
    })
  let first = true
  for (const of of refs) {
    yield { entries: entriesOf(of, held.get(of.id)!, properties), gaps: first ? gaps : [] }
    first = false
  }
}

/** Live ones, and those of them that are not live in the archive. */
async function readNames(
  client: HubspotClient,
  object: string,
  ids: readonly string[],
  names: readonly string[],
  held: Map<string, Held>,
  signal: AbortSignal,
): Promise<void> {
  let open = ids
  for (const query of [undefined, 'archived=true']) {
    if (open.length === 0) return
    const body = { inputs: open.map((id) => ({ id })), properties: names, propertiesWithHistory: names }
    const call = { method: 'POST', path: `${client.paths.objects(object)}/batch/read`, body, ...(query && { query }) } as const
    const results = resultsOf(call, await client.call(call, ValuesWithHistory, signal))
    for (const { id, properties, propertiesWithHistory = {} } of results) {
      const known = held.get(id) ?? { values: {}, versions: {} }
      Object.assign(known.values, properties)
      Object.assign(known.versions, propertiesWithHistory)
      held.set(id, known)
    }
    const there = new Set(results.map(({ id }) => id))
    open = open.filter((id) => !there.has(id))
  }
}

function entriesOf(of: RecordRef, { values, versions }: Held, properties: readonly Property[]): AccessEntry[] {
  const fields: AccessField[] = []
  const history: AccessEntry[] = []
  for (const property of properties) {
    const { name, label } = property
    const list = versions[name] ?? []
    const field = fieldOf(property, values[name], list[0])
    if (field !== null) fields.push(field)
    const told = list.map(versionOf)
    // One version that is the present value tells nothing that the field does not.
    if (told.length > 1 || (told[0] !== undefined && field === null && told[0].value !== ''))
      history.push({ part: 'history', of, name, label, holds: holdsOf(property), versions: told })
  }
  return [{ part: 'record', of, fields }, ...history]
}

function versionOf({ value, timestamp, sourceType }: Version): AccessVersion {
  return { value: value ?? '', at: timestamp ?? null, source: sourceType ?? null, provenance: provenanceOf(sourceType ?? null) }
}
