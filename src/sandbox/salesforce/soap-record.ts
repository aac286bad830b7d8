/** Records in SOAP: elements to a write's input, JSON answers to elements. */
import { childrenNamed, isNil, textOf } from './xml-parse.ts'
import { leaf, nillable } from './xml.ts'
import { isObject } from './call.ts'
import type { Element } from './xml-parse.ts'
import type { RecordError } from './fault.ts'
import type { Wsdl } from './soap-envelope.ts'

export type SoapRecord = { type: string; id: string; input: Record<string, unknown> }

/** An sObject: its type in a child (partner) or in xsi:type (enterprise); nil members are passed over, `fieldsToNull` clears. */
export function readRecord(element: Element): SoapRecord {
  const input: Record<string, unknown> = {}
  for (const child of element.children) {
    if (child.name === 'type' || child.name === 'Id' || child.name === 'fieldsToNull' || isNil(child)) continue
    input[child.name] = child.children.length > 0 ? readParent(child) : child.text
  }
  for (const field of childrenNamed(element, 'fieldsToNull')) input[field.text.trim()] = null
  return { type: typeOf(element), id: textOf(element, 'Id') ?? '', input }
}

const typeOf = (element: Element): string => textOf(element, 'type') ?? (element.attributes.get('type') ?? '').split(':').at(-1) ?? ''

function readParent(element: Element): Record<string, unknown> {
  const { type, id, input } = readRecord(element)
  return { ...(type === '' ? {} : { attributes: { type } }), ...(id === '' ? {} : { Id: id }), ...input }
}

/** REST shows `+0000` where SOAP shows `Z`; nothing but a datetime looks like this from end to end. */
const soapText = (value: unknown): string | number | boolean =>
  typeof value === 'string'
    ? value.replace(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\+0000$/, '$1Z')
    : typeof value === 'number' || typeof value === 'boolean'
      ? value
      : JSON.stringify(value)

/** A record of a REST answer as `<name>`. The partner form names the type in a child and repeats a selected Id. */
export function writeRecord(wsdl: Wsdl, name: string, record: unknown): string {
  if (!isObject(record)) return `<${name} xsi:nil="true"/>`
  const { attributes, ...members } = record
  const type = isObject(attributes) ? String(attributes.type) : 'sObject'
  const inside = Object.entries(members).map(([key, value]) => writeMember(wsdl, `sf:${key}`, value))
  if (wsdl === 'c') return `<${name} xsi:type="sf:${type}">${inside.join('')}</${name}>`
  const id = typeof members.Id === 'string' ? members.Id : null
  return `<${name} xsi:type="sf:sObject">${leaf('sf:type', type)}${nillable('sf:Id', id)}${inside.join('')}</${name}>`
}

function writeMember(wsdl: Wsdl, name: string, value: unknown): string {
  if (value === null || value === undefined) return nillable(name, null)
  if (!isObject(value)) return leaf(name, soapText(value))
  if ('records' in value) return writeResult(wsdl, name, value)
  if ('attributes' in value) return writeRecord(wsdl, name, value)
  const parts = Object.entries(value).map(([key, part]) => nillable(key, part === null ? null : soapText(part)))
  return `<${name} xsi:type="address">${parts.join('')}</${name}>`
}

/** A page of a query. */
export function writeResult(wsdl: Wsdl, name: string, page: Readonly<Record<string, unknown>>): string {
  const { done, nextRecordsUrl, records, totalSize } = page
  const locator = typeof nextRecordsUrl === 'string' ? (nextRecordsUrl.split('/').at(-1) ?? null) : null
  const rows = Array.isArray(records) ? records.map((record) => writeRecord(wsdl, 'records', record)) : []
  const head = leaf('done', done === true) + nillable('queryLocator', locator)
  return `<${name} xsi:type="QueryResult">${head}${rows.join('')}${leaf('size', Number(totalSize))}</${name}>`
}

export const writeErrors = (errors: readonly RecordError[]): string =>
  errors
    .map(({ fields, message, statusCode }) => {
      const named = fields.map((field) => leaf('fields', field)).join('')
      return `<errors>${named}${leaf('message', message)}${leaf('statusCode', statusCode)}</errors>`
    })
    .join('')
