/** SOAP 1.1 envelopes: a request taken apart without regard to prefixes, answers and faults put together. Salesforce docs: SOAP API, Headers, Faults. */
import { childOf, parseXml, textOf, XmlError } from './xml-parse.ts'
import { leaf, XML_HEAD } from './xml.ts'
import type { Element } from './xml-parse.ts'
import type { Reply } from './call.ts'

/** `u` partner, `c` enterprise, `m` metadata. */
export type Wsdl = 'u' | 'c' | 'm'
export type SoapRequest = { operation: string; args: Element; header: Element | undefined }

export class SoapFault extends Error {
  override name = 'SoapFault'
  /** `INVALID_LOGIN`, or null where the envelope itself is at fault. */
  readonly code: string | null
  constructor(code: string | null, message: string) {
    super(message)
    this.code = code
  }
}

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/'
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
const NAMES: Readonly<Record<Wsdl, { own: string; objects: string; faults: string }>> = {
  u: { own: 'urn:partner.soap.sforce.com', objects: 'urn:sobject.partner.soap.sforce.com', faults: 'urn:fault.partner.soap.sforce.com' },
  c: {
    own: 'urn:enterprise.soap.sforce.com',
    objects: 'urn:sobject.enterprise.soap.sforce.com',
    faults: 'urn:fault.enterprise.soap.sforce.com',
  },
  m: {
    own: 'http://soap.sforce.com/2006/04/metadata',
    objects: 'http://soap.sforce.com/2006/04/metadata',
    faults: 'http://soap.sforce.com/2006/04/metadata',
  },
}

export function readEnvelope(body: string): SoapRequest {
  try {
    const root = parseXml(body.trim())
    const inside = childOf(root, 'Body')
    const args = inside?.children[0]
    if (root.name !== 'Envelope' || args === undefined) throw new SoapFault(null, 'SOAP message is not valid: no operation in its Body')
    return { operation: args.name, args, header: childOf(root, 'Header') }
  } catch (error) {
    if (error instanceof XmlError) throw new SoapFault(null, `SOAP message is not well-formed: ${error.message}`)
    throw error
  }
}

/** One text within one of the headers, such as the session id. */
export const headerText = ({ header }: SoapRequest, name: string, member: string): string | null => textOf(childOf(header, name), member)

const TYPE = 'text/xml;charset=UTF-8'

/** `inside` are the children of `<operationResponse>`. */
export function envelope(wsdl: Wsdl, operation: string, inside: string): Reply {
  const { own, objects } = NAMES[wsdl]
  const objectNames = wsdl === 'm' ? '' : ` xmlns:sf="${objects}"`
  const body = `<soapenv:Body><${operation}Response>${inside}</${operation}Response></soapenv:Body>`
  const text = `${XML_HEAD}<soapenv:Envelope xmlns:soapenv="${ENVELOPE}" xmlns="${own}" ${XSI}${objectNames}>${body}</soapenv:Envelope>`
  return { status: 200, kind: 'text', text, type: TYPE }
}

const FAULTS: Readonly<Record<string, string>> = {
  INVALID_LOGIN: 'LoginFault',
  MALFORMED_QUERY: 'MalformedQueryFault',
  INVALID_FIELD: 'InvalidFieldFault',
  INVALID_TYPE: 'InvalidSObjectFault',
  INVALID_QUERY_LOCATOR: 'InvalidQueryLocatorFault',
  MALFORMED_ID: 'InvalidIdFault',
}

/** In the words of live orgs, which clients tell by their beginning. */
export const noOperation = (wsdl: Wsdl, operation: string): SoapFault =>
  new SoapFault(null, `No operation available for request {${NAMES[wsdl].own}}${operation}, please check the WSDL for the service.`)

/** HTTP 500, whatever is wrong. */
export function faultReply(wsdl: Wsdl, { code, message }: SoapFault): Reply {
  const { faults } = NAMES[wsdl]
  const inside = code === null ? leaf('faultcode', 'soapenv:Client') + leaf('faultstring', message) : codedFault(code, message)
  const body = `<soapenv:Body><soapenv:Fault>${inside}</soapenv:Fault></soapenv:Body>`
  const text = `${XML_HEAD}<soapenv:Envelope xmlns:soapenv="${ENVELOPE}" xmlns:sf="${faults}" ${XSI}>${body}</soapenv:Envelope>`
  return { status: 500, kind: 'text', text, type: TYPE }
}

function codedFault(code: string, message: string): string {
  const name = FAULTS[code] ?? 'UnexpectedErrorFault'
  const [, row, column] = /ERROR at Row:(\d+):Column:(\d+)/.exec(message) ?? []
  const place = row === undefined || column === undefined ? '' : leaf('sf:row', row) + leaf('sf:column', column)
  const members = leaf('sf:exceptionCode', code) + leaf('sf:exceptionMessage', message) + place
  const detail = `<detail><sf:${name} xsi:type="sf:${name}">${members}</sf:${name}></detail>`
  return leaf('faultcode', `sf:${code}`) + leaf('faultstring', `${code}: ${message}`) + detail
}
