/** /composite/tree/T: records with their children, made together or not at all. Salesforce docs: REST API, sObject Tree. */
import { createRecord } from './dml.ts'
import { Fault, notFound, recordError } from './fault.ts'
import { isObject, json, readJson } from './call.ts'
import { transaction } from './rehearse.ts'
import type { Call, Reply } from './call.ts'
import type { RecordError } from './fault.ts'
import type { Table } from './table.ts'

const LIMITS = { records: 200, depth: 5, types: 5 }

/** `link` is the field that points to the parent. */
type Node = {
  referenceId: string
  table: Table
  input: Record<string, unknown>
  parent: Node | null
  link: string | null
  depth: number
  id: string | null
}
type Result = { referenceId: string; id: string } | { referenceId: string; errors: readonly RecordError[] }

export function treeReply(call: Call, type: string | undefined): Reply {
  const root = call.org.tables.get(type?.toLowerCase() ?? '')
  if (root === undefined) throw notFound()
  const nodes = nodesOf(call, root, readJson(call).records)
  const refusal = shapeErrors(nodes)
  if (refusal.length > 0) return json(400, { hasErrors: true, results: refusal })
  const results = transaction(call.org, () => {
    const done = nodes.flatMap((node) => make(call, node))
    const failed = done.filter((result) => 'errors' in result)
    return failed.length === 0 ? { keep: true, value: done } : { keep: false, value: failed }
  })
  const hasErrors = results.some((result) => 'errors' in result)
  return json(hasErrors ? 400 : 201, { hasErrors, results })
}

/** Level by level, as the answer lists them. */
function nodesOf(call: Call, root: Table, records: unknown): Node[] {
  let level = listOf(records).map((record) => nodeOf(root, record, null, null))
  const nodes: Node[] = []
  while (level.length > 0) {
    if ((level[0]?.depth ?? 0) > LIMITS.depth) throw tooLarge(`${LIMITS.depth} levels`)
    nodes.push(...level)
    if (nodes.length > LIMITS.records) throw tooLarge(`${LIMITS.records} records`)
    level = level.flatMap((node) => childrenOf(call, node))
  }
  if (new Set(nodes.map(({ table }) => table)).size > LIMITS.types) throw tooLarge(`${LIMITS.types} types`)
  return nodes
}

/** unverified: the code of these limits. */
const tooLarge = (most: string): Fault => new Fault(400, 'LIMIT_EXCEEDED', `A tree may have at most ${most}`)

function listOf(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value) && value.every(isObject)) return value
  throw new Fault(400, 'JSON_PARSER_ERROR', 'records must be an array of objects at [line:1, column:1]')
}

function nodeOf(table: Table, record: Record<string, unknown>, parent: Node | null, link: string | null): Node {
  const { attributes, ...input } = record
  const { type, referenceId } = isObject(attributes) ? attributes : {}
  if (typeof type === 'string' && type.toLowerCase() !== table.object.name.toLowerCase())
    throw new Fault(400, 'INVALID_INPUT', `The type ${type} is not the type ${table.object.name} that its place in the tree asks for`)
  return {
    referenceId: typeof referenceId === 'string' ? referenceId : '',
    table,
    input,
    parent,
    link,
    depth: (parent?.depth ?? 0) + 1,
    id: null,
  }
}

/** Takes the child lists out of a node's input. */
function childrenOf(call: Call, node: Node): Node[] {
  return Object.entries(node.input).flatMap(([name, value]) => {
    if (!isObject(value) || !('records' in value)) return []
    delete node.input[name]
    const { child, link } = relationship(call, node.table, name)
    return listOf(value.records).map((record) => nodeOf(child, record, node, link))
  })
}

function relationship(call: Call, parent: Table, name: string): { child: Table; link: string } {
  for (const child of call.org.tables.values()) {
    const field = child.object.fields.find(
      (each) => each.childRelationshipName?.toLowerCase() === name.toLowerCase() && each.referenceTo.includes(parent.object.name),
    )
    if (field !== undefined) return { child, link: field.name }
  }
  throw new Fault(400, 'INVALID_FIELD', `No such relationship '${name}' on entity '${parent.object.name}'`)
}

function shapeErrors(nodes: readonly Node[]): Result[] {
  const seen = new Set<string>()
  return nodes.flatMap(({ referenceId }): Result[] => {
    const message =
      referenceId === ''
        ? 'Include a reference ID for each record in the request.'
        : seen.has(referenceId)
          ? 'Duplicate ReferenceId provided in the request.'
          : undefined
    seen.add(referenceId)
    return message === undefined ? [] : [{ referenceId, errors: [recordError('INVALID_INPUT', message)] }]
  })
}

/** A child of a record that failed is not tried. */
function make({ org }: Call, node: Node): Result[] {
  const { referenceId, table, input, parent, link } = node
  if (parent !== null && parent.id === null) return []
  const outcome = createRecord(org, table, link === null ? input : { ...input, [link]: parent?.id })
  if (!outcome.ok) return [{ referenceId, errors: outcome.errors }]
  node.id = outcome.id
  return [{ referenceId, id: outcome.id }]
}
