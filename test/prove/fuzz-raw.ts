/** Requests that are no HTTP, or only nearly: written byte by byte on a socket of their own. */
import { connect } from 'node:net'
import { ODD } from './fuzz-request.ts'
import type { Random } from './random.ts'

/** Statuses that the server may answer malformed HTTP with; a connection that just ends is fine too. */
const FINE = new Set([200, 201, 204, 207, 400, 401, 403, 404, 405, 406, 408, 411, 413, 414, 415, 417, 426, 431])

export function rawRequest(random: Random, token: string): { what: string; bytes: Buffer; halfClose: boolean } {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
  const path = pick([
    '/crm/v3/objects/contacts',
    '/services/data/v60.0/limits',
    '/services/data/v60.0/composite',
    '/cometd/60.0',
    '*',
    '/',
    'http://example.test/crm/v3/objects/contacts',
  ])
  const authorization = `Authorization: Bearer ${token}\r\n`
  const shapes: readonly [string, string][] = [
    ['no version', `GET ${path}\r\n\r\n`],
    ['unknown version', `GET ${path} HTTP/9.9\r\nHost: x\r\n\r\n`],
    ['no host', `GET ${path} HTTP/1.1\r\n${authorization}\r\n`],
    ['old version', `GET ${path} HTTP/1.0\r\n${authorization}\r\n`],
    [
      'odd host',
      `GET ${path} HTTP/1.1\r\nHost: ${pick(['', 'a b', '[::1', 'x'.repeat(500), '127.0.0.1:99999', '${x}'])}\r\n${authorization}\r\n`,
    ],
    ['two lengths', `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}`],
    ['length and chunks', `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['negative length', `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n`],
    ['broken chunk', `POST ${path} HTTP/1.1\r\nHost: x\r\n${authorization}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n`],
    [
      'body that ends early',
      `POST ${path} HTTP/1.1\r\nHost: x\r\n${authorization}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{"properties":`,
    ],
    ['header without colon', `GET ${path} HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n`],
    ['folded header', `GET ${path} HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n`],
    ['bare line feeds', `GET ${path} HTTP/1.1\nHost: x\n\n`],
    ['pipelined', `GET ${path} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`.repeat(5)],
    [
      'expect',
      `POST ${path} HTTP/1.1\r\nHost: x\r\n${authorization}Expect: ${pick(['100-continue', 'nothing'])}\r\nContent-Length: 2\r\n\r\n{}`,
    ],
    [
      'upgrade',
      `GET ${path} HTTP/1.1\r\nHost: x\r\n${authorization}Connection: Upgrade\r\nUpgrade: ${pick(['websocket', 'h2c', 'nothing'])}\r\n\r\n`,
    ],
    ['connect', `CONNECT example.test:443 HTTP/1.1\r\nHost: example.test\r\n\r\n`],
    ['huge header', `GET ${path} HTTP/1.1\r\nHost: x\r\nX-A: ${'x'.repeat(120_000)}\r\n\r\n`],
    ['huge line', `GET /${'x'.repeat(120_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['many headers', `GET ${path} HTTP/1.1\r\nHost: x\r\n${Array.from({ length: 3_000 }, (_, at) => `X-${at}: 1\r\n`).join('')}\r\n`],
    ['raw bytes in the path', `GET /crm/v3/objects/contacts/${pick(ODD)} HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`],
    ['noise', Array.from({ length: 1 + random(200) }, () => String.fromCharCode(random(256))).join('')],
    ['TLS hello', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['nothing at all', ''],
  ]
  const [what, text] = pick(shapes)
  return { what: `raw: ${what}`, bytes: Buffer.from(text, 'latin1'), halfClose: random(2) === 0 }
}

/** Sends the bytes, waits for an answer or the end; returns what is wrong with it, if anything is. */
export function sendRaw(port: number, bytes: Buffer, halfClose: boolean, patienceMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    const finish = (problem: string | undefined): void => {
      clearTimeout(timer)
      clearTimeout(silence)
      socket.destroy()
      resolve(problem)
    }
    const judge = (): void => {
      const statuses = [...answer.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map((match) => Number(match[1])).filter((status) => status !== 100)
      finish(statuses.every((status) => FINE.has(status)) ? undefined : `answered ${statuses.join()}`)
    }
    // A server may wait for the rest of what never comes; it must not be waited for.
    const silence = setTimeout(judge, 150)
    const timer = setTimeout(() => finish('the connection hangs'), patienceMs)
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      silence.refresh()
    })
    socket.on('error', judge)
    socket.on('close', judge)
    socket.on('connect', () => {
      if (halfClose) socket.end(bytes)
      else socket.write(bytes)
    })
  })
}
