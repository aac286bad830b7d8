import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openMailer } from '../../src/post.ts'
import { loadRequest } from '../../src/store/requests.ts'
import { openPerson } from '../../src/tasks/erasure/deps.ts'
import { changeComeback, seeAgain } from '../../src/tasks/comeback/file.ts'
import { inTurn } from '../../src/tasks/turn.ts'
import { deliverMails, tidyMails, type Mailer } from '../../src/tasks/notify/notify.ts'
import { sendLink } from '../../src/tasks/request/link.ts'
import { endUnconfirmed, refuseUnconfirmed, showUnconfirmed } from '../../src/tasks/request/unconfirmed.ts'
import { advanceRequest } from '../../src/tasks/request/advance.ts'
import { doubtRequest, withdrawRequest } from '../../src/tasks/request/decisions.ts'
import { policy } from '../core/judge-world.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { always, openBench, rightsDeps, type Bench } from '../tasks/bench.ts'
import { openMailbox, type Mailbox } from './mailbox.ts'
import { openApi, type Answered, type TestApi } from './service.ts'

const PATH = '/api/v1/requests'
const DAY = 24 * 3_600_000
let clock = Date.parse('2026-11-21T12:00:00Z')
let server: TestPostgres
let bench: Bench
let api: TestApi
let token: string
let mailbox: Mailbox
let mailer: Mailer
const logged: string[] = []

const body = (email: string, more: object = {}) => ({ right: 'erasure', identifier: { email }, origin: 'form', ...more })
const make = (email: string, more: object = {}, headers: Record<string, string> = {}): Promise<Answered> =>
  api.call(PATH, { token, body: body(email, more), headers })
const open = (path: string): Promise<Answered> => api.call(path, { method: 'GET' })
const click = (path: string): Promise<Answered> => api.call(path, { headers: { 'content-type': 'application/x-www-form-urlencoded' } })
const titleOf = ({ text }: Answered): string => /<h1>(.*)<\/h1>/.exec(text)![1]!.replaceAll('&#39;', '’')
const statusOf = async (id: string) => (await loadRequest(bench.shell.db, id))?.request.status
/** What was sent to that address since it was last asked, as paths. */
const linksTo = async (email: string): Promise<string[]> => {
  mailbox.mails.splice(0)
  await deliverMails(bench.shell, mailer, always)
  return mailbox.mails.flatMap(({ to, text }) => (to.includes(email) ? [/\/request\/[\w-]{48}/.exec(text)![0]] : []))
}
const deps = () => rightsDeps(bench)

beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
  bench.shell.now = () => clock
  bench.shell.log = (event, facts) => void logged.push(JSON.stringify([event, facts]))
  api = await openApi(bench)
  token = (await api.key('requests:write', 'requests:read')).token
  mailbox = await openMailbox()
  mailer = openMailer({ mail: { smtpUrl: mailbox.url, from: 'Exemple <bonjour@example.fr>' }, publicUrl: api.url }, policy)!
})
afterAll(async () => {
  mailer.close()
  await mailbox.close()
  await api.close()
  await bench.close()
  await server.stop()
})
beforeEach(() => {
  clock += 2 * DAY
})

describe('a request by API', () => {
  it('from a form is taken down with its deadline, and known once the button behind the link was pressed', async () => {
    clock = Date.parse('2026-11-25T12:00:00Z')
    const made = await make('ada@example.test', { language: 'en' })
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: expect.any(String),
        right: 'erasure',
        status: 'received',
        receivedAt: '2026-11-25T12:00:00.000Z',
        answerBy: '2026-12-28',
        identity: 'to_be_confirmed',
      },
    ])
    const { id } = made.body
    const [path] = await linksTo('ada@example.test')
    // Scanners open every link.
    for (let round = 0; round < 3; round++) expect(titleOf(await open(path!))).toBe('Is this request yours?')
    expect(await statusOf(id)).toBe('received')
    expect(titleOf(await click(path!))).toBe('Thank you, your request is confirmed')
    expect(await statusOf(id)).toBe('identified')
    const again = await click(path!)
    expect([again.status, titleOf(again)]).toEqual([409, 'This link has been used'])
    const seen = await api.call(`${PATH}/${id}`, { token, method: 'GET' })
    expect([seen.status, seen.body]).toMatchObject([200, { id, status: 'identified', identity: 'settled' }])
    expect([seen.text, made.text, (await open(path!)).text].join()).not.toMatch(/ada@|example\.test/)
  })

  it('says through a session who asks only with a key that may', async () => {
    const refused = await make('eva@example.test', { origin: 'session' })
    expect([refused.status, refused.body.error.field]).toEqual([403, 'origin'])
    const { token: trusted } = await api.key('requests:write', 'requests:session')
    const made = await api.call(PATH, { token: trusted, body: body('eva@example.test', { origin: 'session' }) })
    expect([made.status, made.body]).toMatchObject([201, { status: 'identified', identity: 'settled' }])
    expect(await linksTo('eva@example.test')).toEqual([])
  })

  it('for a correction brings its values, which are sealed', async () => {
    const made = await make('fix@example.test', { right: 'rectification', corrections: { lastName: 'Zqcanary', jobTitle: null } })
    expect(made.status).toBe(201)
    const file = (await loadRequest(bench.shell.db, made.body.id))!
    expect(openPerson(bench.shell, file).corrections).toEqual({ lastName: 'Zqcanary', jobTitle: null })
    const { rows } = await sql<{ line: string }>`select t::text as line from request t union all select body from request_event`.execute(
      bench.shell.db,
    )
    expect([made.text, ...rows.map(({ line }) => line)].join()).not.toMatch(/zqcanary/i)
  })

  it('answers one key once, and another body under it not at all', async () => {
    const headers = { 'idempotency-key': 'form-1' }
    const [first, again] = [await make('idem@example.test', {}, headers), await make('idem@example.test', {}, headers)]
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([201, first.body, 'true'])
    expect((await make('other@example.test', {}, headers)).body.error.code).toBe('idempotency_key_used')
    expect(await linksTo('idem@example.test')).toHaveLength(1)
  })

  it('takes effect at once where the law says so, and asks nobody who they are', async () => {
    const made = await make('no@example.test', { right: 'objection', scope: 'marketing' })
    expect([made.status, made.body]).toMatchObject([201, { identity: 'not_needed' }])
    expect(await linksTo('no@example.test')).toEqual([])
  })

  it.each([
    ['an unknown right', { right: 'oblivion' }, 400],
    ['an objection to nothing', { right: 'objection' }, 400],
    ['a scope that the right has not', { scope: 'marketing' }, 400],
    ['a claim to have come by link', { origin: 'signed-link' }, 400],
    ['a time in the future', { receivedAt: '2027-06-01T00:00:00Z' }, 422],
    ['a time years ago', { receivedAt: '2020-01-01T00:00:00Z' }, 422],
    ['a correction of what is no fact of theirs', { right: 'rectification', corrections: { restricted: 'false' } }, 400],
    ['a correction to nonsense', { right: 'rectification', corrections: { birthDate: 'bad@' } }, 422],
    ['two addresses', { identifier: { email: 'a@example.test, b@example.test' } }, 422],
    ['a number alone', { identifier: { phone: '+33199001234' } }, 400],
  ])('is refused for %s, and leaves nothing behind', async (_, more, status) => {
    const count = async () => (await sql<{ n: number }>`select count(*)::int as n from request`.execute(bench.shell.db)).rows[0]!.n
    const before = await count()
    const answer = await make('bad@example.test', more)
    expect([answer.status, answer.text.includes('bad@'), await count()]).toEqual([status, false, before])
  })

  it('where no mail can be sent is taken down all the same, says that nobody was asked, and has the DPO ask', async () => {
    const mute = await openApi(bench, { links: false })
    const made = await mute.call(PATH, { token, body: body('mute@example.test') })
    const seen = await mute.call(`${PATH}/${made.body.id}`, { token, method: 'GET' })
    expect([made.status, made.body, seen.body]).toMatchObject([201, { identity: 'to_be_asked' }, { identity: 'to_be_asked' }])
    const { rows } = await sql<{ kind: string }>`select kind from request_alert where request = ${made.body.id} order by kind`.execute(
      bench.shell.db,
    )
    expect([rows.map(({ kind }) => kind), await linksTo('mute@example.test')]).toEqual([['not-asked', 'received'], []])
    await mute.close()
  })

  it('is looked up by a key that may read, by its number and nothing else', async () => {
    const { token: writer } = await api.key('requests:write')
    const statuses = [
      await api.call(`${PATH}/6f1c2a34-0000-4000-8000-000000000000`, { token, method: 'GET' }),
      await api.call(`${PATH}/ada@example.test`, { token, method: 'GET' }),
      await api.call(`${PATH}/6f1c2a34-0000-4000-8000-000000000000`, { token: writer, method: 'GET' }),
      await api.call(`${PATH}/6f1c2a34-0000-4000-8000-000000000000`, { method: 'GET' }),
      await api.call(`${PATH}/6f1c2a34-0000-4000-8000-000000000000`, { token, body: {} }),
      await api.call(PATH, { token, method: 'GET' }),
    ].map(({ status }) => status)
    expect(statuses).toEqual([404, 400, 403, 401, 405, 405])
  })
})

describe('the link', () => {
  it('ends with the request, after a week, and where the mailbox itself is doubted', async () => {
    const ended = await make('ended@example.test')
    const [gone] = await linksTo('ended@example.test')
    await withdrawRequest(deps(), ended.body.id)
    expect(titleOf(await click(gone!))).toBe('Ce lien ne vaut plus')
    const doubted = await make('doubted@example.test')
    const [vain] = await linksTo('doubted@example.test')
    await doubtRequest(deps(), doubted.body.id, { user: 'u1', doubt: 'mailbox-shared', details: ['call-back'] })
    expect(titleOf(await click(vain!))).toBe('Ce lien ne vaut plus')
    expect(await statusOf(doubted.body.id)).toBe('identity-check')
    await make('late@example.test')
    const [late] = await linksTo('late@example.test')
    clock += 7 * DAY
    expect(titleOf(await click(late!))).toBe('Ce lien a expiré')
    const forged = `/request/${'A'.repeat(48)}`
    expect([
      (await open(forged)).status,
      (await click(forged)).status,
      (await click(late!.replace('/request/', '/confirm/'))).status,
      (await open(late!.replace('/request/', '/address/'))).status,
    ]).toEqual([404, 404, 404, 404])
  })

  it('leaves nothing of the address behind: not with the end of the request, and not where no mailer ever runs', async () => {
    const { db } = bench.shell
    const rest = async (id: string) =>
      (
        await sql<{ mail: string; sealed: boolean; person: boolean }>`
          select m.status as mail, m.sealed is not null or m.seal is not null as sealed, l.person is not null or l.address is not null as person
          from request_link l join mail m on m.link = l.id where l.request = ${id}`.execute(db)
      ).rows
    const { id } = (await make('over@example.test')).body
    expect(await rest(id)).toEqual([{ mail: 'waiting', sealed: true, person: true }])
    await withdrawRequest(deps(), id)
    await advanceRequest(deps(), id, always)
    expect([await statusOf(id), await rest(id)]).toEqual(['closed', [{ mail: 'cancelled', sealed: false, person: false }]])
    const { id: waiting } = (await make('unsent@example.test')).body
    clock += 8 * DAY
    await tidyMails(bench.shell)
    expect(await rest(waiting)).toEqual([{ mail: 'given up', sealed: false, person: false }])
    const { rows } =
      await sql`select from mail where status = 'waiting' and created_at < ${new Date(clock - 7 * DAY).toISOString()}::timestamptz`.execute(
        db,
      )
    expect(rows).toEqual([])
  })

  it('that nobody uses ends the request by itself after two weeks; or a user refuses all of those that were shown', async () => {
    const { db } = bench.shell
    await showUnconfirmed(deps()).then(({ digest }) => refuseUnconfirmed(deps(), { user: 'u1', reason: 'excessive', digest }, always))
    const torn = (await make('torn@example.test')).body.id
    const lapsing = (await make('lapsing@example.test')).body.id
    const confirmed = (await make('confirmed@example.test')).body.id
    await click((await linksTo('confirmed@example.test'))[0]!)
    const asked = (await make('asked@example.test')).body.id
    const [whole] = (await sql<{ state: string }>`select request_state as state from request where id = ${torn}`.execute(db)).rows
    // One that cannot be read any more, which the DPO hears of elsewhere, keeps no other from ending.
    await sql`update request set request_state = rtrim(request_state, '}') where id = ${torn}`.execute(db)
    clock += 10 * DAY
    await sendLink(deps(), asked)
    clock += 3 * DAY
    expect(await endUnconfirmed(deps(), always)).toBe(0)
    clock += 1.5 * DAY
    expect([await endUnconfirmed(deps(), always), await endUnconfirmed(deps(), always)]).toEqual([1, 0])
    expect([await statusOf(lapsing), await statusOf(confirmed), await statusOf(asked)]).toEqual(['refused', 'identified', 'received'])
    expect((await loadRequest(db, lapsing))!.request).toMatchObject({ reason: 'identity-not-established' })
    const alarms = await sql<{ facts: string }>`select facts from mail where facts::jsonb->>'alarm' = 'unconfirmed'`.execute(db)
    expect(alarms.rows.map(({ facts }) => JSON.parse(facts))).toEqual([{ alarm: 'unconfirmed', about: '', count: '1' }])
    clock += 4 * DAY
    expect(await endUnconfirmed(deps(), always)).toBe(1)
    await sql`update request set request_state = ${whole!.state} where id = ${torn}`.execute(db)
    await withdrawRequest(deps(), torn)
    const bots = await Promise.all(Array.from({ length: 5 }, (_, i) => make(`bot${i}@example.test`)))
    const shown = await showUnconfirmed(deps())
    expect(shown.requests.map(({ id }) => id).sort()).toEqual(bots.map(({ body: { id } }) => id).sort())
    const late = (await make('human@example.test')).body.id
    const decision = { user: 'u1', reason: 'excessive', digest: shown.digest } as const
    expect(await refuseUnconfirmed(deps(), decision, always)).toBeNull()
    await withdrawRequest(deps(), late)
    expect(await refuseUnconfirmed(deps(), decision, always)).toBe(5)
    expect((await showUnconfirmed(deps())).requests).toEqual([])
  })

  it('counts once of two clicks at the same moment', async () => {
    const { id } = (await make('twice@example.test')).body
    const [path] = await linksTo('twice@example.test')
    const answers = await Promise.all([click(path!), click(path!)])
    expect([answers.map(({ status }) => status).sort(), await statusOf(id)]).toEqual([[200, 409], 'identified'])
  })

  it('goes to one address at most five times a day, and every request is taken down all the same', async () => {
    const made = await Promise.all(Array.from({ length: 7 }, () => make('bombed@example.test')))
    expect(made.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => 201))
    expect(await linksTo('bombed@example.test')).toHaveLength(5)
  })

  it('and everything about it leaves no address in a table or in the log', async () => {
    await make('zqcanaryqz@example.test')
    await linksTo('zqcanaryqz@example.test')
    const { rows } = await sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`.execute(
      bench.shell.db,
    )
    for (const { name } of rows) {
      const { rows: lines } = await sql<{ line: string }>`select t::text as line from ${sql.table(name)} t`.execute(bench.shell.db)
      const hex = Buffer.from('zqcanaryqz').toString('hex')
      expect([name, lines.filter(({ line }) => line.includes('zqcanaryqz') || line.includes(hex))]).toEqual([name, []])
    }
    expect([...logged, ...api.logged].filter((line) => /example\.test|@/.test(line))).toEqual([])
  })
})

describe('a case by API', () => {
  const see = async (email: string): Promise<{ id: string; request: string }> => {
    const request = (await make(email)).body.id
    const seen = { source: 1, ids: [], keys: ['hubspot:contacts:7'] }
    const { id } = await inTurn(bench.shell, (turn) => seeAgain(turn, request, seen))
    return { id, request }
  }

  it('is listed, shown and decided in the name of a user, by references alone and by the rules of the command line', async () => {
    const [reader, writer] = [await api.key('cases:read'), await api.key('cases:write')]
    const get = (path: string, key = reader) => api.call(`/api/v1/cases${path}`, { token: key.token, method: 'GET' })
    const decide = (body: object, key = writer) => api.call('/api/v1/cases/decide', { token: key.token, body })
    const { id, request } = await see('lea@example.test')
    const record = { connection: 'hubspot', object: 'contacts', id: '7', seenAt: new Date(clock).toISOString() }
    const shown = {
      id,
      request,
      status: 'open',
      openedAt: new Date(clock).toISOString(),
      again: null,
      ended: null,
      records: [{ ...record, cameBackBy: null, vouched: false, gone: false, outOfReach: false, consents: [] }],
    }
    expect(await get('')).toMatchObject({ status: 200, body: { cases: [shown] } })
    expect(await get(`/${id}`)).toMatchObject({ status: 200, body: shown })
    // Where a CRM is lost nobody has seen that a record is gone.
    const away = await see('mia@example.test')
    const lost = {
      connection: 'hubspot',
      crm: 'hubspot',
      account: null,
      because: 'vendor-gone',
      by: { kind: 'staff', user: 'dpo' },
      at: clock,
    } as const
    await inTurn(bench.shell, (turn) => changeComeback(turn, away.id, { type: 'lose', lost }, clock))
    expect((await get(`/${away.id}`)).body).toMatchObject({ ended: { how: 'lost' }, records: [{ gone: false, outOfReach: true }] })
    const refusal = ({ status, body: { error } }: Answered) => [status, error.code, error.field]
    const keep = { decision: 'keep', case: id, user: 'dpo', because: 'somebody-else' }
    expect(
      [
        await api.call('/api/v1/cases', { method: 'GET' }),
        await get('', writer),
        await get(`/${request}`),
        await get('/7'),
        await decide(keep, reader),
        await decide({ ...keep, case: request }),
        await decide({ ...keep, user: 'dpo@example.fr' }),
        await decide({ decision: 'keep', case: id, user: 'dpo' }),
        // Nothing of it is proved, and the erasure under way does not know the record.
        await decide({ ...keep, because: 'new-consent' }),
        await decide({ decision: 'erase', case: id, user: 'dpo' }),
      ].map(refusal),
    ).toEqual([
      [401, 'unauthorised', undefined],
      [403, 'scope_missing', undefined],
      [404, 'case_unknown', undefined],
      [400, 'body_invalid', 'id'],
      [403, 'scope_missing', undefined],
      [404, 'case_unknown', undefined],
      [400, 'body_invalid', 'user'],
      [400, 'body_invalid', 'because'],
      [422, 'decision_refused', undefined],
      [422, 'decision_refused', undefined],
    ])
    const ended = { how: 'kept', at: new Date(clock).toISOString(), because: 'somebody-else', by: 'dpo' }
    expect(await decide(keep)).toMatchObject({ status: 200, body: { case: { id, status: 'closed', ended }, toApprove: null } })
    expect(refusal(await decide(keep))).toEqual([422, 'decision_refused', undefined])
  })
})
