/** The two sandbox CRMs as their own users and other programs see them: plain calls of the public APIs. */
import type { Sandbox } from '../../src/sandbox/server.ts'
import type { SalesforceObject } from './world.ts'

export type Values = Readonly<Record<string, string | number | boolean | null>>
export type CrmUser = {
  /** Every property of a live contact, or null. */
  contact: (id: string) => Promise<Record<string, string | null> | null>
  createContact: (properties: Values) => Promise<string>
  editContact: (id: string, properties: Values) => Promise<void>
  archiveContact: (id: string) => Promise<void>
  eraseContact: (id: string) => Promise<void>
  /** Answers the id of the contact that is left. */
  mergeContacts: (winner: string, loser: string) => Promise<string>
  /** Every field of a live record, or null. */
  row: (object: 'Contact' | 'Lead', id: string) => Promise<Record<string, unknown> | null>
  rows: (soql: string) => Promise<Record<string, unknown>[]>
  createRow: (object: SalesforceObject | 'Case', fields: Values) => Promise<string>
  editRow: (object: SalesforceObject, id: string, fields: Values) => Promise<void>
  deleteRow: (object: 'Contact' | 'Lead', id: string) => Promise<void>
}

export const HUBSPOT_TOKEN = 'pat-eu1-sandbox-0000-0000-000000000001'
const CONTACTS = '/crm/v3/objects/contacts'
const DATA = '/services/data/v60.0'

export function useCrms(sandbox: Pick<Sandbox, 'hubspot' | 'salesforce' | 'control'>): CrmUser {
  let session: string | null = null
  const hubspot = (method: string, path: string, body?: unknown): Promise<Response> =>
    call(sandbox.hubspot, HUBSPOT_TOKEN, method, path, body)
  const salesforce = async (method: string, path: string, body?: unknown): Promise<Response> => {
    session ??= await logIn(sandbox.salesforce)
    const response = await call(sandbox.salesforce, session, method, path, body)
    if (response.status !== 401) return response
    // A session lasts two hours, and the clock of a test may have been moved.
    session = await logIn(sandbox.salesforce)
    return call(sandbox.salesforce, session, method, path, body)
  }
  return {
    contact: async (id) => {
      const { state, properties } = (await accepted(await call(sandbox.control, '', 'POST', '/hubspot/inspect', { id }))) as {
        state: string
        properties: Record<string, string>
      }
      return state === 'live' ? properties : null
    },
    createContact: async (properties) =>
      ((await accepted(await hubspot('POST', CONTACTS, { properties: texts(properties) }))) as { id: string }).id,
    editContact: async (id, properties) =>
      void (await accepted(await hubspot('PATCH', `${CONTACTS}/${id}`, { properties: texts(properties) }))),
    archiveContact: async (id) => void (await accepted(await hubspot('DELETE', `${CONTACTS}/${id}`))),
    eraseContact: async (id) => void (await accepted(await hubspot('POST', `${CONTACTS}/gdpr-delete`, { objectId: id }))),
    mergeContacts: async (winner, loser) =>
      ((await accepted(await hubspot('POST', `${CONTACTS}/merge`, { primaryObjectId: winner, objectIdToMerge: loser }))) as { id: string })
        .id,
    row: async (object, id) => {
      const response = await salesforce('GET', `${DATA}/sobjects/${object}/${id}`)
      return response.status === 404 ? null : ((await accepted(response)) as Record<string, unknown>)
    },
    rows: async (soql) =>
      ((await accepted(await salesforce('GET', `${DATA}/query?q=${encodeURIComponent(soql)}`))) as { records: Record<string, unknown>[] })
        .records,
    createRow: async (object, fields) =>
      ((await accepted(await salesforce('POST', `${DATA}/sobjects/${object}`, fields))) as { id: string }).id,
    editRow: async (object, id, fields) => void (await accepted(await salesforce('PATCH', `${DATA}/sobjects/${object}/${id}`, fields))),
    deleteRow: async (object, id) => void (await accepted(await salesforce('DELETE', `${DATA}/sobjects/${object}/${id}`))),
  }
}

async function logIn(url: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'sandbox-client', client_secret: 'sandbox-secret' })
  const answer = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body })
  return ((await answer.json()) as { access_token: string }).access_token
}

function call(base: string, token: string, method: string, path: string, body?: unknown): Promise<Response> {
  const json = body === undefined ? {} : { body: JSON.stringify(body) }
  return fetch(`${base}${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...json })
}

async function accepted(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${response.url}: ${text}`)
  return text === '' ? null : JSON.parse(text)
}

/** HubSpot takes and gives text; an empty one clears. */
function texts(values: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === null ? '' : String(value)]))
}
