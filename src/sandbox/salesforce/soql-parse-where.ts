/** WHERE and HAVING: comparisons, lists, semi-joins, AND, OR, NOT. */
import { literalText, malformed } from './soql-lex.ts'
import { callArgument, isWord, keyword, list, optional, parsePath, peek, symbol, unexpected } from './soql-cursor.ts'
import type { Comparison, Condition, Literal, Path } from './soql-ast.ts'
import type { Parser } from './soql-cursor.ts'

/** A mix of AND and OR must be parenthesised. */
export function parseCondition(parser: Parser): Condition {
  const first = parseTerm(parser)
  const word = isWord(parser, 'AND') ? 'AND' : isWord(parser, 'OR') ? 'OR' : null
  if (word === null) return first
  const parts = [first]
  while (optional(parser, word)) parts.push(parseTerm(parser))
  if (isWord(parser, 'AND') || isWord(parser, 'OR')) throw unexpected(parser)
  return { kind: word === 'AND' ? 'and' : 'or', parts }
}

function parseTerm(parser: Parser): Condition {
  if (optional(parser, 'NOT')) return { kind: 'not', part: parseTerm(parser) }
  if (peek(parser).text === '(' && peek(parser).kind === 'symbol') {
    parser.next += 1
    const inner = parseCondition(parser)
    symbol(parser, ')')
    return inner
  }
  return parseComparison(parser)
}

function parseComparison(parser: Parser): Condition {
  const head = parsePath(parser)
  const inner = peek(parser).text === '(' ? callArgument(parser) : null
  const call = inner === null ? null : head.text.toUpperCase()
  const path = inner ?? head
  if (optional(parser, 'NOT')) {
    keyword(parser, 'IN')
    return parseIn(parser, path, true)
  }
  if (optional(parser, 'IN')) return parseIn(parser, path, false)
  if (optional(parser, 'INCLUDES')) return { kind: 'includes', path, negated: false, literals: literals(parser) }
  if (optional(parser, 'EXCLUDES')) return { kind: 'includes', path, negated: true, literals: literals(parser) }
  if (optional(parser, 'LIKE')) return { kind: 'compare', path, call, operator: 'like', literal: parseLiteral(parser, 'like') }
  const token = peek(parser)
  const operator = token.text === '<>' ? '!=' : token.text
  if (token.kind !== 'symbol' || !['=', '!=', '<', '<=', '>', '>='].includes(operator)) throw unexpected(parser)
  parser.next += 1
  return { kind: 'compare', path, call, operator: operator as Comparison, literal: parseLiteral(parser, 'plain') }
}

function parseIn(parser: Parser, path: Path, negated: boolean): Condition {
  const open = peek(parser)
  if (parser.tokens[parser.next + 1]?.text.toUpperCase() === 'SELECT') {
    symbol(parser, '(')
    const query = parser.subquery(parser)
    symbol(parser, ')')
    return { kind: 'semi', path, negated, query, at: open.at }
  }
  return { kind: 'in', path, negated, literals: literals(parser) }
}

function literals(parser: Parser): Literal[] {
  // `IN :ids` is Apex.
  if (peek(parser).text === ':') return [parseLiteral(parser, 'plain')]
  symbol(parser, '(')
  const items = list(parser, (each) => parseLiteral(each, 'plain'))
  symbol(parser, ')')
  return items
}

const STRING_LIMIT = 4_000

function parseLiteral(parser: Parser, use: 'plain' | 'like'): Literal {
  const token = peek(parser)
  if (token.text === ':' && token.kind === 'symbol') throw malformed(parser.text, token.at, 'Bind variables only allowed in Apex code')
  parser.next += 1
  const { at } = token
  switch (token.kind) {
    case 'string':
      if (token.raw.length - 2 > STRING_LIMIT) throw malformed(parser.text, at, 'string literal is too long')
      return { kind: 'string', text: use === 'like' ? token.text : literalText(parser.text, token), at }
    case 'number':
    case 'date':
    case 'datetime':
      return { kind: token.kind, text: token.text, at }
    case 'name':
      return wordLiteral(parser, token.text.toUpperCase(), at)
    default:
      parser.next -= 1
      throw unexpected(parser)
  }
}

function wordLiteral(parser: Parser, word: string, at: number): Literal {
  if (word === 'NULL') return { kind: 'null', at }
  if (word === 'TRUE' || word === 'FALSE') return { kind: 'boolean', value: word === 'TRUE', at }
  if (!word.includes('_N_') && !word.startsWith('N_')) return { kind: 'range', name: word, n: 0, at }
  symbol(parser, ':')
  const token = peek(parser)
  if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw unexpected(parser)
  parser.next += 1
  return { kind: 'range', name: word, n: Number(token.text), at }
}
