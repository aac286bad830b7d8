/** How long the file of a request is kept once it is closed (GDPR art. 5(1)(e)): the first rule of the policy for `request`. */
import { parseDuration, type Duration } from './duration.ts'
import { inForce, type Policy } from './policy-schema.ts'

/** Null: by no rule that erases by itself, counted from the day on which the request was closed. What nobody can read here keeps every file. */
export function fileRetention({ retention }: Pick<Policy, 'retention'>, today: number): Duration | null {
  const rule = retention.rules.find((one) => one.data === 'request' && inForce(one, today))
  if (rule === undefined || rule.who !== 'any' || rule.then !== 'erase' || rule.anchor !== 'date') return null
  return rule.clock.length === 1 && rule.clock[0] === 'requestClosed' ? parseDuration(rule.duration) : null
}
