/** What the control port can do to this org beyond its API. Each lever is a function of the world and a JSON body. */
import { createPublicKey } from 'node:crypto'
import { z } from 'zod'
import { commitChanges } from './changes.ts'
import { LIVE, writeRow } from './table.ts'
import { purgeRecord, undeleteRecord } from './bin.ts'
import { mergeRecords } from './merge.ts'
import { ORG_LEVERS } from './org-levers.ts'
import { parseId } from './ids.ts'
import { PUSH_LEVERS } from './push-levers.ts'
import { revokeToken } from './session.ts'
import { tableOf } from './grants.ts'
import type { World } from './call.ts'

const Hide = z.strictObject({ object: z.string(), field: z.string(), mode: z.enum(['read', 'edit', 'none']) })
const JwtKey = z.strictObject({ pem: z.string() })
const RevokeToken = z.strictObject({ token: z.string() })
const TokenLifetime = z.strictObject({ ms: z.int().min(1) })
const Limits = z.strictObject({ daily: z.int().min(0) })
const Lock = z.strictObject({ id: z.string(), times: z.int().min(1).default(1) })
const Pace = z.strictObject({ queuedMs: z.int().min(0), runningMs: z.int().min(0) })
const Merge = z.strictObject({ object: z.string(), winner: z.string(), losers: z.array(z.string()) })
const Ids = z.strictObject({ ids: z.array(z.string()).max(200) })
const PasswordLogin = z.strictObject({ oauth: z.boolean().optional(), soap: z.boolean().optional() })
const Switch = z.strictObject({ on: z.boolean() })
const Permission = z.strictObject({ name: z.literal('BulkApiHardDelete'), granted: z.boolean() })

type Lever = (world: World, body: unknown) => unknown

export const LEVERS: Readonly<Record<string, Lever>> = {
  ...ORG_LEVERS,
  'hide-field': hideField,
  /** A public key or certificate that signs JWT assertions from now on. */
  'jwt-key': ({ sessions }, body) => {
    sessions.jwtKeys.push(createPublicKey(JwtKey.parse(body).pem).export({ type: 'spki', format: 'pem' }).toString())
    return { keys: sessions.jwtKeys.length }
  },
  'revoke-token': ({ sessions }, body) => ({ revoked: revokeToken(sessions, RevokeToken.parse(body).token) }),
  /** Whether user name and password open a session: by the OAuth grant (off by default), by SOAP login() (on). */
  'password-login': ({ sessions }, body) => ({ ...Object.assign(sessions.password, PasswordLogin.parse(body)) }),
  /** Every token given out so far is dead. */
  'expire-tokens': ({ org, sessions }) => {
    for (const session of sessions.byToken.values()) session.expiresAt = Math.min(session.expiresAt, org.clock.now())
    return { expired: sessions.byToken.size }
  },
  'token-lifetime': ({ sessions }, body) => {
    sessions.lifetime = TokenLifetime.parse(body).ms
    return {}
  },
  limits: ({ usage }, body) => {
    usage.limit = Limits.parse(body).daily
    return {}
  },
  'rate-limit': ({ org }, body) => {
    org.rateLimit = Switch.parse(body).on
    return {}
  },
  /** UNABLE_TO_LOCK_ROW for the next writes of one record. */
  'lock-row': ({ org }, body) => {
    const { id, times } = Lock.parse(body)
    const full = parseId(id)
    if (full === undefined) throw new Error('lock-row: id is malformed')
    org.locked.set(full, times)
    return {}
  },
  'bulk-pace': ({ jobs }, body) => {
    jobs.pace = Pace.parse(body)
    return {}
  },
  'lose-cursors': ({ cursors }) => {
    const lost = cursors.open.size
    cursors.open.clear()
    return { lost }
  },
  merge: ({ org }, body) => {
    const { object, winner, losers } = Merge.parse(body)
    const merged = mergeRecords(org, tableOf(org, object), winner, losers)
    if (!merged.ok) throw new Error(merged.errors[0]?.message ?? 'merge failed')
    return { mergedRecordIds: merged.mergedRecordIds, updatedRelatedIds: merged.updatedRelatedIds }
  },
  /** emptyRecycleBin for these ids. */
  purge: ({ org }, body) => Ids.parse(body).ids.map((id) => purgeRecord(org, id)),
  undelete: ({ org }, body) => Ids.parse(body).ids.map((id) => undeleteRecord(org, id)),
  permission: setPermission,
  /** gzip answers to clients that accept it, as a real org does. */
  'compress-answers': ({ wire }, body) => {
    wire.compress = Switch.parse(body).on
    return {}
  },
  ...PUSH_LEVERS,
}

export function pullLever(world: World, lever: string, body: unknown): unknown {
  const pull = Object.hasOwn(LEVERS, lever) ? LEVERS[lever] : undefined
  if (pull === undefined) throw new Error(`Salesforce sandbox: unknown lever ${lever}; known: ${Object.keys(LEVERS).join(', ')}`)
  try {
    return pull(world, body)
  } finally {
    // What an administrator does on the screens has no origin.
    commitChanges(world.org, '')
  }
}

/** Field-level security: `read` hides the field, `edit` makes it read-only, `none` gives it back. */
function hideField({ org }: World, body: unknown): unknown {
  const { object, field, mode } = Hide.parse(body)
  const key = `${object}.${field}`.toLowerCase()
  if (tableOf(org, object).object.byName.get(field.toLowerCase()) === undefined)
    throw new Error(`Salesforce sandbox: no field ${object}.${field}`)
  if (mode === 'none') org.hidden.delete(key)
  else org.hidden.set(key, mode)
  return {}
}

function setPermission({ org }: World, body: unknown): unknown {
  const { name, granted } = Permission.parse(body)
  org.hardDelete = granted
  const access = tableOf(org, 'UserPermissionAccess')
  access.stages.forEach((stage, row) => {
    if (stage === LIVE) writeRow(access, row, [[`Permissions${name}`, granted]])
  })
  return {}
}
