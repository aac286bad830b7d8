import type { Source } from './changes.ts'

/** The integration behind every API write, as history and hs_object_source name it. */
export const INTEGRATION_ID = '4400101'
export const API_SOURCE: Source = { type: 'INTEGRATION', id: INTEGRATION_ID, user: null }
/** A user on the portal's screens. */
export const SCREEN_SOURCE: Source = { type: 'CRM_UI', id: 'userId:4400301', user: 4_400_301 }
