import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { holdByHand } from '../../../src/core/erasure/hold.ts'
import { rights } from '../../../src/core/request/request.ts'
import { nextMail } from '../../../src/store/mails.ts'
import { loadRequest } from '../../../src/store/requests.ts'
import { listRequests, openRequestsOfPerson } from '../../../src/store/request-lists.ts'
import { openPerson, type ErasureDeps } from '../../../src/tasks/erasure/deps.ts'
import { advanceDue } from '../../../src/tasks/request/advance.ts'
import { answerRequest } from '../../../src/tasks/request/decisions.ts'
import { receiveRequest, type Received } from '../../../src/tasks/request/receive.ts'
import { policy } from '../../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { alertDpo } from '../../../src/tasks/notify/alert.ts'
import { inTurn } from '../../../src/tasks/turn.ts'
import { openMailer } from '../../../src/post.ts'
import { deliverMails, type Delivery, type Letter } from '../../../src/tasks/notify/notify.ts'
import { sendLink } from '../../../src/tasks/request/link.ts'
import { lookAtComebacks } from '../../../src/tasks/comeback/worker.ts'
import { lookOnce, watchHolds, watchRequests } from '../../../src/tasks/request/watch.ts'
import { openMailbox } from '../../server/mailbox.ts'
import { always, openBench, rightsDeps, type Bench } from '../bench.ts'

let server: TestPostgres
let bench: Bench
let deps: ErasureDeps
beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
  deps = rightsDeps(bench)
})
afterAll(async () => {
  await bench.close()
  await server.stop()
})

const noon = Date.parse('2026-11-21T12:00:00Z')
const asked = (email: string): Received['asked'] => ({ emails: [email], phones: [], records: [] })
const receive = (part: Partial<Received>) =>
  receiveRequest(deps, {
    asked: asked('ada@example.test'),
    right: 'access',
    scope: 'all',
    origin: 'email',
    at: noon,
    user: 'u1',
    ...part,
  })
const count = async (): Promise<number> =>
  (await sql<{ n: number }>`select count(*)::int as n from request`.execute(bench.shell.db)).rows[0]!.n

describe('a request', () => {
  it('of every right is taken down with its deadline, and who asks is sealed', async () => {
    for (const right of rights) {
      const scope = right === 'objection' ? 'particular-situation' : 'all'
      const received = await receive({ right, scope })
      if (received.outcome === 'refused') throw new Error(received.message)
      const { file } = received
      expect(file).toMatchObject({ kind: right, lastDay: '2026-12-21', request: { status: 'received', right, scope } })
      expect(openPerson(bench.shell, file).asked).toEqual(asked('ada@example.test'))
    }
    const { rows } = await sql<{ line: string }>`select t::text as line from request t`.execute(bench.shell.db)
    expect(rows.map(({ line }) => line).join()).not.toMatch(/ada@|example.test/)
  })

  it('through a session is of a known person at once, whoever takes it down', async () => {
    for (const user of ['u1', null]) {
      const received = await receive({ origin: 'session', user })
      expect(received).toMatchObject({ file: { request: { status: 'identified', proof: { by: 'session' } } } })
    }
  })

  it('from the future, or with a scope that its right has not, leaves nothing behind', async () => {
    const before = await count()
    expect(await receive({ at: noon + 60_000 })).toEqual({
      outcome: 'refused',
      message: 'a request cannot have been received in the future',
    })
    expect(await receive({ scope: 'marketing' })).toEqual({ outcome: 'refused', message: 'only an objection has a scope' })
    expect(await receive({ right: 'objection' })).toMatchObject({ outcome: 'refused' })
    expect(await count()).toBe(before)
  })

  it('is known to be of the same person however the address is written, and two at once are two', async () => {
    const [first, second] = await Promise.all(
      ['eva@example.test', 'EVA+news@example.test'].map((email) => receive({ asked: asked(email.toLowerCase()) })),
    )
    if (first?.outcome !== 'changed' || second?.outcome !== 'changed') throw new Error('refused')
    expect((await openRequestsOfPerson(bench.shell.db, first.file.id)).map(({ id }) => id)).toEqual([second.file.id])
  })

  it('is told to the DPO, and its deadline as it comes near, once however many workers look, by number alone', async () => {
    const received = await receive({ right: 'portability' })
    if (received.outcome === 'refused') throw new Error(received.message)
    const { id } = received.file
    const later = { ...deps, shell: { ...bench.shell, now: () => Date.parse('2026-12-21T08:00:00Z') } }
    const told = await Promise.all([watchRequests(later), watchRequests(later), watchRequests(later)])
    expect(told.filter((count) => count > 0)).toHaveLength(1)
    expect(await watchRequests(later)).toBe(0)
    const mailbox = await openMailbox()
    const mailer = openMailer(
      { mail: { smtpUrl: mailbox.url, from: 'accord@example.fr' }, publicUrl: 'https://accord.example.fr' },
      policy,
    )!
    const { sent } = await deliverMails({ ...bench.shell, now: () => noon + 60_000 }, mailer, always)
    const mine = mailbox.mails.filter(({ text }) => text.includes(id.slice(0, 8)))
    expect([sent > 0, mine.length, mine[0]?.to, mine[0]?.text.includes('portabilité')]).toEqual([
      true,
      1,
      [policy.organisation.dpo.email],
      true,
    ])
    // What nobody could be told for three days is out of date.
    const rest = await deliverMails(later.shell, mailer, always)
    expect(rest.sent).toBeGreaterThan(0)
    expect(mailbox.mails.some(({ text }) => text.includes("C'est aujourd'hui le dernier jour"))).toBe(true)
    mailer.close()
    await mailbox.close()
    expect(mailbox.mails.map(({ text, headers }) => text + headers).join()).not.toMatch(/ada@|eva@|example\.test/)
  })

  it('that fails by itself is put off, later each time, and told; it keeps nobody else from their turn', async () => {
    const ids: string[] = []
    for (const email of ['bad@example.test', 'worse@example.test', 'good@example.test']) {
      const received = await receive({ right: 'withdrawal', asked: asked(email) })
      if (received.outcome === 'refused') throw new Error(received.message)
      ids.push(received.file.id)
    }
    const [bad, worse, good] = ids as [string, string, string]
    // Another key, or half a write: it cannot be opened, or not even be read.
    await sql`update request set seal = sha256(seal) where id = ${bad}`.execute(bench.shell.db)
    await sql`update request set change_state = '{' where id = ${worse}`.execute(bench.shell.db)
    const logged: string[] = []
    let now = noon
    const shell = {
      ...bench.shell,
      now: () => now,
      log: (event: string, facts?: object) => void logged.push(JSON.stringify([event, facts])),
    }
    const first = await advanceDue({ ...deps, shell }, 100, always)
    const put = { outcome: 'postponed', fault: 'internal', reason: null, until: expect.any(Number) }
    expect([first.get(bad), first.get(worse), first.get(good)]).toEqual([put, put, { outcome: 'done' }])
    expect((await advanceDue({ ...deps, shell }, 100, always)).size).toBe(0)
    const told = () =>
      sql<{ request: string }>`select request::text from request_alert where kind = 'failed' order by request`.execute(shell.db)
    expect((await told()).rows).toEqual([])
    now += 60_000
    expect((await advanceDue({ ...deps, shell }, 100, always)).size).toBe(2)
    expect((await told()).rows).toEqual([bad, worse].sort().map((request) => ({ request })))
    const { rows } = await sql<{ attempts: number }>`select attempts from request where fault = 'internal'`.execute(shell.db)
    expect(rows).toEqual([{ attempts: 2 }, { attempts: 2 }])
    expect(logged.filter((line) => line.startsWith('["request.failed"'))).toHaveLength(4)
    expect(logged.join()).not.toMatch(/example\.test/)
    await sql`delete from request_alert where request = any(${[bad, worse]}::uuid[])`.execute(shell.db)
    await sql`update request set change_state = '{"status":"none"}', due_at = null where id = any(${[bad, worse]}::uuid[])`.execute(
      shell.db,
    )
  })

  it('is heard whatever the clock says that took it down: too old, it counts from where proof begins; ahead of ours, from now', async () => {
    expect(await receive({ right: 'withdrawal', at: Date.parse('2006-11-20T12:00:00Z') })).toEqual({
      outcome: 'refused',
      message:
        'a request that reached the company more than a year ago is not taken down with that day: look at the year, or say when it was found',
    })
    const said: string[] = []
    for (const [email, at] of [
      ['old@example.test', '2001-01-01T12:00:00Z'],
      ['ahead@example.test', '2026-11-21T12:40:00Z'],
    ] as const) {
      const received = await receive({ right: 'withdrawal', asked: asked(email) })
      if (received.outcome === 'refused') throw new Error(received.message)
      const { id } = received.file
      await sql`update request set received_at = ${at}::timestamptz where id = ${id}`.execute(bench.shell.db)
      expect((await advanceDue(deps, 100, always)).get(id)).toEqual({ outcome: 'done' })
      const { rows } = await sql<{ kind: string }>`select kind from request_alert where request = ${id} order by kind`.execute(
        bench.shell.db,
      )
      said.push(rows.map(({ kind }) => kind).join())
    }
    expect(said).toEqual(['received', 'clocks-differ,received'])
  })

  it('fills nobody’s mailbox: of one kind sixty alerts an hour go one by one, the others by one mail', async () => {
    const { db } = bench.shell
    const received = await receive({})
    if (received.outcome === 'refused') throw new Error(received.message)
    const { id } = received.file
    const later = { ...deps, shell: { ...bench.shell, now: () => noon + 2 * 3_600_000 } }
    const mails = async (): Promise<unknown[]> =>
      (
        await sql<{ kind: string; n: number; count: string | null }>`
          select coalesce(facts::jsonb->>'alarm', facts::jsonb->>'kind') as kind, facts::jsonb->>'count' as count, count(*)::int as n
          from mail where facts::jsonb->>'request' = ${id} or facts::jsonb->>'about' = 'held-up' group by 1, 2 order by 1`.execute(db)
      ).rows
    const tell = (from: number) =>
      inTurn(later.shell, async (turn) => {
        for (let n = from; n < from + 70; n++) await alertDpo(turn, { request: id, kind: 'held-up', event: String(n) })
      })
    await tell(0)
    await watchRequests(later)
    await tell(70)
    await watchRequests(later)
    expect(await mails()).toEqual([
      { kind: 'held-up', n: 60, count: null },
      { kind: 'many-alerts', n: 1, count: '10' },
      { kind: 'received', n: 1, count: null },
    ])
    await watchRequests({ ...later, shell: { ...later.shell, now: () => noon + 3 * 3_600_000 } })
    expect(await mails()).toContainEqual({ kind: 'many-alerts', n: 1, count: '70' })
  })

  it('that cannot be read any more keeps no other deadline from being told, and is told itself by what stands beside it', async () => {
    const { db } = bench.shell
    const files = []
    for (const email of ['torn@example.test', 'whole@example.test']) {
      const received = await receive({ asked: asked(email), origin: 'form' })
      if (received.outcome === 'refused') throw new Error(received.message)
      files.push(received.file)
    }
    const [torn, whole] = files.map(({ id }) => id)
    const at = async (day: string): Promise<void> => {
      const stop = new AbortController()
      const shell = { ...bench.shell, now: () => Date.parse(`${day}T12:00:00Z`) }
      await expect(lookOnce({ ...deps, shell }, stop.signal, async () => void days.push(day))).rejects.toMatchObject({ kind: 'damaged' })
    }
    const days: string[] = []
    const told = async (): Promise<unknown[]> =>
      (
        await sql`select request = ${torn} as torn, kind, event from request_alert
          where request = any(${[torn, whole]}::uuid[]) and kind <> 'received' order by 1, 2, 3`.execute(db)
      ).rows
    // A look that comes before does not get past it either.
    await sql`update request set request_state = '{"status":"rec', due_at = now() + interval '9 years' where id = ${torn}`.execute(db)
    await at('2026-11-22')
    expect(await told()).toEqual([{ torn: true, kind: 'damaged', event: 'noticed' }])
    await at('2026-12-15')
    await at('2026-12-15')
    expect(await told()).toEqual([
      { torn: false, kind: 'week-left', event: expect.any(String) },
      { torn: true, kind: 'damaged', event: 'noticed' },
      { torn: true, kind: 'damaged', event: 'week-left' },
    ])
    await at('2026-12-23')
    expect(await told()).toContainEqual({ torn: true, kind: 'damaged', event: 'late' })
    // What was kept is looked at all the same.
    expect(days).toEqual(['2026-11-22', '2026-12-15', '2026-12-15', '2026-12-23'])
    const { files: readable, damaged } = await listRequests(db, 500)
    expect([readable.some(({ id }) => id === whole), damaged]).toEqual([true, [{ id: torn, kind: 'access', lastDay: '2026-12-21' }]])
    await expect(loadRequest(db, torn!)).rejects.toMatchObject({ kind: 'damaged', message: expect.stringContaining(torn!) })
    await sql`delete from request_alert where request = ${torn}`.execute(db)
    await sql`delete from request_event where request = ${torn}`.execute(db)
    await sql`delete from request where id = ${torn}`.execute(db)
  })

  it('that has kept a record is told of again on the day on which nothing holds it any more, closed or not, and once', async () => {
    const { db } = bench.shell
    const received = await receive({ asked: asked('kept@example.test'), right: 'erasure' })
    if (received.outcome === 'refused') throw new Error(received.message)
    const { id } = received.file
    const hold = { ...holdByHand('dpo', '17(3)(e)', 'C. civ. 2224', 20_850, 20_800), review: 20_850 }
    const item = { key: 'hubspot:contacts:1', connection: 'hubspot', object: 'contacts', id: '1', action: 'keep', holds: [hold] }
    await sql`update request set status = 'closed', closed_at = now(), sealed = null, seal = null, person = null, erasure = 'settled', standing = 'held',
      erasure_state = ${JSON.stringify({ status: 'settled', standing: 'held', items: [item] })} where id = ${id}`.execute(db)
    await sql`insert into request_record (request, connection, object, id, action, reasons, outcome, trace)
      values (${id}, 'hubspot', 'contacts', '1', 'keep', '{email}', 'kept', 'present')`.execute(db)
    const on = (day: string) => watchHolds({ ...deps, shell: { ...bench.shell, now: () => Date.parse(`${day}T12:00:00Z`) } })
    expect([await on('2027-01-31'), await on('2027-02-01'), await on('2027-02-01')]).toEqual([0, 1, 0])
    // Of one that nobody can read nobody knows when that is.
    await sql`update request set erasure_state = '{"status":' where id = ${id}`.execute(db)
    expect([await on('2027-02-02'), await on('2027-02-03')]).toEqual([1, 0])
    const { rows } =
      await sql`select kind, event from request_alert where request = ${id} and kind in ('hold-over', 'damaged') order by 1`.execute(db)
    expect(rows).toEqual([
      { kind: 'damaged', event: 'kept' },
      { kind: 'hold-over', event: 'ended 20850' },
    ])
    await sql`delete from request_alert where request = ${id}`.execute(db)
    await sql`delete from request_event where request = ${id}`.execute(db)
    await sql`delete from request_record where request = ${id}`.execute(db)
    await sql`delete from request where id = ${id}`.execute(db)
  })

  it('leaves mails that each go or fail alone: one that cannot be opened or made is tried for hours, then given up and its address destroyed', async () => {
    const { db } = bench.shell
    let now = noon + 60_000
    const shell = { ...bench.shell, now: () => now }
    await sql`update mail set status = 'given up', sealed = null, seal = null where status = 'waiting'`.execute(db)
    for (const email of ['one@example.test', 'two@example.test', 'three@example.test']) {
      const received = await receive({ asked: asked(email) })
      if (received.outcome === 'refused') throw new Error(received.message)
      expect(await sendLink({ ...deps, shell }, received.file.id)).toMatchObject({ outcome: 'changed' })
    }
    await sql`update mail set seal = sha256(seal) where id = (select id from mail where status = 'waiting' and template = 'identify' order by id limit 1)`.execute(
      db,
    )
    const sent: (string | null)[] = []
    const send = async ({ to, template }: Letter): Promise<Delivery> => {
      // Words that cannot be made of it.
      if (template === 'alert') throw new TypeError('received by one@example.test')
      sent.push(to)
      return { outcome: 'sent' }
    }
    expect(await deliverMails(shell, { send }, always)).toEqual({ sent: 2, postponed: 4, givenUp: 0 })
    for (let due = await nextMail(db); due !== null; due = await nextMail(db)) {
      now = Date.parse(due)
      await deliverMails(shell, { send }, always)
    }
    expect([sent.length, new Set(sent).size]).toEqual([2, 2])
    const { rows } = await sql<{ status: string; fault: string; n: number }>`
      select status, fault, count(*)::int as n from mail where fault = 'internal' and sealed is null group by 1, 2`.execute(db)
    // Three that say that a request came in, one link, and the two alarms about these.
    expect(rows).toEqual([{ status: 'given up', fault: 'internal', n: 6 }])
    const told = await sql<{ event: string }>`select event from alarm where kind = 'mail-failed' order by event`.execute(db)
    expect(told.rows).toEqual([{ event: 'alert 2026-11-21' }, { event: 'identify 2026-11-21' }])
  })

  it('is kept from nobody by a case that fails: each is looked at, and put off alone', async () => {
    const { db } = bench.shell
    let now = noon
    const shell = { ...bench.shell, now: () => now }
    const ids = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
    const open = JSON.stringify({ status: 'open', request: ids[0], openedAt: noon, records: [], again: null })
    await sql`
      insert into comeback (id, request, version, state, opened_at, due_at)
      select id, id, 1, state, ${new Date(noon).toISOString()}::timestamptz, ${new Date(noon).toISOString()}::timestamptz
      from unnest(${ids}::uuid[], ${['{', open]}::text[]) as c (id, state)`.execute(db)
    expect(await lookAtComebacks({ ...deps, shell }, always)).toBe(2)
    now += 60_000
    expect(await lookAtComebacks({ ...deps, shell }, always)).toBe(1)
    const { rows } = await sql<{ attempts: number; fault: string | null; waits: boolean }>`
      select attempts, fault, due_at > ${new Date(now).toISOString()}::timestamptz as waits from comeback order by id`.execute(db)
    expect(rows[0]).toEqual({ attempts: 2, fault: 'internal', waits: true })
    expect(rows[1]).toMatchObject({ attempts: 0, fault: null })
    const told = await sql`select from alarm where kind = 'comeback-failed'`.execute(db)
    expect(told.rows).toHaveLength(1)
  })

  it('is not answered before anything was done', async () => {
    const received = await receive({ origin: 'session' })
    if (received.outcome === 'refused') throw new Error(received.message)
    expect(await answerRequest(deps, received.file.id, 'u1')).toMatchObject({ outcome: 'refused' })
  })
})
