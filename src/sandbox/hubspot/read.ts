import { askedAssociations, associationsMember } from './association-read.ts'
import { batchIds } from './batch-input.ts'
import { flagParam, jsonBody, listParam, nameList, numberParam } from './call.ts'
import type { Answer, Call } from './call.ts'
import { ARCHIVED, LIVE, rowFrom } from './columns.ts'
import { invalidRequest, notFound } from './errors.ts'
import { historyOf } from './history.ts'
import { instant } from './instant.ts'
import { nextLink } from './next-page.ts'
import { startPage, takePage, writeRecord, writeText } from './page.ts'
import type { Plan, Requested } from './plan.ts'
import type { ObjectTable } from './table.ts'
import { recordId } from './record-id.ts'
import { emptyBin } from './recycle-bin.ts'
import { liveRow } from './records.ts'
import { canSee, EMAIL_CONTENT_SCOPE } from './values.ts'

const LIST_DEFAULT = 10
const LIST_MOST = 100
const WITH_HISTORY_MOST = 50

export function planFor(table: ObjectTable, call: Call, requested: Requested): Plan {
  const { token } = call
  const seesSensitive = `crm.objects.${table.kind.name}.sensitive.read`
  const seesHighly = `crm.objects.${table.kind.name}.highly_sensitive.read`
  const audience = (token.scopes.has(seesSensitive) ? 'sensitive' : '') + (token.scopes.has(EMAIL_CONTENT_SCOPE) ? ' content' : '')
  return table.plans.get(requested, audience + (token.scopes.has(seesHighly) ? ' highly' : ''), (name) => {
    const property = table.properties.find(name)
    return property !== undefined && canSee(table.kind, token, property, 'read')
  })
}

/** Archived records are shown alone, and only when asked for. */
function wantedStatus(table: ObjectTable, call: Call): number {
  if (!flagParam(call.query, 'archived')) return LIVE
  emptyBin(table)
  return ARCHIVED
}

/** GET list: id cursor, default 10, at most 100 (50 with history). */
export function listRecords(table: ObjectTable, call: Call): Answer {
  const history = listParam(call.query, 'propertiesWithHistory')
  const limit = numberParam(call.query, 'limit', LIST_DEFAULT, LIST_MOST)
  if (history.length > 0 && limit > WITH_HISTORY_MOST) throw tooManyWithHistory()
  const plan = planFor(table, call, listParam(call.query, 'properties'))
  const wanted = wantedStatus(table, call)
  const related = askedAssociations(table, call)
  const { columns } = table.store
  let row = rowFrom(columns, cursor(call.query.get('after')))
  let written = 0
  startPage()
  writeText('{"results":[')
  for (; row < columns.count && written < limit; row++) {
    if (columns.status[row] !== wanted) continue
    if (written++ > 0) writeText(',')
    writeOne(table, call, row, plan, history, related)
  }
  while (row < columns.count && columns.status[row] !== wanted) row++
  const next = row < columns.count ? String(columns.id[row]) : undefined
  writeText(next === undefined ? ']}' : `],"paging":{"next":${JSON.stringify({ after: next, link: nextLink(table.portal, call, next) })}}}`)
  return { status: 200, body: takePage() }
}

function writeOne(
  table: ObjectTable,
  call: Call,
  row: number,
  plan: Plan,
  history: readonly string[],
  related: readonly ObjectTable[],
): void {
  writeRecord(table, row, plan)
  if (history.length > 0) writeText(`,"propertiesWithHistory":${JSON.stringify(historyOf(table, call.token, row, history))}`)
  if (related.length > 0) writeText(associationsMember(table, call, table.store.columns.id[row]!, related))
  writeText('}')
}

function cursor(after: string | null): number {
  if (after === null || after === '') return 0
  if (!/^\d{1,15}$/.test(after)) throw invalidRequest('Invalid value for query parameter after: the cursor of an earlier page is expected')
  return Number(after)
}

function tooManyWithHistory(): Error {
  return invalidRequest(
    'The maximum number of inputs supported in a batch request for property histories is 50. Please reduce the number of items and try again',
  )
}

/** GET by id, address or unique property; ids merged away lead to their survivor. */
export function getRecord(table: ObjectTable, call: Call): Answer {
  const archived = wantedStatus(table, call) === ARCHIVED
  const row = findRow(table, call.parts[0]!, call.query.get('idProperty'), archived)
  const plan = planFor(table, call, listParam(call.query, 'properties'))
  startPage()
  writeOne(table, call, row, plan, listParam(call.query, 'propertiesWithHistory'), askedAssociations(table, call))
  return { status: 200, body: takePage() }
}

/** Row of the record a path names; throws the 404 that applies. */
export function findRow(table: ObjectTable, text: string, idProperty: string | null, archived = false): number {
  if (idProperty !== null && idProperty !== '' && idProperty !== 'hs_object_id') {
    const row = liveRow(table, idByProperty(table, idProperty, text) ?? -1)
    if (row < 0) throw notFound()
    return row
  }
  const id = recordId(text)
  if (!archived) {
    const row = liveRow(table, id)
    if (row < 0) throw notFound()
    return row
  }
  const row = table.store.row(id)
  if (row < 0 || table.store.columns.status[row] !== ARCHIVED) throw notFound()
  return row
}

/** unverified: that an additional address resolves as the primary one does. */
export function idByProperty(table: ObjectTable, name: string, value: string, action = 'read'): number | undefined {
  if (name === 'email' && table.kind.name === 'contacts') return table.emails.get(value.trim().toLowerCase())
  const property = table.properties.find(name)
  if (property === undefined || !property.hasUniqueValue) {
    throw invalidRequest(`Unable to perform ${action} by non-unique ${table.kind.typeId} property ${name}`)
  }
  return table.uniques.get(table.properties.indexOf(name))?.get(value)
}

/** POST batch/read: found records in the order asked, missing ones in one error; merged-away ids are missing here. */
export function batchRead(table: ObjectTable, call: Call): Answer {
  const body = jsonBody(call)
  const ids = batchIds(body.inputs)
  const history = nameList(body.propertiesWithHistory, 'propertiesWithHistory')
  if (history.length > 0 && ids.length > WITH_HISTORY_MOST) throw tooManyWithHistory()
  const plan = planFor(table, call, nameList(body.properties, 'properties'))
  const wanted = wantedStatus(table, call)
  const idProperty = typeof body.idProperty === 'string' && body.idProperty !== '' ? body.idProperty : 'hs_object_id'
  const startedAt = instant(table.portal.clock.now())
  const missing: string[] = []
  const seen = new Set<number>()
  startPage()
  writeText('{"status":"COMPLETE","results":[')
  for (const text of ids) {
    const row = table.store.row(idProperty === 'hs_object_id' ? Number(text) : (idByProperty(table, idProperty, text) ?? 0))
    if (row < 0 || table.store.columns.status[row] !== wanted) missing.push(text)
    else if (!seen.has(row)) {
      if (seen.size > 0) writeText(',')
      seen.add(row)
      writeOne(table, call, row, plan, history, [])
    }
  }
  const errors = missing.length === 0 ? '' : `,"numErrors":1,"errors":${JSON.stringify([couldNotGet(table, missing)])}`
  writeText(`],"startedAt":"${startedAt}","completedAt":"${instant(table.portal.clock.now())}"${errors}}`)
  return { status: missing.length > 0 && call.dialect !== '2026-09' ? 207 : 200, body: takePage() }
}

export function couldNotGet(table: ObjectTable, ids: readonly string[]): Record<string, unknown> {
  const message = `Could not get some ${table.kind.constant} objects, they may be deleted or not exist. Check that ids are valid.`
  return { status: 'error', category: 'OBJECT_NOT_FOUND', message, context: { ids } }
}
