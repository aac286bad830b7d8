import { z } from 'zod'
import { ClockMove, FaultPlan, Latency, Switch } from './control-body.ts'
import { SyncChange } from './sync/settings.ts'
import { LEVER_NAMES as HUBSPOT_LEVERS } from './hubspot/levers.ts'

type Operation = { summary: string; body?: z.ZodType; query?: Record<string, string> }

const OPERATIONS: Record<string, Record<string, Operation>> = {
  '/': { get: { summary: 'Addresses of the three ports and the sandbox time' } },
  '/openapi.json': { get: { summary: 'This document' } },
  '/stats': {
    get: { summary: 'Requests by CRM, route and status; 429 counts; the most requests within any rolling ten seconds' },
    delete: { summary: 'Starts counting anew' },
  },
  '/log': {
    get: { summary: 'The last requests: time, CRM, method, route template, status; never a body', query: { last: 'how many lines' } },
  },
  '/clock': {
    get: { summary: 'The sandbox time' },
    post: { summary: 'Moves the clock forward, stops it or lets it run', body: ClockMove },
  },
  '/latency': { post: { summary: 'Delays every answer of both CRMs', body: Latency } },
  '/faults': {
    get: { summary: 'Planned faults with how often they were met and hit' },
    post: { summary: 'Plans faults', body: FaultPlan },
    delete: { summary: 'Drops all planned faults' },
  },
  '/snapshot': { post: { summary: 'Keeps the present state for reset' } },
  '/reset': { post: { summary: 'Back to the snapshot; faults, counts and levers are cleared, the clock stays' } },
  '/rate-limit': { post: { summary: 'Switches the rate limits of both CRMs', body: Switch } },
  '/sync': {
    get: { summary: 'The native integration between the two CRMs: settings, pairs, what its last cycle did' },
    post: { summary: 'Switches the native integration on or off, or changes its settings', body: SyncChange },
  },
  '/sync/run': { post: { summary: 'One cycle of the native integration now' } },
  '/{crm}/{lever}': { post: { summary: `Pulls a lever of one CRM; HubSpot has ${HUBSPOT_LEVERS.join(', ')}`, body: z.looseObject({}) } },
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

function describe(method: string, path: string, { summary, body, query }: Operation): Record<string, unknown> {
  const json = (schema: unknown): unknown => ({ content: { 'application/json': { schema } } })
  const parameters = Object.entries(query ?? {}).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'integer' },
  }))
  return {
    operationId: `${method}${path.replaceAll(/[^A-Za-z]+(\w)/g, (_match, letter: string) => letter.toUpperCase()).replaceAll(/\W/g, '')}`,
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, ...(json(z.toJSONSchema(body, { io: 'input' })) as object) } }),
    responses: {
      '200': { description: 'Done', ...(json({ type: 'object' }) as object) },
      '400': { description: 'The body does not fit', ...(json({ type: 'object', properties: { error: { type: 'string' } } }) as object) },
    },
  }
}
