/** /services/Soap/u|c|m/NN: the SOAP API's core calls, login and logout. Salesforce docs: SOAP API Developer Guide. */
import { childrenNamed, textOf } from './xml-parse.ts'
import { envelope, faultReply, headerText, noOperation, readEnvelope, SoapFault } from './soap-envelope.ts'
import { Fault } from './fault.ts'
import { isPassword } from './oauth-token.ts'
import { issueToken, revokeToken, sessionOfToken } from './session.ts'
import { leaf } from './xml.ts'
import { metadataCall } from './soap-metadata.ts'
import {
  soapChanges,
  soapDescribe,
  soapDescribeGlobal,
  soapQuery,
  soapQueryMore,
  soapRetrieve,
  soapSearch,
  soapTimestamp,
  userInfo,
} from './soap-read.ts'
import {
  soapConvertLead,
  soapCreate,
  soapDelete,
  soapEmptyRecycleBin,
  soapMerge,
  soapUndelete,
  soapUpdate,
  soapUpsert,
} from './soap-write.ts'
import { versionOf } from './url.ts'
import type { Call, Reply } from './call.ts'
import type { SoapRequest, Wsdl } from './soap-envelope.ts'

type Asked = Omit<Call, 'version' | 'base' | 'path' | 'session'>
type Carry = (call: Call, run: (call: Call) => Reply) => Reply
type Operation = (call: Call, request: SoapRequest, wsdl: Wsdl) => string

const OPERATIONS: Readonly<Record<string, Operation>> = {
  query: (call, request, wsdl) => soapQuery(call, wsdl, request, 'live'),
  queryAll: (call, request, wsdl) => soapQuery(call, wsdl, request, 'all'),
  queryMore: (call, request, wsdl) => soapQueryMore(call, wsdl, request),
  search: (call, request, wsdl) => soapSearch(call, wsdl, request),
  retrieve: (call, request, wsdl) => soapRetrieve(call, wsdl, request),
  create: soapCreate,
  update: soapUpdate,
  upsert: soapUpsert,
  delete: soapDelete,
  undelete: soapUndelete,
  emptyRecycleBin: soapEmptyRecycleBin,
  merge: soapMerge,
  convertLead: soapConvertLead,
  getUpdated: (call, request) => soapChanges(call, 'updated', request),
  getDeleted: (call, request) => soapChanges(call, 'deleted', request),
  getServerTimestamp: soapTimestamp,
  getUserInfo: (call) => `<result>${userInfo(call)}</result>`,
  describeGlobal: soapDescribeGlobal,
  describeSObject: (call, { args }) => soapDescribe(call, [textOf(args, 'sObjectType') ?? '']),
  describeSObjects: (call, { args }) =>
    soapDescribe(
      call,
      childrenNamed(args, 'sObjectType').map(({ text }) => text.trim()),
    ),
  describeTabs: () => '',
  logout: ({ sessions, session }) => {
    revokeToken(sessions, session.token)
    return ''
  },
}

/** `path` are the segments after `Soap`: the WSDL's letter, the version, perhaps the org. */
export function soapReply(asked: Asked, path: readonly string[], carryOut: Carry): Reply {
  const [letter = '', number = ''] = path
  const wsdl = letter.toLowerCase() === 'c' ? 'c' : letter.toLowerCase() === 'm' ? 'm' : 'u'
  try {
    return answer(asked, letter.toLowerCase(), wsdl, number, carryOut)
  } catch (error) {
    if (error instanceof SoapFault) return faultReply(wsdl, error)
    if (error instanceof Fault) return faultReply(wsdl, new SoapFault(error.errorCode, error.message))
    throw error
  }
}

function answer(asked: Asked, letter: string, wsdl: Wsdl, number: string, carryOut: Carry): Reply {
  const version = versionOf(`v${number.includes('.') ? number : `${number}.0`}`)
  if (letter !== wsdl || version === undefined) throw new SoapFault('UNSUPPORTED_API_VERSION', 'Invalid Api version specified on URL')
  if (asked.method !== 'POST') throw new SoapFault(null, 'HTTP method not allowed; use POST')
  if (asked.headers.soapaction === undefined) throw new SoapFault(null, 'SOAPAction HTTP header missing')
  const request = readEnvelope(asked.body.toString('utf8'))
  const { operation } = request
  if (operation === 'login' && wsdl !== 'm') return envelope(wsdl, operation, login(asked, request, wsdl, version))
  const token = headerText(request, 'SessionHeader', 'sessionId') ?? undefined
  const session = sessionOfToken(asked.org, asked.sessions, token)
  if (session === undefined) throw new SoapFault('INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader: Illegal Session')
  const run =
    Object.hasOwn(OPERATIONS, operation) && wsdl !== 'm' ? OPERATIONS[operation] : wsdl === 'm' ? metadataCall(operation) : undefined
  if (run === undefined) throw noOperation(wsdl, operation)
  const client = headerText(request, 'CallOptions', 'client')
  const headers = { ...asked.headers, ...(client === null ? {} : { 'sforce-call-options': `client=${client}` }) }
  const call: Call = { ...asked, headers, version, base: `/services/data/v${version}`, path: ['soap'], session }
  return carryOut(call, (ready) => envelope(wsdl, operation, run(ready, request, wsdl)))
}

/** unverified: the words where login() is switched off. */
const LOGIN_OFF = 'SOAP API login() is disabled by default in this org.'

function login(asked: Asked, { args }: SoapRequest, wsdl: Wsdl, version: string): string {
  const { org, sessions, headers } = asked
  if (!sessions.password.soap) throw new SoapFault('INVALID_OPERATION', LOGIN_OFF)
  if (!isPassword(textOf(args, 'username'), textOf(args, 'password')))
    throw new SoapFault('INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.')
  const session = issueToken(org, sessions, 'soap-login')
  const url = (letter: string): string =>
    `${headers['x-sandbox-origin'] ?? ''}/services/Soap/${letter}/${version}/${org.orgId.slice(0, 15)}`
  const members = [
    leaf('metadataServerUrl', url('m')),
    leaf('passwordExpired', false),
    leaf('sandbox', false),
    leaf('serverUrl', url(wsdl)),
    leaf('sessionId', session.token),
    leaf('userId', org.userId),
    `<userInfo>${userInfo(asked)}</userInfo>`,
  ]
  return `<result>${members.join('')}</result>`
}
