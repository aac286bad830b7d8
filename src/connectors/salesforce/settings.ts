/** What a company says about one Salesforce org. */
import { z } from 'zod'
import { ServiceUrl } from '../http.ts'
import { count, flag, orNone, reserve, Secret, secrets, share } from '../setting.ts'
import { bindingObjects } from './erasure-children.ts'
import { recordId } from './record-id.ts'

const clientCredentials = z.strictObject({ clientId: Secret, clientSecret: Secret })
/** `privateKey` is the PEM of the key whose certificate the connected app holds; `audience` defaults to the login address. */
const jwtBearer = z.strictObject({
  clientId: Secret,
  username: z.string().min(1),
  privateKey: z.string().includes('PRIVATE KEY', { error: 'it is no private key in PEM' }),
  audience: z.string().min(1).optional(),
})
const refreshToken = z.strictObject({
  clientId: Secret,
  clientSecret: Secret.optional(),
  refreshToken: Secret,
})

export const Auth = z.union([clientCredentials, jwtBearer, refreshToken])
export type Auth = z.output<typeof Auth>

/** Outbound messages are not signed: whoever knows the secret end of the address may ring, and must name our organisation. */
const Webhooks = z.strictObject({
  /** The last segment of the address; two while one replaces the other. Without any, deliveries are put off (503). */
  secrets: secrets(
    Secret.refine((secret) => /^[A-Za-z0-9_-]{22,200}$/.test(secret), 'it takes 22 or more letters, digits, - and _, drawn at random'),
  ).default([]),
  organizationId: orNone(
    z.string().transform((given, ctx) => {
      const id = recordId(given, '00D')
      if (id !== null) return id
      ctx.addIssue({ code: 'custom', message: 'it is no organisation id: 15 or 18 characters that begin with 00D' })
      return z.NEVER
    }),
  ),
  /** Listen to Change Data Capture as well: it tells of deletions too. The user must see all records of the objects. */
  stream: flag().default(false),
})
export type WebhookSettings = z.output<typeof Webhooks>

export const Settings = z.strictObject({
  /** For client credentials this must be the org's My Domain address. */
  loginUrl: ServiceUrl.default('https://login.salesforce.com'),
  /** Without it the address of the token answer is used, if its host may be trusted. */
  instanceUrl: ServiceUrl.optional(),
  auth: Auth,
  apiVersion: z
    .string()
    .regex(/^\d{2,3}\.0$/, { error: 'no API version; such as "67.0", in quotes' })
    .default('67.0'),
  /** Rows per page, and per REST query (at most what one answer of Salesforce holds). */
  pageSize: count(1, 2_000).default(2_000),
  /** Rows that a full pull reads by REST before the rest goes through one Bulk 2.0 job. */
  bulkThreshold: count(0).default(2_000),
  /** Rows per locator page of a Bulk 2.0 job. */
  bulkPageSize: count(1, 1_000_000).default(50_000),
  requestsPerSecond: count(1).default(100),
  /** Salesforce lets 25 long calls run at once (5 in developer orgs), for all its users together. */
  concurrency: count(1).default(8),
  /** How much of the organisation's daily API calls, and of `requestsPerSecond`, all workers of Accord together may use. */
  share: share().default(0.6),
  /** The share of the daily API calls that is left to the company's other tools, whoever used the rest. */
  dailyReserve: reserve().default(0.1),
  /** To the first byte of an answer, and between two chunks of it. */
  timeoutMs: count(1).default(120_000),
  /** First wait between two looks at a Bulk job; it grows up to ten times that. */
  pollMs: count(1).default(1_000),
  jobTimeoutMs: count(1).default(30 * 60_000),
  /** SystemModstamp is set when a transaction saves and seen when it commits: how long that may take. */
  lookbackMs: count(0).default(60_000),
  /**
   * Objects that this organisation has not got, says the company: to a user who may not read an object Salesforce answers as if there were none. What may bind
   * the company and is neither readable nor named here holds whoever is to be erased. One that can be read is read all the same.
   */
  without: z.array(z.enum(bindingObjects)).default([]),
  webhooks: Webhooks.optional(),
})
export type Settings = z.output<typeof Settings>
