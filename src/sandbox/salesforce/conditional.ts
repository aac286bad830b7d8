/** If-Modified-Since, If-Unmodified-Since, If-Match, If-None-Match. Salesforce docs: REST API, Conditional Requests. */
import { Fault } from './fault.ts'
import type { Call, Reply } from './call.ts'
import type { Version } from './wire.ts'

/** unverified: the body of a 412. */
const FAILED = 'PRECONDITION_FAILED'

/** The 304 that spares the answer, or undefined; throws the 412. Dates that cannot be read are passed over, as HTTP wants. */
export function condition(call: Call, { etag, at }: Version): Reply | undefined {
  const { headers } = call
  const unmodified = timeOf(headers['if-unmodified-since'])
  if (unmodified !== undefined && at > unmodified)
    throw new Fault(412, FAILED, 'The record was modified after the date of the If-Unmodified-Since header')
  const match = headers['if-match']
  if (match !== undefined && !names(match, etag)) throw new Fault(412, FAILED, 'The ETag does not match the If-Match header')
  const none = headers['if-none-match']
  const since = none === undefined ? timeOf(headers['if-modified-since']) : undefined
  if (call.method !== 'GET') return undefined
  const same = none === undefined ? since !== undefined && at <= since : names(none, etag)
  return same ? { status: 304, kind: 'none', headers: versionHeaders({ etag, at }) } : undefined
}

export const versionHeaders = ({ etag, at }: Version): Record<string, string> => ({
  ETag: `"${etag}"`,
  'Last-Modified': new Date(at).toUTCString(),
})

/** `*`, or a list of quoted tags, strong or weak; Salesforce appends `--gzip` to tags of compressed answers. */
const names = (list: string, etag: string): boolean =>
  list.trim() === '*' ||
  list.split(',').some(
    (tag) =>
      tag
        .trim()
        .replace(/^W\//, '')
        .replaceAll('"', '')
        .replace(/-+gzip$/, '') === etag,
  )

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '')
  return Number.isNaN(time) ? undefined : time
}
