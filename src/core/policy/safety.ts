/** Whether a policy that holds together also means what the law lets it mean: no permission out of nothing, no record without a category. */
import { parseDuration } from './duration.ts'
import type { ConsentRule, Policy, Purpose } from './schema.ts'
import type { ConfigProblem } from './problem.ts'
import { defaultLimits, lengthOf } from '../retention/brake.ts'

export function checkSafety(policy: Policy): readonly ConfigProblem[] {
  return [...checkNeeds(policy), ...checkDoubt(policy), ...checkLastCategory(policy), ...checkBrakes(policy)]
}

/** Each rule that may decide for a purpose on one of its channels is looked at, those behind one that always decides are not. */
function checkNeeds(policy: Policy): readonly ConfigProblem[] {
  const problems = new Map<string, ConfigProblem>()
  const pairs = policy.purposes
    .filter((purpose) => !purpose.serviceOnly)
    .flatMap((purpose) => purpose.channels.map((channel) => ({ purpose, channel })))
  for (const { purpose, channel } of pairs) {
    for (const [index, rule] of policy.consentRules.entries()) {
      if (!rule.enabled || rule.purposes?.includes(purpose.id) === false || rule.channel?.includes(channel) === false) continue
      const fault = faultOf(rule, purpose)
      if (fault !== null) problems.set(`${rule.id} ${purpose.id}`, { path: ['consentRules', index, 'need'], ...fault })
      if (isAlways(rule)) break
    }
  }
  return [...problems.values()]
}

function faultOf(rule: ConsentRule, purpose: Purpose): { message: string; instead: string } | null {
  if (rule.need === 'none')
    return {
      message: `nobody could object to "${purpose.id}", which is no service message (GDPR art. 21(2))`,
      instead: 'need: information, or serviceOnly: true on the purpose if it holds no offer and no advertising',
    }
  if (rule.need === 'information' && purpose.lawfulBasis === 'consent')
    return {
      message: `"${purpose.id}" rests on consent, and this rule would allow it without one (GDPR art. 6(1)(a))`,
      instead: 'need: consent, or name the purposes that this rule is for',
    }
  return null
}

function isAlways(rule: ConsentRule): boolean {
  return (rule.audience ?? rule.country ?? rule.when ?? rule.validFrom ?? rule.validTo) === undefined
}

/** Who might be anybody must not count as what nobody has shown them to be. */
function checkDoubt(policy: Policy): readonly ConfigProblem[] {
  const inDoubt = policy.audiences.find((audience) => audience.id === policy.unknowns.audience)
  const other = policy.audiences.find((audience) => audience.when === 'otherwise')
  if (inDoubt === undefined || other === undefined || inDoubt === other) return []
  return [
    {
      path: ['unknowns', 'audience'],
      message: `"${inDoubt.id}" has conditions, and in doubt nobody has shown that they are met`,
      instead: other.id,
    },
  ]
}

function checkLastCategory(policy: Policy): readonly ConfigProblem[] {
  const at = policy.retention.rules.length - 1
  const last = policy.retention.rules[at]
  if (last === undefined || (last.enabled && last.validFrom === undefined && last.validTo === undefined)) return []
  return [
    {
      path: ['retention', 'rules', at],
      message: 'the last retention rule must always be in force, or a record would have no category',
      instead: 'remove enabled, validFrom and validTo from it',
    },
  ]
}

/** Tighter as anybody likes; looser only with a reason that stands beside it. */
function checkBrakes({ brakes }: Policy): readonly ConfigProblem[] {
  if (brakes.raisedBecause !== undefined) return []
  const lengthIn = (text: string): number => {
    const duration = parseDuration(text)
    return duration === null ? 0 : lengthOf(duration, 28)
  }
  const loose: readonly (readonly [string, boolean, string])[] = [
    ['maxShareErasedPerRun', brakes.maxShareErasedPerRun > defaultLimits.share, `at most ${defaultLimits.share}`],
    ['maxContactsErasedPerRun', brakes.maxContactsErasedPerRun > defaultLimits.count, `at most ${defaultLimits.count}`],
    ['per', lengthIn(brakes.per) < lengthIn(defaultLimits.window), `at least ${defaultLimits.window}`],
  ]
  return loose.flatMap(([key, isLoose, instead]) =>
    isLoose
      ? [
          {
            path: ['brakes', key],
            message: 'more may be destroyed before two people are asked than without this line (GDPR art. 5(1)(f))',
            instead: `${instead}, or raisedBecause: the reason, for whoever audits it`,
          },
        ]
      : [],
  )
}
