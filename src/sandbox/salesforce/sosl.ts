/** SOSL: what is searched, where, and what is shown of it. Salesforce docs: SOSL syntax. */
import { bindFrom } from './soql-bind.ts'
import { compileTerm, splitTerm } from './sosl-term.ts'
import { lex, malformed } from './soql-lex.ts'
import { LIVE, readerOf } from './table.ts'
import { parseSoql } from './soql-parse.ts'
import { runQuery } from './soql-run.ts'
import { visibleFields } from './org.ts'
import { windowed } from './soql-match.ts'
import type { Field } from './schema-object.ts'
import type { Org } from './org.ts'
import type { QueryResult } from './soql-run.ts'
import type { Table } from './table.ts'
import type { TermTest } from './sosl-term.ts'
import type { Token } from './soql-lex.ts'

export type Scope = 'ALL' | 'EMAIL' | 'NAME' | 'PHONE' | 'SIDEBAR'
/** `soql` shows the found rows of one object: its fields, its further conditions, its window. */
export type Search = { term: TermTest; scope: Scope; returning: { soql: string; isBare: boolean }[]; limit: number }
export type Found = Extract<QueryResult, { kind: 'rows' }>

/** Salesforce docs: SOSL limits on search results; one bare object gives fewer. */
const MOST = 2_000
const MOST_BARE = 250
/** Searched where RETURNING names none. */
const SEARCHED = ['Account', 'Contact', 'Lead', 'Opportunity', 'Case', 'Campaign', 'Individual', 'Task', 'Event', 'Note', 'User']
const TEXTS: Readonly<Record<Scope, (field: Field) => boolean>> = {
  ALL: ({ type }) => ['string', 'textarea', 'email', 'phone', 'url', 'picklist', 'combobox'].includes(type),
  EMAIL: ({ type }) => type === 'email',
  NAME: ({ nameField, name }) => nameField || name === 'FirstName' || name === 'LastName',
  PHONE: ({ type }) => type === 'phone',
  SIDEBAR: ({ nameField, type }) => nameField || type === 'email' || type === 'phone',
}

export const bareReturning = (names: readonly string[] = SEARCHED): Search['returning'] =>
  names.map((name) => ({ soql: `SELECT Id FROM ${name}`, isBare: true }))

export function parseSosl(text: string): Search {
  const { term, at, rest } = splitTerm(text)
  const tokens = lex(rest)
  const search: Search = { term: compileTerm(term, at), scope: 'ALL', returning: [], limit: MOST }
  let next = 0
  const word = (): string => (tokens[next]?.text ?? '').toUpperCase()
  const refuse = (): never => {
    throw malformed(text, tokens[next]?.at ?? text.length, `unexpected token: '${tokens[next]?.text ?? ''}'`)
  }
  if (word() === 'IN') {
    const scope = (tokens[next + 1]?.text ?? '').toUpperCase()
    if (!(scope in TEXTS) || tokens[next + 2]?.text.toUpperCase() !== 'FIELDS') refuse()
    search.scope = scope as Scope
    next += 3
  }
  if (word() === 'RETURNING') {
    do {
      next += 1
      next = readReturning(text, tokens, next, search)
    } while (tokens[next]?.text === ',')
  } else search.returning = bareReturning()
  // WITH DATA CATEGORY, WITH HIGHLIGHT and the like: accepted, without effect.
  while (word() === 'WITH') {
    next += 2
    while (next < tokens.length - 1 && !['WITH', 'LIMIT', 'UPDATE'].includes(word())) next += 1
  }
  if (word() === 'LIMIT') {
    search.limit = Math.min(MOST, Number(tokens[next + 1]?.text))
    if (!Number.isInteger(search.limit)) refuse()
    next += 2
  }
  if (word() === 'UPDATE') next = tokens.length - 1
  if (tokens[next]?.kind !== 'end') refuse()
  return search
}

/** `Contact(Id, Email WHERE … ORDER BY … LIMIT 5)`; becomes a query of that object. */
function readReturning(text: string, tokens: readonly Token[], start: number, search: Search): number {
  const name = tokens[start]
  if (name?.kind !== 'name') throw malformed(text, name?.at ?? text.length, `unexpected token: '${name?.text ?? ''}'`)
  if (tokens[start + 1]?.text !== '(') {
    search.returning.push(...bareReturning([name.text]))
    return start + 1
  }
  let depth = 0
  let end = start + 1
  let clause: number | undefined
  for (; end < tokens.length; end += 1) {
    const token = tokens[end]
    if (token?.text === '(') depth += 1
    if (token?.text === ')') depth -= 1
    if (depth === 0) break
    if (depth === 1 && token?.kind === 'name' && /^(WHERE|ORDER|LIMIT|OFFSET|USING)$/i.test(token.text)) clause ??= token.at
  }
  const close = tokens[end]
  if (close === undefined) throw malformed(text, text.length, "expecting right parentheses, found '<EOF>'")
  const open = (tokens[start + 1]?.at ?? 0) + 1
  const fields = text.slice(open, clause ?? close.at).trim()
  const tail = clause === undefined ? '' : text.slice(clause, close.at)
  search.returning.push({ soql: `SELECT ${fields === '' ? 'Id' : fields} FROM ${name.text} ${tail}`, isBare: !/where|order/i.test(tail) })
  return end + 1
}

/** The found rows of each object, in the order of RETURNING. */
export function runSearch(org: Org, search: Search): Found[] {
  let left = search.limit
  return search.returning.map(({ soql, isBare }) => {
    const query = parseSoql(soql)
    const table = bindFrom(org.tables, query)
    const result = runQuery(org, org.tables, { ...query, limit: null, offset: null }, 'live')
    if (result.kind !== 'rows') throw malformed(soql, 0, 'aggregates are not allowed in a search')
    const matches = rowTest(org, table, search)
    const most = isBare && search.returning.length === 1 ? MOST_BARE : MOST
    const found: number[] = []
    for (const row of result.rows) {
      if (found.length >= Math.min(most, left)) break
      if (matches(row)) found.push(row)
    }
    const rows = windowed(query, found)
    left -= rows.length
    return { ...result, rows }
  })
}

/** The index lags behind: what was written just now is not found yet. */
function rowTest(org: Org, table: Table, { term, scope }: Search): (row: number) => boolean {
  const readers = visibleFields(org, table.object)
    .filter((field) => TEXTS[scope](field) && field.source === null)
    .map((field) => readerOf(table, field))
  const stamped = table.object.byName.get('systemmodstamp')
  const written = stamped === undefined ? () => null : readerOf(table, stamped)
  const indexedUpTo = org.clock.now() - org.switches.searchLagMs
  return (row) => {
    if (table.stages[row] !== LIVE) return false
    const texts: string[] = []
    for (const read of readers) {
      const cell = read(row)
      if (typeof cell === 'string') texts.push(cell)
    }
    return term(texts) && Number(written(row) ?? 0) <= indexedUpTo
  }
}
