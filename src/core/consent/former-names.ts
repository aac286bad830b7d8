/** Purposes and channels under other ids than before: what was refused under the old one still is (GDPR art. 7(3), 21(3)). */
import type { FactKind } from './consent.ts'
import type { ObjectMapping } from '../record/mapping.ts'
import type { Policy } from '../policy/schema.ts'

/** Old id → present one. */
export type FormerNames = { readonly purposes: ReadonlyMap<string, string>; readonly channels: ReadonlyMap<string, string> }

export const noFormerNames: FormerNames = { purposes: new Map(), channels: new Map() }

export function formerNames(policy: Policy): FormerNames {
  const of = (entries: Policy['purposes'] | Policy['channels']): ReadonlyMap<string, string> =>
    new Map(entries.flatMap(({ id, formerly }) => formerly.map((old) => [old, id] as const)))
  return { purposes: of(policy.purposes), channels: of(policy.channels) }
}

export type LostName = { readonly what: 'purpose' | 'channel'; readonly id: string }

/** Names under which something was refused and that nothing stands for any more, so that the refusal would bind nobody. */
export function lostNames(policy: Policy, mappings: readonly ObjectMapping[], kinds: readonly FactKind[]): readonly LostName[] {
  const mapped = mappings.flatMap(({ consents }) => consents.flatMap(({ channels }) => channels))
  const { purposes, channels } = formerNames(policy)
  const knownPurposes = new Set(['*', ...policy.purposes.map(({ id }) => id), ...purposes.keys(), ...policy.ended.purposes])
  // A box for a channel that the policy does not use yet is kept for the day it does.
  const knownChannels = new Set(['*', ...mapped, ...policy.channels.map(({ id }) => id), ...channels.keys(), ...policy.ended.channels])
  const refused = kinds.filter(({ event }) => event === 'withdrawn' || event === 'refused')
  const lost = (what: LostName['what'], ids: readonly string[], known: ReadonlySet<string>): LostName[] =>
    [...new Set(ids)].filter((id) => !known.has(id)).map((id) => ({ what, id }))
  return [
    ...lost(
      'purpose',
      refused.map(({ purpose }) => purpose),
      knownPurposes,
    ),
    ...lost(
      'channel',
      refused.map(({ channel }) => channel),
      knownChannels,
    ),
  ]
}

export function describeLost(lost: readonly LostName[]): string {
  const lines = lost.map(
    ({ what, id }) =>
      `refusals are remembered for the ${what} "${id}", which policy.yaml no longer has: write "formerly: [${id}]" at the ${what} that takes its place, or "ended: {${what}s: [${id}]}" if none does`,
  )
  return lines.join('\n')
}
