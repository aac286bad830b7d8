/** The policy's purposes × channels, in order, as the table that consent and permissions are counted in. */
import type { Policy, Purpose } from './schema.ts'

export type Pair = { readonly purpose: string; readonly channel: string; readonly serviceOnly: boolean }
export type PurposePair = Pair & { readonly index: number; readonly basis: string; readonly needs: string; readonly on: boolean }

export function pairsOf(policy: Policy): readonly PurposePair[] {
  const needs = new Map(policy.channels.map((channel) => [channel.id, channel.needs]))
  return policy.purposes
    .flatMap((purpose) => purpose.channels.map((channel) => ({ purpose, channel })))
    .map(({ purpose, channel }, index) => ({
      index,
      purpose: purpose.id,
      channel,
      serviceOnly: purpose.serviceOnly,
      basis: purpose.lawfulBasis,
      needs: needs.get(channel) ?? '',
      on: isOn(purpose),
    }))
}

/** A legitimate interest that nobody has weighed is none: GDPR art. 6(1)(f), recital 47. */
export function isOn(purpose: Purpose): boolean {
  return (
    purpose.enabled &&
    (purpose.lawfulBasis !== 'legitimate_interest' || (purpose.assessedBy !== undefined && purpose.assessedOn !== undefined))
  )
}

/** Contact fields that some rule in the policy looks at, besides those that purposes only allow. */
export function fieldsUsedByRules(policy: Policy): readonly string[] {
  const used = new Set<string>(['email', 'country', ...policy.channels.map((channel) => channel.needs)])
  const conditions = [
    ...policy.audiences.map((audience) => audience.when),
    ...policy.gates.map((gate) => gate.refuseWhen),
    ...policy.consentRules.map((rule) => rule.when ?? 'otherwise'),
    ...policy.retention.holds.map((hold) => hold.when),
    ...judged(policy).map((rule) => rule.who),
  ]
  for (const condition of conditions) if (typeof condition !== 'string') for (const { field } of condition) used.add(field)
  for (const rule of judged(policy)) for (const field of rule.clock) used.add(field)
  // Art. 14(3)(a) counts a month from here.
  used.add('collectedAt')
  return [...used].filter((field) => policy.contactFields.includes(field))
}

/** Retention rules about the record itself; the others are about what Accord keeps. */
function judged(policy: Policy): readonly Policy['retention']['rules'][number][] {
  return policy.retention.rules.filter((rule) => rule.data === 'contact' || rule.data === 'account' || rule.data === 'any')
}
