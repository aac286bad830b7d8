/** Where HubSpot keeps things, for the undated ("v3") and the dated API versions. */
import type { HubspotSettings } from './settings.ts'

export type Paths = {
  objects: (object: string) => string
  properties: (object: string) => string
  associations: (from: string, to: string) => string
  account: string
  lists: string
  forms: string
  /** What was sent with a form; the form's id follows. Undated in every version. */
  submissions: string
  /** E-mail subscriptions, by address. */
  preferences: string
  token: string
  /** Of the developer's apps; the app's number follows. */
  webhooks: string
}

const submissions = '/form-integrations/v1/submissions/forms'

export function pathsOf(version: HubspotSettings['apiVersion']): Paths {
  const safe = encodeURIComponent
  if (version === 'v3')
    return {
      objects: (object) => `/crm/v3/objects/${safe(object)}`,
      properties: (object) => `/crm/v3/properties/${safe(object)}`,
      associations: (from, to) => `/crm/v4/associations/${safe(from)}/${safe(to)}/batch/read`,
      lists: '/crm/v3/lists',
      forms: '/marketing/v3/forms',
      submissions,
      account: '/account-info/v3/details',
      preferences: '/communication-preferences/v4',
      token: '/oauth/v1/token',
      webhooks: '/webhooks/v3',
    }
  return {
    objects: (object) => `/crm/objects/${version}/${safe(object)}`,
    properties: (object) => `/crm/properties/${version}/${safe(object)}`,
    associations: (from, to) => `/crm/associations/${version}/${safe(from)}/${safe(to)}/batch/read`,
    // unverified: the dated versions of lists and forms are read from the API description only.
    lists: `/crm/lists/${version}`,
    forms: `/marketing/forms/${version}`,
    submissions,
    account: `/account-info/${version}/details`,
    // unverified: the dated versions of these endpoints are read from the API description only.
    preferences: `/communication-preferences/${version}`,
    // unverified: 2026-03 may lack its own token endpoint; the undated one serves every version until September 2027.
    token: version === '2026-03' ? '/oauth/v1/token' : `/oauth/${version}/token`,
    webhooks: `/app-webhooks/${version}`,
  }
}

/** Contacts alone keep these two under names of their own. */
export const isContact = (object: string) => object === 'contacts' || object === 'contact' || object === '0-1'
export const modifiedProperty = (object: string): string => (isContact(object) ? 'lastmodifieddate' : 'hs_lastmodifieddate')
export const createdProperty = (object: string): string => (isContact(object) ? 'createdate' : 'hs_createdate')
export const mergedProperty = 'hs_merged_object_ids'

/** What a pull itself needs of a record, asked for or not. */
export const bookkeeping = (object: string): string[] => [modifiedProperty(object), createdProperty(object), mergedProperty]
