/**
 * `/contacts/v1`: contacts in their first form, which goes on while its lists are gone (HubSpot changelog, "Contact lists API v1 sunset"),
 * and which automation tools and older libraries still speak. unverified: the words of its refusals, beyond those named at their place.
 */
import { isObject, jsonBody, listParam, numberParam } from './call.ts'
import type { Answer, Call } from './call.ts'
import { LIVE, rowFrom } from './columns.ts'
import { contactByEmail, contactById } from './contact.ts'
import { contactV1, wantedBy } from './contact-v1-form.ts'
import { invalidRequest, Refusal } from './errors.ts'
import { mergeRecords } from './merge.ts'
import { kindNamed } from './object-kind.ts'
import { objectRoute } from './object-route.ts'
import { archiveRecord } from './records.ts'
import type { Mount } from './route.ts'
import { find } from './search.ts'
import { API_SOURCE } from './source.ts'
import type { ObjectTable } from './table.ts'
import { acceptNew, addNew, patchRow } from './write.ts'

const missing = (): Refusal => new Refusal(404, { message: 'contact does not exist' })

function rowOf(table: ObjectTable, call: Call, by: 'vid' | 'email'): number {
  const text = call.parts[0]!
  const found = by === 'vid' ? contactById(table.portal, Number(text)) : contactByEmail(table.portal, text.trim().toLowerCase())
  if (found === undefined) throw missing()
  return found.row
}

const profile =
  (by: 'vid' | 'email') =>
  (table: ObjectTable, call: Call): Answer => ({
    status: 200,
    body: contactV1(table, call, rowOf(table, call, by), wantedBy(table, call, 'profile')),
  })

const update =
  (by: 'vid' | 'email') =>
  (table: ObjectTable, call: Call): Answer => {
    patchRow(table, call.token, rowOf(table, call, by), propertiesOf(call))
    return { status: 204 }
  }

function propertiesOf(call: Call): Record<string, unknown> {
  const { properties } = jsonBody(call)
  if (!Array.isArray(properties) || !properties.every((each) => isObject(each) && typeof each.property === 'string'))
    throw invalidRequest('properties must be an array of objects with property and value')
  return Object.fromEntries(properties.map(({ property, value }: Record<string, unknown>) => [String(property), value ?? '']))
}

function create(table: ObjectTable, call: Call): Answer {
  const properties = propertiesOf(call)
  const taken = contactByEmail(table.portal, String(properties.email ?? '').toLowerCase())
  if (taken !== undefined)
    throw new Refusal(409, { message: 'Contact already exists', error: 'CONTACT_EXISTS', identityProfile: { vid: taken.id } })
  const row = addNew(table, call.token, acceptNew(table, call.token, properties))
  return { status: 200, body: contactV1(table, call, row, wantedBy(table, call, 'profile')) }
}

function createOrUpdate(table: ObjectTable, call: Call): Answer {
  const email = call.parts[0]!.trim().toLowerCase()
  const properties = { ...propertiesOf(call), email }
  const known = contactByEmail(table.portal, email)
  if (known !== undefined) {
    const { email: _, ...others } = properties
    patchRow(table, call.token, known.row, others)
    return { status: 200, body: { vid: known.id, isNew: false } }
  }
  const row = addNew(table, call.token, acceptNew(table, call.token, properties))
  return { status: 200, body: { vid: table.store.columns.id[row]!, isNew: true } }
}

function remove(table: ObjectTable, call: Call): Answer {
  const row = rowOf(table, call, 'vid')
  archiveRecord(table, row, API_SOURCE)
  return { status: 200, body: { vid: Number(call.parts[0]), deleted: true, reason: 'OK' } }
}

function mergeVids(table: ObjectTable, call: Call): Answer {
  const { vidToMerge } = jsonBody(call)
  const body = Buffer.from(JSON.stringify({ primaryObjectId: call.parts[0], objectIdToMerge: String(vidToMerge) }))
  mergeRecords(table, { ...call, body })
  return { status: 200, body: Buffer.from('SUCCESS'), headers: ['Content-Type', 'text/plain;charset=utf-8'] }
}

/** By id, those unknown left out. */
function batch(table: ObjectTable, call: Call): Answer {
  const wanted = wantedBy(table, call, 'profile')
  const found = [
    ...listParam(call.query, 'vid').map((vid) => contactById(table.portal, Number(vid))),
    ...listParam(call.query, 'email').map((email) => contactByEmail(table.portal, email.toLowerCase())),
  ].filter((contact) => contact !== undefined)
  return { status: 200, body: Object.fromEntries(found.map(({ id, row }) => [id, contactV1(table, call, row, wanted)])) }
}

const PAGE = 20
const PAGE_MOST = 100

function all(table: ObjectTable, call: Call): Answer {
  const count = numberParam(call.query, 'count', PAGE, PAGE_MOST)
  const wanted = wantedBy(table, call, 'page')
  const { columns } = table.store
  const rows: number[] = []
  for (let row = rowFrom(columns, offsetOf(call, 'vidOffset', 0) + 1); row < columns.count && rows.length <= count; row++)
    if (columns.status[row] === LIVE) rows.push(row)
  const shown = rows.slice(0, count)
  const last = shown.at(-1)
  return {
    status: 200,
    body: {
      contacts: shown.map((row) => contactV1(table, call, row, wanted)),
      'has-more': rows.length > count,
      'vid-offset': last === undefined ? 0 : columns.id[last]!,
    },
  }
}

function offsetOf(call: Call, name: 'vidOffset' | 'timeOffset' | 'offset', first: number): number {
  const text = call.query.get(name)
  if (text === null || text === '') return first
  if (!/^\d{1,15}$/.test(text)) throw invalidRequest(`Invalid value for query parameter ${name}: a whole number is expected`)
  return Number(text)
}

/** Newest first; the next page begins below the moment of the last one, which both offsets name. */
const recent =
  (moment: 'created' | 'updated') =>
  (table: ObjectTable, call: Call): Answer => {
    const count = numberParam(call.query, 'count', PAGE, PAGE_MOST)
    const wanted = wantedBy(table, call, 'page')
    const { columns } = table.store
    const [time, vid] = [offsetOf(call, 'timeOffset', Infinity), offsetOf(call, 'vidOffset', 0) || Infinity]
    const rows: number[] = []
    for (let row = 0; row < columns.count; row++) {
      const [at, id] = [columns[moment][row]!, columns.id[row]!]
      if (columns.status[row] === LIVE && (at < time || (at === time && id < vid))) rows.push(row)
    }
    rows.sort((a, b) => columns[moment][b]! - columns[moment][a]! || columns.id[b]! - columns.id[a]!)
    const shown = rows.slice(0, count)
    const last = shown.at(-1)
    return {
      status: 200,
      body: {
        contacts: shown.map((row) => ({ ...contactV1(table, call, row, wanted), addedAt: columns[moment][row]! })),
        'has-more': rows.length > count,
        'vid-offset': last === undefined ? 0 : columns.id[last]!,
        'time-offset': last === undefined ? 0 : columns[moment][last]!,
      },
    }
  }

function query(table: ObjectTable, call: Call): Answer {
  const text = call.query.get('q') ?? ''
  const [count, offset] = [numberParam(call.query, 'count', PAGE, PAGE_MOST), offsetOf(call, 'offset', 0)]
  const ids = find(table, call.token, text === '' ? {} : { query: text }, table.portal.clock.now())
  const wanted = wantedBy(table, call, 'page')
  const contacts = [...ids.subarray(offset, offset + count)].map((id) => contactV1(table, call, table.store.row(id), wanted))
  const end = offset + contacts.length
  return { status: 200, body: { query: text, offset: end, 'has-more': end < ids.length, total: ids.length, contacts } }
}

const on = objectRoute(kindNamed('contacts')!)

export const CONTACT_V1_MOUNT: Mount = {
  prefix: /^\/contacts\/v1(?=\/|$)/,
  template: '/contacts/v1',
  routes: {
    '/contact': { POST: on(create, 'write') },
    '/contact/vid/{}': { DELETE: on(remove, 'write') },
    '/contact/vid/{}/profile': { GET: on(profile('vid'), 'read'), POST: on(update('vid'), 'write') },
    '/contact/email/{}/profile': { GET: on(profile('email'), 'read'), POST: on(update('email'), 'write') },
    '/contact/createOrUpdate/email/{}': { POST: on(createOrUpdate, 'write') },
    '/contact/merge-vids/{}': { POST: on(mergeVids, 'write') },
    '/contact/vids/batch': { GET: on(batch, 'read') },
    '/contact/emails/batch': { GET: on(batch, 'read') },
    '/lists/all/contacts/all': { GET: on(all, 'read') },
    '/lists/all/contacts/recent': { GET: on(recent('created'), 'read') },
    '/lists/recently_updated/contacts/recent': { GET: on(recent('updated'), 'read') },
    '/search/query': { GET: on(query, 'read', 'search') },
  },
}
