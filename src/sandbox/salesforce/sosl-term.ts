/** The text of FIND, as a test of a field's words. Salesforce docs: SOSL, FIND {SearchQuery}. */
import { Fault } from './fault.ts'

export type WordTest = (text: string) => boolean
/** Tests over all the searched fields of a row, so that words may stand in different ones. */
export type TermTest = (fields: readonly string[]) => boolean

const noTerm = (): Fault => new Fault(400, 'MALFORMED_SEARCH', 'No search term found. The search term must be enclosed in braces.')
const RESERVED = new Set('&|!{}[]^~:+')
// unverified: whether a hyphen has to be escaped.
const HYPHEN_IS_RESERVED = false

/** Takes `FIND {…}` off the search; the rest keeps its places. */
export function splitTerm(search: string): { term: string; at: number; rest: string } {
  const head = /^\s*FIND\s*\{/i.exec(search)
  if (head === null) throw noTerm()
  const at = head[0].length
  let end = at
  while (end < search.length && search[end] !== '}') end += search[end] === '\\' ? 2 : 1
  if (end >= search.length) throw noTerm()
  const term = search.slice(at, end)
  return { term, at, rest: ' '.repeat(end + 1) + search.slice(end + 1) }
}

/** AND, OR, AND NOT, parentheses, quoted phrases, `*` and `?`. Words side by side must all be there. */
export function compileTerm(term: string, at: number): TermTest {
  const tokens = tokensOf(term, at)
  if (tokens.length === 0) throw noTerm()
  const letters = tokens.filter(({ kind }) => kind === 'word').map(({ text }) => text.replace(/[*?\\]/g, ''))
  if (letters.every((text) => text.length < 2))
    throw new Fault(400, 'MALFORMED_SEARCH', `search term must be longer than one character: ${term}`)
  const parser = { tokens, next: 0 }
  const test = parseOr(parser)
  if (parser.next < tokens.length) throw broken(at, term[0] ?? '')
  return test
}

type TermToken = { kind: 'word' | 'and' | 'or' | 'not' | 'open' | 'close'; text: string }
type TermParser = { tokens: readonly TermToken[]; next: number }

const broken = (column: number, character: string): Fault =>
  new Fault(400, 'MALFORMED_SEARCH', `line 1:${column} mismatched character '${character}' expecting '}'`)

function tokensOf(term: string, at: number): TermToken[] {
  const tokens: TermToken[] = []
  const shape = /\s*(?:"((?:\\.|[^"\\])*)"|([()])|((?:\\.|[^\s()"])+))/gy
  for (let found = shape.exec(term); found !== null; found = shape.exec(term)) {
    const [, phrase, paren, word] = found
    if (phrase !== undefined) tokens.push({ kind: 'word', text: phrase })
    else if (paren !== undefined) tokens.push({ kind: paren === '(' ? 'open' : 'close', text: paren })
    else if (word !== undefined) {
      refuseReserved(word, at + shape.lastIndex - word.length)
      const kind = word === 'AND' ? 'and' : word === 'OR' ? 'or' : word === 'NOT' ? 'not' : 'word'
      tokens.push({ kind, text: word })
    }
  }
  return tokens
}

function refuseReserved(word: string, at: number): void {
  for (let i = 0; i < word.length; i += 1) {
    const character = word[i] ?? ''
    if (character === '\\') i += 1
    else if (RESERVED.has(character) || (HYPHEN_IS_RESERVED && character === '-')) throw broken(at + i, character)
  }
}

function parseOr(parser: TermParser): TermTest {
  const parts = [parseAnd(parser)]
  while (parser.tokens[parser.next]?.kind === 'or') {
    parser.next += 1
    parts.push(parseAnd(parser))
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : (fields) => parts.some((part) => part(fields))
}

function parseAnd(parser: TermParser): TermTest {
  const parts: TermTest[] = []
  for (;;) {
    const kind = parser.tokens[parser.next]?.kind
    if (kind === 'and') parser.next += 1
    else if (kind === 'not') {
      parser.next += 1
      const part = parseWord(parser)
      parts.push((fields) => !part(fields))
    } else if (kind === 'word' || kind === 'open') parts.push(parseWord(parser))
    else break
  }
  if (parts.length === 0) throw noTerm()
  return (fields) => parts.every((part) => part(fields))
}

function parseWord(parser: TermParser): TermTest {
  const token = parser.tokens[parser.next]
  parser.next += 1
  if (token?.kind === 'open') {
    const inner = parseOr(parser)
    if (parser.tokens[parser.next]?.kind !== 'close') throw noTerm()
    parser.next += 1
    return inner
  }
  if (token?.kind !== 'word') throw noTerm()
  const test = wordTest(token.text)
  return (fields) => fields.some(test)
}

/** Whole words, without regard to case; `*` is the rest of a word, `?` one character. */
function wordTest(text: string): WordTest {
  const source = text.replace(/\\(.)|([*?])|[\s\S]/g, (mark, escaped: string | undefined, wild: string | undefined) => {
    if (wild !== undefined) return wild === '*' ? '[^\\s]*' : '[^\\s]'
    return (escaped ?? mark).replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
  })
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}])`, 'iu')
  return (field) => pattern.test(field)
}
