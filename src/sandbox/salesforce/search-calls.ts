/** /search and /parameterizedSearch. Salesforce docs: REST API, Search, Parameterized Search. */
import { bareReturning, parseSosl, runSearch } from './sosl.ts'
import { compileTerm } from './sosl-term.ts'
import { Fault, notFound, wrongMethod } from './fault.ts'
import { isObject, jsonTextReply, readJson } from './call.ts'
import { recordWriter } from './output.ts'
import type { Call, Reply } from './call.ts'
import type { Found, Scope, Search } from './sosl.ts'

const SCOPES: readonly string[] = ['ALL', 'EMAIL', 'NAME', 'PHONE', 'SIDEBAR']
/** From this version on the records stand in an object. */
const WRAPPED_SINCE = 37
const MOST = 2_000

export function searchReply(call: Call, rest: readonly string[]): Reply {
  if (rest.length > 0) throw notFound()
  if (call.method !== 'GET') throw wrongMethod(call, 'GET')
  const sosl = call.query.get('q')
  if (sosl === null) throw new Fault(400, 'MALFORMED_SEARCH', 'A search string has to be specified')
  return found(call, runSearch(call.org, parseSosl(sosl)))
}

export function parameterizedReply(call: Call, rest: readonly string[]): Reply {
  if (rest.length > 0) throw notFound()
  if (call.method !== 'GET' && call.method !== 'POST') throw wrongMethod(call, 'GET,POST')
  return found(call, runSearch(call.org, call.method === 'GET' ? fromQuery(call.query) : fromBody(readJson(call))))
}

function found(call: Call, results: readonly Found[]): Reply {
  const texts = results.flatMap(({ table, rows, columns, kinds, children }) => {
    if (children.length > 0) throw new Fault(400, 'MALFORMED_SEARCH', 'child relationship subqueries are not allowed in a search')
    const write = recordWriter(table, columns, call.base, { children: [], kinds, list: () => '' })
    return rows.map(write)
  })
  const list = `[${texts.join(',')}]`
  return jsonTextReply(200, Number(call.version) < WRAPPED_SINCE ? list : `{"searchRecords":${list}}`)
}

type Part = { name: string; fields: string; where: string | null; limit: number | null }

function searchOf(q: unknown, scope: string, parts: readonly Part[], overall: number): Search {
  if (typeof q !== 'string' || q.trim() === '') throw new Fault(400, 'MALFORMED_SEARCH', 'The q parameter is required')
  if (!SCOPES.includes(scope.toUpperCase())) throw new Fault(400, 'INVALID_SEARCH_SCOPE', `Unknown search scope: ${scope}`)
  const returning = parts.map(({ name, fields, where, limit }) => ({
    soql: `SELECT ${fields} FROM ${name}${where === null ? '' : ` WHERE ${where}`}${limit === null ? '' : ` LIMIT ${limit}`}`,
    isBare: where === null,
  }))
  const limit = Number.isInteger(overall) && overall > 0 ? Math.min(overall, MOST) : MOST
  // The text is taken as it is: nothing in it needs escaping.
  const term = compileTerm(q.replace(/[&|!{}[\]^~:+()"\\]/g, '\\$&'), 0)
  return { term, scope: scope.toUpperCase() as Scope, returning: returning.length === 0 ? bareReturning() : returning, limit }
}

/** `q=…&sobject=Contact&Contact.fields=Id,Email&Contact.limit=5&in=EMAIL` */
function fromQuery(query: URLSearchParams): Search {
  const fallback = query.get('fields') ?? 'Id'
  const parts = query.getAll('sobject').map((name): Part => {
    const limit = query.get(`${name}.limit`) ?? query.get('defaultLimit')
    return { name, fields: query.get(`${name}.fields`) ?? fallback, where: query.get(`${name}.where`), limit: whole(limit) }
  })
  return searchOf(query.get('q'), query.get('in') ?? 'ALL', parts, Number(query.get('overallLimit') ?? MOST))
}

function fromBody(body: Record<string, unknown>): Search {
  const list = (value: unknown): string | undefined => (Array.isArray(value) && value.length > 0 ? value.map(String).join(', ') : undefined)
  const objects = Array.isArray(body.sobjects) ? body.sobjects : []
  const parts = objects.map((each: unknown): Part => {
    if (!isObject(each) || typeof each.name !== 'string') throw new Fault(400, 'JSON_PARSER_ERROR', 'Each of sobjects needs a name')
    return {
      name: each.name,
      fields: list(each.fields) ?? list(body.fields) ?? 'Id',
      where: typeof each.where === 'string' ? each.where : null,
      limit: whole(each.limit ?? body.defaultLimit),
    }
  })
  return searchOf(body.q, typeof body.in === 'string' ? body.in : 'ALL', parts, Number(body.overallLimit ?? MOST))
}

const whole = (value: unknown): number | null => {
  const number = value === null || value === undefined ? Number.NaN : Number(value)
  return Number.isInteger(number) && number >= 0 ? number : null
}
