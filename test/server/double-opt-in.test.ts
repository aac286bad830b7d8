import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openMailer } from '../../src/post.ts'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import { readStatement } from '../../src/tasks/consent/statements.ts'
import { deliverMails, type Mailer } from '../../src/tasks/notify/notify.ts'
import { consumer, policy } from '../core/judge-world.ts'
import { consentOf, storedRows, tableCounts } from '../flows/stored.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { always, openBench, record, rechecksOf, type Bench } from '../tasks/bench.ts'
import { openMailbox, type Mailbox } from './mailbox.ts'
import { given, openApi, type Answered, type TestApi } from './service.ts'

const START = Date.parse('2026-11-21T12:00:00Z')
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

let server: TestPostgres
let bench: Bench
let api: TestApi
let token: string
let mailbox: Mailbox
let mailer: Mailer
let clock = START
let crm: Awaited<ReturnType<Bench['add']>>
const logged: string[] = []
const ask = (email: string, more: Record<string, unknown> = {}): Promise<Answered> =>
  api.call('/api/v1/consents', { token, body: given(email, { doubleOptIn: true, ...more }) })
const withdraw = (email: string): Promise<Answered> =>
  api.call('/api/v1/consents', { token, body: { event: 'withdrawn', identifier: { email } } })
const deliver = (): ReturnType<typeof deliverMails> => deliverMails(bench.shell, mailer, always)
/** Asked, sent, and the link of the mail as a path. */
const linkFor = async (email: string, more: Record<string, unknown> = {}): Promise<string> => {
  await ask(email, more)
  await deliver()
  return new URL(mailbox.mails.at(-1)!.link).pathname
}
const open = (path: string, headers: Record<string, string> = {}): Promise<Answered> => api.call(path, { method: 'GET', headers })
const click = (path: string): Promise<Answered> => api.call(path, { headers: { 'content-type': 'application/x-www-form-urlencoded' } })
const titleOf = ({ text }: Answered): string => /<h1>(.*)<\/h1>/.exec(text)![1]!.replaceAll('&#39;', '’')
const stateOf = async (id: string, email: string): Promise<string> => {
  await applyBatch(
    bench.shell,
    bench.landscape,
    crm.target,
    { records: [record(id, { ...consumer, email })], gone: [], force: true },
    'keep',
  )
  return consentOf((await storedRows(bench.shell.db)).get(`contacts/${id}`))
}
const mailRows = async (): Promise<unknown[]> =>
  (
    await sql`select status, sealed is null as shredded, seal is null as keyless, fault from mail order by created_at desc, id limit 1`.execute(
      bench.shell.db,
    )
  ).rows

beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
  bench.shell.now = () => clock
  bench.shell.log = (event, facts) => void logged.push(JSON.stringify([event, facts]))
  crm = await bench.add('hubspot')
  api = await openApi(bench, { mails: true })
  token = (await api.key('consents:write')).token
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
/** Each test begins a week and a day after the one before. */
beforeEach(() => {
  clock += 8 * DAY
  mailbox.answer = 250
})

describe('a yes that the person is to confirm', () => {
  it('counts only once the button behind the link was pressed, and then as proved from when the form was sent', async () => {
    const email = 'camille@example.fr'
    expect(await stateOf('1', email)).toBe('unknown')
    const asked = await ask(email)
    expect([asked.status, (asked.body as unknown as { status: string }).status]).toEqual([201, 'awaiting_confirmation'])
    expect(await deliver()).toEqual({ sent: 1, postponed: 0, givenUp: 0 })
    const mail = mailbox.mails.at(-1)!
    expect([mail.to, /^Auto-Submitted: auto-generated/m.test(mail.headers), mail.text.includes("Lettre d'information")]).toEqual([
      [email],
      true,
      true,
    ])
    const path = new URL(mail.link).pathname
    expect(await rechecksOf(bench, crm.target.source.id)).toEqual([])
    // A scanner opens links, and may do so often.
    for (let round = 0; round < 3; round++) expect(titleOf(await open(path))).toBe('Confirmez votre accord')
    expect(await stateOf('1', email)).toBe('unknown')
    clock += MINUTE
    const pressed = await click(path)
    expect([pressed.status, titleOf(pressed)]).toEqual([200, 'Merci, votre accord est enregistré'])
    expect(await rechecksOf(bench, crm.target.source.id)).toEqual(['1'])
    expect(await stateOf('1', email)).toBe('granted')
    const { rows } = await sql`select opt_in, confirmed_at, said_at from consent_proof where id = ${asked.body.id}`.execute(bench.shell.db)
    expect(rows).toEqual([{ opt_in: 'confirmed', confirmed_at: new Date(clock), said_at: new Date('2026-11-20T09:15:00Z') }])
    const [, confirmed] = await readStatement(bench.shell, asked.body.id)
    expect([confirmed!.place.kind, confirmed!.words]).toEqual([
      'confirmed',
      [bench.shell.hasher.voice('email', email), 'newsletter', 'email', '2026-11-20T09:15:00.000Z', new Date(clock).toISOString()],
    ])
  })

  it('is confirmed once, also by two clicks at the same moment', async () => {
    const path = await linkFor('twice@example.fr')
    const before = await tableCounts(bench.shell.db)
    const answers = await Promise.all([click(path), click(path)])
    expect(answers.map((one) => one.status).sort()).toEqual([200, 409])
    expect((await tableCounts(bench.shell.db))['ledger_blocks']! - before['ledger_blocks']!).toBe(1)
    const again = await open(path)
    expect([again.status, titleOf(again)]).toEqual([409, 'Ce lien a déjà servi'])
  })

  it('is not confirmed by a link that has expired, was forged, or is another’s', async () => {
    const path = await linkFor('late@example.fr')
    const other = await linkFor('other@example.fr')
    const [mine, theirs] = [path.split('/').at(-1)!, other.split('/').at(-1)!]
    const swapped = `/confirm/${theirs.slice(0, 27)}${mine.slice(27)}`
    const flipped = `/confirm/${mine.startsWith('A') ? 'B' : 'A'}${mine.slice(1)}`
    for (const forged of [swapped, flipped, '/confirm/x', `/confirm/${'A'.repeat(48)}`, '/confirm/%E0%A4%A', `${path}A`]) {
      const [seen, pressed] = [await open(forged, { 'accept-language': 'de, en;q=0.5' }), await click(forged)]
      expect([forged, seen.status, titleOf(seen), pressed.status]).toEqual([forged, 404, 'This link is not valid', 404])
    }
    clock += 7 * DAY
    const late = await click(path)
    expect([late.status, titleOf(late)]).toEqual([410, 'Ce lien a expiré'])
    expect(await stateOf('2', 'late@example.fr')).toBe('unknown')
  })

  it('is taken back by a withdrawal before the click, and the mail that was not sent yet is never sent', async () => {
    const email = 'changed@example.fr'
    const path = await linkFor(email)
    clock += MINUTE
    await withdraw(email)
    const pressed = await click(path)
    expect([pressed.status, titleOf(pressed), await stateOf('3', email)]).toEqual([410, 'Ce lien ne vaut plus', 'withdrawn'])
    await ask('never@example.fr')
    await withdraw('never@example.fr')
    expect(await mailRows()).toEqual([{ status: 'cancelled', shredded: true, keyless: true, fault: null }])
    expect(await deliver()).toEqual({ sent: 0, postponed: 0, givenUp: 0 })
  })

  it('speaks the language of the form, in the mail and on the page', async () => {
    const path = await linkFor('anna@example.org', { text: { id: 'NL-EN', hash: 'a'.repeat(64), language: 'en' } })
    expect([mailbox.mails.at(-1)!.text.includes('Please confirm'), titleOf(await open(path, { 'accept-language': 'fr' }))]).toEqual([
      true,
      'Confirm your consent',
    ])
  })

  it('shows a page that can send nothing anywhere else, is kept nowhere, and tells nobody where one came from', async () => {
    const { headers, text } = await open(await linkFor('page@example.fr'))
    expect(
      Object.fromEntries(
        ['content-security-policy', 'referrer-policy', 'cache-control', 'x-robots-tag'].map((name) => [name, headers.get(name)]),
      ),
    ).toEqual({
      'content-security-policy': "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    })
    expect([/<script/i.test(text), text.includes('page@')]).toEqual([false, false])
  })

  it('tells people, not programs, when we are at fault, and keeps their link valid', async () => {
    const path = await linkFor('fault@example.fr')
    await sql`alter table confirmation rename to away`.execute(bench.shell.db)
    const answer = await click(path)
    await sql`alter table away rename to confirmation`.execute(bench.shell.db)
    expect([answer.status, titleOf(answer)]).toEqual([503, 'Un instant, s’il vous plaît'])
    expect((await click(path)).status).toBe(200)
    expect(api.logged.splice(0)).toHaveLength(1)
  })
})

describe('the mail', () => {
  it('is tried again when the server is busy, with the address gone in the end, whatever the end is', async () => {
    await ask('busy@example.fr')
    mailbox.answer = 451
    expect(await deliver()).toEqual({ sent: 0, postponed: 1, givenUp: 0 })
    expect(await deliver()).toEqual({ sent: 0, postponed: 0, givenUp: 0 })
    expect(await mailRows()).toEqual([{ status: 'waiting', shredded: false, keyless: false, fault: 'EENVELOPE 451' }])
    clock += MINUTE
    mailbox.answer = 250
    expect(await deliver()).toEqual({ sent: 1, postponed: 0, givenUp: 0 })
    expect(await mailRows()).toEqual([{ status: 'sent', shredded: true, keyless: true, fault: null }])
    await ask('nobody@example.fr')
    mailbox.answer = 550
    expect(await deliver()).toEqual({ sent: 0, postponed: 0, givenUp: 1 })
    expect(await mailRows()).toEqual([{ status: 'given up', shredded: true, keyless: true, fault: 'EENVELOPE 550' }])
  })

  it('is given up after ten tries, or when its link would have expired', async () => {
    await ask('tenth@example.fr')
    mailbox.answer = 451
    const ends: string[] = []
    for (let round = 0; round < 11; round++) {
      const { postponed, givenUp } = await deliver()
      ends.push(postponed > 0 ? 'postponed' : givenUp > 0 ? 'given up' : 'nothing')
      clock += 10 * 60 * MINUTE
    }
    expect(ends).toEqual([...Array.from({ length: 9 }, () => 'postponed'), 'given up', 'nothing'])
    expect(await mailRows()).toEqual([{ status: 'given up', shredded: true, keyless: true, fault: 'EENVELOPE 451' }])
  })

  it('goes to one address at most five times a day, and not twice in ten minutes for the same question', async () => {
    const before = mailbox.mails.length
    const times: number[] = []
    for (let round = 0; round < 8; round++) {
      await ask('bombed@example.fr')
      await ask('bombed@example.fr')
      await deliver()
      times.push(mailbox.mails.length - before)
      clock += 11 * MINUTE
    }
    expect(times).toEqual([1, 2, 3, 4, 5, 5, 5, 5])
  })

  it('holds the address sealed while it waits: neither the tables nor the log show it, and another row cannot open it', async () => {
    const canary = 'zqcanaryqz'
    await ask(`${canary}@example.fr`)
    mailbox.answer = 451
    await deliver()
    for (const name of Object.keys(await tableCounts(bench.shell.db))) {
      const { rows } = await sql<{ text: string }>`select ${sql.table(name)}::text as text from ${sql.table(name)}`.execute(bench.shell.db)
      const dump = rows.map((row) => row.text).join('\n')
      expect([name, dump.includes(canary), dump.includes(Buffer.from(canary).toString('hex'))]).toEqual([name, false, false])
    }
    expect(logged.filter((line) => line.includes(canary) || line.includes('example.fr'))).toEqual([])
    expect(api.logged).toEqual([])
    expect(mailbox.mails.every((mail) => !mail.link.includes('@') && new URL(mail.link).pathname.length === 57)).toBe(true)
  })
})
