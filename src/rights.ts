/** Rights of persons, put together: what the commands and the worker ask of the tasks. */
import { sharedLocalParts } from './core/policy/audience.ts'
import { workingDaysIn } from './core/request/deadline-holidays.ts'
import type { Policy } from './core/policy/schema.ts'
import { dayStartIn, localDayIn } from './core/time/time-zone.ts'
import type { Urgency } from './connectors/connector.ts'
import type { Opened } from './main.ts'
import type { ErasureDeps } from './tasks/erasure/deps.ts'
import { sideOf } from './tasks/erasure/seek.ts'
import { findPlaces, prepareTargets } from './tasks/sweep/prepare.ts'
import { createPreparer } from './tasks/sweep/prepared.ts'
import type { RetentionDeps } from './tasks/retention/deps.ts'
import type { Shell, Target } from './tasks/shell.ts'

/** `shell`: one that enqueues jobs, in a service. `urgency`: work that a person asked for goes before retention. */
export function openErasureDeps(
  { parts, at }: Pick<Opened, 'parts' | 'at'>,
  shell: Shell = parts.shell,
  urgency: Urgency = 'rights',
): ErasureDeps {
  const { policy } = parts
  const linked = at(urgency)
  const options = { genericLocalParts: sharedLocalParts(policy), homeCountry: policy.organisation.country }
  return {
    shell,
    sides: linked.flatMap(({ name, connector, objects }) => (connector.erasure ? [sideOf(name, connector.erasure, objects, options)] : [])),
    crms: new Map(linked.map(({ name, crm }) => [name, crm])),
    unable: linked.flatMap(({ name, connector }) => (connector.erasure ? [] : [name])),
    policy,
    calendar: calendarOf(policy),
    prepare: createPreparer({ shell, linked, policy, today: parts.today }),
    landscape: (turn) => findPlaces(turn, linked, false),
    recipients: parts.recipients,
  }
}

export function calendarOf({ organisation: { country, timezone } }: Policy): ErasureDeps['calendar'] {
  // The holidays of other countries are not known: count the deadline without them, so that it is never too late.
  const isWorking = workingDaysIn(country === 'FR' ? 'france' : 'unknown')
  return { localDay: localDayIn(timezone), dayStart: dayStartIn(timezone), isWorking }
}

/** What the tasks of retention work with: records that fell due are erased by the same steps as a request, at the urgency of a sweep. */
export function openRetentionDeps(opened: Pick<Opened, 'parts' | 'at'>, shell: Shell = opened.parts.shell): RetentionDeps {
  const { policy, today } = opened.parts
  const linked = opened.at('sweep')
  const erase = openErasureDeps(opened, shell, 'sweep')
  return {
    shell,
    erase,
    linked,
    policy,
    calendar: erase.calendar,
    today,
    prepare: async (signal) => {
      const landscape = await findPlaces(shell, linked, false)
      const targets: Target[] = []
      for (const one of linked)
        targets.push(...(await prepareTargets(shell, one, landscape.places, { policy, today: today(), keep: false }, signal)))
      return { landscape, targets }
    },
  }
}
