/** PATCH /consent/action: one choice, written to every record of the person. Salesforce docs: Consent API, write consent. */
import { ACTIONS, BAD_CALL, BAD_RESULT, consentsOf, findSubject, flagOn, individualField } from './consent-subject.ts'
import { changeRecord, insertRecord } from './dml.ts'
import { Fault } from './fault.ts'
import { LIVE } from './table.ts'
import { readJson } from './call.ts'
import { readOf } from './after-write.ts'
import { stamp } from './stamp.ts'
import { transaction } from './rehearse.ts'
import { tableOf } from './grants.ts'
import type { Action, Place, Subject } from './consent-subject.ts'
import type { Call } from './call.ts'
import type { Cell } from './column.ts'
import type { Org } from './org.ts'

type Edit = { objectType: string; field: string; valueOfField: string; id: string }

const STATUSES = ['OptIn', 'OptOut', 'Seen', 'NotSeen']
const MOST_IDS = 1_000
const POINTS: Readonly<Record<string, string>> = { web: 'Web', email: 'Email', phone: 'Phone' }

export function writeConsent(call: Call, name: string): Record<string, object> {
  const action = ACTIONS[name.toLowerCase()]
  const status = call.query.get('status') ?? ''
  if (action === undefined || !STATUSES.includes(status)) throw new Fault(400, BAD_CALL.invalid, `Unknown status: ${status}`)
  if (action.individual !== null && status !== 'OptIn' && status !== 'OptOut')
    throw new Fault(400, BAD_CALL.invalid, `${name} takes OptIn and OptOut only`)
  const ids = idsOf(call)
  // What is wrong with a parameter may show only after the first records were written: a refused call writes nothing.
  return transaction(call.org, () => ({ keep: true, value: Object.fromEntries(ids.map((id) => [id, writeOne(call, id, action, status)])) }))
}

function idsOf(call: Call): string[] {
  const query = call.query.get('ids')
  const { ids } = call.body.length === 0 ? { ids: undefined } : readJson(call)
  const given = Array.isArray(ids) ? ids.map(String) : query === null ? [] : [query]
  if (given.length === 0) throw new Fault(400, BAD_CALL.missing, 'The ids parameter is required')
  if (given.length > MOST_IDS) throw new Fault(400, BAD_CALL.tooManyIds, `At most ${MOST_IDS} ids are allowed`)
  return given
}

function writeOne(call: Call, text: string, action: Action, status: string): object {
  const { org } = call
  const subject = findSubject(org, text)
  if (subject === undefined || subject.records.length + subject.individuals.length === 0) return { result: BAD_RESULT.unknown }
  if (subject.individuals.length > 1) return { result: BAD_RESULT.severalIndividuals }
  if (subject.individuals.length === 0 && call.query.get('createIndividual')?.toLowerCase() === 'true') addIndividual(call, subject)
  const edited = [
    ...(action.records === null || (status !== 'OptIn' && status !== 'OptOut')
      ? []
      : setFlags(org, subject, action.records, status === 'OptOut')),
    ...(action.individual === null ? [] : setIndividual(org, subject, action.individual, status === 'OptIn')),
    ...(action.point === null ? [] : setConsent(call, subject, action.point, status)),
  ]
  return { result: 'Success', edited }
}

function change(org: Org, { table, row, id }: Place, field: string, value: Cell): Edit {
  changeRecord(org, table, row, new Map([[field, value]]))
  return { objectType: table.object.name, field, valueOfField: String(value), id }
}

const setFlags = (org: Org, { records }: Subject, flag: string, value: boolean): Edit[] =>
  records.flatMap((place) => {
    const field = flagOn(place, flag)
    return field === undefined ? [] : [change(org, place, field, value)]
  })

const setIndividual = (
  org: Org,
  { individuals }: Subject,
  { field, means }: { field: string; means: 'yes' | 'no' },
  optsIn: boolean,
): Edit[] => individuals.map((place) => change(org, place, field, means === 'yes' ? optsIn : !optsIn))

function addIndividual(call: Call, subject: Subject): void {
  const { org } = call
  const [first] = subject.records
  const table = org.tables.get('individual')
  if (first === undefined || table === undefined) return
  const name = call.query.get('individualName') || readOf(first.table, first.row, 'LastName')
  const id = insertRecord(org, table, new Map<string, Cell>([['LastName', name]]))
  for (const { table: of, row } of subject.records) changeRecord(org, of, row, new Map([[individualField(of), id]]))
  const row = table.rows.get(id)
  if (row !== undefined) subject.individuals.push({ table, row, id })
}

/** The consent of that type and purpose, changed or made. Without an individual there is nobody to give it. */
function setConsent(call: Call, subject: Subject, point: string, status: string): Edit[] {
  const { org, query } = call
  const [individual] = subject.individuals
  const table = org.tables.get('contactpointtypeconsent')
  if (individual === undefined || table === undefined) return []
  const purpose = purposeNamed(org, query.get('purposeName'))
  const known = consentsOf(org, subject, point).find(({ row }) => readOf(table, row, 'DataUsePurposeId') === purpose)
  const time = (name: string): Cell => {
    const text = query.get(name)
    return text === null ? null : Math.floor(Date.parse(text) / 1_000) * 1_000
  }
  const cells = new Map<string, Cell>([
    ['PrivacyConsentStatus', status],
    ['CaptureDate', time('captureDate') ?? stamp(org)],
    ['CaptureSource', query.get('captureSource')],
    ['CaptureContactPointType', POINTS[query.get('captureContactPointType')?.toLowerCase() ?? ''] ?? null],
    ['EffectiveFrom', time('effectiveFrom') ?? stamp(org)],
    ['EffectiveTo', time('effectiveTo')],
    ['DoubleConsentCaptureDate', time('doubleOptIn')],
  ])
  for (const [name, cell] of cells)
    if (typeof cell === 'number' && Number.isNaN(cell)) throw new Fault(400, BAD_CALL.invalid, `${name} is no valid date`)
  const edit = (id: string): Edit => ({ objectType: table.object.name, field: 'PrivacyConsentStatus', valueOfField: status, id })
  if (known !== undefined) {
    changeRecord(org, table, known.row, cells)
    return [edit(known.id)]
  }
  const name = query.get('consentName') ?? `${point} consent`
  for (const [field, cell] of [
    ['Name', name],
    ['PartyId', individual.id],
    ['ContactPointType', point],
    ['DataUsePurposeId', purpose],
  ] as const)
    cells.set(field, cell)
  return [edit(insertRecord(org, table, cells))]
}

function purposeNamed(org: Org, name: string | null): string | null {
  if (name === null) return null
  const table = tableOf(org, 'DataUsePurpose')
  const row = table.stages.findIndex((stage, at) => stage === LIVE && readOf(table, at, 'Name') === name)
  if (row < 0) throw new Fault(400, BAD_CALL.invalid, `Unknown purpose: ${name}`)
  return table.ids[row] ?? null
}
