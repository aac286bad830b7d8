/** The Metadata API's calls on custom fields; they do what Tooling does. Salesforce docs: createMetadata(), readMetadata(), updateMetadata(), deleteMetadata(). */
import { childrenNamed, isNil, textOf } from './xml-parse.ts'
import { Fault, recordError } from './fault.ts'
import { isObject } from './call.ts'
import { jsonToXml, leaf } from './xml.ts'
import { LIVE } from './table.ts'
import { readersOf } from './grants.ts'
import { SoapFault } from './soap-envelope.ts'
import { timeText } from './text.ts'
import { toolingReply } from './tooling.ts'
import { writeErrors } from './soap-record.ts'
import type { Call } from './call.ts'
import type { Element } from './xml-parse.ts'
import type { RecordError } from './fault.ts'
import type { SoapRequest } from './soap-envelope.ts'

/** Salesforce docs: ten components a call. */
const MOST = 10

const OPERATIONS: Readonly<Record<string, (call: Call, request: SoapRequest) => string>> = {
  createMetadata: (call, { args }) => each(args, 'metadata', (item) => saved(nameOf(item), () => create(call, item))),
  updateMetadata: (call, { args }) => each(args, 'metadata', (item) => saved(nameOf(item), () => update(call, item))),
  upsertMetadata: (call, { args }) => each(args, 'metadata', (item) => upsert(call, item)),
  deleteMetadata: (call, { args }) => each(args, 'fullNames', ({ text }) => saved(text.trim(), () => remove(call, text.trim()))),
  readMetadata: read,
  listMetadata: list,
  describeMetadata: () =>
    `<result><metadataObjects>${leaf('directoryName', 'objects')}${leaf('inFolder', false)}${leaf('metaFile', false)}${leaf('suffix', 'object')}${leaf('xmlName', 'CustomObject')}${leaf('childXmlNames', 'CustomField')}</metadataObjects>${leaf('organizationNamespace', '')}${leaf('partialSaveAllowed', true)}${leaf('testRequired', false)}</result>`,
}

/** Undefined for calls on other components, deploys and retrieves: this sandbox has none of them. */
export const metadataCall = (operation: string): ((call: Call, request: SoapRequest) => string) | undefined =>
  Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined

function each(args: Element, name: string, run: (item: Element) => string): string {
  const items = childrenNamed(args, name)
  if (items.length > MOST) throw new SoapFault('LIMIT_EXCEEDED', `At most ${MOST} components a call`)
  return items.map(run).join('')
}

const nameOf = (item: Element): string => textOf(item, 'fullName') ?? ''

function saved(fullName: string, run: () => void): string {
  const errors = errorsOf(run)
  return `<result>${writeErrors(errors)}${leaf('fullName', fullName)}${leaf('success', errors.length === 0)}</result>`
}

function upsert(call: Call, item: Element): string {
  const created = rowOf(call, nameOf(item)) === undefined
  const errors = errorsOf(() => (created ? create(call, item) : update(call, item)))
  const head = leaf('created', created && errors.length === 0) + writeErrors(errors)
  return `<result>${head}${leaf('fullName', nameOf(item))}${leaf('success', errors.length === 0)}</result>`
}

/** A refusal of Tooling is the component's error. */
function errorsOf(run: () => void): RecordError[] {
  try {
    run()
    return []
  } catch (error) {
    if (error instanceof Fault) return [recordError(error.errorCode, error.message, error.fields)]
    throw error
  }
}

function create(call: Call, item: Element): void {
  checkType((item.attributes.get('type') ?? '').split(':').at(-1) ?? '')
  tooling(call, 'POST', [], { FullName: nameOf(item), Metadata: metadataOf(item) })
}

function update(call: Call, item: Element): void {
  checkType((item.attributes.get('type') ?? '').split(':').at(-1) ?? '')
  tooling(call, 'PATCH', [idOf(call, nameOf(item))], { Metadata: metadataOf(item) })
}

const remove = (call: Call, fullName: string): void => tooling(call, 'DELETE', [idOf(call, fullName)], null)

function checkType(type: string): void {
  if (type !== 'CustomField') throw new Fault(400, 'INVALID_TYPE', `This sandbox knows metadata of type CustomField only, not ${type}`)
}

function tooling(call: Call, method: string, rest: readonly string[], body: object | null): void {
  const headers = { ...call.headers, 'content-type': 'application/json' }
  toolingReply({ ...call, method, headers, body: Buffer.from(body === null ? '' : JSON.stringify(body)) }, [
    'sobjects',
    'CustomField',
    ...rest,
  ])
}

function rowOf(call: Call, fullName: string): number | undefined {
  const fields = call.org.tooling.get('customfield')
  if (fields === undefined) return undefined
  const { FullName } = readersOf(fields, ['FullName'])
  const row = fields.stages.findIndex((stage, at) => stage === LIVE && String(FullName(at)).toLowerCase() === fullName.toLowerCase())
  return row === -1 ? undefined : row
}

function idOf(call: Call, fullName: string): string {
  const row = rowOf(call, fullName)
  const id = row === undefined ? undefined : call.org.tooling.get('customfield')?.ids[row]
  if (id === undefined) throw new Fault(400, 'INVALID_CROSS_REFERENCE_KEY', `In field: fullName - no CustomField named ${fullName} found`)
  return id
}

function read(call: Call, { args }: SoapRequest): string {
  checkType(textOf(args, 'type') ?? '')
  const fields = call.org.tooling.get('customfield')
  const records = childrenNamed(args, 'fullNames').map(({ text }) => {
    const row = rowOf(call, text.trim())
    if (fields === undefined || row === undefined) return '<records xsi:nil="true"/>'
    const { Metadata, FullName } = readersOf(fields, ['Metadata', 'FullName'])
    const metadata: unknown = JSON.parse(String(Metadata(row)))
    const members = Object.entries(isObject(metadata) ? metadata : {}).filter(([, value]) => value !== null)
    return `<records xsi:type="CustomField">${leaf('fullName', String(FullName(row)))}${members.map(([name, value]) => jsonToXml(name, value)).join('')}</records>`
  })
  return `<result>${records.join('')}</result>`
}

function list(call: Call, { args }: SoapRequest): string {
  const wanted = childrenNamed(args, 'queries').some((query) => textOf(query, 'type') === 'CustomField')
  const fields = call.org.tooling.get('customfield')
  if (!wanted || fields === undefined) return ''
  const { FullName } = readersOf(fields, ['FullName'])
  const rows = fields.stages.flatMap((stage, row) => (stage === LIVE ? [row] : []))
  return rows.map((row) => fileProperties(call, String(FullName(row)), fields.ids[row] ?? '')).join('')
}

/** Members in WSDL order. Who and when is the org's own beginning: fields keep no history. */
function fileProperties({ org, wire }: Call, fullName: string, id: string): string {
  const at = timeText(wire.startedAt, 'Z')
  const members = [
    leaf('createdById', org.userId),
    leaf('createdByName', 'Integration User'),
    leaf('createdDate', at),
    leaf('fileName', `objects/${fullName.split('.')[0] ?? ''}.object`),
    leaf('fullName', fullName),
    leaf('id', id),
    leaf('lastModifiedById', org.userId),
    leaf('lastModifiedByName', 'Integration User'),
    leaf('lastModifiedDate', at),
    leaf('manageableState', 'unmanaged'),
    leaf('type', 'CustomField'),
  ]
  return `<result>${members.join('')}</result>`
}

const NUMBERS = new Set(['length', 'precision', 'scale', 'visibleLines', 'relationshipOrder', 'startingNumber', 'maskChar'])
const LISTS = new Set(['value', 'valueSettings', 'controllingFieldValue'])

/** XML has texts; Tooling takes numbers, booleans and lists. */
function metadataOf(item: Element): Record<string, unknown> {
  const members: Record<string, unknown> = {}
  for (const child of item.children) {
    if (child.name === 'fullName' && item.name === 'metadata') continue
    const value = isNil(child) ? null : child.children.length > 0 ? metadataOf(child) : typed(child)
    const before = members[child.name]
    if (LISTS.has(child.name) && (child.children.length > 0 || before !== undefined))
      members[child.name] = [...(Array.isArray(before) ? before : []), value]
    else members[child.name] = value
  }
  return members
}

function typed({ name, text }: Element): unknown {
  const value = text.trim()
  if (NUMBERS.has(name) && value !== '' && Number.isFinite(Number(value))) return Number(value)
  if (value === 'true' || value === 'false') return name === 'fullName' || name === 'label' ? text : value === 'true'
  return text
}
