/** Aggregate queries: GROUP BY, COUNT, COUNT_DISTINCT, MIN, MAX, SUM, AVG, HAVING. */
import { badField, bindPath } from './soql-bind.ts'
import { compileCondition } from './soql-filter.ts'
import { jsonValue } from './text.ts'
import { functionOperand } from './soql-function.ts'
import { malformed } from './soql-lex.ts'
import { windowed } from './soql-match.ts'
import type { Cell } from './column.ts'
import type { Scope } from './soql-bind.ts'
import type { FieldType } from './schema-object.ts'
import type { GroupKey, Path, Query, Selected } from './soql-ast.ts'

type Aggregated = { kind: 'aggregate'; records: Record<string, unknown>[]; columns: string[] }
/** The rows of a group, and which of the keys it is grouped by: subtotals leave some out. */
type Group = { rows: number[]; by: ReadonlySet<number> }
type Measure = { type: FieldType; of: (group: Group) => Cell }
type Key = { label: string; type: FieldType; read: (row: number) => Cell }

export function aggregate(scope: Scope, rows: number[]): Aggregated {
  const { query } = scope
  const keys = query.groupBy.map((key) => keyOf(scope, key))
  let unnamed = 0
  const columns = query.select.map((item) => {
    if (item.kind === 'fields') throw malformed(query.text, item.at, 'The SOQL FIELDS function is not supported with GROUP BY')
    if (item.kind === 'child' || item.kind === 'typeof')
      throw malformed(query.text, item.kind === 'child' ? item.at : item.path.at, 'Grouped queries show no subqueries and no TYPEOF')
    if (item.kind === 'call') {
      const name = item.alias ?? `expr${unnamed++}`
      return { name, ...shownCall(scope, keys, item) }
    }
    const { field, label } = bindPath(scope, item.path)
    const at = keys.findIndex((key) => key.label === label)
    if (at < 0) throw malformed(query.text, item.path.at, `Field must be grouped or aggregated: ${label}`)
    return { name: item.alias ?? field.name, ...keyMeasure(keys, at) }
  })
  let groups = groupings(query.subtotals, keys.length).flatMap((by) => groupRows(rows, keys, by))
  if (query.having !== null) groups = having(scope, groups)
  const records = groups.map((group) => Object.fromEntries(columns.map(({ name, type, of }) => [name, jsonValue(type, of(group))])))
  const sorted = ordered(scope, records, columns)
  const shown = query.limit === null && query.offset === null ? sorted : windowed(query, sorted)
  return { kind: 'aggregate', records: shown, columns: columns.map(({ name }) => name) }
}

function keyOf(scope: Scope, { path, call }: GroupKey): Key {
  const { field, read, label } = bindPath(scope, path)
  if (call === null) return { label, type: field.type, read }
  const operand = functionOperand(scope.query, call, { ...field, read }, path.at)
  return { label: `${call}(${label})`, type: operand.type, read: operand.read }
}

function keyMeasure(keys: readonly Key[], at: number): Measure {
  const key = keys[at]
  return { type: key?.type ?? 'string', of: ({ rows, by }) => (by.has(at) && rows[0] !== undefined ? (key?.read(rows[0]) ?? null) : null) }
}

/** An aggregate, a function that rows are grouped by, or GROUPING(), which tells a subtotal from a null. */
function shownCall(scope: Scope, keys: readonly Key[], { name, path, at }: Extract<Selected, { kind: 'call' }>): Measure {
  if (path !== null && (name === 'GROUPING' || !MEASURES.has(name))) {
    const { label } = bindPath(scope, path)
    const wanted = name === 'GROUPING' ? label : `${name}(${label})`
    const place = keys.findIndex((key) => key.label === wanted)
    if (place < 0) throw malformed(scope.query.text, at, `Field must be grouped or aggregated: ${wanted}`)
    return name === 'GROUPING' ? { type: 'int', of: ({ by }) => (by.has(place) ? 0 : 1) } : keyMeasure(keys, place)
  }
  return measureOf(scope, name, path, at)
}

const MEASURES = new Set(['COUNT', 'COUNT_DISTINCT', 'MIN', 'MAX', 'SUM', 'AVG'])

/** Which keys each round of grouping uses: all, every beginning of them (ROLLUP), or every choice of them (CUBE). */
function groupings(subtotals: Query['subtotals'], count: number): ReadonlySet<number>[] {
  const all = Array.from({ length: count }, (_, at) => at)
  if (subtotals === 'none') return [new Set(all)]
  if (subtotals === 'rollup') return [...all, count].toReversed().map((length) => new Set(all.slice(0, length)))
  return Array.from({ length: 2 ** count }, (_, choice) => new Set(all.filter((at) => (choice & (1 << at)) === 0)))
}

function groupRows(rows: number[], keys: readonly Key[], by: ReadonlySet<number>): Group[] {
  if (by.size === 0) return [{ rows, by }]
  const groups = new Map<string, Group>()
  for (const row of rows) {
    // Grouping ignores case, like comparison does.
    const key = JSON.stringify(keys.map(({ read }, at) => (by.has(at) ? read(row) : null))).toLowerCase()
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { rows: [row], by })
    else group.rows.push(row)
  }
  return [...groups.values()]
}

/** Groups are numbered so that the one predicate compiler serves rows and groups alike. */
function having(scope: Scope, groups: Group[]): Group[] {
  const { query, now } = scope
  if (query.having === null) return groups
  const test = compileCondition(
    {
      query,
      now,
      resolve(path, call) {
        const none: Group = { rows: [], by: new Set() }
        if (call !== null && MEASURES.has(call)) {
          const { type, of } = measureOf(scope, call, path.names.length === 0 ? null : path, path.at)
          return { name: call, type, filterable: true, caseSensitive: false, read: (at) => of(groups[at] ?? none) }
        }
        const { label, type, read } = keyOf(scope, { path, call })
        return { name: label, type, filterable: true, caseSensitive: false, read: (at) => read(groups[at]?.rows[0] ?? 0) }
      },
      semi: (_, at) => {
        throw malformed(query.text, at, 'semi joins are not allowed in HAVING')
      },
    },
    query.having,
  )
  return groups.filter((_, at) => test(at))
}

function measureOf(scope: Scope, name: string, path: Path | null, at: number): Measure {
  if (path === null) {
    if (name === 'COUNT') return { type: 'int', of: ({ rows }) => rows.length }
    throw malformed(scope.query.text, at, `unexpected token: '${name}'`)
  }
  const { field, read } = bindPath(scope, path)
  const values = ({ rows }: Group): Exclude<Cell, null>[] => rows.map(read).filter((cell) => cell !== null)
  const total = (group: Group): number => values(group).reduce<number>((sum, cell) => sum + Number(cell), 0)
  switch (name) {
    case 'COUNT':
      return { type: 'int', of: (group) => values(group).length }
    case 'COUNT_DISTINCT':
      return { type: 'int', of: (group) => new Set(values(group).map((cell) => String(cell).toLowerCase())).size }
    case 'MIN':
      return { type: field.type, of: (group) => extreme(values(group), -1) }
    case 'MAX':
      return { type: field.type, of: (group) => extreme(values(group), 1) }
    case 'SUM':
    case 'AVG': {
      if (!['int', 'double', 'currency', 'percent'].includes(field.type))
        throw badField(scope.query, at, `field ${field.name} does not support aggregate operator ${name}`)
      return {
        type: 'double',
        of: (group) => (values(group).length === 0 ? null : name === 'SUM' ? total(group) : total(group) / values(group).length),
      }
    }
    default:
      throw malformed(scope.query.text, at, `unknown function: ${name}`)
  }
}

function extreme(values: Exclude<Cell, null>[], sign: 1 | -1): Cell {
  let best: Cell = null
  for (const value of values) if (best === null || (sign > 0 ? value > best : value < best)) best = value
  return best
}

function ordered(scope: Scope, records: Record<string, unknown>[], columns: readonly { name: string }[]): Record<string, unknown>[] {
  const { orderBy, text } = scope.query
  return records.toSorted((a, b) => {
    for (const { path, call, descending } of orderBy) {
      const index = scope.query.select.findIndex(
        (item) =>
          (call === null ? item.kind === 'field' : item.kind === 'call' && item.name === call) &&
          'path' in item &&
          (item.path?.text ?? '').toLowerCase() === path.text.toLowerCase(),
      )
      const name = columns[index]?.name ?? columns.find((column) => column.name.toLowerCase() === path.text.toLowerCase())?.name
      if (name === undefined) throw malformed(text, path.at, `Ordered field must be grouped or aggregated: ${path.text}`)
      const [left, right] = [a[name] ?? '', b[name] ?? ''] as [string | number, string | number]
      if (left !== right) return (left < right ? -1 : 1) * (descending ? -1 : 1)
    }
    return 0
  })
}
