import { isObject } from './call.ts'
import { invalidRequest } from './errors.ts'
import { compileProperty } from './list-property.ts'
import type { RecordTest } from './list-property.ts'
import type { RecordList, FilterBranch } from './list.ts'
import type { Portal } from './portal.ts'
import { effective, preferenceOf } from './preferences.ts'
import type { State } from './subscription.ts'
import type { ObjectTable } from './table.ts'

/** The deepest tree and the most filters that a list takes here. unverified: the vendor's own limits. */
const DEEPEST = 10
const FILTERS_MOST = 250

/** Checks the tree of a list: an OR of ANDs. Throws the 400 that applies. */
export function checkBranch(table: ObjectTable, branch: unknown, listId?: number): FilterBranch {
  if (!isObject(branch)) throw invalidRequest('filterBranch must be an object')
  const tree = branch as FilterBranch
  const children = tree.filterBranches
  if (tree.filterBranchType !== 'OR') throw invalidRequest('The root filter branch must be an OR branch')
  if (Array.isArray(tree.filters) && tree.filters.length > 0) throw invalidRequest('The root OR branch holds AND branches, no filters')
  if (!Array.isArray(children) || children.length === 0 || children.some((child) => !isObject(child) || child.filterBranchType !== 'AND')) {
    throw invalidRequest('The root OR branch needs at least one AND branch')
  }
  compileBranch(table, tree, () => false)
  if (listId !== undefined && leadsTo(table.portal, tree, listId, new Set())) throw invalidRequest('A list cannot be filtered by itself')
  return tree
}

/** Whether a list holds a record. */
export type Membership = (list: RecordList, id: number) => boolean
type Setting = { table: ObjectTable; holds: Membership; filters: number }

export function compileBranch(table: ObjectTable, branch: FilterBranch, holds: Membership): RecordTest {
  return compile({ table, holds, filters: 0 }, branch, 0)
}

function compile(setting: Setting, branch: Record<string, unknown>, depth: number): RecordTest {
  const { filterBranchType: type, filterBranches = [], filters = [] } = branch
  if (depth > DEEPEST) throw invalidRequest('The filter branches are nested too deeply')
  if (!Array.isArray(filterBranches) || !Array.isArray(filters) || ![...filterBranches, ...filters].every(isObject)) {
    throw invalidRequest('filterBranches and filters must be arrays of objects')
  }
  setting.filters += filters.length
  if (setting.filters > FILTERS_MOST) throw invalidRequest('The list has too many filters')
  const tests = [
    ...filterBranches.map((child: Record<string, unknown>) => compile(setting, child, depth + 1)),
    ...filters.map((filter: Record<string, unknown>) => compileFilter(setting, filter)),
  ]
  switch (type) {
    case 'OR':
      return (record) => tests.some((test) => test(record))
    case 'AND':
      return (record) => tests.every((test) => test(record))
    case 'NOT_ALL':
      return (record) => !tests.every((test) => test(record))
    case 'NOT_ANY':
      return (record) => !tests.some((test) => test(record))
    default:
      throw invalidRequest(`The filter branch type ${String(type).slice(0, 60)} is not supported`)
  }
}

function compileFilter({ table, holds }: Setting, filter: Record<string, unknown>): RecordTest {
  const { portal, kind } = table
  if (kind.name !== 'contacts' && ABOUT_PEOPLE.has(String(filter.filterType))) {
    throw invalidRequest(`The filter type ${String(filter.filterType)} is for contacts only`)
  }
  switch (filter.filterType) {
    case 'PROPERTY':
      return compileProperty(table, filter)
    case 'EMAIL_SUBSCRIPTION':
      return compileSubscription(portal, filter, filter.acceptedStatuses)
    case 'COMMUNICATION_SUBSCRIPTION':
      return compileSubscription(portal, filter, filter.acceptedOptStates)
    case 'FORM_SUBMISSION':
      return compileSubmission(portal, filter)
    case 'IN_LIST':
      return compileInList(table, filter, holds)
    case 'CONSTANT':
      return () => filter.shouldAccept === true
    default:
      throw invalidRequest(`The filter type ${String(filter.filterType).slice(0, 60)} is not supported`)
  }
}

const ABOUT_PEOPLE = new Set(['EMAIL_SUBSCRIPTION', 'COMMUNICATION_SUBSCRIPTION', 'FORM_SUBMISSION'])

/** Both vocabularies that filters of subscriptions use. */
const ACCEPTED: Record<string, State> = {
  SUBSCRIBED: 'SUBSCRIBED',
  OPT_IN: 'SUBSCRIBED',
  OPTED_IN: 'SUBSCRIBED',
  UNSUBSCRIBED: 'UNSUBSCRIBED',
  OPT_OUT: 'UNSUBSCRIBED',
  OPTED_OUT: 'UNSUBSCRIBED',
  NOT_SPECIFIED: 'NOT_SPECIFIED',
  NOT_OPTED: 'NOT_SPECIFIED',
  UNKNOWN: 'NOT_SPECIFIED',
}

/** True for whoever has one of the states for one of the kinds; without kinds, for any of them. */
function compileSubscription(portal: Portal, filter: Record<string, unknown>, accepted: unknown): RecordTest {
  const states = new Set((Array.isArray(accepted) ? accepted : []).map((state) => ACCEPTED[String(state)]))
  if (states.size === 0 || states.has(undefined)) throw invalidRequest('The filter needs states of subscriptions')
  const asked = (Array.isArray(filter.subscriptionIds) ? filter.subscriptionIds : []).map(String)
  const { definitions } = portal.marketing
  const unknown = asked.find((id) => !definitions.some((known) => String(known.id) === id))
  if (unknown !== undefined) throw invalidRequest(`Subscription type ${unknown.slice(0, 40)} does not exist`)
  return (record) => {
    const email = record.value('email')?.toLowerCase()
    if (email === undefined) return false
    const preference = preferenceOf(portal, email)
    const kinds = portal.marketing.definitions.filter(({ id }) => asked.length === 0 || asked.includes(String(id)))
    return kinds.some((definition) => states.has(effective(preference, definition).status))
  }
}

function compileSubmission(portal: Portal, { formId, operator, pruningRefineBy, coalescingRefineBy }: Record<string, unknown>): RecordTest {
  if (operator !== 'FILLED_OUT' && operator !== 'NOT_FILLED_OUT') throw invalidRequest(`Invalid operator: ${String(operator).slice(0, 60)}`)
  if (isObject(pruningRefineBy) || isObject(coalescingRefineBy)) throw invalidRequest('Refining form submissions is not supported')
  const id = formId === undefined || formId === null ? undefined : String(formId).toLowerCase()
  if (id !== undefined && !portal.marketing.forms.has(id)) throw invalidRequest(`Form ${id.slice(0, 60)} does not exist`)
  let senders: { of: unknown; count: number; emails: Set<string> } | undefined
  return (record) => {
    const { submissions } = portal.marketing
    if (senders?.of !== submissions || senders.count !== submissions.length) {
      const sent = submissions.filter((one) => one.email !== null && (id === undefined || one.formId === id))
      senders = { of: submissions, count: submissions.length, emails: new Set(sent.map(({ email }) => email!)) }
    }
    return senders.emails.has(record.value('email')?.toLowerCase() ?? '') === (operator === 'FILLED_OUT')
  }
}

function compileInList({ portal, kind }: ObjectTable, { listId, operator }: Record<string, unknown>, holds: Membership): RecordTest {
  if (operator !== 'IN_LIST' && operator !== 'NOT_IN_LIST') throw invalidRequest(`Invalid operator: ${String(operator).slice(0, 60)}`)
  const list = portal.marketing.lists.get(Number(listId))
  if (list === undefined || list.deletedAt !== null || list.objectTypeId !== kind.typeId)
    throw invalidRequest(`List ${String(listId).slice(0, 40)} does not exist`)
  return (record) => {
    const other = portal.marketing.lists.get(list.id)
    return (other !== undefined && holds(other, record.id)) === (operator === 'IN_LIST')
  }
}

/** Whether a tree looks at a list, directly or through other lists. */
function leadsTo(portal: Portal, tree: unknown, listId: number, seen: Set<number>): boolean {
  return referred(tree).some((id) => {
    if (id === listId) return true
    if (seen.has(id)) return false
    seen.add(id)
    return leadsTo(portal, portal.marketing.lists.get(id)?.filterBranch, listId, seen)
  })
}

function referred(tree: unknown): number[] {
  if (Array.isArray(tree)) return tree.flatMap(referred)
  if (!isObject(tree)) return []
  return [...(tree.filterType === 'IN_LIST' ? [Number(tree.listId)] : []), ...Object.values(tree).flatMap(referred)]
}
