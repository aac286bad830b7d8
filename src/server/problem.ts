/** Every error leaves in one shape: what is wrong, what to do, and the number under which the log knows it. Never what was sent. */
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import { z } from 'zod'

/** What is the caller's fault, or the state of things: anything else that is thrown is ours, and a 503. */
export class HttpProblem extends Error {
  override name = 'HttpProblem'
  readonly status: number
  readonly code: string
  readonly field: string | undefined
  readonly headers: Readonly<Record<string, string>>
  constructor(status: number, code: string, message: string, more: { field?: string; headers?: Readonly<Record<string, string>> } = {}) {
    super(message)
    this.status = status
    this.code = code
    this.field = more.field
    this.headers = more.headers ?? {}
  }
}

export const ProblemSchema = z
  .object({
    error: z.object({
      code: z.string().meta({ description: 'for programs' }),
      message: z.string().meta({ description: 'what is wrong and what to do' }),
      field: z.string().optional().meta({ description: 'which part of the body, written with dots' }),
      requestId: z.string().meta({ description: 'tell it when you ask for help' }),
    }),
  })
  .meta({ id: 'Problem', description: 'Every answer of 400 and above' })

export function requestIdOf(response: Response): string {
  return String(response.getHeader('x-request-id') ?? '')
}

/** For express: what the body parser or the router refuses is the caller's fault; four arguments are what makes this an error handler. */
export function reportProblems(log: (event: string, facts: Readonly<Record<string, string>>) => void) {
  return (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    const problem = error instanceof HttpProblem ? error : refusalOf(error)
    if (problem === null)
      log('request.failed', {
        requestId: requestIdOf(response),
        method: request.method,
        error: error instanceof Error ? error.name : 'unknown',
      })
    if (response.headersSent) {
      next(error)
      return
    }
    answerProblem(response, problem ?? unavailable())
  }
}

export const unknownRoute: RequestHandler = () => {
  throw new HttpProblem(404, 'not_found', 'there is nothing here; GET /docs lists what there is')
}

function answerProblem(response: Response, { status, code, message, field, headers }: HttpProblem): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
  // What is left of the body is not read: the connection cannot be used again, and the caller should know.
  if (status === 413) response.setHeader('connection', 'close')
  const error = { code, message, ...(field === undefined ? {} : { field }), requestId: requestIdOf(response) }
  response.status(status).json({ error })
}

function unavailable(): HttpProblem {
  return new HttpProblem(503, 'unavailable', 'this is our fault and it should pass: send the same request again in a few seconds', {
    headers: { 'retry-after': '5' },
  })
}

/** By the type that body-parser gives its errors, else by the status that express gives its own; their messages quote what was sent. */
const refusals: Readonly<Record<string, readonly [code: string, message: string]>> = {
  'entity.parse.failed': ['json_malformed', 'the body is no valid JSON'],
  'entity.too.large': ['body_too_large', 'the body is larger than this route takes'],
  'encoding.unsupported': ['encoding_unsupported', 'send the body as it is, or with content-encoding gzip, deflate or br'],
  'charset.unsupported': ['charset_unsupported', 'send the body in UTF-8'],
  'request.size.invalid': ['body_incomplete', 'the body is shorter or longer than its content-length says'],
  'request.aborted': ['body_incomplete', 'the body ended early'],
}

function refusalOf(error: unknown): HttpProblem | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null
  if (error.status < 400 || error.status > 499) return null
  const [code, message] = refusals['type' in error ? String(error.type) : ''] ?? ['bad_request', 'this request cannot be read']
  return new HttpProblem(error.status, code, message)
}
