/** What a HubSpot connection is configured with. Secrets come in from the environment, never from a file in the repository. */
import { z } from 'zod'
import { ServiceUrl } from '../http.ts'

const Secret = z.string().trim().min(1)
/** Settings may come from the environment, as text. */
const Count = z.coerce.number().int()

export const HubspotSettings = z.strictObject({
  apiUrl: ServiceUrl.default('https://api.hubapi.com'),
  /** A private app's or service key's token, or an OAuth app installed in the portal. */
  auth: z.union([z.strictObject({ token: Secret }), z.strictObject({ clientId: Secret, clientSecret: Secret, refreshToken: Secret })]),
  /** v3 is supported until September 2027; dated versions for 18 months each. */
  apiVersion: z.enum(['v3', '2026-03', '2026-09']).default('v3'),
  /** The tier's rolling limit: 100 Free and Starter, 190 Professional and Enterprise, 110 OAuth apps, 250 with the increase. */
  requestsPer10s: z.coerce.number().int().positive().default(190),
  /** Per portal, over all apps and objects. */
  searchesPerSecond: Count.positive().default(5),
  concurrency: Count.min(1).max(50).default(6),
  timeoutMs: Count.min(100).default(30_000),
  /** How late the search index may be: users report up to 30 seconds. */
  indexLagMs: z.coerce.number().int().nonnegative().default(30_000),
  pageSize: Count.min(1).max(100).default(100),
})
export type HubspotSettings = z.output<typeof HubspotSettings>
