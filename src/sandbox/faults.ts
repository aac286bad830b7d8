import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { ANSWER_KINDS, vendorAnswer } from './fault-answers.ts'
import { createRandom } from './random.ts'

const CRM = z.enum(['hubspot', 'salesforce'])

/** One planned misbehaviour. Without `times`, `after` and `probability` every matching request is hit. */
export const Fault = z
  .object({
    crm: CRM.optional().describe('absent: both'),
    method: z.string().toUpperCase().optional().describe('HTTP method; absent: any'),
    route: z
      .string()
      .startsWith('/')
      .optional()
      .describe('path with {…} for any one segment, as the statistics show it; a * at the end: any continuation'),
    path: z.string().default('').describe('regular expression on path and query; empty: any'),
    kind: z
      .enum(['status', 'reset', 'hang', 'html', 'no-content-type', 'truncate', 'empty', 'slow', 'duplicate', ...ANSWER_KINDS])
      .describe('the last ones answer in the words of the vendor; duplicate: the request arrives twice'),
    times: z.int().min(1).optional().describe('how many matching requests are hit'),
    after: z.int().min(0).default(0).describe('how many matching requests pass first'),
    probability: z.number().min(0).max(1).default(1).describe('share of matching requests that are hit'),
    seed: z.int().optional().describe('of the draws of this fault; absent: the random seed of the sandbox'),
    phase: z.enum(['before', 'after']).default('before').describe('after: the CRM does the work, only its answer is lost or replaced'),
    status: z.int().min(200).max(599).optional().describe('default 503; 502 for html and no-content-type'),
    charset: z
      .string()
      .regex(/^[\w-]{1,40}$/)
      .optional()
      .describe('of the page of html; absent: the page names none'),
    body: z.union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
    retryAfter: z.union([z.string(), z.number()]).optional().describe('Retry-After header'),
    durationMs: z.int().min(1).max(600_000).default(1000).describe('slow: time the body takes'),
  })
  .refine(({ crm, kind }) => !isVendorKind(kind) || vendorAnswer(crm ?? 'hubspot', kind) !== undefined, {
    error: 'that CRM has no answer of this kind; name the crm',
  })
export type Fault = z.infer<typeof Fault>

type Planned = {
  fault: Fault
  matches: (crm: string, request: IncomingMessage) => boolean
  random: () => number
  seen: number
  hits: number
}

export type Faults = {
  /** Throws when the path is no regular expression. */
  plan(faults: readonly Fault[]): void
  list(): (Fault & { seen: number; hits: number })[]
  clear(): void
  /** The fault that hits this request, if any. */
  draw(crm: string, request: IncomingMessage): Fault | undefined
}

export function createFaults(random: () => number): Faults {
  let planned: Planned[] = []
  return {
    plan(faults) {
      const added = faults.map((fault) => ({
        fault,
        matches: matcherOf(fault),
        random: fault.seed === undefined ? random : createRandom(fault.seed),
        seen: 0,
        hits: 0,
      }))
      planned.push(...added)
    },
    list: () => planned.map(({ fault, seen, hits }) => ({ ...fault, seen, hits })),
    clear() {
      planned = []
    },
    draw(crm, request) {
      for (const one of planned) {
        if (!one.matches(crm, request)) continue
        one.seen++
        if (one.seen <= one.fault.after || one.hits >= (one.fault.times ?? Infinity)) continue
        if (one.fault.probability < 1 && one.random() >= one.fault.probability) continue
        one.hits++
        return one.fault
      }
      return undefined
    },
  }
}

function isVendorKind(kind: string): boolean {
  return ANSWER_KINDS.some((known) => known === kind)
}

function matcherOf({ crm, method, route, path }: Fault): Planned['matches'] {
  const pattern = compile(path)
  const template = route === undefined ? undefined : routePattern(route)
  return (name, request) => {
    const target = request.url ?? '/'
    if ((crm !== undefined && crm !== name) || (method !== undefined && method !== request.method)) return false
    return pattern.test(target) && (template === undefined || template.test(target.split('?', 1)[0]!))
  }
}

function compile(path: string): RegExp {
  try {
    return new RegExp(path)
  } catch (error) {
    throw new Error('the path of a fault must be a regular expression', { cause: error })
  }
}

function routePattern(route: string): RegExp {
  const open = route.endsWith('*')
  const escaped = (open ? route.slice(0, -1) : route).split(/\{[^}/]*\}/).map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${escaped.join('[^/]+')}${open ? '' : '/?$'}`)
}
