/** What a policy may say and its authors should know: it is no mistake of form, and it takes protection away, or has no effect. */
import { parseDuration } from './duration.ts'
import type { Policy } from './schema.ts'
import type { ConfigProblem } from './problem.ts'

/** By what a gate looks at: what is lost without one. */
const protections: readonly (readonly [string, string])[] = [
  ['restricted', 'records whose processing is restricted could be used (GDPR art. 18(2))'],
  ['suppressed', 'somebody on the suppression list is refused rule by rule only (GDPR art. 21(3))'],
  ['birthDate', 'children are treated as adults (GDPR art. 8; LIL art. 45)'],
  ['noticeSentAt', 'people whose details came from others may be contacted before they were told (GDPR art. 14(3))'],
]

export function adviseOn(policy: Policy): readonly ConfigProblem[] {
  const advice: ConfigProblem[] = []
  const gates = policy.gates.filter((gate) => gate.enabled)
  for (const [field, loss] of protections)
    if (!gates.some((gate) => gate.refuseWhen.some((part) => part.field === field)))
      advice.push({ path: ['gates'], message: `no gate looks at "${field}"`, instead: loss })
  const holds = policy.retention.holds.filter((hold) => hold.enabled)
  for (const field of ['openRequest', 'legalHold', 'restricted'])
    if (!holds.some((hold) => hold.when.some((part) => part.field === field)))
      advice.push({
        path: ['retention', 'holds'],
        message: `no hold looks at "${field}"`,
        instead: 'records fall due although somebody still needs them (GDPR art. 17(3)(e), 18(1))',
      })
  const held = policy.erasureHolds.filter((hold) => hold.enabled)
  for (const kind of ['invoice', 'legal-hold'] as const)
    if (!held.some((hold) => hold.on === kind))
      advice.push({
        path: ['erasureHolds'],
        message: `nothing is held because of a ${kind}`,
        instead: 'an erasure takes what the law may oblige you to keep (GDPR art. 17(3)(b), 17(3)(e))',
      })
  policy.erasureHolds.forEach((hold, index) => {
    if (hold.enabled && hold.keepFor !== undefined && hold.anchor === 'date' && /L\.? ?123-22/.test(hold.ref))
      advice.push({
        path: ['erasureHolds', index, 'anchor'],
        message: `"${hold.id}" is counted from the day of the paper`,
        instead: 'anchor: fyEnd; the ten years of C. com. L123-22 run from the close of the financial year, up to a year longer',
      })
  })
  if (policy.detectors.length === 0)
    advice.push({
      path: ['detectors'],
      message: 'nothing is looked for in free text',
      instead: 'health, beliefs or insults in comments stay unseen (GDPR art. 9)',
    })
  policy.retention.rules.forEach((rule, index) => {
    const period = parseDuration(rule.duration)
    const none = period !== null && period.months === 0 && period.days === 0 && period.hours === 0
    if (rule.enabled && none && rule.then !== 'review')
      advice.push({
        path: ['retention', 'rules', index, 'duration'],
        message: `"${rule.category}" is over on its first day`,
        instead: `every record in it is at once due to ${rule.then}`,
      })
  })
  return advice
}
