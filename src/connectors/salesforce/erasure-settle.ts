/** What is done to the things around a person, and what came of it: deleted, cleaned of the traits, or left. */
import { asCertain, redact, type ResidueMatcher } from '../../core/erasure/residue.ts'
import type { Fields, Patch } from '../connector.ts'
import type { AttachedResult } from '../erasure.ts'
import { remove } from './erasure-delete.ts'
import type { Owned } from './erasure-owned.ts'
import { infoOf, isDeletedRow, rowsWith } from './erasure-read.ts'
import { writeTogether } from './erasure-write.ts'
import type { Org } from './org.ts'

export const redactionMark = '[…]'

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
  const things: Pick<Owned, 'object' | 'id'>[] = []
  for (const { object, field } of kinds) {
    for (const found of await rowsWith(org, object, { fields: [field], any: [field], values: parents }, signal))
      if (!isDeletedRow(found)) things.push({ object, id: found.id })
  }
  return deleted(org, things, signal)
}

export async function deleted(
  org: Org,
  things: readonly Pick<Owned, 'object' | 'id'>[],
  signal: AbortSignal,
): Promise<readonly AttachedResult[]> {
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

const keptToo = 'a record that is kept has it too'

/** What is this person's alone goes; what others share is cleaned of the traits, where Salesforce lets it be written; what a kept record of theirs has stays. */
export async function settled(
  org: Org,
  things: readonly Owned[],
  matcher: ResidueMatcher,
  signal: AbortSignal,
): Promise<readonly AttachedResult[]> {
  const patches: Patch[] = []
  for (const { object, id, whose, texts } of things) {
    if (whose !== 'shared') continue
    const set = await redactedFields(org, { object, texts }, matcher, signal)
    if (Object.keys(set).length > 0) patches.push({ ref: { object, id }, set })
  }
  const touched = new Set(patches.map(({ ref: { id } }) => id))
  const left = things
    .filter(({ id, whose }) => whose !== 'alone' && !touched.has(id))
    .map(({ object, id, whose }): AttachedResult => ({ object, id, outcome: 'left', ...(whose === 'kept' ? { reason: keptToo } : {}) }))
  const gone = await deleted(
    org,
    things.filter(({ whose }) => whose === 'alone'),
    signal,
  )
  return [...gone, ...(await patched(org, patches, 'redacted', signal)), ...left]
}

/** On something that is the person's by a relation a name is theirs, too. A field that takes nothing but an address is emptied. */
export async function redactedFields(
  org: Org,
  { object, texts }: Pick<Owned, 'object' | 'texts'>,
  matcher: ResidueMatcher,
  signal: AbortSignal,
): Promise<Fields> {
  const info = await infoOf(org, object, signal)
  const changed: Record<string, string | null> = {}
  for (const [name, text] of Object.entries(texts)) {
    const hits = asCertain(matcher(text))
    if (hits.length > 0) changed[name] = info?.fields.get(name)?.type === 'email' ? null : redact(text, hits, redactionMark)
  }
  return changed
}
