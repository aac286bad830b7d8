/** Aggregate queries: GROUP BY, COUNT, COUNT_DISTINCT, MIN, MAX, SUM, AVG, HAVING. */
import { badField, bindPath } from './soql-bind.ts'
import { compileCondition } from './soql-filter.ts'
import { jsonValue } from './text.ts'
import { malformed } from './soql-lex.ts'
import type { Cell } from './column.ts'
import type { Bound, Scope } from './soql-bind.ts'
import type { FieldType } from './schema-object.ts'
import type { Path } from './soql-ast.ts'

type Aggregated = { kind: 'aggregate'; records: Record<string, unknown>[]; columns: string[] }
type Group = number[]
type Measure = { type: FieldType; of: (group: Group) => Cell }

export function aggregate(scope: Scope, rows: number[]): Aggregated {
  const { query } = scope
  const keys = query.groupBy.map((path) => bindPath(scope, path))
  let unnamed = 0
  const columns = query.select.map((item) => {
    if (item.kind === 'fields') throw malformed(query.text, item.at, 'The SOQL FIELDS function is not supported with GROUP BY')
    if (item.kind === 'call') {
      const name = item.alias ?? `expr${unnamed++}`
      return { name, ...measureOf(scope, item.name, item.path, item.at) }
    }
    const bound = bindPath(scope, item.path)
    if (!keys.some((key) => key.label === bound.label))
      throw malformed(query.text, item.path.at, `Field must be grouped or aggregated: ${bound.label}`)
    const { type } = bound.field
    return { name: item.alias ?? bound.field.name, type, of: (group: Group): Cell => bound.read(group[0] ?? 0) }
  })
  let groups = groupRows(rows, keys)
  if (query.having !== null) groups = having(scope, groups)
  const records = groups.map((group) => Object.fromEntries(columns.map(({ name, type, of }) => [name, jsonValue(type, of(group))])))
  const sorted = ordered(scope, records, columns)
  const shown = query.limit === null ? sorted : sorted.slice(0, query.limit)
  return { kind: 'aggregate', records: shown, columns: columns.map(({ name }) => name) }
}

function groupRows(rows: number[], keys: readonly Bound[]): Group[] {
  if (keys.length === 0) return [rows]
  const groups = new Map<string, Group>()
  for (const row of rows) {
    // Grouping ignores case, like comparison does.
    const key = JSON.stringify(keys.map(({ read }) => read(row))).toLowerCase()
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
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
        if (call !== null) {
          const { type, of } = measureOf(scope, call, path.names.length === 0 ? null : path, path.at)
          return { name: call, type, filterable: true, caseSensitive: false, read: (at) => of(groups[at] ?? []) }
        }
        const { field, read } = bindPath(scope, path)
        return { ...field, read: (at) => read(groups[at]?.[0] ?? 0) }
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
    if (name === 'COUNT') return { type: 'int', of: (group) => group.length }
    throw malformed(scope.query.text, at, `unexpected token: '${name}'`)
  }
  const { field, read } = bindPath(scope, path)
  const values = (group: Group): Exclude<Cell, null>[] => group.map(read).filter((cell) => cell !== null)
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
