/** SOQL tokens with their places, and the caret layout of SOQL errors. Salesforce docs: SOQL and SOSL Reference. */
import { Fault } from './fault.ts'

export type TokenKind = 'name' | 'string' | 'number' | 'date' | 'datetime' | 'symbol' | 'end'
/** `text` of a string is unescaped for comparison; `like` keeps `\_` and `\%` apart from `_` and `%`. */
export type Token = { kind: TokenKind; text: string; at: number; raw: string }

const DATETIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/i
const DATE = /^\d{4}-\d\d-\d\d/
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/i
const NAME = /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/
const SYMBOL = /^(?:<=|>=|!=|<>|[=<>(),:.])/
const STATEMENT_LIMIT = 100_000

export function lex(query: string): Token[] {
  if (query.length > STATEMENT_LIMIT) throw new Fault(400, 'QUERY_TOO_COMPLICATED', 'SOQL statement is too long')
  const tokens: Token[] = []
  let at = 0
  while (at < query.length) {
    const code = query.charCodeAt(at)
    if (code === 32 || (code >= 9 && code <= 13)) {
      at += 1
      continue
    }
    const token = query[at] === "'" ? stringToken(query, at) : plainToken(query, at)
    tokens.push(token)
    at += token.raw.length
  }
  tokens.push({ kind: 'end', text: '<EOF>', at: query.length, raw: '' })
  return tokens
}

function plainToken(query: string, at: number): Token {
  const rest = query.slice(at, at + 300)
  const shapes: [TokenKind, RegExp][] = [
    ['datetime', DATETIME],
    ['date', DATE],
    ['number', NUMBER],
    ['name', NAME],
    ['symbol', SYMBOL],
  ]
  for (const [kind, shape] of shapes) {
    const found = shape.exec(rest)
    if (found !== null) return { kind, text: found[0], at, raw: found[0] }
  }
  throw malformed(query, at, `unexpected token: '${query[at] ?? ''}'`)
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '"': '"', "'": "'", '\\': '\\' }

/** `raw` includes the quotes; in `text` a `\_` or `\%` stays escaped, since only LIKE may hold one. */
function stringToken(query: string, at: number): Token {
  let text = ''
  let i = at + 1
  for (; i < query.length && query[i] !== "'"; i += 1) {
    if (query[i] !== '\\') {
      text += query[i]
      continue
    }
    i += 1
    const mark = query[i] ?? ''
    const known = ESCAPES[mark.toLowerCase()]
    if (known !== undefined) text += mark === '\\' ? '\\\\' : known
    else if (mark === '_' || mark === '%') text += `\\${mark}`
    else if (mark.toLowerCase() === 'u' && /^[0-9a-f]{4}$/i.test(query.slice(i + 1, i + 5))) {
      text += String.fromCharCode(Number.parseInt(query.slice(i + 1, i + 5), 16))
      i += 4
    } else throw malformed(query, at, `Illegal string literal: invalid string escape '\\${mark}'`)
  }
  if (i >= query.length) throw malformed(query, at, `unterminated string literal`)
  return { kind: 'string', text, at, raw: query.slice(at, i + 1) }
}

/** What a string literal says outside LIKE: escaped backslashes single, and no LIKE escapes. */
export function literalText(query: string, token: { text: string; at: number }): string {
  return token.text.replace(/\\(.)/gs, (_, mark: string) => {
    if (mark === '\\') return '\\'
    throw malformed(query, token.at, `Illegal string literal: invalid string escape '\\${mark}'`)
  })
}

export const malformed = (query: string, at: number, message: string): Fault => new Fault(400, 'MALFORMED_QUERY', caret(query, at, message))

const BEFORE = 45
const AFTER = 35

/** `\n<query>\n<caret>\nERROR at Row:r:Column:c\n<message>`; a long query is cut at blanks to a window around the token. */
export function caret(query: string, at: number, message: string): string {
  const before = query.slice(0, at)
  const row = before.split('\n').length
  const column = at - (before.lastIndexOf('\n') + 1) + 1
  const flat = query.replaceAll(/[\r\n\t]/g, ' ')
  let start = 0
  if (at > BEFORE) start = flat.indexOf(' ', at - BEFORE) + 1
  if (start > at) start = at
  let end = flat.length
  if (end - at > AFTER) {
    const blank = flat.lastIndexOf(' ', at + AFTER)
    end = blank > at ? blank : at + AFTER
  }
  return `\n${flat.slice(start, end)}\n${' '.repeat(at - start)}^\nERROR at Row:${row}:Column:${column}\n${message}`
}
