import { z } from 'zod'
import { Fault } from './faults.ts'

/** Bodies and queries of the control port; its OpenAPI document is made from them. */
export const ClockMove = z.union([
  z.strictObject({ advanceMs: z.number().min(0) }),
  z.strictObject({ set: z.union([z.number(), z.iso.datetime({ offset: true })]) }),
  z.strictObject({ freeze: z.boolean() }),
])

const crm = z.enum(['hubspot', 'salesforce']).optional().describe('absent: both')
const wait = z.number().min(0).max(600_000)
export const LatencyChange = z.union([
  z.strictObject({ crm, ms: wait.describe('the same for every answer') }),
  z
    .strictObject({ crm, p50: wait.describe('median'), p99: wait.describe('99th percentile') })
    .refine(({ p50, p99 }) => p99 >= p50, { error: 'p99 must not be below p50' }),
])
export const Switch = z.strictObject({ on: z.boolean() })
export const FaultPlan = z.union([z.array(Fault), Fault])
export const SnapshotName = z
  .string()
  .regex(/^[\w.-]{1,64}$/, { error: 'a snapshot name has up to 64 letters, digits, dots, dashes and underscores' })
export const LogQuery = z.strictObject({
  last: z.coerce.number().int().min(1).max(10_000).default(100).describe('how many lines'),
  crm: crm.describe('lines of one CRM'),
  method: z.string().optional().describe('lines of one HTTP method'),
  route: z.string().optional().describe('start of the route template'),
  status: z.coerce.number().int().optional().describe('lines of one status; 0: the connection ended without an answer'),
})
