/** HTTP of /cometd: a request may be held open, and nothing of it counts as an API call. */
import { noteRoute, readBody, sendBuffer } from '../http.ts'
import { cometdReply } from './cometd.ts'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { World } from './call.ts'

const BODY_LIMIT = 1024 * 1024
const PATH = /^\/+cometd(?=[/?]|$)([^?]*)/i

export const isStreamRequest = (request: IncomingMessage): boolean => PATH.test(request.url ?? '')

export async function answerStream(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  noteRoute(response, '/cometd/{version}')
  const body = await readBody(request, BODY_LIMIT).catch(() => undefined)
  if (body === undefined && request.destroyed && !request.complete) return
  const path = (PATH.exec(request.url ?? '')?.[1] ?? '').split('/').filter((part) => part !== '')
  const { authorization, cookie } = request.headers
  const reply = await cometdReply(world, {
    method: request.method ?? 'GET',
    path,
    headers: { authorization, cookie },
    body: body ?? Buffer.alloc(0),
    gone: (listener) => void response.once('close', listener),
  })
  const headers = Object.entries({ 'Content-Type': 'application/json;charset=UTF-8', ...reply.headers }).flat()
  sendBuffer(response, reply.status, headers, reply.kind === 'text' && typeof reply.text === 'string' ? reply.text : undefined)
}
