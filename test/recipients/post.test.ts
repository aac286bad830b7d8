import { createServer, type Server } from 'node:http'
import { createHmac } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noticeBody, noticeHeaders, urlFault } from '../../src/core/request/recipients.ts'
import { isPublic } from '../../src/recipients/address.ts'
import { post, type Resolver } from '../../src/recipients/post.ts'
import { innerHosts, loopbackHosts } from '../inner-hosts.ts'

const always = new AbortController().signal
let canary: Server
let port: number
let connections = 0
let heard: { url: string; headers: NodeJS.Dict<string | string[]>; body: string }[] = []
beforeAll(async () => {
  canary = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      heard.push({ url: request.url ?? '', headers: request.headers, body })
      if (request.url === '/moved') response.writeHead(307, { location: `http://127.0.0.1:${port}/ok` }).end()
      else response.writeHead(request.url === '/ok' ? 204 : 500).end('a text that may quote the address')
    })
  })
  canary.on('connection', () => void connections++)
  await new Promise<void>((done) => canary.listen(0, '127.0.0.1', done))
  port = (canary.address() as AddressInfo).port
})
afterAll(() => new Promise<void>((done) => void canary.close(() => done())))

const call = (url: string, loopback = false, resolve?: Resolver) => post({ url, loopback, headers: {}, body: '{}' }, always, resolve)
/** As a name service of somebody else's that answers whatever it likes. */
const answering = (...addresses: string[]): Resolver =>
  ((_name: string, _options: unknown, callback: (error: null, all: { address: string; family: number }[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as Resolver

describe('the call of a recipient', () => {
  it('never reaches an address of our own, however it is written: 200 forms and more', async () => {
    const urls = [...loopbackHosts, ...innerHosts()].map((host) => `https://${host}:${port}/ok`)
    expect(urls.length).toBeGreaterThanOrEqual(190)
    connections = 0
    const outcomes = await Promise.all(urls.map(async (url) => ({ url, ...(await call(url)) })))
    expect(outcomes.filter(({ outcome }) => outcome !== 'failed')).toEqual([])
    expect(outcomes.filter((one) => 'fault' in one && one.fault !== 'blocked-address')).toEqual([])
    expect(connections).toBe(0)
  })

  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'data:text/plain,a',
    'javascript:1',
    'http://example.com/',
    'https://user:pw@example.com/',
    'https://example.com/#a',
    'no address',
    'https://',
    '//127.0.0.1/ok',
  ])('%s is refused before anything is asked', async (url) => {
    expect(urlFault(url, true)).not.toBeNull()
    expect(await call(url, true)).toEqual({ outcome: 'failed', fault: 'blocked-address' })
  })

  it.each([
    ['a name of this machine', ['127.0.0.1']],
    ['a name that leads to both', ['93.184.216.34', '10.0.0.1']],
    ['a name that leads to a mapped address', ['::ffff:169.254.169.254']],
    ['a name that leads nowhere', []],
  ])('%s is not connected to: what the name service said is what is looked at', async (_, addresses) => {
    connections = 0
    expect(await call(`https://erp.example.com:${port}/ok`, false, answering(...addresses))).toEqual({
      outcome: 'failed',
      fault: 'blocked-address',
    })
    expect(heard).toEqual([])
  })

  it('goes to this machine only where the configuration says so, follows no redirect, and tells nothing of what was answered', async () => {
    heard = []
    expect(await call(`http://127.0.0.1:${port}/ok`)).toEqual({ outcome: 'failed', fault: 'blocked-address' })
    expect(await call(`http://127.0.0.1:${port}/ok`, true)).toEqual({ outcome: 'acknowledged' })
    expect(await call(`http://localhost:${port}/ok`, true, answering('127.0.0.1'))).toEqual({ outcome: 'acknowledged' })
    expect(await call(`http://localhost:${port}/ok`, true, answering('10.0.0.1'))).toEqual({ outcome: 'failed', fault: 'blocked-address' })
    expect(await call(`http://127.0.0.1:${port}/moved`, true)).toEqual({ outcome: 'failed', fault: 'status-307' })
    expect(await call(`http://127.0.0.1:${port}/broken`, true)).toEqual({ outcome: 'failed', fault: 'status-500' })
    expect(heard.map(({ url }) => url)).toEqual(['/ok', '/ok', '/moved', '/broken'])
  })

  it('is signed as Standard Webhooks say, over number, time and body', async () => {
    heard = []
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    const body = noticeBody('erasure', '2026-01-02T03:04:05.000Z', { emails: ['ada@example.test'], phones: [] })
    const headers = noticeHeaders(secret, { id: 'n1', timestamp: 1_767_323_045, body })
    await post({ url: `http://127.0.0.1:${port}/ok`, loopback: true, headers, body }, always)
    const [got] = heard
    const signature = createHmac('sha256', Buffer.alloc(32, 7)).update(`n1.1767323045.${got!.body}`).digest('base64')
    expect(got).toMatchObject({
      body: '{"type":"subject.erasure","timestamp":"2026-01-02T03:04:05.000Z","data":{"right":"erasure","emails":["ada@example.test"],"phones":[]}}',
      headers: {
        'webhook-id': 'n1',
        'webhook-timestamp': '1767323045',
        'webhook-signature': `v1,${signature}`,
        'content-type': 'application/json',
      },
    })
  })

  it('knows what is anybody’s', () => {
    expect(['93.184.216.34', '8.8.8.8', '2606:4700::1111', '2a00:1450:4007::200e'].filter(isPublic)).toHaveLength(4)
  })
})
