import { z } from 'zod'
import { ARCHIVED, ERASED, LIVE, MERGED } from './columns.ts'
import { instant } from './instant.ts'
import type { Portal } from './portal.ts'
import { archiveRecord, changeRecord, claim, refuseTaken, survivor } from './records.ts'
import { loadContacts } from './seed.ts'
import { DEMO_TOKEN } from './tokens.ts'
import type { Token } from './tokens.ts'
import { parseValue } from './values.ts'

const scope = z.object({ scope: z.string(), token: z.string().default(DEMO_TOKEN) })
const named = z.object({ name: z.string() })
const flag = z.object({ on: z.boolean() })
const record = z.object({ id: z.coerce.number().int().positive() })
const edit = record.extend({
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  sourceType: z.string().default('CRM_UI'),
  sourceId: z.string().default('userId:4400301'),
  updatedByUserId: z.number().nullable().default(4_400_301),
})

type Lever = (portal: Portal, body: unknown) => unknown

/** What somebody with the portal's screens, or with HubSpot's own machines, could do. */
const LEVERS: Record<string, Lever> = {
  'revoke-scope': (portal, body) => tokenOf(portal, scope.parse(body)).scopes.delete(scope.parse(body).scope),
  'grant-scope': (portal, body) => tokenOf(portal, scope.parse(body)).scopes.add(scope.parse(body).scope).size,
  'revoke-token': (portal, body) => (tokenOf(portal, z.object({ token: z.string().default(DEMO_TOKEN) }).parse(body ?? {})).revoked = true),
  'restore-token': (portal, body) =>
    (tokenOf(portal, z.object({ token: z.string().default(DEMO_TOKEN) }).parse(body ?? {})).revoked = false),
  'index-lag': (portal, body) => (portal.settings.indexLagMs = z.object({ ms: z.number().min(0) }).parse(body).ms),
  'deny-property': (portal, body) => setSensitivity(portal, named.parse(body).name, 'sensitive'),
  'allow-property': (portal, body) => setSensitivity(portal, named.parse(body).name, 'non_sensitive'),
  'force-next-host': (portal, body) =>
    (portal.settings.nextHost = z
      .object({
        host: z
          .string()
          .regex(/^[\w.-]+(:\d{1,5})?$/)
          .nullable(),
      })
      .parse(body).host),
  'daily-usage': (portal, body) => (portal.limits.dailyUsed = z.object({ used: z.number().int().min(0) }).parse(body).used),
  'rate-limit': (portal, body) => (portal.limits.enabled = flag.parse(body).on),
  'recreate-erased': (portal, body) => (portal.settings.recreateErased = flag.parse(body).on),
  'erase-unknown': (portal, body) => (portal.settings.eraseUnknown = z.object({ status: z.literal([404, 204]) }).parse(body).status),
  'erase-keeps': (portal, body) => (portal.settings.eraseKeeps = flag.parse(body).on),
  load: (portal, body) => loadContacts(portal, z.object({ rows: z.array(z.record(z.string(), z.unknown())) }).parse(body).rows),
  edit: (portal, body) => editRecord(portal, edit.parse(body)),
  archive: (portal, body) => archiveRecord(portal, rowIn(portal, record.parse(body).id, LIVE)),
  restore: (portal, body) => restoreRecord(portal, record.parse(body).id),
  inspect: (portal, body) => inspect(portal, z.union([record, z.object({ email: z.string() })]).parse(body)),
}

export const LEVER_NAMES: readonly string[] = Object.keys(LEVERS)

/** Throws on an unknown lever and on a body that does not fit it. */
export function pullLever(portal: Portal, lever: string, body: unknown): unknown {
  const pull = Object.hasOwn(LEVERS, lever) ? LEVERS[lever] : undefined
  if (pull === undefined) throw new Error(`HubSpot has no lever ${lever}; there are ${LEVER_NAMES.join(', ')}`)
  return pull(portal, body)
}

function tokenOf(portal: Portal, { token }: { token: string }): Token {
  const found = portal.tokens.find(token)
  if (found === undefined) throw new Error('no such token was ever issued here')
  return found
}

function setSensitivity(portal: Portal, name: string, level: 'sensitive' | 'non_sensitive'): void {
  const property = portal.properties.find(name)
  if (property === undefined) throw new Error(`the portal has no property ${name}`)
  property.dataSensitivity = level
  portal.properties.changed()
}

/** A change by hand or by HubSpot itself: read-only properties too, any source. */
function editRecord(portal: Portal, { id, properties, sourceType, sourceId, updatedByUserId }: z.infer<typeof edit>): void {
  const row = rowIn(portal, id, LIVE)
  const changes = new Map<number, string>()
  for (const [name, raw] of Object.entries(properties)) {
    const index = portal.properties.seeded(name, portal.clock.now())
    const text = raw === null ? '' : String(raw)
    const parsed = text === '' ? { value: '' } : parseValue(portal.properties.list[index]!, text, undefined)
    if ('code' in parsed) throw new Error(`${name}: ${parsed.code}`)
    changes.set(index, parsed.value)
  }
  refuseTaken(portal, changes, id)
  changeRecord(portal, row, changes, { type: sourceType, id: sourceId, user: updatedByUserId })
}

/** Out of the recycle bin, within its 90 days. */
function restoreRecord(portal: Portal, id: number): void {
  const row = rowIn(portal, id, ARCHIVED)
  const { columns } = portal.store
  if (portal.clock.now() - columns.archived[row]! > 90 * 86_400_000) throw new Error('the recycle bin keeps a contact for 90 days')
  const values = portal.store.values(row)
  refuseTaken(portal, values, id)
  columns.status[row] = LIVE
  columns.updated[row] = portal.clock.now()
  portal.changes++
  claim(portal, row, values)
}

function rowIn(portal: Portal, id: number, status: number): number {
  const row = portal.store.row(id)
  if (row < 0 || portal.store.columns.status[row] !== status) throw new Error(`contact ${id} is not there in that state`)
  return row
}

/** What the portal really holds of a record or an address: the view of an auditor, not of the API. */
function inspect(portal: Portal, body: { id: number } | { email: string }): unknown {
  if ('email' in body) return inspectAddress(portal, body.email.toLowerCase())
  const row = portal.store.row(body.id)
  if (row < 0) return { id: String(body.id), state: 'unknown', survivor: String(survivor(portal, body.id)) }
  const { columns } = portal.store
  const state = ['live', 'archived', 'erased', 'merged'][columns.status[row]!]
  const properties = Object.fromEntries([...portal.store.values(row)].map(([index, value]) => [portal.properties.list[index]!.name, value]))
  const times = { createdAt: instant(columns.created[row]!), updatedAt: instant(columns.updated[row]!) }
  return {
    id: String(body.id),
    state,
    ...times,
    properties,
    history: portal.store.history(row),
    survivor: String(survivor(portal, body.id)),
  }
}

function inspectAddress(portal: Portal, email: string): unknown {
  const { columns } = portal.store
  const holders: { id: string; state: string }[] = []
  const quoted = JSON.stringify(email).slice(1, -1)
  for (let row = 0; row < columns.count; row++) {
    const status = columns.status[row]!
    if (status === ERASED || status === MERGED) continue
    const address = columns.values[row]!
    const start = portal.store.slab.offsetOf(address)
    const bytes = portal.store.slab.chunkOf(address).subarray(start, start + columns.valuesLength[row]!)
    if (bytes.toString('utf8').toLowerCase().includes(quoted))
      holders.push({ id: String(columns.id[row]), state: status === LIVE ? 'live' : 'archived' })
  }
  return { holders, blocklisted: portal.blocklist.has(email), returned: portal.returned.has(email) }
}
