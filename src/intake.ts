/** What people say to Accord itself, put together: what the API and the pages ask of the tasks. */
import { actDayOf, consentGiven } from './core/judge/acts.ts'
import { createAddresseeReader, createIntake } from './core/consent/intake.ts'
import { createKnownConsent } from './core/consent/known-consent.ts'
import type { Policy } from './core/policy/schema.ts'
import { localDayIn } from './core/time/time-zone.ts'
import type { ConfirmParts } from './server/confirm.ts'
import type { ConsentParts } from './server/consents.ts'
import { confirmLink, lookAtLink } from './tasks/consent/ask.ts'
import { postConsent } from './tasks/consent/consents.ts'
import type { ConsentDeps } from './tasks/consent/deps.ts'
import { lookUpConsents } from './tasks/consent/lookup.ts'
import type { Shell } from './tasks/shell.ts'

export type Intake = { consents: ConsentParts; confirm: Omit<ConfirmParts, 'log'> }

/** `ringMail`: null where no mail can be sent, so that nobody is asked by one. */
export function openIntake(
  shell: Shell,
  { landscape, policy }: { landscape: ConsentDeps['landscape']; policy: Policy },
  ringMail: ConsentDeps['ringMail'] | null,
): Intake {
  const localDay = localDayIn(policy.organisation.timezone)
  const counts = policy.retention.actsOfThePerson.includes(consentGiven)
  const deps: ConsentDeps = {
    shell,
    landscape,
    actOn: (at) => (counts ? actDayOf(localDay(at)) : null),
    ringMail: ringMail ?? (async () => undefined),
  }
  const known = createKnownConsent(policy)
  return {
    consents: {
      now: shell.now,
      mails: ringMail !== null,
      read: createIntake(policy),
      post: (posted) => postConsent(deps, posted),
      readAddressee: createAddresseeReader(policy),
      lookUp: async (addressee) => {
        const { facts, proofs, suppressed } = await lookUpConsents(deps, addressee)
        return { states: known(facts, suppressed), proofs, suppressed }
      },
    },
    confirm: { policy, look: (token) => lookAtLink(deps, token), use: (token) => confirmLink(deps, token) },
  }
}
