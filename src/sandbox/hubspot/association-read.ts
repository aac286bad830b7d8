import { liveId, pairIn, tableIn } from './association-input.ts'
import { associated } from './associations.ts'
import type { Linked } from './associations.ts'
import type { AssociationType } from './association-type.ts'
import { listParam, numberParam } from './call.ts'
import type { Answer, Call } from './call.ts'
import { invalidRequest, notFound } from './errors.ts'
import { instant } from './instant.ts'
import { nextPage } from './next-page.ts'
import type { Portal } from './portal.ts'
import { batchItems } from './batch-input.ts'
import { survivor } from './records.ts'
import type { ObjectTable } from './table.ts'
import { requireScope } from './tokens.ts'

/** Source: HubSpot docs, "Associations v4". */
const PAGE_MOST = 500
const BATCH_READ_MOST = 1000
/** unverified: how many associations of a record come with the record itself. */
const WITH_RECORD_MOST = 100

type Form = (linked: Linked) => Record<string, unknown>[]

/** One entry an associated record, with all types. */
const LABELLED: Form = ({ id, types }) => [{ toObjectId: id, associationTypes: types.map(wireType) }]
/** One entry a record and type. */
const NAMED: Form = ({ id, types }) => types.map(({ name }) => ({ id: String(id), type: name }))

export function wireType({ category, typeId, label }: AssociationType): Record<string, unknown> {
  return { category, typeId, label }
}

/** GET /crm/v4/objects/{type}/{id}/associations/{to} */
export function listLabelled(from: ObjectTable, call: Call): Answer {
  return listOf(from, call, LABELLED)
}

/** GET /crm/v3/objects/{type}/{id}/associations/{to}, the older shape. */
export function listNamed(from: ObjectTable, call: Call): Answer {
  return listOf(from, call, NAMED)
}

function listOf(from: ObjectTable, call: Call, form: Form): Answer {
  const [idText, toName] = call.parts as [string, string]
  const to = tableIn(from.portal, toName)
  requireScope(call.token, ...to.kind.scopes.read)
  const id = liveId(from, idText)
  if (id === undefined) throw notFound()
  const limit = numberParam(call.query, 'limit', PAGE_MOST, PAGE_MOST)
  const { linked, next } = pageOf(from, id, to, cursor(call.query.get('after')), limit)
  const paging = next === undefined ? {} : nextPage(from.portal, call, next)
  return { status: 200, body: { results: linked.flatMap(form), ...paging } }
}

function cursor(after: string | null): number {
  if (after === null || after === '') return 0
  if (!/^\d{1,15}$/.test(after)) throw invalidRequest('Invalid value for query parameter after: the cursor of an earlier page is expected')
  return Number(after)
}

/** Associated records from an id on; `next` is the id the following page begins with. */
function pageOf(
  from: ObjectTable,
  id: number,
  to: ObjectTable,
  first: number,
  limit: number,
): { linked: Linked[]; next: string | undefined } {
  const linked = associated(from, id, to, first, limit + 1)
  const over = linked[limit]
  return { linked: linked.slice(0, limit), next: over === undefined ? undefined : String(over.id) }
}

/** POST /crm/v4/associations/{from}/{to}/batch/read: a record without associations is an error of the batch. */
export function batchReadLabelled(portal: Portal, call: Call): Answer {
  return batchReadOf(portal, call, LABELLED)
}

/** POST /crm/v3/associations/{from}/{to}/batch/read */
export function batchReadNamed(portal: Portal, call: Call): Answer {
  return batchReadOf(portal, call, NAMED)
}

function batchReadOf(portal: Portal, call: Call, form: Form): Answer {
  const [from, to] = pairIn(portal, call, call.parts[0]!, call.parts[1]!, 'read')
  const startedAt = instant(portal.clock.now())
  const results: Record<string, unknown>[] = []
  const errors: Record<string, unknown>[] = []
  for (const input of batchItems(call, BATCH_READ_MOST)) {
    const text = String(input.id)
    const id = liveId(from, text)
    const after = typeof input.after === 'string' || typeof input.after === 'number' ? cursor(String(input.after)) : 0
    const page = id === undefined ? undefined : pageOf(from, id, to, after, PAGE_MOST)
    if (page === undefined || page.linked.length === 0) errors.push(nothingAssociated(from, text, to))
    else results.push({ from: { id: text }, to: page.linked.flatMap(form), ...nextOf(portal, call, from, text, to, page.next) })
  }
  return associationBatch(portal, call, 200, results, errors, startedAt)
}

function nextOf(portal: Portal, call: Call, from: ObjectTable, id: string, to: ObjectTable, next: string | undefined): object {
  if (next === undefined) return {}
  const path = `/crm/v4/objects/${from.kind.typeId}/${encodeURIComponent(id)}/associations/${to.kind.typeId}`
  return nextPage(portal, { ...call, target: path }, next)
}

/** Seen on the live API. */
function nothingAssociated(from: ObjectTable, id: string, to: ObjectTable): Record<string, unknown> {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${to.kind.singular} is associated with ${from.kind.singular} ${id.slice(0, 40)}.`,
    context: { fromObjectId: [id], fromObjectType: [from.kind.singular], toObjectType: [to.kind.singular] },
  }
}

/** The envelope of association batches; 2026-09 tells errors without 207. */
export function associationBatch(
  portal: Portal,
  call: Call,
  status: number,
  results: unknown[],
  errors: unknown[],
  startedAt: string,
): Answer {
  const body = { status: 'COMPLETE', results, startedAt, completedAt: instant(portal.clock.now()) }
  if (errors.length === 0) return { status, body }
  return { status: call.dialect === '2026-09' ? status : 207, body: { ...body, numErrors: errors.length, errors } }
}

/** The tables that `associations` of a read names; throws the 400 of a type that is not there. */
export function askedAssociations(table: ObjectTable, call: Call): ObjectTable[] {
  const names = listParam(call.query, 'associations')
  return names.length === 0 ? [] : [...new Set(names.map((name) => tableIn(table.portal, name)))]
}

/** The `associations` member of one record, with the comma before it; nothing when it has none. */
export function associationsMember(table: ObjectTable, call: Call, id: number, asked: readonly ObjectTable[]): string {
  const member: Record<string, unknown> = {}
  for (const to of asked) {
    const { linked, next } = pageOf(table, id, to, 0, WITH_RECORD_MOST)
    if (linked.length === 0) continue
    const path = `/crm/v3/objects/${table.kind.name}/${id}/associations/${to.kind.name}`
    const paging = next === undefined ? {} : nextPage(table.portal, { ...call, target: path }, next)
    member[to.kind.name] = { results: linked.flatMap(NAMED), ...paging }
  }
  return Object.keys(member).length === 0 ? '' : `,"associations":${JSON.stringify(member)}`
}

/** `associations.contact` in a search: the id of the record something must be associated with. */
export function associatedWith(table: ObjectTable, name: string, value: unknown): (id: number) => boolean {
  const other = tableIn(table.portal, name)
  if (!/^\d{1,15}$/.test(String(value))) throw invalidRequest(`associations.${name} needs the id of a record`)
  const otherId = survivor(other, Number(value))
  const ids = new Set(associated(other, otherId, table).map((linked) => linked.id))
  return (id) => ids.has(id)
}
