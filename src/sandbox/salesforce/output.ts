/** Records as REST shows them: JSON with attributes and nested parents. Compiled once per query. */
import { addressOf } from './virtual.ts'
import { jsonText } from './text.ts'
import { readerOf } from './table.ts'
import type { Bound, Step } from './soql-bind.ts'
import type { Table } from './table.ts'

type Writer = (row: number) => string

/** One record's JSON text. `base` is `/services/data/vNN`. */
export function recordWriter(table: Table, columns: readonly Bound[], base: string): Writer {
  const members = writeMembers(table, columns, 0)
  const head = `{"attributes":{"type":"${table.object.name}","url":"${base}/sobjects/${table.object.name}/`
  const { ids } = table
  return (row) => `${head}${ids[row] ?? ''}"}${members(row, base)}}`
}

/** The members of columns that share their first `depth` steps, each with its leading comma. */
function writeMembers(table: Table, columns: readonly Bound[], depth: number): (row: number, base: string) => string {
  const parts: ((row: number, base: string) => string)[] = []
  const parents = new Map<string, { step: Step; columns: Bound[] }>()
  for (const column of columns) {
    const step = column.steps[depth]
    if (step === undefined) parts.push(member(table, column))
    else if (parents.has(step.name)) parents.get(step.name)?.columns.push(column)
    else {
      const group = { step, columns: [column] }
      parents.set(step.name, group)
      parts.push(parentMember(group, depth))
    }
  }
  return (row, base) => {
    let text = ''
    for (const part of parts) text += part(row, base)
    return text
  }
}

function member(table: Table, { field }: Bound): Writer {
  const key = `,"${field.name}":`
  if (field.type === 'address') {
    const address = addressOf(table.object, field, (part) => readerOf(table, part))
    return (row) => key + JSON.stringify(address(row))
  }
  const read = readerOf(table, field)
  const { type } = field
  return (row) => key + jsonText(type, read(row))
}

function parentMember(group: { step: Step; columns: Bound[] }, depth: number): (row: number, base: string) => string {
  const { step } = group
  let members: ((row: number, base: string) => string) | undefined
  const { name } = step.to.object
  return (row, base) => {
    // Compiled late: all columns of the group are known by then.
    members ??= writeMembers(step.to, group.columns, depth + 1)
    const parent = step.row(row)
    if (parent === undefined) return `,"${step.name}":null`
    const id = step.to.ids[parent] ?? ''
    return `,"${step.name}":{"attributes":{"type":"${name}","url":"${base}/sobjects/${name}/${id}"}${members(parent, base)}}`
  }
}
