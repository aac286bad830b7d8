/** What Salesforce refused, stripped of everything that could hold a person's data: its messages quote values. */
import { ConnectorError, type ConnectorErrorKind } from '../connector.ts'
import { Faults } from './payloads.ts'

export type Fault = { readonly code: string; readonly fields: readonly string[]; readonly concurrent: boolean }

/** Codes and field names of an error body; an unreadable body gives none. */
export function faultsOf(text: string): readonly Fault[] {
  return faultsIn(parseJson(text))
}

/** The same of a body that is parsed already. */
export function faultsIn(body: unknown): readonly Fault[] {
  const parsed = Faults.safeParse(body)
  if (!parsed.success) return []
  return (Array.isArray(parsed.data) ? parsed.data : [parsed.data]).map(toFault)
}

export function toFault(error: {
  errorCode?: string | undefined
  statusCode?: string | undefined
  message?: string | undefined
  fields?: readonly string[] | null | undefined
}): Fault {
  const code = error.statusCode ?? error.errorCode ?? ''
  return {
    code: /^[A-Za-z0-9_]{1,80}$/.test(code) ? code : 'UNKNOWN',
    fields: (error.fields ?? []).filter((field) => /^[A-Za-z0-9_.]{1,120}$/.test(field)),
    // Two limits share one code: calls that run too long at once pass by themselves, the daily one does not.
    concurrent: /Concurrent/i.test(error.message ?? ''),
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** REST API guide and Partner WSDL: worth another try a little later. */
const PASSING = new Set([
  'UNABLE_TO_LOCK_ROW',
  'QUERY_TIMEOUT',
  'REQUEST_RUNNING_TOO_LONG',
  'SERVER_UNAVAILABLE',
  'ORG_IN_MAINTENANCE',
  'INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE',
  'TOO_MANY_APEX_REQUESTS',
  'UNKNOWN_EXCEPTION',
  'INTERNAL_ERROR',
])
const QUOTA = new Set(['REQUEST_LIMIT_EXCEEDED', 'LIMIT_EXCEEDED', 'EXCEEDED_QUOTA', 'STORAGE_LIMIT_EXCEEDED'])
const SETUP = new Set([
  'API_DISABLED_FOR_ORG',
  'API_CURRENTLY_DISABLED',
  'INSUFFICIENT_ACCESS',
  'INSUFFICIENT_ACCESS_OR_READONLY',
  'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
  'FUNCTIONALITY_NOT_ENABLED',
  'FeatureNotEnabled',
  'MUTUAL_AUTHENTICATION_FAILED',
  'INACTIVE_OWNER_OR_USER',
])

export function isPassing(fault: Fault): boolean {
  return PASSING.has(fault.code) || (fault.code === 'REQUEST_LIMIT_EXCEEDED' && fault.concurrent)
}

function isQuota(fault: Fault): boolean {
  return QUOTA.has(fault.code)
}

/** The error for a refusal nobody in particular expected. `doing` says what was tried, without values. */
export function refusal(doing: string, status: number, faults: readonly Fault[]): ConnectorError {
  const codes = [...new Set(faults.map((fault) => fault.code))].join(', ')
  const fields = [...new Set(faults.flatMap((fault) => fault.fields))].join(', ')
  const text = `Salesforce refused to ${doing}: HTTP ${status}${codes && ` ${codes}`}${fields && ` (${fields})`}`
  return new ConnectorError(kindOf(status, faults), text)
}

function kindOf(status: number, faults: readonly Fault[]): ConnectorErrorKind {
  if (faults.some(isPassing) || status >= 500) return 'unavailable'
  if (status === 429 || faults.some(isQuota)) return 'throttled'
  if (status === 401) return 'auth'
  if (faults.some((fault) => fault.code === 'INVALID_QUERY_LOCATOR')) return 'bad-cursor'
  if (status === 403 || faults.some((fault) => SETUP.has(fault.code))) return 'scope'
  return 'refused'
}
