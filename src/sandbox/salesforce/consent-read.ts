/** GET /consent/action and /consent/multiaction: may this be done with these people? Salesforce docs: Consent API. */
import { ACTIONS, BAD_CALL, BAD_RESULT, consentsOf, findSubject, flagOn } from './consent-subject.ts'
import { Fault } from './fault.ts'
import { readOf } from './after-write.ts'
import { tableOf } from './grants.ts'
import type { Action, Subject } from './consent-subject.ts'
import type { Call } from './call.ts'
import type { Org } from './org.ts'

type Explanation = { objectConsulted: string; field: string; recordId: string; value: string }
type Asked = { at: number; purpose: string | null; isExplicit: boolean }
type Verdict = { proceed: boolean; explanation: Explanation[] }

export function readConsent(call: Call, names: readonly string[]): Record<string, object> {
  const asked = askedOf(call)
  const isVerbose = call.query.get('verbose')?.toLowerCase() === 'true'
  return Object.fromEntries(
    idsOf(call).map((id) => {
      const subject = findSubject(call.org, id)
      if (subject === undefined) return [id, { result: BAD_RESULT.unknown }]
      const verdicts = names.map((name) => ({ name, ...judge(call.org, subject, ACTIONS[name.toLowerCase()], asked) }))
      const proceed = Object.fromEntries(
        verdicts.flatMap(({ name, proceed: may }) => [
          [name, String(may)],
          [`${name}Result`, 'Success'],
        ]),
      )
      const explanation = isVerbose ? { explanation: verdicts.flatMap((verdict) => verdict.explanation) } : {}
      return [id, { result: 'Success', proceed, ...explanation }]
    }),
  )
}

function idsOf(call: Call): string[] {
  const ids = (call.query.get('ids') ?? '').split(',').map((id) => id.trim())
  const given = ids.filter((id) => id !== '')
  if (given.length === 0) throw new Fault(400, BAD_CALL.missing, 'The ids parameter is required')
  return given
}

function askedOf({ org, query }: Call): Asked {
  const text = query.get('datetime')
  const at = text === null ? org.clock.now() : Date.parse(text.replace(/ (\d\d:?\d\d)$/, '+$1'))
  if (Number.isNaN(at)) throw new Fault(400, BAD_CALL.invalid, `datetime is no valid date: ${String(text)}`)
  return { at, purpose: query.get('purpose'), isExplicit: query.get('policy') === 'requireExplicitConsent' }
}

function judge(org: Org, subject: Subject, action: Action | undefined, asked: Asked): Verdict {
  if (action === undefined) return { proceed: false, explanation: [] }
  return action.individual === null ? judgeRecords(org, subject, action, asked) : judgeIndividuals(subject, action.individual)
}

/** Yes where every flag is off, no consent says no, and there is anything to ask at all. */
function judgeRecords(org: Org, subject: Subject, { records: field, point }: Action, asked: Asked): Verdict {
  const explanation: Explanation[] = []
  let isRefused = false
  let isKnown = false
  for (const place of field === null ? [] : subject.records) {
    const name = flagOn(place, field ?? '')
    if (name === undefined) continue
    isKnown = true
    const value = readOf(place.table, place.row, name) === true
    isRefused ||= value
    explanation.push({ objectConsulted: place.table.object.name, field: name, recordId: place.id, value: String(value) })
  }
  let isGranted = false
  for (const { table, row, id } of point === null ? [] : consentsOf(org, subject, point)) {
    const read = (name: string): unknown => readOf(table, row, name)
    if (!inForce(read('EffectiveFrom'), read('EffectiveTo'), asked.at) || !serves(org, read('DataUsePurposeId'), asked.purpose)) continue
    isKnown = true
    const status = String(read('PrivacyConsentStatus'))
    isRefused ||= status === 'OptOut'
    isGranted ||= status === 'OptIn'
    explanation.push({ objectConsulted: table.object.name, field: 'PrivacyConsentStatus', recordId: id, value: status })
  }
  return { proceed: isKnown && !isRefused && (isGranted || !asked.isExplicit), explanation }
}

const inForce = (from: unknown, to: unknown, at: number): boolean =>
  (typeof from !== 'number' || from <= at) && (typeof to !== 'number' || at < to)

/** Without a purpose asked for, every consent counts. */
function serves(org: Org, purposeId: unknown, purpose: string | null): boolean {
  if (purpose === null) return true
  const table = tableOf(org, 'DataUsePurpose')
  const row = typeof purposeId === 'string' ? table.rows.get(purposeId) : undefined
  return row !== undefined && readOf(table, row, 'Name') === purpose
}

/** Nobody known says no. */
function judgeIndividuals({ individuals }: Subject, { field, means }: { field: string; means: 'yes' | 'no' }): Verdict {
  const values = individuals.map(({ table, row, id }) => ({ id, value: readOf(table, row, field) === true }))
  const explanation = values.map(({ id, value }) => ({ objectConsulted: 'Individual', field, recordId: id, value: String(value) }))
  return { proceed: values.length > 0 && values.every(({ value }) => value === (means === 'yes')), explanation }
}
