import { z } from 'zod'
import { leverOn } from '../lever.ts'
import type { Lever, Levers } from '../lever.ts'
import { ARCHIVED, ERASED, LIVE, MERGED } from './columns.ts'
import { contactAt } from './contact.ts'
import { instant } from './instant.ts'
import { QuotaChange } from './limits.ts'
import { loadRows } from './load.ts'
import { MARKETING_LEVERS } from './marketing-levers.ts'
import { tableNamed } from './portal.ts'
import type { Portal } from './portal.ts'
import { emptyBin } from './recycle-bin.ts'
import { tell } from './tell.ts'
import { observeOptOut } from './preferences.ts'
import { archiveRecord, changeRecord, claim, refuseTaken, survivor } from './records.ts'
import { SCREEN_SOURCE } from './source.ts'
import type { ObjectTable } from './table.ts'
import { DEMO_TOKEN } from './tokens.ts'
import type { Token } from './tokens.ts'
import { parseValue } from './values.ts'
import { WEBHOOK_LEVERS } from './webhook-levers.ts'

const lever = leverOn<Portal>()
const ofToken = z.object({ token: z.string().default(DEMO_TOKEN).describe('absent: the demo token') })
const scope = ofToken.extend({ scope: z.string() })
const object = z.string().default('contacts').describe('object type, by name or type id')
const named = z.object({ object, name: z.string() })
const flag = z.object({ on: z.boolean() })
const record = z.object({ object, id: z.coerce.number().int().positive() })
const edit = record.extend({
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  sourceType: z.string().default('CRM_UI'),
  sourceId: z.string().default('userId:4400301'),
  updatedByUserId: z.number().nullable().default(4_400_301),
})
const rows = z.object({ object, rows: z.array(z.record(z.string(), z.unknown())) })
const lag = z.object({ ms: z.number().min(0) })
const usage = z.object({ used: z.number().int().min(0) })
const erased = z.object({ status: z.literal([404, 204]) })
const host = z
  .string()
  .regex(/^[\w.-]+(:\d{1,5})?$/)
  .nullable()

/** What somebody with the portal's screens, or with HubSpot's own machines, could do. */
export const LEVERS: Levers<Portal> = {
  ...MARKETING_LEVERS,
  'revoke-scope': lever('Takes a scope from a token', scope, (portal, body) => tokenOf(portal, body).scopes.delete(body.scope)),
  'grant-scope': lever('Gives a scope to a token', scope, (portal, body) => tokenOf(portal, body).scopes.add(body.scope).size),
  'revoke-token': lever('Makes a token invalid', ofToken, (portal, body) => (tokenOf(portal, body).revoked = true)),
  'restore-token': lever('Makes a revoked token valid again', ofToken, (portal, body) => (tokenOf(portal, body).revoked = false)),
  'index-lag': lever('How long searches see a record as it was', lag, (portal, { ms }) => (portal.settings.indexLagMs = ms), {
    ms: 30_000,
  }),
  'deny-property': lever('Makes a property sensitive', named, (portal, body) => setSensitivity(portal, body, 'sensitive')),
  'allow-property': lever('Makes a property an ordinary one', named, (portal, body) => setSensitivity(portal, body, 'non_sensitive')),
  'force-next-host': lever('Host that paging links name', z.object({ host }), (portal, body) => (portal.settings.nextHost = body.host)),
  'daily-usage': lever('Calls of today so far', usage, (portal, { used }) => (portal.limits.dailyUsed = used), { used: 624_999 }),
  quota: lever('Limits other than those of the standard subscription level', QuotaChange, (portal, body) => portal.limits.change(body), {
    tenSeconds: 100,
    searchesPerSecond: 2,
  }),
  'rate-limit': lever('Whether limits are enforced', flag, (portal, { on }) => (portal.limits.enabled = on)),
  'recreate-erased': lever(
    'Whether the API may create erased people anew',
    flag,
    (portal, { on }) => (portal.settings.recreateErased = on),
  ),
  'erase-unknown': lever('Answer to the erasure of an unknown id', erased, (portal, { status }) => (portal.settings.eraseUnknown = status)),
  'erase-keeps': lever('A CRM that answers 204 and keeps the record', flag, (portal, { on }) => (portal.settings.eraseKeeps = on)),
  load: lever('Adds seeded rows', rows, load, { object: 'contacts', rows: [{ email: 'ana@example.test' }] }),
  edit: onRecord('A change by hand, read-only properties too', edit, editRecord, { id: 90_000_000_001, properties: { city: 'Lyon' } }),
  archive: onRecord('Puts a record into the recycle bin', record, (table, { id }) =>
    archiveRecord(table, rowIn(table, id, LIVE), SCREEN_SOURCE),
  ),
  restore: onRecord('Takes a record out of the recycle bin', record, (table, { id }) => restoreRecord(table, id)),
  inspect: onRecord(
    'What the portal really holds of a record or an address',
    z.union([record, z.object({ object, email: z.string() })]),
    inspect,
    { email: 'ana@example.test' },
  ),
  ...WEBHOOK_LEVERS,
}

/** Throws on an unknown lever and on a body that does not fit it. */
export function pullLever(portal: Portal, name: string, body: unknown): unknown {
  const pull = Object.hasOwn(LEVERS, name) ? LEVERS[name] : undefined
  if (pull === undefined) throw new Error(`HubSpot has no lever ${name}; there are ${Object.keys(LEVERS).join(', ')}`)
  return pull(portal, body)
}

function onRecord<Body extends z.ZodType<{ object: string }>>(
  summary: string,
  schema: Body,
  act: (table: ObjectTable, body: z.output<Body>) => unknown,
  example?: z.input<Body>,
): Lever<Portal> {
  return lever(summary, schema, (portal, body) => act(tableNamed(portal, body.object), body), example)
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
  emptyBin(table)
  const row = rowIn(table, id, ARCHIVED)
  const { columns } = table.store
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
  if ('email' in body) return inspectAddress(table.portal, body.email.toLowerCase())
  emptyBin(table)
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

/** Records of any type that hold an address in some property; contacts are named by their id alone. */
function inspectAddress(portal: Portal, email: string): unknown {
  const tables = [...portal.tables.values()]
  for (const table of tables) emptyBin(table)
  const holders = tables.flatMap((table) => holdersOf(table, email))
  return { holders, blocklisted: portal.blocklist.has(email), returned: portal.returned.has(email) }
}

function holdersOf(table: ObjectTable, email: string): { object?: string; id: string; state: string }[] {
  const { columns, slab } = table.store
  const holders: { object?: string; id: string; state: string }[] = []
  const quoted = JSON.stringify(email).slice(1, -1)
  const object = table.kind.name === 'contacts' ? {} : { object: table.kind.name }
  for (let row = 0; row < columns.count; row++) {
    const status = columns.status[row]!
    if (status === ERASED || status === MERGED) continue
    const address = columns.values[row]!
    const start = slab.offsetOf(address)
    const bytes = slab.chunkOf(address).subarray(start, start + columns.valuesLength[row]!)
    if (bytes.toString('utf8').toLowerCase().includes(quoted))
      holders.push({ ...object, id: String(columns.id[row]), state: status === LIVE ? 'live' : 'archived' })
  }
  return holders
}
