import { flagParam, numberParam } from './call.ts'
import type { Answer, Call } from './call.ts'
import { notFound } from './errors.ts'
import { instant } from './instant.ts'
import { nextPage } from './next-page.ts'
import type { Portal } from './portal.ts'
import { TIME_ZONE } from './portal.ts'

export function accountDetails(portal: Portal): Answer {
  const offset = Temporal.Instant.fromEpochMilliseconds(portal.clock.now()).toZonedDateTimeISO(TIME_ZONE)
  return {
    status: 200,
    body: {
      portalId: portal.id,
      accountType: 'STANDARD',
      timeZone: TIME_ZONE,
      companyCurrency: 'EUR',
      additionalCurrencies: [],
      utcOffset: offset.offset,
      utcOffsetMilliseconds: offset.offsetNanoseconds / 1_000_000,
      uiDomain: 'app-eu1.hubspot.com',
      dataHostingLocation: 'eu1',
    },
  }
}

export function apiUsage(portal: Portal): Answer {
  const now = portal.clock.now()
  const resetsAt = instant(portal.limits.resetsAt(now))
  const usage = { usageLimit: portal.limits.dailyLimit, currentUsage: portal.limits.dailyUsed }
  const result = { name: 'private-apps-api-calls-daily', ...usage, collectedAt: instant(now), fetchStatus: 'SUCCESS', resetsAt }
  return { status: 200, body: { results: [result] } }
}

/** GET /integrations/v1/limit/daily, the older form of the same figures. */
export function dailyLimit(portal: Portal): Answer {
  const now = portal.clock.now()
  const usage = { usageLimit: portal.limits.dailyLimit, currentUsage: portal.limits.dailyUsed }
  const result = { name: 'api-calls-daily', ...usage, collectedAt: now, fetchStatus: 'SUCCESS', resetsAt: portal.limits.resetsAt(now) }
  return { status: 200, body: [result] }
}

/** GET /integrations/v1/me */
export function accountOfToken(portal: Portal): Answer {
  const { offset, offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(portal.clock.now()).toZonedDateTimeISO(TIME_ZONE)
  const body = {
    portalId: portal.id,
    timeZone: TIME_ZONE,
    currency: 'EUR',
    utcOffsetMilliseconds: offsetNanoseconds / 1_000_000,
    utcOffset: offset,
  }
  return { status: 200, body }
}

type Owner = { id: string; userId: number; email: string; firstName: string; lastName: string; archived: boolean }

/** Users of the portal as owners of records; who left is archived. */
const OWNERS: readonly Owner[] = [
  { id: '4400201', userId: 4_400_301, email: 'sales@sandbox.example', firstName: 'Sandbox', lastName: 'Owner', archived: false },
  { id: '4400202', userId: 4_400_302, email: 'marketing@sandbox.example', firstName: 'Marketing', lastName: 'Owner', archived: false },
  { id: '4400203', userId: 4_400_303, email: 'former@sandbox.example', firstName: 'Former', lastName: 'Owner', archived: true },
]

export function listOwners(portal: Portal, call: Call): Answer {
  const limit = numberParam(call.query, 'limit', 100, 500)
  const email = call.query.get('email')?.toLowerCase()
  const after = call.query.get('after') ?? ''
  const archived = flagParam(call.query, 'archived')
  const all = OWNERS.filter((owner) => owner.archived === archived && (email === undefined || owner.email === email) && owner.id > after)
  const more = all.length > limit ? nextPage(portal, call, all[limit - 1]!.id) : {}
  return { status: 200, body: { results: all.slice(0, limit).map(wireOwner), ...more } }
}

export function getOwner(_portal: Portal, call: Call): Answer {
  const byUser = call.query.get('idProperty') === 'userId'
  const archived = flagParam(call.query, 'archived')
  const owner = OWNERS.find((known) => known.archived === archived && (byUser ? String(known.userId) : known.id) === call.parts[0])
  if (owner === undefined) throw notFound()
  return { status: 200, body: wireOwner(owner) }
}

function wireOwner({ id, userId, email, firstName, lastName, archived }: Owner): Record<string, unknown> {
  const at = '2020-01-01T00:00:00Z'
  const user = archived ? {} : { userId }
  return {
    id,
    email,
    type: 'PERSON',
    firstName,
    lastName,
    ...user,
    userIdIncludingInactive: userId,
    createdAt: at,
    updatedAt: at,
    archived,
    teams: [],
  }
}
