import type { CrmOptions, SandboxClock } from '../crm.ts'
import { createAssociations } from './associations.ts'
import type { Associations } from './associations.ts'
import { createChangeFeed } from './changes.ts'
import type { ChangeFeed } from './changes.ts'
import { createLimits } from './limits.ts'
import type { Limits } from './limits.ts'
import { createMarketing, marketingPart } from './marketing.ts'
import type { Marketing } from './marketing.ts'
import { kindNamed, KINDS } from './object-kind.ts'
import { setPart } from './part.ts'
import type { Part } from './part.ts'
import { optOutProperty } from './subscription.ts'
import { createTable, tablePart } from './table.ts'
import type { ObjectTable } from './table.ts'
import { createJournal } from './journal.ts'
import type { Journal } from './journal.ts'
import { CLIENT_SECRET, createTokens } from './tokens.ts'
import type { Tokens } from './tokens.ts'
import { createUsers } from './users.ts'
import type { Users } from './users.ts'
import { APP_ID } from './webhook-app.ts'
import { createWebhooks } from './webhooks.ts'
import type { Webhooks } from './webhooks.ts'

/** Portals of different seeds have different ids, from the one after this on: two at once are two portals. */
const PORTAL_ID = 4_400_000
const PORTALS = 1_000_000
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
  /** Plural name of an object type → its records. */
  readonly tables: ReadonlyMap<string, ObjectTable>
  readonly contacts: ObjectTable
  readonly associations: Associations
  /** Addresses of GDPR-deleted contacts. */
  readonly blocklist: Set<string>
  /** Blocklisted addresses that came back. */
  readonly returned: Set<string>
  readonly users: Users
  readonly tokens: Tokens
  readonly limits: Limits
  /** What snapshot and reset cover; each family of state adds its own. */
  readonly parts: Part[]
  /** Told of every change of a record, after it happened; seeding tells nobody. */
  readonly feed: ChangeFeed
  /** What apps are told of changes. */
  readonly webhooks: Webhooks
  readonly journal: Journal
  /** Subscriptions, forms, lists and exports. */
  marketing: Marketing
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
  const tables = new Map<string, ObjectTable>()
  const { clock, seed } = options
  const id = PORTAL_ID + (Math.abs(Math.trunc(seed)) % PORTALS)
  const feed = createChangeFeed()
  const journal = createJournal({ id, clock, feed, tables }, seed)
  const webhooks = createWebhooks({ id, clock, feed, tables }, seed, { id: APP_ID, secret: CLIENT_SECRET })
  const portal: Portal = {
    id,
    clock,
    tables,
    get contacts() {
      return tables.get('contacts')!
    },
    associations: createAssociations(),
    blocklist: new Set(),
    returned: new Set(),
    users: createUsers(),
    tokens: createTokens(seed),
    limits: createLimits(options.rateLimit, TIME_ZONE),
    parts: [],
    feed,
    webhooks,
    journal,
    marketing: createMarketing(options.seed),
    nextId: firstId(seed),
    settings: { ...DEFAULT_SETTINGS },
  }
  for (const kind of KINDS) tables.set(kind.name, createTable(portal, kind))
  for (const table of tables.values()) portal.parts.push(tablePart(table))
  portal.parts.push(
    portal.associations.part,
    portal.users.part,
    setPart(portal.blocklist),
    setPart(portal.returned),
    counterPart(portal),
    webhooks.part,
    journal.part,
  )
  defineOptOuts(portal)
  portal.parts.push(marketingPart(portal))
  return portal
}

/** Each kind of e-mail has a property of its own. */
function defineOptOuts(portal: Portal): void {
  for (const { id } of portal.marketing.definitions) portal.contacts.properties.seeded(optOutProperty(id), portal.clock.now())
}

/** The table a seed file or a lever names. Throws when the portal has none of that name. */
export function tableNamed(portal: Portal, name: string): ObjectTable {
  const table = portal.tables.get(kindNamed(name)?.name ?? '')
  if (table === undefined) throw new Error(`the HubSpot sandbox has no object type ${name}; it has ${[...portal.tables.keys()].join(', ')}`)
  return table
}

function counterPart(portal: Portal): Part {
  return {
    keep() {
      const { nextId } = portal
      return () => {
        portal.nextId = nextId
      }
    },
  }
}

/** Record ids have eleven or twelve digits today and grow. */
function firstId(seed: number): number {
  return 90_000_000_001 + (Math.abs(Math.trunc(seed)) % 1000) * 1_000_000
}
