/** How long the proof of what somebody said is kept once it matters no more: the rules of the policy for `consent`, counted from its end. */
import type { ConsentFact } from '../consent/consent.ts'
import type { Condition } from '../policy/condition.ts'
import { addDuration, parseDuration, type Duration } from '../policy/duration.ts'
import { inForce, type Policy, type RetentionRule } from '../policy/schema.ts'

/** Epoch milliseconds. `unheldAt`: since when nobody has a record of whoever said it; null: somebody has. */
export type KeptProof = {
  readonly event: string
  readonly purpose: string
  readonly channel: string
  readonly saidAt: number
  readonly optIn: 'none' | 'asked' | 'confirmed' | 'lapsed'
  readonly unheldAt: number | null
}

/**
 * When it came to an end, epoch milliseconds; null: it is in force, or waits for an answer. A no is over when it is said, since what it forbids is kept
 * elsewhere. A yes is over with the first later no of the person that covers it, or when nobody is left who could use it. A no without a date ends nothing here: unknown is rather too long.
 */
export function proofEnded({ event, purpose, channel, saidAt, optIn, unheldAt }: KeptProof, facts: readonly ConsentFact[]): number | null {
  if (event !== 'given') return saidAt
  if (optIn === 'asked') return null
  if (optIn === 'lapsed') return saidAt
  const covers = (one: string, other: string): boolean => one === '*' || one === other
  const ends = facts.flatMap((fact) =>
    fact.event !== 'given' &&
    fact.event !== 'asked' &&
    fact.at !== null &&
    fact.at > saidAt &&
    covers(fact.purpose, purpose) &&
    covers(fact.channel, channel)
      ? [fact.at]
      : [],
  )
  if (unheldAt !== null) ends.push(unheldAt)
  return ends.length === 0 ? null : Math.min(...ends)
}

/** `lastDay`: the first epoch day on which it is kept no longer; null: by no rule that erases by itself. `shortest`: nothing younger can be due; null: nothing ever is. */
export type ProofRetention = {
  readonly shortest: Duration | null
  lastDay(proof: Pick<KeptProof, 'purpose' | 'channel'>, endDay: number): number | null
}

/** Rules are read from the top; the first that fits decides. One that nobody can read here keeps what it may be about. */
export function createProofRetention({ retention }: Pick<Policy, 'retention'>, today: number): ProofRetention {
  const rules = retention.rules.filter((rule) => rule.data === 'consent' && inForce(rule, today))
  const durations = rules.flatMap((rule) => (isOurs(rule) ? (parseDuration(rule.duration) ?? []) : []))
  return {
    shortest: durations.toSorted((a, b) => addDuration(today, a) - addDuration(today, b))[0] ?? null,
    lastDay(proof, endDay) {
      const rule = rules.find(({ who }) => who === 'any' || fits(who, proof) !== 'no')
      if (rule === undefined || !isOurs(rule) || (rule.who !== 'any' && fits(rule.who, proof) === 'unknown')) return null
      const duration = parseDuration(rule.duration)
      return duration === null ? null : addDuration(endDay, duration)
    },
  }
}

function isOurs({ then, clock, anchor }: RetentionRule): boolean {
  return then === 'erase' && anchor === 'date' && clock.length === 1 && clock[0] === 'consentEnded'
}

/** What was said of every channel is none of a rule for one of them. */
function fits(who: Condition, proof: Pick<KeptProof, 'purpose' | 'channel'>): 'yes' | 'no' | 'unknown' {
  let answer: 'yes' | 'unknown' = 'yes'
  for (const { field, predicate } of who) {
    const value = field === 'channel' || field === 'purpose' ? proof[field] : null
    if (value === null || (predicate.is !== 'equal' && predicate.is !== 'in' && predicate.is !== 'notIn')) answer = 'unknown'
    else if (predicate.is === 'equal' ? predicate.value !== value : predicate.values.includes(value) !== (predicate.is === 'in'))
      return 'no'
  }
  return answer
}
