/** What a HubSpot connection is configured with. Secrets come in from the environment, never from a file in the repository. */
import { hash } from 'node:crypto'
import { z } from 'zod'
import { ServiceUrl } from '../http.ts'
import { count, flag, orNone, reserve, Secret, secrets, share } from '../setting.ts'

/** Deliveries come from one app of HubSpot's: its client secret signs them, `portalId` is the account they must be about. */
const Webhooks = z.strictObject({
  /** Client secrets of the app; two while one replaces the other. Without any, deliveries are put off (503). */
  secrets: secrets().default([]),
  portalId: orNone(z.string().regex(/^\d{1,15}$/, { error: 'a portal id is a number' })),
  /**
   * Signatures without HMAC and without a time, open to length extension and to replay: for old workflows alone, and only where a delivery has no v3
   * signature at all.
   */
  acceptV2: flag().default(false),
  acceptV1: flag().default(false),
  /** For `provision`: the app's number and the developer account's key. Apps that are set up on HubSpot's screens have neither. */
  appId: orNone(z.string().regex(/^\d{1,15}$/, { error: 'an app id is a number' })),
  developerKey: orNone(Secret),
})
export type WebhookSettings = z.output<typeof Webhooks>

export const HubspotSettings = z.strictObject({
  apiUrl: ServiceUrl.default('https://api.hubapi.com'),
  /** A private app's or service key's token, or an OAuth app installed in the portal. */
  auth: z.union([z.strictObject({ token: Secret }), z.strictObject({ clientId: Secret, clientSecret: Secret, refreshToken: Secret })]),
  /** v3 is supported until September 2027; dated versions for 18 months each. */
  apiVersion: z.enum(['v3', '2026-03', '2026-09']).default('v3'),
  /** The tier's rolling limit: 100 Free and Starter, 190 Professional and Enterprise, 110 OAuth apps, 250 with the increase. */
  requestsPer10s: count(1).default(190),
  /** How much of the portal's calls, in any ten seconds and in a day, all workers of Accord together may use. */
  share: share().default(0.6),
  /** The share of the day's calls that is left to other apps, whoever used the rest. */
  dailyReserve: reserve().default(0.1),
  /** Per portal, over all apps and objects. */
  searchesPerSecond: count(1).default(5),
  /** Per portal: batches of associations, 100 to 200 by its tier (HubSpot docs: usage guidelines). */
  associationsPer10s: count(1).default(100),
  concurrency: count(1, 50).default(6),
  timeoutMs: count(100).default(30_000),
  /** How late the search index may be: users report up to 30 seconds. */
  indexLagMs: count(0).default(30_000),
  pageSize: count(1, 100).default(100),
  /** `none`: this portal has neither invoices nor orders, says the company. Otherwise they are read, and what may not be read holds whoever is to be erased. */
  commerce: z.enum(['read', 'none']).default('read'),
  webhooks: Webhooks.optional(),
})
export type HubspotSettings = z.output<typeof HubspotSettings>

/** A token or a refresh token belongs to one portal for good. Tokens are random enough not to be guessed from their digest. */
export function grantOf({ apiUrl, auth }: HubspotSettings): string {
  return hash('sha256', JSON.stringify(['hubspot', apiUrl, 'token' in auth ? auth.token : auth.refreshToken]), 'base64url')
}
