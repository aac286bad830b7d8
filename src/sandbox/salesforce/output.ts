/** Records as REST shows them: JSON with attributes, nested parents and child lists. Compiled once per query. */
import { addressOf } from './virtual.ts'
import { jsonText } from './text.ts'
import { placeOf } from './soql-bind.ts'
import { readerOf } from './table.ts'
import type { Bound, Step } from './soql-bind.ts'
import type { Children, Kinds } from './soql-run.ts'
import type { Table } from './table.ts'

type Writer = (row: number) => string
/** `cellText`: how a value is written. */
type Form = { base: string; cellText: typeof jsonText }
/** Writes the list of a parent's children; it may have to open a cursor for the rest of a long one. */
export type ChildList = (rows: readonly number[], write: Writer) => string

type Nested = { children: readonly Children[]; kinds: readonly Kinds[]; list: ChildList }
const flat: Nested = { children: [], kinds: [], list: () => '' }

/** One record's JSON text. `base` is `/services/data/vNN`. */
export function recordWriter(table: Table, columns: readonly Bound[], base: string, more: Nested = flat, cellText = jsonText): Writer {
  const form: Form = { base, cellText }
  const members = writeMembers(columns, 0, form)
  const head = `{"attributes":{"type":"${table.object.name}","url":"${base}/sobjects/${table.object.name}/`
  const { ids } = table
  if (more.children.length === 0 && more.kinds.length === 0) return (row) => `${head}${ids[row] ?? ''}"}${members(row)}}`
  const kinds = more.kinds.map((each) => kindMember(each, form))
  const children = more.children.map((each) => childMember(each, base, more.list))
  return (row) => {
    let text = `${head}${ids[row] ?? ''}"}${members(row)}`
    for (const part of kinds) text += part(row)
    for (const part of children) text += part(row)
    return `${text}}`
  }
}

/** The members of columns that share their first `depth` steps, each with its leading comma. */
function writeMembers(columns: readonly Bound[], depth: number, form: Form): Writer {
  const parts: Writer[] = []
  const parents = new Map<string, { step: Step; columns: Bound[] }>()
  for (const column of columns) {
    const step = column.steps[depth]
    if (step === undefined) parts.push(member(column, form))
    else if (parents.has(step.name)) parents.get(step.name)?.columns.push(column)
    else {
      const group = { step, columns: [column] }
      parents.set(step.name, group)
      parts.push(parentMember(group, depth, form))
    }
  }
  return (row) => {
    let text = ''
    for (const part of parts) text += part(row)
    return text
  }
}

function member({ field, key: name, own, table }: Bound, { base, cellText }: Form): Writer {
  const key = `,"${name}":`
  if (field.type === 'base64') {
    const path = `${base}/sobjects/${table.object.name}`
    return (row) => key + (own(row) === null ? 'null' : `"${path}/${table.ids[row] ?? ''}/${field.name}"`)
  }
  if (field.type === 'address') {
    const address = addressOf(table.object, field, (part) => readerOf(table, part))
    return (row) => key + JSON.stringify(address(row))
  }
  const { type } = field
  return (row) => key + cellText(type, own(row))
}

function parentMember(group: { step: Step; columns: Bound[] }, depth: number, form: Form): Writer {
  const { step } = group
  let members: Writer | undefined
  return (row) => {
    // Compiled late: all columns of the group are known by then.
    members ??= writeMembers(group.columns, depth + 1, form)
    const parent = step.row(row)
    const place = parent === undefined ? undefined : placeOf(step, parent)
    if (parent === undefined || place === undefined) return `,"${step.name}":null`
    return `,"${step.name}":{${attributes(step.type, place, form)}${members(parent)}}`
  }
}

function attributes(type: string | null, { table, row }: { table: Table; row: number }, { base }: Form): string {
  const { name } = table.object
  return `"attributes":{"type":"${type ?? name}","url":"${base}/sobjects/${name}/${table.ids[row] ?? ''}"}`
}

/** TYPEOF: the parent with the columns that its own object was given. */
function kindMember({ step, columnsOf }: Kinds, form: Form): Writer {
  const writers = new Map<Table, Writer>()
  return (row) => {
    const parent = step.row(row)
    const place = parent === undefined ? undefined : placeOf(step, parent)
    if (place === undefined) return `,"${step.name}":null`
    let writer = writers.get(place.table)
    if (writer === undefined) {
      writer = writeMembers(columnsOf(place.table), 0, form)
      writers.set(place.table, writer)
    }
    return `,"${step.name}":{${attributes(null, place, form)}${writer(place.row)}}`
  }
}

function childMember(child: Children, base: string, list: ChildList): Writer {
  const write = recordWriter(child.table, child.columns, base, { children: child.children, kinds: child.kinds, list })
  return (row) => {
    const rows = child.rowsOf(row)
    return `,"${child.name}":${rows.length === 0 ? 'null' : list(rows, write)}`
  }
}
