/** The table of what the API can do. Routing, validation and the OpenAPI document are all made from it. */
import type { z } from 'zod'
import type { Scope } from '../core/api-key.ts'
import type { ApiKey } from '../store/api-keys.ts'
import { HttpProblem } from './problem.ts'

export type Called = { readonly key: ApiKey; readonly idempotencyKey: string | null }
export type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
export type Answers = Readonly<Record<number, { readonly description: string; readonly schema: z.ZodType }>>
export type Route = {
  readonly method: 'get' | 'post'
  /** Parts in braces are what a GET is asked about: it has no body, and these are validated in its place. */
  readonly path: string
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly scope: Scope
  readonly idempotent: boolean
  /** Calls in a minute that one key has; null: as many as any other route. */
  readonly perMinute: number | null
  readonly body: z.ZodType
  readonly example: unknown
  /** What is answered when all goes well; problems are the same everywhere. */
  readonly answers: Answers
  readonly problems: Readonly<Record<number, string>>
  /** Validates and answers. */
  readonly run: (body: unknown, called: Called) => Promise<Answer>
}

/** A route whose work knows the type of its body. */
export function defineRoute<T>(
  route: Omit<Route, 'run' | 'body'> & { body: z.ZodType<T>; work: (body: T, called: Called) => Promise<Answer> },
): Route {
  const { work, ...rest } = route
  return { ...rest, run: (body, called) => work(parseBody(rest.body, body), called) }
}

/** @throws HttpProblem 400: names the part that is wrong and what the format wants there, never what was sent. */
function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const issue = deepest(read.error.issues)
  const field = issue.path.map(String).join('.')
  throw new HttpProblem(400, 'body_invalid', describe(issue), field === '' ? {} : { field })
}

/** Of a union the branch that came furthest. */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue {
  const [first] = issues
  if (first === undefined) throw new RangeError('a failed parse without an issue')
  if (first.code !== 'invalid_union' || first.errors.length === 0) return first
  const [branch] = first.errors.toSorted((one, other) => one.length - other.length)
  const inner = deepest(branch ?? [])
  return { ...inner, path: [...first.path, ...inner.path] } as z.core.$ZodIssue
}

function describe(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'there is a key that this request does not know; GET /openapi.json lists those that it does'
    case 'invalid_value':
      return `this must be one of ${issue.values.map(String).join(', ')}`
    case 'invalid_type':
      return `this must be ${issue.expected === 'object' ? 'an object' : `a ${issue.expected}`}`
    default:
      return issue.message
  }
}
