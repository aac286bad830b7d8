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
import type { GroupKey, Joined, Order, Path, Query, Selected } from './soql-ast.ts'
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
  let scope: string | null = null
  if (optionalPair(parser, 'USING', 'SCOPE')) scope = name(parser).text.toLowerCase()
  const where = optional(parser, 'WHERE') ? parseCondition(parser) : null
  // WITH SECURITY_ENFORCED, USER_MODE and the like: field-level security applies to every call anyway.
  while (optional(parser, 'WITH')) name(parser)
  const { keys, subtotals } = optionalPair(parser, 'GROUP', 'BY') ? parseGroups(parser) : { keys: [], subtotals: 'none' as const }
  const having = optional(parser, 'HAVING') ? parseCondition(parser) : null
  const orderBy = optionalPair(parser, 'ORDER', 'BY') ? list(parser, parseOrder) : []
  const limit = optional(parser, 'LIMIT') ? count(parser).count : null
  const offset = optional(parser, 'OFFSET') ? count(parser) : null
  // FOR VIEW, FOR REFERENCE, FOR UPDATE, UPDATE TRACKING: accepted, without effect on what is read.
  if (optional(parser, 'FOR')) list(parser, name)
  if (optional(parser, 'UPDATE')) list(parser, name)
  refuseAllRows(parser)
  return { text: parser.text, select, from, scope, where, groupBy: keys, subtotals, having, orderBy, limit, offset }
}

// unverified: REST refuses ALL ROWS, which belongs to Apex.
function refuseAllRows(parser: Parser): void {
  const { at } = peek(parser)
  if (optionalPair(parser, 'ALL', 'ROWS')) throw malformed(parser.text, at, 'ALL ROWS not allowed in this context')
}

function parseGroups(parser: Parser): { keys: GroupKey[]; subtotals: Query['subtotals'] } {
  const word = peek(parser).text.toUpperCase()
  const isOpen = parser.tokens[parser.next + 1]?.text === '('
  if (!isOpen || (word !== 'ROLLUP' && word !== 'CUBE')) return { keys: list(parser, parseKey), subtotals: 'none' }
  parser.next += 2
  const keys = list(parser, parseKey)
  symbol(parser, ')')
  return { keys, subtotals: word === 'CUBE' ? 'cube' : 'rollup' }
}

function parseKey(parser: Parser): GroupKey {
  const path = parsePath(parser)
  return peek(parser).text === '(' ? { call: path.text.toUpperCase(), path: callArgument(parser) } : { call: null, path }
}

function parseSelected(parser: Parser): Selected {
  const token = peek(parser)
  if (token.text === '(') return parseChild(parser)
  if (isWord(parser, 'TYPEOF')) return parseTypeof(parser)
  const path = parsePath(parser)
  if (peek(parser).text !== '(') return { kind: 'field', path, alias: parseAlias(parser) }
  const inner = callArgument(parser)
  if (path.text.toUpperCase() === 'FIELDS') {
    const which = inner.text.toUpperCase()
    if (which === 'ALL' || which === 'STANDARD' || which === 'CUSTOM') return { kind: 'fields', which, at: path.at }
  }
  const argument = inner.names.length === 0 ? null : inner
  return { kind: 'call', name: path.text.toUpperCase(), path: argument, alias: parseAlias(parser), at: path.at }
}

function parseChild(parser: Parser): Selected {
  const { at } = symbol(parser, '(')
  const query = parser.subquery(parser)
  symbol(parser, ')')
  return { kind: 'child', query, at }
}

/** TYPEOF What WHEN Account THEN Phone, Name WHEN Case THEN Subject ELSE Name END */
function parseTypeof(parser: Parser): Selected {
  keyword(parser, 'TYPEOF')
  const path = parsePath(parser)
  const cases: { type: string; at: number; paths: Path[] }[] = []
  while (optional(parser, 'WHEN')) {
    const type = name(parser)
    keyword(parser, 'THEN')
    cases.push({ type: type.text, at: type.at, paths: list(parser, parsePath) })
  }
  if (cases.length === 0) throw unexpected(parser)
  const otherwise = optional(parser, 'ELSE') ? list(parser, parsePath) : []
  keyword(parser, 'END')
  return { kind: 'typeof', path, cases, otherwise }
}

/** Order and Group are objects as well as words of the grammar. */
function parseFrom(parser: Parser): Query['from'] {
  const token = peek(parser)
  if (token.kind !== 'name') throw unexpected(parser)
  parser.next += 1
  const alias = parseAlias(parser)
  return { name: token.text, alias, at: token.at, joined: parseJoined(parser, alias ?? token.text) }
}

/** Salesforce docs: SOQL, Understanding Relationship Query Limitations. */
const PARENTS = 55

/** Salesforce docs: SOQL, Alias Notation. Each alias stands for relationships seen from the object of the query. */
function parseJoined(parser: Parser, root: string): Joined[] {
  const joined = new Map<string, Joined>()
  const rootKey = root.toLowerCase()
  while (peek(parser).text === ',') {
    parser.next += 1
    const { names, at, text } = parsePath(parser)
    const [first = '', ...rest] = names
    const known = joined.get(first.toLowerCase())
    const alias = parseAlias(parser)
    const key = alias?.toLowerCase() ?? rootKey
    if (alias === null || rest.length === 0 || (known === undefined && first.toLowerCase() !== rootKey))
      throw malformed(parser.text, at, `unexpected token: '${text}'`)
    // unverified: the words for an alias that is taken, and for too many.
    if (key === rootKey || joined.has(key)) throw malformed(parser.text, at, `duplicate alias: ${alias}`)
    if (joined.size === PARENTS) throw malformed(parser.text, at, `No more than ${PARENTS} relationships may be named`)
    const path = [...(known?.names ?? []), ...rest]
    // Beyond six the binder refuses anyway; without the cut a chain of aliases would hold the square of its length.
    joined.set(key, { alias, names: path.slice(0, 6), at })
  }
  return [...joined.values()]
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
