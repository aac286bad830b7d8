import { z } from 'zod'

const AFTER_DELETE = ['recreate', 'recreate-on-change', 'delete', 'keep'] as const

/** What a team chooses in the settings of HubSpot's integration with Salesforce. HubSpot knowledge base: manage your Salesforce integration settings. */
const Settings = z.strictObject({
  on: z.boolean(),
  lagMs: z
    .int()
    .min(1_000)
    .max(86_400_000)
    .describe('time between two cycles on the sandbox clock; the vendor promises a quarter of an hour'),
  directions: z.enum(['both', 'to-hubspot', 'to-salesforce']),
  createAs: z.enum(['Lead', 'Contact']).describe('what becomes of a HubSpot contact that Salesforce does not know'),
  inclusion: z
    .strictObject({ property: z.string(), values: z.array(z.string()) })
    .nullable()
    .describe('only HubSpot contacts with one of these values go to Salesforce, like an inclusion list'),
  start: z.enum(['link', 'full']).describe('when switched on: only match what is on both sides, or bring everything over'),
  deletedInHubSpot: z.enum(AFTER_DELETE).describe('what becomes of the Salesforce record'),
  deletedInSalesforce: z.enum(AFTER_DELETE).describe('what becomes of the HubSpot contact'),
  optOuts: z.enum(['both', 'to-hubspot', 'to-salesforce', 'none']),
})

export const SyncChange = Settings.partial()
export type SyncSettings = z.infer<typeof Settings>

export const SYNC_DEFAULTS: SyncSettings = {
  on: false,
  lagMs: 15 * 60_000,
  directions: 'both',
  createAs: 'Lead',
  inclusion: null,
  start: 'link',
  deletedInHubSpot: 'recreate',
  deletedInSalesforce: 'recreate',
  optOuts: 'both',
}
