import { z } from 'zod'
import { ARCHIVED, ERASED, LIVE, MERGED } from './columns.ts'
import { contactAt } from './contact.ts'
import { instant } from './instant.ts'
import { loadRows } from './load.ts'
import { MARKETING_LEVERS } from './marketing-levers.ts'
import { tableNamed } from './portal.ts'
import type { Portal } from './portal.ts'
import { tell } from './tell.ts'
import { observeOptOut } from './preferences.ts'
import { archiveRecord, changeRecord, claim, refuseTaken, survivor } from './records.ts'
import { SCREEN_SOURCE } from './source.ts'
import type { ObjectTable } from './table.ts'
import { DEMO_TOKEN } from './tokens.ts'
import type { Token } from './tokens.ts'
import { parseValue } from './values.ts'
import { WEBHOOK_LEVERS } from './webhook-levers.ts'

const scope = z.object({ scope: z.string(), token: z.string().default(DEMO_TOKEN) })
const named = z.object({ object: z.string().default('contacts'), name: z.string() })
const flag = z.object({ on: z.boolean() })
const object = z.string().default('contacts').describe('object type, by name or type id')
const record = z.object({ object, id: z.coerce.number().int().positive() })
const edit = record.extend({
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  sourceType: z.string().default('CRM_UI'),
  sourceId: z.string().default('userId:4400301'),
  updatedByUserId: z.number().nullable().default(4_400_301),
})

const rows = z.object({ object, rows: z.array(z.record(z.string(), z.unknown())) })

type Lever = (portal: Portal, body: unknown) => unknown

/** What somebody with the portal's screens, or with HubSpot's own machines, could do. */
const LEVERS: Record<string, Lever> = {
  ...MARKETING_LEVERS,
  'revoke-scope': (portal, body) => tokenOf(portal, scope.parse(body)).scopes.delete(scope.parse(body).scope),
  'grant-scope': (portal, body) => tokenOf(portal, scope.parse(body)).scopes.add(scope.parse(body).scope).size,
  'revoke-token': (portal, body) => (tokenOf(portal, z.object({ token: z.string().default(DEMO_TOKEN) }).parse(body ?? {})).revoked = true),
  'restore-token': (portal, body) =>
    (tokenOf(portal, z.object({ token: z.string().default(DEMO_TOKEN) }).parse(body ?? {})).revoked = false),
  'index-lag': (portal, body) => (portal.settings.indexLagMs = z.object({ ms: z.number().min(0) }).parse(body).ms),
  'deny-property': (portal, body) => setSensitivity(portal, named.parse(body), 'sensitive'),
  'allow-property': (portal, body) => setSensitivity(portal, named.parse(body), 'non_sensitive'),
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
  load: (portal, body) => load(portal, rows.parse(body)),
  edit: onRecord(edit, editRecord),
  archive: onRecord(record, (table, { id }) => archiveRecord(table, rowIn(table, id, LIVE), SCREEN_SOURCE)),
  restore: onRecord(record, (table, { id }) => restoreRecord(table, id)),
  inspect: onRecord(z.union([record, z.object({ object, email: z.string() })]), inspect),
  ...WEBHOOK_LEVERS,
}

export const LEVER_NAMES: readonly string[] = Object.keys(LEVERS)

/** Throws on an unknown lever and on a body that does not fit it. */
export function pullLever(portal: Portal, lever: string, body: unknown): unknown {
  const pull = Object.hasOwn(LEVERS, lever) ? LEVERS[lever] : undefined
  if (pull === undefined) throw new Error(`HubSpot has no lever ${lever}; there are ${LEVER_NAMES.join(', ')}`)
  return pull(portal, body)
}

function onRecord<Body extends { object: string }>(schema: z.ZodType<Body>, act: (table: ObjectTable, body: Body) => unknown): Lever {
  return (portal, body) => {
    const parsed = schema.parse(body)
    return act(tableNamed(portal, parsed.object), parsed)
  }
}

function load(portal: Portal, body: z.infer<typeof rows>): void {
  loadRows(portal, body.object, body.rows)
}

function tokenOf(portal: Portal, { token }: { token: string }): Token {
  const found = portal.tokens.find(token)
  if (found === undefined) throw new Error('no such token was ever issued here')
  return found
}

function setSensitivity(portal: Portal, { object, name }: z.infer<typeof named>, level: 'sensitive' | 'non_sensitive'): void {
  const table = tableNamed(portal, object)
  const property = table.properties.find(name)
  if (property === undefined) throw new Error(`the portal has no property ${name}`)
  property.dataSensitivity = level
  table.properties.changed()
}

/** A change by hand or by HubSpot itself: read-only properties too, any source. */
function editRecord(table: ObjectTable, { id, properties, sourceType, sourceId, updatedByUserId }: z.infer<typeof edit>): void {
  const row = rowIn(table, id, LIVE)
  const changes = new Map<number, string>()
  for (const [name, raw] of Object.entries(properties)) {
    const index = table.properties.seeded(name, table.portal.clock.now())
    const text = raw === null ? '' : String(raw)
    const parsed = text === '' ? { value: '' } : parseValue(table.properties.list[index]!, text, undefined)
    if ('code' in parsed) throw new Error(`${name}: ${parsed.code}`)
    changes.set(index, parsed.value)
  }
  refuseTaken(table, changes, id)
  changeRecord(table, row, changes, { type: sourceType, id: sourceId, user: updatedByUserId })
  if (table.kind.name === 'contacts') observeOptOut(table.portal, contactAt(table.portal, row), Object.keys(properties))
}

/** Out of the recycle bin, within its 90 days. */
function restoreRecord(table: ObjectTable, id: number): void {
  const row = rowIn(table, id, ARCHIVED)
  const { columns } = table.store
  if (table.portal.clock.now() - columns.archived[row]! > 90 * 86_400_000) throw new Error('the recycle bin keeps a record for 90 days')
  const values = table.store.values(row)
  refuseTaken(table, values, id)
  columns.status[row] = LIVE
  columns.updated[row] = table.portal.clock.now()
  table.changes++
  claim(table, row, values)
  tell(table, { kind: 'restore', id, source: SCREEN_SOURCE })
}

function rowIn(table: ObjectTable, id: number, status: number): number {
  const row = table.store.row(id)
  if (row < 0 || table.store.columns.status[row] !== status) throw new Error(`${table.kind.singular} ${id} is not there in that state`)
  return row
}

/** What the portal really holds of a record or an address: the view of an auditor, not of the API. */
function inspect(table: ObjectTable, body: { id: number } | { email: string }): unknown {
  if ('email' in body) return inspectAddress(table, body.email.toLowerCase())
  const row = table.store.row(body.id)
  if (row < 0) return { id: String(body.id), state: 'unknown', survivor: String(survivor(table, body.id)) }
  const { columns } = table.store
  const state = ['live', 'archived', 'erased', 'merged'][columns.status[row]!]
  const properties = Object.fromEntries([...table.store.values(row)].map(([index, value]) => [table.properties.list[index]!.name, value]))
  const times = { createdAt: instant(columns.created[row]!), updatedAt: instant(columns.updated[row]!) }
  return {
    id: String(body.id),
    state,
    ...times,
    properties,
    history: table.store.history(row),
    survivor: String(survivor(table, body.id)),
  }
}

function inspectAddress(table: ObjectTable, email: string): unknown {
  const { columns } = table.store
  const holders: { id: string; state: string }[] = []
  const quoted = JSON.stringify(email).slice(1, -1)
  for (let row = 0; row < columns.count; row++) {
    const status = columns.status[row]!
    if (status === ERASED || status === MERGED) continue
    const address = columns.values[row]!
    const start = table.store.slab.offsetOf(address)
    const bytes = table.store.slab.chunkOf(address).subarray(start, start + columns.valuesLength[row]!)
    if (bytes.toString('utf8').toLowerCase().includes(quoted))
      holders.push({ id: String(columns.id[row]), state: status === LIVE ? 'live' : 'archived' })
  }
  return { holders, blocklisted: table.portal.blocklist.has(email), returned: table.portal.returned.has(email) }
}
