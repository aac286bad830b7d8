import { accountDetails, apiUsage, describeToken, getOwner, listOwners } from './account-routes.ts'
import { batchArchive, batchCreate, batchUpdate, batchUpsert } from './batch.ts'
import type { Answer, Call, Dialect } from './call.ts'
import { NoRoute } from './errors.ts'
import { archiveGroup, createGroup, getGroup, listGroups, updateGroup } from './group-routes.ts'
import { mergeContacts } from './merge.ts'
import type { Portal } from './portal.ts'
import { gdprDelete } from './privacy.ts'
import {
  archiveProperty,
  batchArchiveProperties,
  batchCreateProperties,
  batchReadProperties,
  createProperty,
  getProperty,
  listProperties,
  updateProperty,
} from './property-routes.ts'
import { batchRead, getContact, listContacts } from './read.ts'
import { archiveContact, createContact, updateContact } from './write.ts'

export type Handler = (portal: Portal, call: Call) => Answer
/** `search` is answered by the portal's own search, which keeps results between pages. */
export type Route = { handler: Handler | 'search'; scopes: readonly string[]; kind: 'ordinary' | 'search' | 'open' }

const READ = ['crm.objects.contacts.read']
const WRITE = ['crm.objects.contacts.write']
const SCHEMA_READ = ['crm.schemas.contacts.read', 'crm.objects.contacts.read']
const SCHEMA_WRITE = ['crm.schemas.contacts.write', 'crm.objects.contacts.write']

function route(handler: Handler, scopes: readonly string[]): Route {
  return { handler, scopes, kind: 'ordinary' }
}

/** Method and path below the contacts object. */
const CONTACTS: Record<string, Record<string, Route>> = {
  '': { GET: route(listContacts, READ), POST: route(createContact, WRITE) },
  '/search': { POST: { handler: 'search', scopes: READ, kind: 'search' } },
  '/merge': { POST: route(mergeContacts, WRITE) },
  '/gdpr-delete': { POST: route(gdprDelete, WRITE) },
  '/batch/read': { POST: route(batchRead, READ) },
  '/batch/create': { POST: route(batchCreate, WRITE) },
  '/batch/update': { POST: route(batchUpdate, WRITE) },
  '/batch/upsert': { POST: route(batchUpsert, WRITE) },
  '/batch/archive': { POST: route(batchArchive, WRITE) },
  '/{}': { GET: route(getContact, READ), PATCH: route(updateContact, WRITE), DELETE: route(archiveContact, WRITE) },
}

const PROPERTIES: Record<string, Record<string, Route>> = {
  '': { GET: route(listProperties, SCHEMA_READ), POST: route(createProperty, SCHEMA_WRITE) },
  '/batch/read': { POST: route(batchReadProperties, SCHEMA_READ) },
  '/batch/create': { POST: route(batchCreateProperties, SCHEMA_WRITE) },
  '/batch/archive': { POST: route(batchArchiveProperties, SCHEMA_WRITE) },
  '/groups': { GET: route(listGroups, SCHEMA_READ), POST: route(createGroup, SCHEMA_WRITE) },
  '/groups/{}': { GET: route(getGroup, SCHEMA_READ), PATCH: route(updateGroup, SCHEMA_WRITE), DELETE: route(archiveGroup, SCHEMA_WRITE) },
  '/{}': { GET: route(getProperty, SCHEMA_READ), PATCH: route(updateProperty, SCHEMA_WRITE), DELETE: route(archiveProperty, SCHEMA_WRITE) },
}

const OWNERS: Record<string, Record<string, Route>> = {
  '': { GET: route(listOwners, ['crm.objects.owners.read']) },
  '/{}': { GET: route(getOwner, ['crm.objects.owners.read']) },
}

const ACCOUNT: Record<string, Record<string, Route>> = {
  '/details': { GET: route(accountDetails, ['oauth']) },
  '/api-usage/daily/private-apps': { GET: route(apiUsage, ['oauth']) },
}

/** Whoever holds a token may ask about it: no Authorization header, no limit. */
const TOKENS: Record<string, Record<string, Route>> = { '/{}': { GET: { handler: describeToken, scopes: [], kind: 'open' } } }

/** Every address an API is mounted at: the versions in the path, and the date-based ones. */
const MOUNTS: readonly (readonly [RegExp, string, Record<string, Record<string, Route>>])[] = [
  [/^\/crm\/(?:v3\/objects|objects\/v3)\/(?:contacts|0-1)(?=\/|$)/i, '/crm/v3/objects/contacts', CONTACTS],
  [/^\/crm\/objects\/(2026-03|2026-09)\/(?:contacts|0-1)(?=\/|$)/i, '/crm/objects/{version}/contacts', CONTACTS],
  [/^\/crm\/v3\/properties\/(?:contacts?|0-1)(?=\/|$)/i, '/crm/v3/properties/contacts', PROPERTIES],
  [/^\/crm\/properties\/(v3|2026-03|2026-09)\/(?:contacts?|0-1)(?=\/|$)/i, '/crm/properties/{version}/contacts', PROPERTIES],
  [/^\/crm\/(?:v3\/owners|owners\/(2026-03|2026-09))(?=\/|$)/, '/crm/v3/owners', OWNERS],
  [/^\/account-info\/(?:v3|(2026-03|2026-09))(?=\/|$)/, '/account-info/v3', ACCOUNT],
  [/^\/oauth\/v1\/access-tokens(?=\/|$)/, '/oauth/v1/access-tokens', TOKENS],
]

export type Placed = { route: Route; template: string; parts: string[]; dialect: Dialect }

export function isTokenRequest(path: string): boolean {
  return /^\/oauth\/(v1|v3|2026-03|2026-09)\/token\/?$/.test(path)
}

/** Throws NoRoute for what is not there. `path` has no query. */
export function placeRequest(method: string, path: string): Placed {
  for (const [pattern, template, table] of MOUNTS) {
    const match = pattern.exec(path)
    if (match === null) continue
    const rest = path.slice(match[0].length).replace(/\/+$/, '')
    const found = table[rest] === undefined ? withParameter(table, rest) : { methods: table[rest], suffix: rest, parts: [] }
    if (found === undefined) throw new NoRoute(404)
    const chosen = found.methods[method]
    if (chosen === undefined) throw new NoRoute(405)
    const dialect = match[1] === '2026-09' || match[1] === '2026-03' ? match[1] : 'v3'
    return { route: chosen, template: template + found.suffix.replace('{}', '{id}'), parts: found.parts, dialect }
  }
  throw new NoRoute(404)
}

/** The last segment is a parameter, percent-decoded. */
function withParameter(
  table: Record<string, Record<string, Route>>,
  rest: string,
): { methods: Record<string, Route>; suffix: string; parts: string[] } | undefined {
  const slash = rest.lastIndexOf('/')
  const methods = table[`${rest.slice(0, slash)}/{}`]
  if (slash < 0 || methods === undefined) return undefined
  return { methods, suffix: `${rest.slice(0, slash)}/{}`, parts: [decode(rest.slice(slash + 1))] }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // A broken escape is no reason to fail: it simply names nothing.
    return segment
  }
}
