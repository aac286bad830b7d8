/** What a HubSpot connection is configured with. Secrets come in from the environment, never from a file in the repository. */
import { z } from 'zod'
import { ServiceUrl } from '../http.ts'
import { count, Secret } from '../setting.ts'

export const HubspotSettings = z.strictObject({
  apiUrl: ServiceUrl.default('https://api.hubapi.com'),
  /** A private app's or service key's token, or an OAuth app installed in the portal. */
  auth: z.union([z.strictObject({ token: Secret }), z.strictObject({ clientId: Secret, clientSecret: Secret, refreshToken: Secret })]),
  /** v3 is supported until September 2027; dated versions for 18 months each. */
  apiVersion: z.enum(['v3', '2026-03', '2026-09']).default('v3'),
  /** The tier's rolling limit: 100 Free and Starter, 190 Professional and Enterprise, 110 OAuth apps, 250 with the increase. */
  requestsPer10s: count(1).default(190),
  /** Per portal, over all apps and objects. */
  searchesPerSecond: count(1).default(5),
  concurrency: count(1, 50).default(6),
  timeoutMs: count(100).default(30_000),
  /** How late the search index may be: users report up to 30 seconds. */
  indexLagMs: count(0).default(30_000),
  pageSize: count(1, 100).default(100),
})
export type HubspotSettings = z.output<typeof HubspotSettings>
