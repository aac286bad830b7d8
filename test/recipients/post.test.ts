import { createServer, type Server } from 'node:http'
import { createHmac } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noticeBody, noticeHeaders, urlFault } from '../../src/core/recipients.ts'
import { isPublic } from '../../src/recipients/address.ts'
import { post, type Resolver } from '../../src/recipients/post.ts'

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

/** Every way known to write an address of this machine or of its network. */
function innerHosts(): string[] {
  const four = [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '0',
    '0.0.0.0',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0x7f.0x0.0x0.0x1',
    '017700000001',
    '0177.0.0.1',
    '0177.0.0.01',
    '127.0.0.1.',
    '127.255.255.254',
  ]
  const nets = [
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.168.0.1',
    '192.168.255.255',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '0.1.2.3',
  ]
  const decimal = nets.map((net) => String(net.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)))
  const hex = nets.map(
    (net) =>
      `0x${net
        .split('.')
        .map((part) => Number(part).toString(16).padStart(2, '0'))
        .join('')}`,
  )
  const octal = nets.map((net) =>
    net
      .split('.')
      .map((part) => `0${Number(part).toString(8)}`)
      .join('.'),
  )
  const short = nets.map((net) => {
    const [a, b, c, d] = net.split('.').map(Number) as [number, number, number, number]
    return `${a}.${b}.${c * 256 + d}`
  })
  const six = [
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    'fe80::1',
    'fec0::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '100::1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    '::7f00:1',
    '::ffff:0:7f00:1',
  ]
  const mapped = ['127.0.0.1', ...nets].flatMap((net) => [`::ffff:${net}`, `::${net}`, `64:ff9b::${net}`])
  const wide = ['１２７.０.０.１', '①②⑦.⓪.⓪.①', '127。0。0。1', '%31%32%37.0.0.1']
  return [...four, ...nets, ...decimal, ...hex, ...octal, ...short, ...wide, ...[...six, ...mapped].map((one) => `[${one}]`)]
}

describe('the call of a recipient', () => {
  it('never reaches an address of our own, however it is written: 200 forms and more', async () => {
    const urls = innerHosts().flatMap((host) => [`https://${host}:${port}/ok`])
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
