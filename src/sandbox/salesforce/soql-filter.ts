/** Conditions, compiled to one predicate over rows (or over groups, for HAVING). */
import { Fault } from './fault.ts'
import { badField } from './soql-bind.ts'
import { caret } from './soql-lex.ts'
import { comparand } from './soql-comparand.ts'
import { isNumeric } from './column.ts'
import type { Cell } from './column.ts'
import type { Comparand } from './soql-comparand.ts'
import type { Condition, Path, Query } from './soql-ast.ts'
import type { FieldType } from './schema-object.ts'

/** What a comparison stands on: a field, or a function of one. */
export type Operand = { name: string; type: FieldType; filterable: boolean; caseSensitive: boolean; read: (row: number) => Cell }
export type Filtering = {
  query: Query
  now: number
  resolve: (path: Path, call: string | null) => Operand
  /** The values of a semi-join's inner query. */
  semi: (query: Query, at: number) => Set<string>
}
type Predicate = (row: number) => boolean

export function compileCondition(filtering: Filtering, condition: Condition): Predicate {
  switch (condition.kind) {
    case 'and': {
      const parts = condition.parts.map((part) => compileCondition(filtering, part))
      return (row) => parts.every((part) => part(row))
    }
    case 'or': {
      const parts = condition.parts.map((part) => compileCondition(filtering, part))
      return (row) => parts.some((part) => part(row))
    }
    case 'not': {
      const part = compileCondition(filtering, condition.part)
      return (row) => !part(row)
    }
    case 'compare':
      return compileComparison(filtering, condition)
    case 'in':
      return compileIn(filtering, condition)
    case 'includes':
      return compileIncludes(filtering, condition)
    case 'semi': {
      const { read } = operandOf(filtering, condition.path, null)
      const values = filtering.semi(condition.query, condition.at)
      return (row) => values.has(String(read(row))) !== condition.negated
    }
  }
}

function operandOf(filtering: Filtering, path: Path, call: string | null): Operand {
  const operand = filtering.resolve(path, call)
  if (!operand.filterable) throw badField(filtering.query, path.at, `field '${operand.name}' can not be filtered in a query call`)
  return operand
}

const fold = (operand: Operand, text: string): string => (operand.caseSensitive ? text : text.toLowerCase())

function compileComparison(filtering: Filtering, { path, call, operator, literal }: Extract<Condition, { kind: 'compare' }>): Predicate {
  const operand = operandOf(filtering, path, call)
  const { read } = operand
  if (operator === 'like') {
    if (
      literal.kind !== 'string' ||
      isNumeric(operand.type) ||
      operand.type === 'boolean' ||
      operand.type === 'id' ||
      operand.type === 'reference'
    ) {
      throw new Fault(
        400,
        'INVALID_QUERY_FILTER_OPERATOR',
        caret(filtering.query.text, path.at, `invalid operator on ${operand.type} field`),
      )
    }
    const pattern = likePattern(literal.text)
    return (row) => {
      const cell = read(row)
      return typeof cell === 'string' && pattern.test(cell)
    }
  }
  const wanted = comparand(filtering.query, operand, literal, filtering.now)
  if (operator === '=') return equals(operand, wanted)
  if (operator === '!=') {
    const same = equals(operand, wanted)
    return (row) => !same(row)
  }
  return ordered(operand, operator, wanted)
}

function equals(operand: Operand, wanted: Comparand): Predicate {
  const { read } = operand
  if (wanted === null) return operand.type === 'boolean' ? (row) => read(row) !== true : (row) => isEmpty(read(row))
  if (typeof wanted === 'object') {
    return (row) => {
      const cell = read(row)
      return typeof cell === 'number' && cell >= wanted.from && cell < wanted.to
    }
  }
  if (typeof wanted !== 'string') return (row) => read(row) === wanted
  if (wanted === '') return (row) => isEmpty(read(row))
  if (operand.type === 'id' || operand.type === 'reference') return (row) => read(row) === wanted
  const folded = fold(operand, wanted)
  const { length } = wanted
  return (row) => {
    const cell = read(row)
    // Lengths first: lower-casing a million e-mail addresses to compare one is what a scan must not do.
    return typeof cell === 'string' && cell.length === length && fold(operand, cell) === folded
  }
}

const isEmpty = (cell: Cell): boolean => cell === null || cell === ''

function ordered(operand: Operand, operator: '<' | '<=' | '>' | '>=', wanted: Comparand): Predicate {
  const { read } = operand
  if (wanted === null || typeof wanted === 'boolean') return () => false
  if (typeof wanted === 'string') {
    const folded = operand.type === 'id' || operand.type === 'reference' ? wanted : fold(operand, wanted)
    const test = comparator<string>(operator, folded)
    const keep = operand.type === 'id' || operand.type === 'reference' || operand.caseSensitive
    return (row) => {
      const cell = read(row)
      return typeof cell === 'string' && test(keep ? cell : cell.toLowerCase())
    }
  }
  // A date literal is a range: `<` means before it, `>` after it.
  const bound = typeof wanted === 'number' ? wanted : operator === '<' || operator === '>=' ? wanted.from : wanted.to - 1
  const test = comparator<number>(operator, bound)
  return (row) => {
    const cell = read(row)
    return typeof cell === 'number' && test(cell)
  }
}

function comparator<T extends string | number>(operator: '<' | '<=' | '>' | '>=', wanted: T): (value: T) => boolean {
  switch (operator) {
    case '<':
      return (value) => value < wanted
    case '<=':
      return (value) => value <= wanted
    case '>':
      return (value) => value > wanted
    case '>=':
      return (value) => value >= wanted
  }
}

function compileIn(filtering: Filtering, { path, negated, literals }: Extract<Condition, { kind: 'in' }>): Predicate {
  const operand = operandOf(filtering, path, null)
  const { read } = operand
  const exact = operand.type === 'id' || operand.type === 'reference' || operand.caseSensitive
  const values = new Set<Cell>()
  const ranges: Predicate[] = []
  for (const literal of literals) {
    const wanted = comparand(filtering.query, operand, literal, filtering.now)
    if (typeof wanted === 'object' && wanted !== null) ranges.push(equals(operand, wanted))
    else if (typeof wanted === 'string') values.add(wanted === '' ? null : exact ? wanted : wanted.toLowerCase())
    else values.add(wanted)
  }
  return (row) => {
    const cell = read(row)
    const key = typeof cell === 'string' && !exact ? cell.toLowerCase() : cell
    return (values.has(key) || ranges.some((range) => range(row))) !== negated
  }
}

/** INCLUDES ('A;B','C'): any of the lists whose values are all set. */
function compileIncludes(filtering: Filtering, { path, negated, literals }: Extract<Condition, { kind: 'includes' }>): Predicate {
  const operand = operandOf(filtering, path, null)
  if (operand.type !== 'multipicklist') {
    throw new Fault(
      400,
      'INVALID_QUERY_FILTER_OPERATOR',
      caret(filtering.query.text, path.at, 'invalid operator on non-multipicklist field'),
    )
  }
  const sets = literals.map((literal) => (literal.kind === 'string' ? literal.text.toLowerCase().split(';') : []))
  return (row) => {
    const cell = operand.read(row)
    const held = typeof cell === 'string' ? cell.toLowerCase().split(';') : []
    return sets.some((set) => set.every((value) => held.includes(value))) !== negated
  }
}

/** `%` any run, `_` one character, `\_` and `\%` themselves. */
function likePattern(text: string): RegExp {
  const source = text.replace(/\\(.)|[\s\S]/g, (mark, escaped: string | undefined) => {
    if (escaped !== undefined) return plain(escaped)
    if (mark === '%') return '[\\s\\S]*'
    return mark === '_' ? '[\\s\\S]' : plain(mark)
  })
  return new RegExp(`^${source}$`, 'i')
}

const plain = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
