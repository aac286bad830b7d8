/** SOAP calls that change records. Salesforce docs: create(), update(), upsert(), delete(), undelete(), emptyRecycleBin(), merge(), convertLead(). */
import { childOf, childrenNamed, textOf } from './xml-parse.ts'
import { convertLead } from './convert-lead.ts'
import { createRecord, deleteRecord, refuse, updateRecord } from './dml.ts'
import { Fault, recordError } from './fault.ts'
import { headerText, SoapFault } from './soap-envelope.ts'
import { leaf, nillable } from './xml.ts'
import { mergeRecords } from './merge.ts'
import { purgeRecord, tableOfId, undeleteRecord } from './bin.ts'
import { parseId } from './ids.ts'
import { readRecord, writeErrors } from './soap-record.ts'
import { rehearse } from './rehearse.ts'
import { upsertRecord } from './upsert.ts'
import type { Call } from './call.ts'
import type { Element } from './xml-parse.ts'
import type { Outcome } from './dml.ts'
import type { SoapRecord } from './soap-record.ts'
import type { SoapRequest } from './soap-envelope.ts'
import type { Table } from './table.ts'

/** Salesforce docs: 200 records a call, 100 leads a convertLead(). */
const MOST = 200
const MOST_LEADS = 100

type Style = 'plain' | 'upsert' | 'create'

function limited<T>(list: readonly T[], most = MOST): readonly T[] {
  if (list.length > most)
    throw new SoapFault('EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${most} records into this call`)
  return list
}

/** `<result>` of each record, in order; with AllOrNoneHeader one failure undoes the rest. */
function results(call: Call, request: SoapRequest, jobs: readonly (() => Outcome)[], style: Style): string {
  const guarded = jobs.map((job) => () => guard(job))
  const allOrNone = headerText(request, 'AllOrNoneHeader', 'allOrNone') === 'true'
  const outcomes = allOrNone ? rehearse(call.org, guarded) : guarded.map((job) => job())
  return outcomes.map((outcome) => result(outcome, style)).join('')
}

/** What spoils a whole REST call is one record's error here. */
function guard(job: () => Outcome): Outcome {
  try {
    return job()
  } catch (error) {
    if (error instanceof Fault) return refuse(null, recordError(error.errorCode, error.message, error.fields))
    throw error
  }
}

function result(outcome: Outcome, style: Style): string {
  const created = style === 'upsert' ? leaf('created', outcome.ok && outcome.created) : ''
  const errors = outcome.ok ? '' : writeErrors(outcome.errors)
  // A record that was not made has no id to show; one that was named keeps it.
  const id = !outcome.ok && style === 'create' ? null : outcome.id
  return `<result>${created}${errors}${nillable('id', id)}${leaf('success', outcome.ok)}</result>`
}

function tableNamed(call: Call, type: string): Table {
  const table = call.org.tables.get(type.toLowerCase())
  if (table === undefined) throw new SoapFault('INVALID_TYPE', `sObject type '${type}' is not supported.`)
  return table
}

const recordsOf = (call: Call, args: Element): { record: SoapRecord; table: Table }[] =>
  limited(childrenNamed(args, 'sObjects')).map((element) => {
    const record = readRecord(element)
    return { record, table: tableNamed(call, record.type) }
  })

export function soapCreate(call: Call, request: SoapRequest): string {
  const jobs = recordsOf(call, request.args).map(({ record, table }) => () => {
    if (record.id !== '') return refuse(null, recordError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']))
    return createRecord(call.org, table, record.input)
  })
  return results(call, request, jobs, 'create')
}

export function soapUpdate(call: Call, request: SoapRequest): string {
  const jobs = recordsOf(call, request.args).map(({ record, table }) => () => {
    if (record.id === '') return refuse(null, recordError('MISSING_ARGUMENT', 'Id not specified in an update call'))
    return updateRecord(call.org, table, record.id, record.input)
  })
  return results(call, request, jobs, 'plain')
}

export function soapUpsert(call: Call, request: SoapRequest): string {
  const key = textOf(request.args, 'externalIDFieldName') ?? 'Id'
  const jobs = recordsOf(call, request.args).map(({ record, table }) => () => {
    const input: Record<string, unknown> = { ...record.input }
    const name = Object.keys(input).find((each) => each.toLowerCase() === key.toLowerCase())
    const value = key.toLowerCase() === 'id' ? record.id : name === undefined ? null : input[name]
    if (name !== undefined) delete input[name]
    const text = value === null ? '' : String(value)
    if (text === '' && key.toLowerCase() !== 'id') return refuse(null, recordError('MISSING_ARGUMENT', `${key} not specified`))
    const done = upsertRecord(call.org, table, key, text, input)
    if (done.kind === 'written') return done.outcome
    return refuse(null, recordError('DUPLICATE_EXTERNAL_ID', `${key}: more than one record found for external id field`))
  })
  return results(call, request, jobs, 'upsert')
}

const idsOf = (args: Element): readonly string[] => limited(childrenNamed(args, 'ids').map(({ text }) => text.trim()))

export function soapDelete(call: Call, request: SoapRequest): string {
  const jobs = idsOf(request.args).map((text) => (): Outcome => {
    const id = parseId(text)
    const table = id === undefined ? undefined : tableOfId(call.org, id)
    if (table === undefined) return refuse(null, recordError('MALFORMED_ID', `bad id ${text}`))
    return deleteRecord(call.org, table, text)
  })
  return results(call, request, jobs, 'plain')
}

export const soapUndelete = (call: Call, request: SoapRequest): string =>
  results(
    call,
    request,
    idsOf(request.args).map((id) => () => undeleteRecord(call.org, id)),
    'plain',
  )

export const soapEmptyRecycleBin = (call: Call, request: SoapRequest): string =>
  results(
    call,
    request,
    idsOf(request.args).map((id) => () => purgeRecord(call.org, id)),
    'plain',
  )

/** The WSDL says `request`, some clients send `mergeRequests`: both are taken. */
export function soapMerge(call: Call, { args }: SoapRequest): string {
  const asked = limited(args.children.filter(({ name }) => name === 'request' || name === 'mergeRequests'))
  return asked.map((each) => mergeOne(call, each)).join('')
}

function mergeOne(call: Call, request: Element): string {
  const master = childOf(request, 'masterRecord')
  if (master === undefined) throw new SoapFault('MISSING_ARGUMENT', 'masterRecord not specified')
  const { type, id, input } = readRecord(master)
  const losers = childrenNamed(request, 'recordToMergeIds').map(({ text }) => text.trim())
  const merged = mergeRecords(call.org, tableNamed(call, type), id, losers, input)
  if (!merged.ok) return `<result>${writeErrors(merged.errors)}${nillable('id', merged.id)}${leaf('success', false)}</result>`
  const list = (name: string, ids: readonly string[]): string => ids.map((each) => leaf(name, each)).join('')
  const members = leaf('id', merged.id) + list('mergedRecordIds', merged.mergedRecordIds) + leaf('success', true)
  return `<result>${members}${list('updatedRelatedIds', merged.updatedRelatedIds)}</result>`
}

export const soapConvertLead = (call: Call, { args }: SoapRequest): string =>
  limited(childrenNamed(args, 'leadConverts'), MOST_LEADS)
    .map((each) => convertOne(call, each))
    .join('')

function convertOne(call: Call, each: Element): string {
  const text = (name: string): string => textOf(each, name) ?? ''
  const given = ['accountId', 'contactId', 'opportunityId', 'opportunityName', 'ownerId'].filter((name) => text(name) !== '')
  const done = convertLead(call.org, {
    leadId: text('leadId'),
    convertedStatus: text('convertedStatus'),
    doNotCreateOpportunity: text('doNotCreateOpportunity') === 'true',
    overwriteLeadSource: text('overwriteLeadSource') === 'true',
    ...Object.fromEntries(given.map((name) => [name, text(name)])),
  })
  const { accountId, contactId, opportunityId } = done.ok ? done : { accountId: null, contactId: null, opportunityId: null }
  const errors = done.ok ? '' : writeErrors(done.errors)
  const head = nillable('accountId', accountId) + nillable('contactId', contactId) + errors
  return `<result>${head}${nillable('leadId', done.leadId)}${nillable('opportunityId', opportunityId)}${leaf('success', done.ok)}</result>`
}
