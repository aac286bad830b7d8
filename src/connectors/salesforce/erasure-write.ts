/** Fields of many people's records, set with the calls of one. */
import type { Patch, WriteResult } from '../connector.ts'
import { together } from '../together.ts'
import type { Org } from './org.ts'
import { write } from './write.ts'

/** One result per patch, in order. */
export async function writeTogether(org: Org, patches: readonly Patch[], signal: AbortSignal): Promise<readonly WriteResult[]> {
  return patches.length === 0 ? [] : writing(org, null, patches, signal)
}

const writing = together(
  async (org: Org, _: null, patches: readonly Patch[], signal) => {
    const results = await write(org, patches, signal)
    return new Map(patches.map((patch, i) => [patch, results[i]!]))
  },
  (results, patches): readonly WriteResult[] => patches.map((patch) => results.get(patch)!),
)
