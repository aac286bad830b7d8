/** Rights of persons, put together: what the commands and the worker ask of the tasks. */
import { sharedLocalParts } from './core/audience.ts'
import { workingDaysIn } from './core/deadline-holidays.ts'
import type { Policy } from './core/policy-schema.ts'
import { dayStartIn, localDayIn } from './core/time-zone.ts'
import type { Opened } from './main.ts'
import type { EraseDesk } from './tasks/erase-desk.ts'
import { sideOf } from './tasks/erasure-seek.ts'
import type { Shell } from './tasks/shell.ts'

/** `shell`: one that wakes others, where there are any. */
export function openEraseDesk({ parts, at }: Pick<Opened, 'parts' | 'at'>, shell: Shell = parts.shell): EraseDesk {
  const { policy } = parts
  const linked = at('rights')
  const options = { genericLocalParts: sharedLocalParts(policy), homeCountry: policy.organisation.country }
  return {
    shell,
    sides: linked.flatMap(({ name, connector, objects }) => (connector.erasure ? [sideOf(name, connector.erasure, objects, options)] : [])),
    crms: new Map(linked.map(({ name, crm }) => [name, crm])),
    unable: linked.flatMap(({ name, connector }) => (connector.erasure ? [] : [name])),
    policy,
    calendar: calendarOf(policy),
  }
}

export function calendarOf({ organisation: { country, timezone } }: Policy): EraseDesk['calendar'] {
  // Of other countries we know no holidays: then the earlier day counts, never one too late.
  const isWorking = workingDaysIn(country === 'FR' ? 'france' : 'unknown')
  return { localDay: localDayIn(timezone), dayStart: dayStartIn(timezone), isWorking }
}
