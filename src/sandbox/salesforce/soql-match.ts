/** Which rows a query means: conditions, the index that narrows them, the window of LIMIT and OFFSET. */
import { bindPath } from './soql-bind.ts'
import { checkJoins, semiJoin } from './soql-join.ts'
import { compileCondition } from './soql-filter.ts'
import { functionOperand } from './soql-function.ts'
import { GONE, LIVE, lookupRows } from './table.ts'
import { malformed } from './soql-lex.ts'
import { parseId } from './ids.ts'
import type { Bound, Scope } from './soql-bind.ts'
import type { Condition, Query } from './soql-ast.ts'
import type { Filtering, Operand } from './soql-filter.ts'
import type { Table } from './table.ts'

/** `all` also shows rows in the bin. */
export type Visibility = 'live' | 'all'

export function shownRows({ stages }: Table, visibility: Visibility): (row: number) => boolean {
  return visibility === 'live' ? (row) => stages[row] === LIVE : (row) => stages[row] !== GONE
}

export function windowed<T>(query: Query, rows: T[]): T[] {
  const from = query.offset?.count ?? 0
  if (from === 0 && query.limit === null) return rows
  return rows.slice(from, query.limit === null ? undefined : from + query.limit)
}

/** The test of WHERE and USING SCOPE. */
export function matches(scope: Scope): (row: number) => boolean {
  const { where, scope: scoped } = scope.query
  const test = where === null ? () => true : compileCondition(filteringOf(scope), where)
  if (scoped === null || scoped === 'everything' || scoped === 'all') return test
  if (scoped !== 'mine') throw malformed(scope.query.text, scope.query.from.at, `Unsupported scope: ${scoped}`)
  const { read } = bindPath(scope, { text: 'OwnerId', names: ['OwnerId'], at: scope.query.from.at })
  return (row) => read(row) === scope.org.userId && test(row)
}

export function matching(scope: Scope, visibility: Visibility): number[] {
  const { table, query } = scope
  checkJoins(query)
  requireLinkFilter(scope)
  const test = matches(scope)
  const isShown = shownRows(table, visibility)
  const rows: number[] = []
  const candidates = candidatesOf(scope, query.where)
  if (candidates !== undefined) {
    for (const row of [...new Set(candidates)].toSorted((a, b) => a - b)) if (isShown(row) && test(row)) rows.push(row)
    return rows
  }
  for (let row = 0; row < table.stages.length; row += 1) if (isShown(row) && test(row)) rows.push(row)
  return rows
}

function filteringOf(scope: Scope): Filtering {
  return {
    query: scope.query,
    now: scope.now,
    resolve: (path, call): Operand => {
      const { field, read } = bindPath(scope, path)
      const plain = {
        name: field.name,
        type: field.type,
        filterable: field.filterable && field.type !== 'address' && field.type !== 'base64',
        caseSensitive: field.caseSensitive,
        read,
      }
      return call === null ? plain : functionOperand(scope.query, call, plain, path.at)
    },
    semi: (query, at) => semiJoin(scope, query, at),
  }
}

/** Salesforce docs: ContentDocumentLink; since API 59 a permission lifts this. */
function requireLinkFilter({ table, query }: Scope): void {
  if (table.object.name !== 'ContentDocumentLink' || isLinkFilter(query.where)) return
  const rule =
    "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN operator."
  throw malformed(query.text, query.from.at, rule)
}

function isLinkFilter(condition: Condition | null): boolean {
  if (condition?.kind === 'and') return condition.parts.some(isLinkFilter)
  if (condition?.kind !== 'compare' && condition?.kind !== 'in' && condition?.kind !== 'semi') return false
  const isPlain = condition.kind === 'compare' ? condition.operator === '=' : !condition.negated
  return isPlain && /^(?:\w+\.)?(?:Id|ContentDocumentId|LinkedEntityId)$/i.test(condition.path.text)
}

/** Row numbers an id, a reference or an idLookup condition narrows the scan to; undefined means all. The predicate still has the last word. */
function candidatesOf(scope: Scope, condition: Condition | null): number[] | undefined {
  if (condition === null) return undefined
  if (condition.kind === 'and') {
    for (const part of condition.parts) {
      const found = candidatesOf(scope, part)
      if (found !== undefined) return found
    }
    return undefined
  }
  const literals =
    condition.kind === 'in' && !condition.negated
      ? condition.literals
      : condition.kind === 'compare' && condition.operator === '=' && condition.call === null
        ? [condition.literal]
        : undefined
  if (literals === undefined || (condition.kind !== 'in' && condition.kind !== 'compare')) return undefined
  if (!literals.every((literal) => literal.kind === 'string' && literal.text !== '')) return undefined
  const { field, steps } = bindPath(scope, condition.path)
  if (steps.length > 0 || field.source !== null || !isIndexed(field)) return undefined
  return literals.flatMap((literal) => (literal.kind === 'string' ? rowsOf(scope.table, field, literal.text) : []))
}

/** The first indexed field that WHERE pins down, for the plan of a query. */
export function candidateField(table: Table, condition: Condition | null): string | null {
  if (condition?.kind === 'and') return condition.parts.map((part) => candidateField(table, part)).find((name) => name !== null) ?? null
  if (condition?.kind !== 'compare' && condition?.kind !== 'in') return null
  const field = table.object.byName.get(condition.path.text.toLowerCase())
  return field !== undefined && isIndexed(field) ? field.name : null
}

/** Not what points to users: an owner of a million rows narrows nothing. */
const isIndexed = (field: Bound['field']): boolean =>
  field.idLookup || field.externalId || (field.type === 'reference' && !field.referenceTo.includes('User'))

function rowsOf(table: Table, field: Bound['field'], text: string): readonly number[] {
  const key = field.type === 'id' || field.type === 'reference' ? (parseId(text) ?? '') : text
  if (field.type !== 'id') return lookupRows(table, field, key)
  const row = table.rows.get(key)
  return row === undefined ? [] : [row]
}
