/** One signed call of a recipient's webhook: to the very address that was looked at, without redirects, and of the answer no more than its number. */
import { lookup as lookUpName } from 'node:dns'
import { request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { urlFault } from '../core/request/recipients.ts'
import { isLoopback, isPublic } from './address.ts'

/** `fault`: a code, never what the other side says. */
export type Posted = { outcome: 'acknowledged' } | { outcome: 'failed'; fault: string }
export type Post = { url: string; loopback: boolean; headers: Readonly<Record<string, string>>; body: string }
/** As `dns.lookup`; another one for tests. */
export type Resolver = typeof lookUpName

const PATIENCE_MS = 15_000
class Blocked extends Error {
  readonly code = 'blocked-address'
}

export async function post(
  { url: address, loopback, headers, body }: Post,
  signal: AbortSignal,
  resolve: Resolver = lookUpName,
): Promise<Posted> {
  if (urlFault(address, loopback) !== null) return { outcome: 'failed', fault: 'blocked-address' }
  const url = new URL(address)
  const allowed = (ip: string): boolean => isPublic(ip) || (loopback && isLoopback(ip))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // A literal is connected to without any look-up.
  if (isIP(host) !== 0 && !allowed(host)) return { outcome: 'failed', fault: 'blocked-address' }
  const call = url.protocol === 'https:' ? requestTls : requestPlain
  const all = { ...headers, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), 'user-agent': 'accord' }
  return new Promise((done) => {
    const asked = call(
      url,
      {
        method: 'POST',
        headers: all,
        agent: false,
        lookup: guarded(allowed, resolve),
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      },
      (response) => {
        const status = response.statusCode ?? 0
        response.destroy()
        done(status >= 200 && status < 300 ? { outcome: 'acknowledged' } : { outcome: 'failed', fault: `status-${status}` })
      },
    )
    asked.on('error', (error: NodeJS.ErrnoException) => done({ outcome: 'failed', fault: codeOf(error) }))
    asked.end(body)
  })
}

/** Every answer of the name service is looked at, and the connection goes to one of them: a name cannot change its mind in between. */
function guarded(allowed: (ip: string) => boolean, resolve: Resolver): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { all: true, ...(options.family === undefined ? {} : { family: options.family }) }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error) callback(error, '', 0)
      else if (first === undefined || !addresses.every(({ address }) => allowed(address))) callback(new Blocked('blocked address'), '', 0)
      else if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function codeOf(error: NodeJS.ErrnoException): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no-answer'
  return typeof error.code === 'string' && /^[\w-]{1,40}$/.test(error.code) ? error.code : 'unknown'
}
