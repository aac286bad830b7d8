/** What the control port can do to this org beyond its API. */
import { z } from 'zod'
import type { World } from './call.ts'

const Hide = z.strictObject({ object: z.string(), field: z.string(), mode: z.enum(['read', 'edit', 'none']) })
const JwtKey = z.strictObject({ pem: z.string() })
const RevokeToken = z.strictObject({ token: z.string() })
const Limits = z.strictObject({ daily: z.int().min(0) })
const Lock = z.strictObject({ id: z.string(), times: z.int().min(1).default(1) })
const Pace = z.strictObject({ queuedMs: z.int().min(0), runningMs: z.int().min(0) })

export function pullLever(world: World, lever: string, body: unknown): unknown {
  const { org, sessions, usage, jobs } = world
  switch (lever) {
    case 'hide-field': {
      const { object, field, mode } = Hide.parse(body)
      const known = org.tables.get(object.toLowerCase())?.object.byName.get(field.toLowerCase())
      if (known === undefined) throw new Error(`Salesforce sandbox: no field ${object}.${field}`)
      if (mode === 'none') org.hidden.delete(`${object}.${field}`.toLowerCase())
      else org.hidden.set(`${object}.${field}`.toLowerCase(), mode)
      return {}
    }
    case 'jwt-key':
      sessions.jwtKeys.push(JwtKey.parse(body).pem)
      return {}
    case 'revoke-token':
      return { revoked: sessions.byToken.delete(RevokeToken.parse(body).token) }
    case 'expire-tokens':
      for (const session of sessions.byToken.values()) session.expiresAt = Math.min(session.expiresAt, org.clock.now())
      return { expired: sessions.byToken.size }
    case 'limits':
      usage.limit = Limits.parse(body).daily
      return {}
    case 'lock-row': {
      const { id, times } = Lock.parse(body)
      org.locked.set(id, times)
      return {}
    }
    case 'bulk-pace':
      jobs.pace = Pace.parse(body)
      return {}
    default:
      throw new Error(`Salesforce sandbox: unknown lever ${lever}`)
  }
}
