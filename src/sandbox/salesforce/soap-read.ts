/** SOAP calls that read: queries, records, describes, changes, the user. Salesforce docs: SOAP API, Core Calls, Describe Calls, Utility Calls. */
import { childrenNamed, textOf } from './xml-parse.ts'
import { collectionReply } from './collection-calls.ts'
import { describeBrief, describeObject, listedObject, listedObjects } from './describe.ts'
import { Fault } from './fault.ts'
import { headerText, SoapFault } from './soap-envelope.ts'
import { jsonToXml, leaf, nillable } from './xml.ts'
import { queryReply } from './query-calls.ts'
import { replicationReply } from './replication.ts'
import { searchReply } from './search-calls.ts'
import { timeText } from './text.ts'
import { USERNAME } from './org.ts'
import { writeRecord, writeResult } from './soap-record.ts'
import type { Call, Reply } from './call.ts'
import type { SoapRequest, Wsdl } from './soap-envelope.ts'
import type { Visibility } from './soql-match.ts'

/** The same read that REST makes, as JSON. */
function valueOf(reply: Reply): unknown {
  if (reply.kind === 'json') return reply.value
  if (reply.kind === 'none') return null
  return JSON.parse(typeof reply.text === 'string' ? reply.text : Buffer.concat(reply.text).toString('utf8'))
}

const asRest = (call: Call, method: string, query: Record<string, string>, body: object | null = null): Call => ({
  ...call,
  method,
  query: new URLSearchParams(query),
  headers: { ...call.headers, 'content-type': 'application/json' },
  body: Buffer.from(body === null ? '' : JSON.stringify(body)),
})

export function soapQuery(call: Call, wsdl: Wsdl, request: SoapRequest, visibility: Visibility): string {
  const q = textOf(request.args, 'queryString') ?? ''
  const size = headerText(request, 'QueryOptions', 'batchSize')
  const rest = asRest(call, 'GET', { q })
  const headers = size === null ? rest.headers : { ...rest.headers, 'sforce-query-options': `batchSize=${size}` }
  return page(wsdl, queryReply({ ...rest, headers }, call.org.tables, visibility, []))
}

export const soapQueryMore = (call: Call, wsdl: Wsdl, { args }: SoapRequest): string =>
  page(wsdl, queryReply(asRest(call, 'GET', {}), call.org.tables, 'live', [textOf(args, 'queryLocator') ?? '']))

const page = (wsdl: Wsdl, reply: Reply): string => writeResult(wsdl, 'result', valueOf(reply) as Record<string, unknown>)

/** Salesforce docs: SOAP API, search(). */
export function soapSearch(call: Call, wsdl: Wsdl, { args }: SoapRequest): string {
  const value = valueOf(searchReply(asRest(call, 'GET', { q: textOf(args, 'searchString') ?? '' }), []))
  const records = Array.isArray(value) ? value : (value as { searchRecords: unknown[] }).searchRecords
  return `<result>${records.map((record) => `<searchRecords>${writeRecord(wsdl, 'record', record)}</searchRecords>`).join('')}</result>`
}

export function soapRetrieve(call: Call, wsdl: Wsdl, { args }: SoapRequest): string {
  const fields = (textOf(args, 'fieldList') ?? '').split(',').map((name) => name.trim())
  const ids = childrenNamed(args, 'ids').map(({ text }) => text.trim())
  if (ids.length === 0) return ''
  const type = textOf(args, 'sObjectType') ?? ''
  if (!call.org.tables.has(type.toLowerCase())) throw new Fault(400, 'INVALID_TYPE', `sObject type '${type}' is not supported.`)
  const records = valueOf(collectionReply(asRest(call, 'POST', {}, { ids, fields }), [type]))
  return Array.isArray(records) ? records.map((record) => writeRecord(wsdl, 'result', record)).join('') : ''
}

/** Members in the order of the alphabet, as the WSDL lists nearly all of them; null members are left out. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name, each]) => each !== null && name !== 'urls' && name !== 'attributes')
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, sorted(each)]))
}

export function soapDescribe(call: Call, names: readonly string[]): string {
  if (names.length > 100) throw new SoapFault('LIMIT_EXCEEDED', 'describeSObjects takes at most 100 types')
  return names
    .map((name) => {
      const object = listedObject(call.org, name)
      if (object === undefined) throw new Fault(400, 'INVALID_TYPE', `sObject type '${name}' is not supported.`)
      return jsonToXml('result', sorted(describeObject(call.org, object, call.base)))
    })
    .join('')
}

export function soapDescribeGlobal(call: Call): string {
  const objects = listedObjects(call.org).map((object) => jsonToXml('sobjects', sorted(describeBrief(object, call.base))))
  return `<result>${leaf('encoding', 'UTF-8')}${leaf('maxBatchSize', 200)}${objects.join('')}</result>`
}

export function soapChanges(call: Call, kind: 'updated' | 'deleted', { args }: SoapRequest): string {
  const type = textOf(args, 'sObjectType') ?? textOf(args, 'sObjectTypeEntityType') ?? ''
  const table = call.org.tables.get(type.toLowerCase())
  if (table === undefined) throw new Fault(400, 'INVALID_TYPE', `sObject type '${type}' is not supported.`)
  const span = { start: textOf(args, 'startDate') ?? '', end: textOf(args, 'endDate') ?? '' }
  const value = valueOf(replicationReply(asRest(call, 'GET', span), table, kind))
  return jsonToXml('result', zoned(value))
}

/** REST datetimes with the zone mark of SOAP. */
const zoned = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(/("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\+0000"/g, '$1Z"'))

export const soapTimestamp = ({ org }: Call): string => `<result>${leaf('timestamp', timeText(org.clock.now(), 'Z'))}</result>`

/** Members in WSDL order. */
export function userInfo({ org, sessions }: Pick<Call, 'org' | 'sessions'>): string {
  return [
    leaf('accessibilityMode', false),
    leaf('chatterExternal', false),
    leaf('currencySymbol', '€'),
    leaf('orgAttachmentFileSizeLimit', 5_242_880),
    leaf('orgDefaultCurrencyIsoCode', 'EUR'),
    leaf('orgDefaultCurrencyLocale', 'fr_FR_EURO'),
    leaf('orgDisallowHtmlAttachments', false),
    leaf('orgHasPersonAccounts', org.tables.get('account')?.object.byName.has('ispersonaccount') === true),
    leaf('organizationId', org.orgId),
    leaf('organizationMultiCurrency', false),
    leaf('organizationName', 'Sandbox'),
    leaf('profileId', org.profileId),
    nillable('roleId', null),
    leaf('sessionSecondsValid', Math.floor(sessions.lifetime / 1_000)),
    nillable('userDefaultCurrencyIsoCode', null),
    leaf('userEmail', USERNAME),
    leaf('userFullName', 'Integration User'),
    leaf('userId', org.userId),
    leaf('userLanguage', 'en_US'),
    leaf('userLocale', 'en_US'),
    leaf('userName', USERNAME),
    leaf('userTimeZone', 'Europe/Paris'),
    leaf('userType', 'Standard'),
    leaf('userUiSkin', 'Theme3'),
  ].join('')
}
