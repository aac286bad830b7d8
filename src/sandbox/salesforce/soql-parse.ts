/** SOQL by recursive descent. Salesforce docs: SOQL SELECT syntax. */
import {
  callArgument,
  count,
  isWord,
  keyword,
  list,
  name,
  optional,
  optionalPair,
  parseAlias,
  parsePath,
  peek,
  symbol,
  unexpected,
} from './soql-cursor.ts'
import { lex, malformed } from './soql-lex.ts'
import { parseCondition } from './soql-parse-where.ts'
import type { Order, Query, Selected } from './soql-ast.ts'
import type { Parser } from './soql-cursor.ts'

export function parseSoql(text: string): Query {
  const parser: Parser = { text, tokens: lex(text), next: 0, subquery: parseQuery }
  const query = parseQuery(parser)
  if (peek(parser).kind !== 'end') throw unexpected(parser)
  return query
}

function parseQuery(parser: Parser): Query {
  keyword(parser, 'SELECT')
  const select = list(parser, parseSelected)
  keyword(parser, 'FROM')
  const from = parseFrom(parser)
  if (isWord(parser, 'USING')) {
    parser.next += 1
    keyword(parser, 'SCOPE')
    name(parser)
  }
  const where = optional(parser, 'WHERE') ? parseCondition(parser) : null
  while (optional(parser, 'WITH')) {
    // WITH SECURITY_ENFORCED and the like: field-level security applies to every call anyway.
    name(parser)
  }
  const groupBy = optionalPair(parser, 'GROUP', 'BY') ? list(parser, parsePath) : []
  const having = optional(parser, 'HAVING') ? parseCondition(parser) : null
  const orderBy = optionalPair(parser, 'ORDER', 'BY') ? list(parser, parseOrder) : []
  const limit = optional(parser, 'LIMIT') ? count(parser).count : null
  const offset = optional(parser, 'OFFSET') ? count(parser) : null
  if (optional(parser, 'FOR')) {
    // FOR VIEW, FOR REFERENCE, FOR UPDATE: accepted, without effect on what is read.
    name(parser)
  }
  return { text: parser.text, select, from, where, groupBy, having, orderBy, limit, offset }
}

function parseSelected(parser: Parser): Selected {
  const token = peek(parser)
  if (token.text === '(') throw malformed(parser.text, token.at, 'child relationship subqueries are not available in this sandbox')
  if (isWord(parser, 'TYPEOF')) throw malformed(parser.text, token.at, 'TYPEOF is not available in this sandbox')
  const path = parsePath(parser)
  if (peek(parser).text !== '(') return { kind: 'field', path, alias: parseAlias(parser) }
  parser.next += 1
  const inner = peek(parser).text === ')' ? null : parsePath(parser)
  symbol(parser, ')')
  if (path.text.toUpperCase() === 'FIELDS' && inner !== null) {
    const which = inner.text.toUpperCase()
    if (which === 'ALL' || which === 'STANDARD' || which === 'CUSTOM') return { kind: 'fields', which, at: path.at }
  }
  return { kind: 'call', name: path.text.toUpperCase(), path: inner, alias: parseAlias(parser), at: path.at }
}

function parseFrom(parser: Parser): Query['from'] {
  const token = name(parser)
  return { name: token.text, alias: parseAlias(parser), at: token.at }
}

function parseOrder(parser: Parser): Order {
  const path = parsePath(parser)
  const call = peek(parser).text === '(' ? callArgument(parser) : null
  let descending = false
  let nullsLast: boolean | null = null
  if (optional(parser, 'DESC')) descending = true
  else optional(parser, 'ASC')
  if (optional(parser, 'NULLS')) {
    if (optional(parser, 'LAST')) nullsLast = true
    else {
      keyword(parser, 'FIRST')
      nullsLast = false
    }
  }
  return call === null ? { path, call: null, descending, nullsLast } : { path: call, call: path.text.toUpperCase(), descending, nullsLast }
}
