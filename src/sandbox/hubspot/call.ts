import { parseJson } from '../http.ts'
import { brokenJson, invalidRequest } from './errors.ts'
import type { Token } from './tokens.ts'

/** The batch dialects differ in one point: date-based versions from 2026-09 declare no 207. */
export type Dialect = 'v3' | '2026-03' | '2026-09'

/** One authenticated request, parsed. */
export type Call = {
  method: string
  /** Path segments after the API's own prefix, percent-decoded. */
  parts: string[]
  query: URLSearchParams
  /** The request target as it came: paging links keep the caller's query. */
  target: string
  body: Buffer
  token: Token
  dialect: Dialect
  origin: string
}

/** `body` undefined: no content. `headers` is a flat list of names and values in place of the content type of JSON. */
export type Answer = { status: number; body?: Buffer | Record<string, unknown> | unknown[]; headers?: readonly string[] }

export function jsonValue(call: Call): unknown {
  if (call.body.length === 0) throw invalidRequest('Invalid JSON input: a request body was expected, but none found')
  const text = call.body.toString('utf8')
  try {
    return parseJson(text)
  } catch (error) {
    throw brokenJson(text, error)
  }
}

export function jsonBody(call: Call): Record<string, unknown> {
  const value = jsonValue(call)
  if (!isObject(value)) throw invalidRequest('Invalid input JSON on line 1, column 1: an object is expected')
  return value
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Repeated and comma-separated parameters, also mixed. */
export function listParam(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

export function flagParam(query: URLSearchParams, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true'
}

export function numberParam(query: URLSearchParams, name: string, fallback: number, most: number): number {
  const text = query.get(name)
  if (text === null || text === '') return fallback
  if (!/^-?\d{1,10}$/.test(text)) throw invalidRequest(`Invalid value for query parameter ${name}: a whole number is expected`)
  const value = Number(text)
  // unverified: the text for a page size out of range.
  if (value < 1 || value > most) throw invalidRequest(`Invalid value for query parameter ${name}: it must be between 1 and ${most}`)
  return value
}

/** Names in a body: an array of strings; anything else is refused. */
export function nameList(value: unknown, field: string): string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || value.some((name) => typeof name !== 'string')) throw invalidRequest(`${field} must be an array of strings`)
  return value as string[]
}
