import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRecipients, type Recipient } from '../../../src/core/request/recipients.ts'
import { openCourier } from '../../../src/courier.ts'
import { findBlocks } from '../../../src/store/ledger.ts'
import { loadNotices } from '../../../src/store/notices.ts'
import { loadRequest } from '../../../src/store/requests.ts'
import type { ErasureDeps } from '../../../src/tasks/erasure/deps.ts'
import { announce, noteAnswer, tellRecipients, type Courier } from '../../../src/tasks/notify/notices.ts'
import { advanceRequest } from '../../../src/tasks/request/advance.ts'
import { answerRequest, planRequest } from '../../../src/tasks/request/decisions.ts'
import { receiveRequest } from '../../../src/tasks/request/receive.ts'
import { inTurn } from '../../../src/tasks/turn.ts'
import { policy } from '../../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { openMailbox, type Mailbox } from '../../server/mailbox.ts'
import { always, openBench, rightsDeps, type Bench } from '../bench.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
let server: TestPostgres
let bench: Bench
let mailbox: Mailbox
let erp: Server
let deps: ErasureDeps
let courier: Courier
let clock = Date.parse('2026-11-21T12:00:00Z')
let answer = 500
const heard: { headers: NodeJS.Dict<string | string[]>; body: string }[] = []

beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
  mailbox = await openMailbox()
  erp = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      heard.push({ headers: request.headers, body })
      response.writeHead(answer).end()
    })
  })
  await new Promise<void>((done) => erp.listen(0, '127.0.0.1', done))
  const shell = { ...bench.shell, now: () => clock }
  deps = { ...rightsDeps(bench), shell, recipients: recipientsAt((erp.address() as AddressInfo).port) }
  courier = openCourier({ mail: { smtpUrl: mailbox.url, from: 'privacy@example.fr' } }, policy, () => clock)
})
afterAll(async () => {
  courier.close()
  await new Promise<void>((done) => void erp.close(() => done()))
  await mailbox.close()
  await bench.close()
  await server.stop()
})

function recipientsAt(port: number): readonly Recipient[] {
  const named = (id: string) => ({ id, name: `Example ${id}`, purpose: { fr: 'Essai', en: 'Test' }, country: 'FR' })
  const secret = Buffer.alloc(32, 3).toString('base64')
  const parsed = parseRecipients({
    version: 1,
    recipients: [
      { ...named('erp'), webhook: { url: `http://127.0.0.1:${port}/privacy`, secret, loopback: true } },
      { ...named('mailing'), by: ['email', 'phone'], email: { to: 'dpo@mailing.example.org', language: 'en' } },
      { ...named('print'), none: { because: 'disproportionate', note: 'printed and sent' } },
      { ...named('calls'), by: ['phone'], email: { to: 'dpo@calls.example.org' } },
      { ...named('others'), tell: ['restriction'], email: { to: 'dpo@others.example.org' } },
    ],
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.value
}

/** Answered, and to be closed: only recipients are left to be told. */
async function answered(email: string): Promise<string> {
  const asked = { emails: [email], phones: [], records: [] }
  const received = await receiveRequest(deps, { asked, right: 'erasure', scope: 'all', origin: 'session', at: clock, user: 'u1' })
  if (received.outcome === 'refused') throw new Error(received.message)
  const { id } = received.file
  await planRequest(deps, id, [], always)
  await inTurn(deps.shell, (turn) =>
    announce(turn, deps.recipients, { request: id, right: 'erasure', person: { emails: [email], phones: [] } }),
  )
  expect(await answerRequest(deps, id, 'u1')).toMatchObject({ outcome: 'changed' })
  return id
}
const tell = () => tellRecipients(deps.shell, deps.recipients, courier, always)
const statuses = async (id: string) =>
  Object.fromEntries((await loadNotices(deps.shell.db, id)).map(({ recipient, status }) => [recipient, status]))
const statusOf = async (id: string) => (await loadRequest(deps.shell.db, id))!.request.status
async function rowsOf(table: string): Promise<string> {
  return (await sql<{ line: string }>`select t::text as line from ${sql.table(table)} t`.execute(deps.shell.db)).rows
    .map(({ line }) => line)
    .join('\n')
}
const ledger = async (id: string): Promise<unknown[]> =>
  (await findBlocks(deps.shell.db, id))
    .flatMap(({ body }) =>
      body
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as unknown[]),
    )
    .filter(([kind, request]) => kind === 'recipient' && request === id)
    .map(([, , ...rest]) => rest)

describe('recipients of an erasure', () => {
  it('are each told once, by what they know the person by, and their answers noted; the request ends after them', async () => {
    const id = await answered('ada@example.test')
    expect(await statuses(id)).toEqual({ calls: 'impossible', erp: 'waiting', mailing: 'waiting', print: 'disproportionate' })
    expect(await rowsOf('notice')).not.toMatch(/ada@|example\.test/)
    expect(await tell()).toEqual({ told: 1, postponed: 1, givenUp: 0 })
    expect(mailbox.mails).toMatchObject([{ to: ['dpo@mailing.example.org'], text: expect.stringContaining('ada@example.test') }])
    await advanceRequest(deps, id, always)
    expect(await statusOf(id)).toBe('answered')
    answer = 204
    expect(await tell()).toEqual({ told: 0, postponed: 0, givenUp: 0 })
    clock += MINUTE
    expect(await tell()).toEqual({ told: 1, postponed: 0, givenUp: 0 })
    expect(await statuses(id)).toEqual({ calls: 'impossible', erp: 'acknowledged', mailing: 'told', print: 'disproportionate' })
    const [first, second] = heard
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id'])
    expect(JSON.parse(second!.body)).toMatchObject({ type: 'subject.erasure', data: { emails: ['ada@example.test'], phones: [] } })
    expect(await rowsOf('notice')).not.toContain('\\x')
    clock += 10 * MINUTE
    await advanceRequest(deps, id, always)
    expect(await statusOf(id)).toBe('closed')
    expect(await noteAnswer(deps.shell, id, { recipient: 'mailing', answer: 'acknowledged', user: 'u1' })).toMatchObject({
      outcome: 'changed',
    })
    expect(await noteAnswer(deps.shell, id, { recipient: 'nobody', answer: 'acknowledged', user: 'u1' })).toMatchObject({
      outcome: 'refused',
    })
    expect(await statuses(id)).toMatchObject({ mailing: 'acknowledged' })
    expect(await ledger(id)).toEqual([
      ['erp', 'to-tell'],
      ['mailing', 'to-tell'],
      ['print', 'disproportionate'],
      ['calls', 'impossible'],
      ['mailing', 'told'],
      ['erp', 'acknowledged'],
      ['mailing', 'acknowledged', 'u1'],
    ])
  })

  it('are each told, whatever one of them cannot be told for: that one is tried on, and given up', async () => {
    answer = 204
    const id = await answered('eve@example.test')
    await sql`update notice set seal = sha256(seal) where request = ${id} and recipient = 'mailing'`.execute(deps.shell.db)
    expect(await tell()).toEqual({ told: 1, postponed: 1, givenUp: 0 })
    for (let tries = 0; tries < 30; tries++) {
      clock += DAY / 2
      await tell()
    }
    expect(await statuses(id)).toMatchObject({ erp: 'acknowledged', mailing: 'failed' })
    expect(await rowsOf('request_alert')).toMatch(new RegExp(`${id},failed,`))
  })

  it('are given up after days of trying, which the DPO hears of, and nothing of the person is left', async () => {
    answer = 503
    const id = await answered('bob@example.test')
    for (let tries = 0; tries < 30; tries++) {
      await tell()
      clock += DAY / 2
    }
    expect(await statuses(id)).toMatchObject({ erp: 'failed' })
    expect((await loadNotices(deps.shell.db, id)).find(({ recipient }) => recipient === 'erp')).toMatchObject({
      fault: 'status-503',
      by: null,
    })
    expect(await rowsOf('request_alert')).toContain('recipient-failed')
    await advanceRequest(deps, id, always)
    expect([await statusOf(id), await rowsOf('notice')]).toEqual(['closed', expect.not.stringContaining('\\x')])
  })
})
