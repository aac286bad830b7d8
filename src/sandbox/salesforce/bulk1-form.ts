/** Bulk 1.0 on the wire: control bodies in XML or JSON, answers and errors in the form the client speaks. */
import { parseJson } from '../http.ts'
import { childOf, parseXml, textOf, XmlError } from './xml-parse.ts'
import { DATALOAD, JSON_TYPE } from './bulk1-upload.ts'
import { decimal } from './text.ts'
import { isObject } from './call.ts'
import { leaf, XML_HEAD } from './xml.ts'
import type { Call, Reply } from './call.ts'

/** `exceptionCode` and its message; 400 unless said otherwise. */
export class BulkError extends Error {
  override name = 'BulkError'
  readonly code: string
  readonly status: number
  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

type Members = Readonly<Record<string, string | number>>
export type Form = {
  answer(name: string, members: Members, status: number): Reply
  list(name: string, each: string, all: readonly Members[]): Reply
  error(error: BulkError): Reply
}

type Asked = Pick<Call, 'headers' | 'method'>
type OfJob = { readonly contentType: string }

/** Batches are told of in JSON where those of their job are JSON, whatever a GET calls its own empty body (singer-io/tap-salesforce reads XML of its CSV jobs). */
function isJson({ headers, method }: Asked, job?: OfJob): boolean {
  const accept = headers.accept ?? ''
  if (/json|xml/i.test(accept)) return /json/i.test(accept)
  if (job !== undefined && method === 'GET') return job.contentType === 'JSON'
  return (method === 'GET' || method === 'POST') && /json/i.test(headers['content-type'] ?? '')
}

export const formOf = (call: Asked, job?: OfJob): Form => (isJson(call, job) ? JSON_FORM : XML_FORM)

const xml = (status: number, body: string): Reply => ({ status, kind: 'text', text: XML_HEAD + body, type: 'application/xml' })
const members = (value: Members): string =>
  Object.entries(value)
    .map(([name, each]) => leaf(name, each))
    .join('')

const XML_FORM: Form = {
  answer: (name, value, status) => xml(status, `<${name} xmlns="${DATALOAD}">${members(value)}</${name}>`),
  list: (name, each, all) =>
    xml(200, `<${name} xmlns="${DATALOAD}">${all.map((value) => `<${each}>${members(value)}</${each}>`).join('')}</${name}>`),
  error: ({ code, message, status }) =>
    xml(status, `<error xmlns="${DATALOAD}">${leaf('exceptionCode', code)}${leaf('exceptionMessage', message)}</error>`),
}

/** The JSON form has numbers, and the API version as one. */
const JSON_FORM: Form = {
  answer: (_, value, status) => bare(status, numbered(value)),
  list: (_, each, all) => bare(200, { [each]: all.map(numbered) }),
  error: ({ code, message, status }) => bare(status, { exceptionCode: code, exceptionMessage: message }),
}

const bare = (status: number, value: object): Reply => ({ status, kind: 'text', text: JSON.stringify(value), type: JSON_TYPE })

const numbered = (value: Members): object => ('apiVersion' in value ? { ...value, apiVersion: decimal(String(value.apiVersion)) } : value)

export const bulk1Error = (call: Asked, error: BulkError): Reply => formOf(call).error(error)

/** The members of a jobInfo that a client sent. */
export function readControl(call: Call): Record<string, string | null | undefined> {
  const body = call.body.toString('utf8')
  if (!/json/i.test(call.headers['content-type'] ?? '')) return readXmlControl(body)
  try {
    const value: unknown = parseJson(body)
    if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, each === null ? null : String(each)]))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new BulkError('ClientInputError', 'Failed to parse the JSON of the job')
}

function readXmlControl(body: string): Record<string, string | null> {
  try {
    const root = parseXml(body.trim())
    return Object.fromEntries(root.children.map(({ name }) => [name, childOf(root, name) === undefined ? null : textOf(root, name)]))
  } catch (error) {
    if (error instanceof XmlError) throw new BulkError('ClientInputError', `Failed to parse the XML of the job: ${error.message}`)
    throw error
  }
}

/** The ids of a query batch's results. */
export function listText(call: Call, job: OfJob, ids: readonly string[]): [string, string] {
  if (isJson(call, job)) return [JSON.stringify(ids), JSON_TYPE]
  return [`${XML_HEAD}<result-list xmlns="${DATALOAD}">${ids.map((id) => leaf('result', id)).join('')}</result-list>`, 'application/xml']
}
