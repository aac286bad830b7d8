/**
 * Stands between a connector and its sandbox: counts what comes through and breaks it on purpose, so that the sandbox
 * needs to know nothing of the suite, and the suite nothing of the sandbox's own levers.
 */
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createStreaks, type Noise } from './noise.ts'

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }
export type Seen = { method: string; path: string; body: string }
/** `reply` answers in the CRM's place; `edit` changes what the CRM answered; `hang` and `reset` answer nothing. */
export type Rule = (
  seen: Seen,
) =>
  | { reply: { status: number; headers?: Record<string, string>; body: string } }
  | { edit: (answer: Answer) => Answer }
  | 'hang'
  | 'reset'
  | undefined

export interface Gate {
  readonly url: string
  readonly seen: readonly Seen[]
  rule: Rule | undefined
  close(): Promise<void>
}

/** Every request goes on to `target` with the Host header that the client sent, unless the rule, or else the noise, says otherwise. */
export async function openGate(target: string, noise?: Noise): Promise<Gate> {
  const seen: Seen[] = []
  const gate = { url: '', seen, rule: undefined as Rule | undefined, noise, streaks: createStreaks() }
  const server = createServer((request, response) => {
    pass(gate, target, request, response).catch((error: Error) => response.destroy(error))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  gate.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(gate, {
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

type State = { seen: Seen[]; rule: Rule | undefined; noise: Noise | undefined; streaks: ReturnType<typeof createStreaks> }

async function pass(gate: State, target: string, request: IncomingMessage, response: ServerResponse) {
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
  const seen = { method: request.method!, path: request.url!, body: body.toString() }
  gate.seen.push(seen)
  const key = `${seen.method} ${seen.path} ${seen.body}`
  await gate.noise?.delay()
  // Noise first: a rule that counts its requests counts those that reach the CRM.
  const decision = gate.noise?.upset(gate.streaks.of(key), gate.rule !== undefined, seen) ?? gate.rule?.(seen)
  gate.streaks.note(key, decision !== undefined && !(typeof decision === 'object' && 'edit' in decision))
  if (decision === 'hang') return
  if (decision === 'reset') return void request.socket.destroy()
  if (typeof decision === 'object' && 'reply' in decision) {
    const { status, headers, body: text } = decision.reply
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
    return
  }
  const answer = await ask(target, request, body)
  if (decision === 'lost') return void request.socket.destroy()
  const { status, headers, body: bytes } = decision ? decision.edit(answer) : answer
  const { 'transfer-encoding': _chunked, ...kept } = headers
  response.writeHead(status, { ...kept, 'content-length': String(bytes.length) }).end(bytes)
}

function ask(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(target)
    const onward = forward({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
      Array.fromAsync(answer as AsyncIterable<Buffer>).then(
        (chunks) => resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(chunks) }),
        reject,
      )
    })
    onward.on('error', reject)
    onward.end(body)
  })
}

/** Changes a JSON answer in place. */
export function editJson(change: (body: Record<string, unknown>) => void): { edit: (answer: Answer) => Answer } {
  return {
    edit: (answer) => {
      if (!String(answer.headers['content-type']).includes('json') || answer.body.length === 0) return answer
      const body = JSON.parse(answer.body.toString()) as Record<string, unknown>
      change(body)
      return { ...answer, body: Buffer.from(JSON.stringify(body)) }
    },
  }
}
