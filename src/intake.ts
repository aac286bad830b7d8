/** What the API needs of the tasks, put together. */
import { actDayOf, consentGiven } from './core/acts.ts'
import { createIntake } from './core/intake.ts'
import type { Policy } from './core/policy-schema.ts'
import { localDayIn } from './core/time-zone.ts'
import type { ConsentParts } from './server/consents.ts'
import { postConsent, type ConsentDesk } from './tasks/consents.ts'
import { findPlaces, type Linked } from './tasks/prepare.ts'
import type { Shell } from './tasks/shell.ts'

export function openIntake(shell: Shell, { linked, policy }: { linked: readonly Linked[]; policy: Policy }): ConsentParts {
  const localDay = localDayIn(policy.organisation.timezone)
  const counts = policy.retention.actsOfThePerson.includes(consentGiven)
  const desk: ConsentDesk = {
    shell,
    house: (inTurn) => findPlaces(inTurn, linked, false),
    actOn: (at) => (counts ? actDayOf(localDay(at)) : null),
  }
  return { now: shell.now, read: createIntake(policy), post: (posted) => postConsent(desk, posted) }
}
