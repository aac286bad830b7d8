/** OpenAPI 3.1 from the table of routes and the very schemas that validate. */
import { z } from 'zod'
import { ProblemSchema } from './problem.ts'
import type { Route } from './route.ts'

type Json = Readonly<Record<string, unknown>>

const everywhere: Readonly<Record<number, string>> = {
  400: 'The body is malformed or has the wrong shape.',
  401: 'No key, or one that does not work.',
  403: 'The key lacks the scope.',
  413: 'The body is larger than 32 kB.',
  415: 'Not JSON, or in an encoding or charset that is not known.',
  429: 'Too many requests; Retry-After says when to go on.',
  503: 'Our fault; send the same request again.',
}

export function describeApi(routes: readonly Route[]): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Accord',
      version: '1',
      summary: 'Consent of CRM contacts, and what they ask for by right, taken down with proof.',
      description: 'Every answer has an X-Request-Id. Every error has one shape. No address or number stands in any URL, log or table.',
    },
    paths: Object.fromEntries(routes.map((route) => [route.path, { [route.method]: operationOf(route) }])),
    components: {
      schemas: { Problem: schemaOf(ProblemSchema, 'output') },
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'A key of "accord api-key create", with the scope of the route.' },
      },
    },
  }
}

function operationOf(route: Route): Json {
  const problems = { ...everywhere, ...route.problems }
  return {
    operationId: route.name,
    summary: route.summary,
    description: route.description,
    security: [{ key: [route.scope] }],
    ...askedOf(route),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, { description, schema }]) => [
          status,
          { description, content: { 'application/json': { schema: schemaOf(schema, 'output') } } },
        ]),
      ),
      ...Object.fromEntries(
        Object.entries(problems).map(([status, description]) => [
          status,
          { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } } },
        ]),
      ),
    },
  }
}

function askedOf(route: Route): Json {
  const schema = schemaOf(route.body, 'input')
  if (route.method === 'get') {
    const parts = Object.entries((schema['properties'] ?? {}) as Json)
    return { parameters: parts.map(([name, part]) => ({ name, in: 'path', required: true, schema: part })) }
  }
  return {
    ...(route.idempotent ? { parameters: [idempotencyKey] } : {}),
    requestBody: { required: true, content: { 'application/json': { schema, example: route.example } } },
  }
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Chosen by the caller, for example a UUID for each form that was sent. The same key and body: one effect and one answer for 24 hours.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, id: _id, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', reused: 'inline' }) as Json
  return rest
}
