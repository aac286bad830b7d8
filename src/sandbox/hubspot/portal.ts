import type { CrmOptions, SandboxClock } from '../crm.ts'
import { createIndexDelay } from './index-delay.ts'
import type { IndexDelay } from './index-delay.ts'
import { createLimits } from './limits.ts'
import type { Limits } from './limits.ts'
import { createPlanCache } from './plan.ts'
import type { PlanCache } from './plan.ts'
import { createRegistry } from './registry.ts'
import type { PropertyRegistry } from './registry.ts'
import { createContactStore } from './store.ts'
import type { ContactStore } from './store.ts'
import { createTokens } from './tokens.ts'
import type { Tokens } from './tokens.ts'

export const PORTAL_ID = 4_400_001
export const TIME_ZONE = 'Europe/Paris'

export type Settings = {
  /** How long the search index shows a changed record's former state. */
  indexLagMs: number
  /** Host and port that `paging.next.link` names instead of our own. */
  nextHost: string | null
  /** unverified: whether the API may create a contact whose address was GDPR-deleted; the vendor's articles of 2023 and 2025 disagree. */
  recreateErased: boolean
  /** unverified: answer of gdpr-delete for an id that is not there. */
  eraseUnknown: 404 | 204
  /** A CRM that answers 204 and keeps the record. */
  eraseKeeps: boolean
}

export type Portal = {
  readonly id: number
  readonly clock: SandboxClock
  readonly properties: PropertyRegistry
  readonly plans: PlanCache
  readonly store: ContactStore
  /** Lower-case primary and additional addresses of live contacts → id. */
  readonly emails: Map<string, number>
  /** Property index → value → id, for properties with hasUniqueValue. */
  readonly uniques: Map<number, Map<string, number>>
  /** Id merged away → id it became part of. */
  readonly aliases: Map<number, number>
  /** Addresses of GDPR-deleted contacts. */
  readonly blocklist: Set<string>
  /** Blocklisted addresses that came back. */
  readonly returned: Set<string>
  readonly index: IndexDelay
  readonly tokens: Tokens
  readonly limits: Limits
  /** Counts changes, so that what was computed for an older state can be told. */
  changes: number
  nextId: number
  settings: Settings
}

export const DEFAULT_SETTINGS: Settings = {
  indexLagMs: 500,
  nextHost: null,
  recreateErased: true,
  eraseUnknown: 404,
  eraseKeeps: false,
}

export function createPortal(options: CrmOptions): Portal {
  const now = options.clock.now()
  const properties = createRegistry(now)
  return {
    id: PORTAL_ID,
    clock: options.clock,
    properties,
    plans: createPlanCache(properties),
    store: createContactStore(),
    emails: new Map(),
    uniques: new Map(),
    aliases: new Map(),
    blocklist: new Set(),
    returned: new Set(),
    index: createIndexDelay(),
    tokens: createTokens(options.seed),
    limits: createLimits(options.rateLimit, TIME_ZONE),
    changes: 0,
    nextId: firstId(options.seed),
    settings: { ...DEFAULT_SETTINGS },
  }
}

/** Record ids have eleven or twelve digits today and grow. */
function firstId(seed: number): number {
  return 90_000_000_001 + (Math.abs(Math.trunc(seed)) % 1000) * 1_000_000
}
