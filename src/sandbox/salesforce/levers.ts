/** What the control port can do to this org beyond its API. Each lever is a function of the world and a JSON body. */
import { createPublicKey } from 'node:crypto'
import { z } from 'zod'
import { leverOn } from '../lever.ts'
import { commitChanges } from './changes.ts'
import { LIVE, writeRow } from './table.ts'
import { purgeRecord, undeleteRecord } from './bin.ts'
import { mergeRecords } from './merge.ts'
import { ORG_LEVERS } from './org-levers.ts'
import { parseId } from './ids.ts'
import { PUSH_LEVERS } from './push-levers.ts'
import { revokeToken } from './session.ts'
import { setUsedCalls } from './usage.ts'
import { tableOf } from './grants.ts'
import type { Levers } from '../lever.ts'
import type { World } from './call.ts'

const Hide = z.strictObject({ object: z.string(), field: z.string(), mode: z.enum(['read', 'edit', 'none']) })
const JwtKey = z.strictObject({ pem: z.string() })
const RevokeToken = z.strictObject({ token: z.string() })
const TokenLifetime = z.strictObject({ ms: z.int().min(1) })
const Limits = z.strictObject({ daily: z.int().min(0), used: z.int().min(0).describe('calls of the last hour') }).partial()
const Lock = z.strictObject({ id: z.string(), times: z.int().min(1).default(1) })
const Pace = z.strictObject({ queuedMs: z.int().min(0), runningMs: z.int().min(0) })
const Merge = z.strictObject({ object: z.string(), winner: z.string(), losers: z.array(z.string()) })
const Ids = z.strictObject({ ids: z.array(z.string()).max(200) })
const PasswordLogin = z.strictObject({ oauth: z.boolean().optional(), soap: z.boolean().optional() })
const Switch = z.strictObject({ on: z.boolean() })
const Permission = z.strictObject({ name: z.literal('BulkApiHardDelete'), granted: z.boolean() })

const Nothing = z.strictObject({})
const lever = leverOn<World>()

export const LEVERS: Levers<World> = {
  ...ORG_LEVERS,
  'hide-field': lever('Field-level security: `read` hides the field, `edit` makes it read-only, `none` gives it back', Hide, hideField, {
    object: 'Contact',
    field: 'Birthdate',
    mode: 'read',
  }),
  'jwt-key': lever('A public key or certificate that signs JWT assertions from now on', JwtKey, ({ sessions }, { pem }) => {
    sessions.jwtKeys.push(createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString())
    return { keys: sessions.jwtKeys.length }
  }),
  'revoke-token': lever('Ends a session', RevokeToken, ({ sessions }, { token }) => ({ revoked: revokeToken(sessions, token) })),
  'password-login': lever(
    'Whether user name and password open a session: by the OAuth grant (off by default), by SOAP login() (on)',
    PasswordLogin,
    ({ sessions }, body) => ({ ...Object.assign(sessions.password, body) }),
  ),
  'expire-tokens': lever('Every token given out so far is dead', Nothing, ({ org, sessions }) => {
    for (const session of sessions.byToken.values()) session.expiresAt = Math.min(session.expiresAt, org.clock.now())
    return { expired: sessions.byToken.size }
  }),
  'token-lifetime': lever('How long sessions last from now on', TokenLifetime, ({ sessions }, { ms }) => {
    sessions.lifetime = ms
    return {}
  }),
  limits: lever('Calls in a rolling day', Limits, setLimits, { daily: 1000, used: 999 }),
  'rate-limit': lever('Whether the daily limit is enforced', Switch, ({ org }, { on }) => {
    org.rateLimit = on
    return {}
  }),
  'lock-row': lever('UNABLE_TO_LOCK_ROW for the next writes of one record', Lock, ({ org }, { id, times }) => {
    const full = parseId(id)
    if (full === undefined) throw new Error('lock-row: id is malformed')
    org.locked.set(full, times)
    return {}
  }),
  'bulk-pace': lever('How long bulk jobs wait and run', Pace, ({ jobs }, pace) => {
    jobs.pace = pace
    return {}
  }),
  'lose-cursors': lever('Forgets all query cursors', Nothing, ({ cursors }) => {
    const lost = cursors.open.size
    cursors.open.clear()
    return { lost }
  }),
  merge: lever('Merges records by hand', Merge, ({ org }, { object, winner, losers }) => {
    const merged = mergeRecords(org, tableOf(org, object), winner, losers)
    if (!merged.ok) throw new Error(merged.errors[0]?.message ?? 'merge failed')
    return { mergedRecordIds: merged.mergedRecordIds, updatedRelatedIds: merged.updatedRelatedIds }
  }),
  purge: lever('emptyRecycleBin for these ids', Ids, ({ org }, { ids }) => ids.map((id) => purgeRecord(org, id))),
  undelete: lever('undelete for these ids', Ids, ({ org }, { ids }) => ids.map((id) => undeleteRecord(org, id))),
  permission: lever('Gives or takes a permission of the user', Permission, setPermission),
  'compress-answers': lever('gzip answers to clients that accept it, as a real org does', Switch, ({ wire }, { on }) => {
    wire.compress = on
    return {}
  }),
  'rest-access': lever('Whether the user may use the REST API', Switch, ({ wire }, { on }) => {
    wire.rest = on
    return {}
  }),
  ...PUSH_LEVERS,
}

export function pullLever(world: World, name: string, body: unknown): unknown {
  const pull = Object.hasOwn(LEVERS, name) ? LEVERS[name] : undefined
  if (pull === undefined) throw new Error(`Salesforce sandbox: unknown lever ${name}; known: ${Object.keys(LEVERS).join(', ')}`)
  try {
    return pull(world, body)
  } finally {
    // What an administrator does on the screens has no origin.
    commitChanges(world.org, '')
  }
}

function setLimits({ org, usage }: World, { daily, used }: z.infer<typeof Limits>): object {
  if (daily !== undefined) usage.limit = daily
  if (used !== undefined) setUsedCalls(usage, org.clock.now(), used)
  return {}
}

function hideField({ org }: World, { object, field, mode }: z.infer<typeof Hide>): unknown {
  const key = `${object}.${field}`.toLowerCase()
  if (tableOf(org, object).object.byName.get(field.toLowerCase()) === undefined)
    throw new Error(`Salesforce sandbox: no field ${object}.${field}`)
  if (mode === 'none') org.hidden.delete(key)
  else org.hidden.set(key, mode)
  return {}
}

function setPermission({ org }: World, { name, granted }: z.infer<typeof Permission>): unknown {
  org.hardDelete = granted
  const access = tableOf(org, 'UserPermissionAccess')
  access.stages.forEach((stage, row) => {
    if (stage === LIVE) writeRow(access, row, [[`Permissions${name}`, granted]])
  })
  return {}
}
