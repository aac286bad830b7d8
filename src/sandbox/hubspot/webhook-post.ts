import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** The receiver's status, or why there was none. */
export type Outcome = number | 'timeout' | 'connection'
export type Posting = { done: Promise<Outcome>; abort(): void }

/** A receiver's answer counts by its status; no more of its body is read than this. */
const ANSWER_MOST = 64 * 1024

/** One POST on a connection of its own; never rejects. */
export function post(
  url: string,
  headers: Record<string, string>,
  body: Buffer,
  { timeoutMs, anyCertificate }: { timeoutMs: number; anyCertificate: boolean },
): Posting {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const send = url.startsWith('https:') ? httpsRequest : httpRequest
  const length = { 'Content-Length': String(body.length) }
  const request = send(url, { method: 'POST', agent: false, headers: { ...headers, ...length }, rejectUnauthorized: !anyCertificate })
  const timer = setTimeout(() => {
    resolve('timeout')
    request.destroy()
  }, timeoutMs)
  request.on('response', (response) => {
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > ANSWER_MOST) response.destroy()
    })
    response.on('error', () => response.destroy())
    resolve(response.statusCode ?? 0)
  })
  request.on('error', () => resolve('connection'))
  request.on('close', () => {
    clearTimeout(timer)
    resolve('connection')
  })
  request.end(body)
  return { done: promise, abort: () => void request.destroy() }
}
