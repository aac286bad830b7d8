import { z } from 'zod'
import { Fault } from './faults.ts'

/** Bodies of the control port; its OpenAPI document is made from them. */
export const ClockMove = z.union([
  z.strictObject({ advanceMs: z.number().min(0) }),
  z.strictObject({ set: z.union([z.number(), z.iso.datetime({ offset: true })]) }),
  z.strictObject({ freeze: z.boolean() }),
])
export const Latency = z.strictObject({ ms: z.number().min(0).max(600_000) })
export const Switch = z.strictObject({ on: z.boolean() })
export const FaultPlan = z.union([z.array(Fault), Fault])
