import { z } from 'zod'
import { ClockMove, FaultPlan, LatencyChange, LogQuery, Switch } from './control-body.ts'
import { SyncChange } from './sync/settings.ts'
import { LEVERS as HUBSPOT } from './hubspot/levers.ts'
import type { Levers } from './lever.ts'
import { LEVERS as SALESFORCE } from './salesforce/levers.ts'

type Operation = { summary: string; body?: z.ZodType; query?: z.ZodObject; examples?: Record<string, unknown> }

const FAULT_EXAMPLES = {
  'the ten-second limit, three times': { crm: 'hubspot', kind: 'ten-secondly', times: 3 },
  'one write in ten takes effect and its answer is lost': { method: 'POST', kind: 'reset', phase: 'after', probability: 0.1, seed: 7 },
  'batch updates arrive twice': { crm: 'hubspot', route: '/crm/v3/objects/{object}/batch/update', kind: 'duplicate' },
  'a proxy that fails': { crm: 'salesforce', route: '/services/data/*', kind: 'html', status: 502, after: 20, times: 2 },
  'a body that trickles': { crm: 'hubspot', kind: 'slow', durationMs: 30_000, times: 1 },
}

const OPERATIONS: Record<string, Record<string, Operation>> = {
  '/': { get: { summary: 'Addresses of the three ports and the sandbox time' } },
  '/openapi.json': { get: { summary: 'This document' } },
  '/stats': {
    get: { summary: 'Requests by CRM, route and status; 429 counts; the most requests within any rolling ten seconds' },
    delete: { summary: 'Starts counting anew' },
  },
  '/log': {
    get: { summary: 'The last requests: time, CRM, method, route template, status, duration, fault; never a body', query: LogQuery },
  },
  '/clock': {
    get: { summary: 'The sandbox time' },
    post: {
      summary: 'Moves the clock forward, stops it or lets it run',
      body: ClockMove,
      examples: { 'a day later': { advanceMs: 86_400_000 }, 'to a date': { set: '2030-01-01T00:00:00Z' }, stop: { freeze: true } },
    },
  },
  '/latency': {
    get: { summary: 'How long each CRM waits before it answers' },
    post: {
      summary: 'Delays every answer of one CRM or of both',
      body: LatencyChange,
      examples: { always: { ms: 150 }, spread: { crm: 'hubspot', p50: 120, p99: 900 }, none: { ms: 0 } },
    },
  },
  '/faults': {
    get: { summary: 'Planned faults with how often they were met and hit' },
    post: { summary: 'Plans faults', body: FaultPlan, examples: FAULT_EXAMPLES },
    delete: { summary: 'Drops all planned faults' },
  },
  '/snapshot': { post: { summary: 'Keeps the present state for reset' } },
  '/reset': { post: { summary: 'Back to the snapshot; faults, counts and levers are cleared, the clock stays' } },
  '/snapshots': { get: { summary: 'Names of the states that were kept, and when' } },
  '/snapshots/{name}': {
    post: { summary: 'Keeps the present state under a name, in the place of what had it' },
    delete: { summary: 'Forgets a kept state' },
  },
  '/restore/{name}': { post: { summary: 'Like reset, to the state of that name' } },
  '/rate-limit': { post: { summary: 'Switches the rate limits of both CRMs', body: Switch, examples: { off: { on: false } } } },
  '/sync': {
    get: { summary: 'The native integration between the two CRMs: settings, pairs, what its last cycle did' },
    post: {
      summary: 'Switches the native integration on or off, or changes its settings',
      body: SyncChange,
      examples: { on: { on: true, start: 'link' } },
    },
  },
  '/sync/run': { post: { summary: 'One cycle of the native integration now' } },
  ...leverPaths('hubspot', HUBSPOT),
  ...leverPaths('salesforce', SALESFORCE),
}

function leverPaths<World>(crm: string, levers: Levers<World>): typeof OPERATIONS {
  const paths = Object.entries(levers).map(([name, { summary, body, example }]) => {
    const examples = example === undefined ? {} : { examples: { example } }
    return [`/${crm}/${name}`, { post: { summary: summary ?? `Lever ${name}`, body: body ?? z.looseObject({}), ...examples } }] as const
  })
  return Object.fromEntries(paths)
}

/** OpenAPI 3.1 of the control port; the schemas are those the port itself checks with. */
export function controlDocument(): Record<string, unknown> {
  const paths = Object.entries(OPERATIONS).map(([path, methods]) => [
    path,
    {
      ...pathParameters(path),
      ...Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, describe(method, path, operation)])),
    },
  ])
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sandbox control port',
      version: '1.0.0',
      description: 'Drives the foreign CRMs of the sandbox: time, faults, limits, state.',
    },
    paths: Object.fromEntries(paths),
  }
}

function pathParameters(path: string): Record<string, unknown> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
  if (names.length === 0) return {}
  return { parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })) }
}

function describe(method: string, path: string, { summary, body, query, examples }: Operation): Record<string, unknown> {
  const json = (schema: unknown, more: object = {}): object => ({ content: { 'application/json': { schema, ...more } } })
  const parameters = query === undefined ? [] : queryParameters(query)
  const shown = Object.fromEntries(Object.entries(examples ?? {}).map(([name, value]) => [name, { value }]))
  const content = body === undefined ? {} : json(z.toJSONSchema(body, { io: 'input' }), examples === undefined ? {} : { examples: shown })
  return {
    operationId: `${method}${path.replaceAll(/[^A-Za-z]+(\w)/g, (_match, letter: string) => letter.toUpperCase()).replaceAll(/\W/g, '')}`,
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, ...content } }),
    responses: {
      '200': { description: 'Done', ...json({ type: 'object' }) },
      '400': { description: 'The body does not fit', ...json({ type: 'object', properties: { error: { type: 'string' } } }) },
    },
  }
}

function queryParameters(query: z.ZodObject): object[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' })
  return Object.entries(properties).map(([name, schema]) => {
    const { description, ...rest } = schema as { description?: string }
    return { name, in: 'query', ...(description === undefined ? {} : { description }), schema: rest }
  })
}
