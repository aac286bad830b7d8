/** Opts a record out of marketing by its own flags, so that a copy that a sync brings back is at least left alone. */
import type { Fields, Patch, RecordRef } from '../connector.ts'
import type { SilenceResult } from '../erasure.ts'
import { checkedIds, infoOf } from './erasure-read.ts'
import type { Org } from './org.ts'
import { writeTogether } from './erasure-write.ts'

const flags = [
  'HasOptedOutOfEmail',
  'HasOptedOutOfFax',
  'DoNotCall',
  'PersonHasOptedOutOfEmail',
  'PersonHasOptedOutOfFax',
  'PersonDoNotCall',
]

export async function silence(org: Org, refs: readonly RecordRef[], signal: AbortSignal): Promise<SilenceResult[]> {
  await checkedIds(org, refs, signal)
  const patches: Patch[] = []
  for (const ref of refs) patches.push({ ref, set: await optOut(org, ref.object, signal) })
  const able = patches.filter(({ set }) => Object.keys(set).length > 0)
  const results = new Map((await writeTogether(org, able, signal)).map((result) => [result.ref, result]))
  return refs.map((ref): SilenceResult => {
    const result = results.get(ref)
    if (result === undefined) return { ref, outcome: 'refused', reason: `no opt-out field of ${ref.object} may be written` }
    if (result.outcome === 'gone') return { ref, outcome: 'gone' }
    if (result.outcome === 'written' || result.outcome === 'unchanged') return { ref, outcome: 'silenced' }
    return { ref, outcome: 'refused', reason: 'reason' in result ? result.reason : result.outcome }
  })
}

async function optOut(org: Org, object: string, signal: AbortSignal): Promise<Fields> {
  const info = await infoOf(org, object, signal)
  return Object.fromEntries(flags.filter((flag) => info?.fields.get(flag)?.updateable === true).map((flag) => [flag, 'true']))
}
