/** A place in the token list, and the small steps every rule takes. */
import { malformed } from './soql-lex.ts'
import type { Path, Query } from './soql-ast.ts'
import type { Token } from './soql-lex.ts'

/** `subquery` is the rule for a whole query, handed down so that WHERE can hold one. */
export type Parser = { text: string; tokens: Token[]; next: number; subquery: (parser: Parser) => Query }

/** The argument of a function; for `COUNT()` an empty path. The org's time zone is UTC here, so convertTimezone() is what it holds. */
export function callArgument(parser: Parser): Path {
  const open = symbol(parser, '(')
  let inner = peek(parser).text === ')' ? { text: '', names: [], at: open.at } : parsePath(parser)
  if (peek(parser).text === '(' && inner.text.toUpperCase() === 'CONVERTTIMEZONE') inner = callArgument(parser)
  symbol(parser, ')')
  return inner
}

export function parsePath(parser: Parser): Path {
  const token = name(parser)
  return { text: token.text, names: token.text.split('.'), at: token.at }
}

const RESERVED = new Set(
  'SELECT FROM WHERE GROUP HAVING ORDER LIMIT OFFSET FOR USING WITH AND OR NOT ASC DESC NULLS LIKE IN INCLUDES EXCLUDES'.split(' '),
)

/** Words that follow an alias without being one; none of them is reserved elsewhere. */
const FOLLOWS = new Set(['WHEN', 'THEN', 'ELSE', 'END', 'UPDATE', 'ALL'])

export function parseAlias(parser: Parser): string | null {
  const token = peek(parser)
  const word = token.text.toUpperCase()
  if (token.kind !== 'name' || RESERVED.has(word) || FOLLOWS.has(word)) return null
  parser.next += 1
  return token.text
}

export function list<T>(parser: Parser, item: (parser: Parser) => T): T[] {
  const items = [item(parser)]
  while (peek(parser).text === ',') {
    parser.next += 1
    items.push(item(parser))
  }
  return items
}

export function count(parser: Parser): { count: number; at: number } {
  const token = peek(parser)
  if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw unexpected(parser)
  parser.next += 1
  return { count: Number(token.text), at: token.at }
}

export const peek = (parser: Parser): Token => parser.tokens[parser.next] ?? { kind: 'end', text: '<EOF>', at: parser.text.length, raw: '' }

export const isWord = (parser: Parser, word: string): boolean => {
  const token = peek(parser)
  return token.kind === 'name' && token.text.toUpperCase() === word
}

export function optional(parser: Parser, word: string): boolean {
  if (!isWord(parser, word)) return false
  parser.next += 1
  return true
}

export function optionalPair(parser: Parser, first: string, second: string): boolean {
  if (!optional(parser, first)) return false
  keyword(parser, second)
  return true
}

export function keyword(parser: Parser, word: string): void {
  if (!optional(parser, word)) throw unexpected(parser)
}

export function symbol(parser: Parser, text: string): Token {
  const token = peek(parser)
  if (token.kind !== 'symbol' || token.text !== text) throw unexpected(parser)
  parser.next += 1
  return token
}

export function name(parser: Parser): Token {
  const token = peek(parser)
  if (token.kind !== 'name' || RESERVED.has(token.text.toUpperCase())) throw unexpected(parser)
  parser.next += 1
  return token
}

// Which syntax errors carry the caret layout is unverified: here all do.
export const unexpected = (parser: Parser) => malformed(parser.text, peek(parser).at, `unexpected token: '${peek(parser).text}'`)
