/** How long the file of a request is kept once it is closed (GDPR art. 5(1)(e)): the first rule of the policy for `request`. */
import type { Erasure } from '../erasure/erasure.ts'
import { parseDuration, type Duration } from '../policy/duration.ts'
import { inForce, type Policy } from '../policy/schema.ts'
import { keptUntil } from '../request/alerts.ts'

/** Whoever is told that nothing holds a record any more looks up in the file which one it is. */
const DAYS_TO_LOOK = 31

/** Whether a file outlives its time, since something that its erasure has kept is held still: nobody else could tell when that ends. `today`: epoch day. */
export function isStillHeld(erasure: Erasure, today: number): boolean {
  const until = 'items' in erasure ? keptUntil(erasure.items) : null
  return until !== null && today < until + DAYS_TO_LOOK
}

/** Null: by no rule that erases by itself, counted from the day on which the request was closed. What nobody can read here keeps every file. */
export function fileRetention({ retention }: Pick<Policy, 'retention'>, today: number): Duration | null {
  const rule = retention.rules.find((one) => one.data === 'request' && inForce(one, today))
  if (rule === undefined || rule.who !== 'any' || rule.then !== 'erase' || rule.anchor !== 'date') return null
  return rule.clock.length === 1 && rule.clock[0] === 'requestClosed' ? parseDuration(rule.duration) : null
}
