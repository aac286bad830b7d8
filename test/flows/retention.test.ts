import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccord } from '../../src/accord.ts'
import { openRetentionDeps } from '../../src/rights.ts'
import { loadGauges, readGauges, saveGauges } from '../../src/store/retention-guard.ts'
import { readHead, verifyLedger } from '../../src/store/ledger.ts'
import { loadCases, loadList, type StoredList } from '../../src/store/retention-lists.ts'
import { approveList } from '../../src/tasks/retention/approve.ts'
import { openStops, saveStops } from '../../src/store/retention-guard.ts'
import { checkGuards, confirmGuards, stopsDigest } from '../../src/tasks/retention/guard.ts'
import { receiveRequest } from '../../src/tasks/request/receive.ts'
import { withdrawRequest } from '../../src/tasks/request/decisions.ts'
import { beginPersons } from '../../src/tasks/retention/begin.ts'
import { mendPersons } from '../../src/tasks/sweep/misdated.ts'
import { advanceList, type AdvancedList } from '../../src/tasks/retention/retention.ts'
import { whatIf, type Drawn } from '../../src/tasks/retention/what-if.ts'
import type { ListChanged } from '../../src/tasks/retention/file.ts'
import type { RetentionDeps } from '../../src/tasks/retention/deps.ts'
import type { CrmStats } from '../../src/sandbox/stats.ts'
import { runHere } from '../cli/here.ts'
import { lastLine } from '../cli/run.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { ageWord } from '../../src/cli/retention-deps.ts'
import type { Retention } from '../../src/core/retention/act.ts'
import { always, DAY, fileOf, HOUR, stageRights, type RightsScene } from './rights-scene.ts'
import { contact, contactId, daysAgo, proved, sfId, sfRow } from './world.ts'

let server: TestPostgres
let rights: RightsScene
/** Collected so long ago that three years are over. */
const old = { collection_date: daysAgo(1200), createdate: `${daysAgo(1200)}T08:00:00Z`, privacy_notice_date: daysAgo(1200) }
const soon = { collection_date: daysAgo(1076), createdate: `${daysAgo(1076)}T08:00:00Z`, privacy_notice_date: daysAgo(1076) }
/** Over once the others are done with. */
const later = { collection_date: daysAgo(1000), createdate: `${daysAgo(1000)}T08:00:00Z`, privacy_notice_date: daysAgo(1000) }
const many = Array.from({ length: 12 }, (_, i) => 20 + i)
const agreed = proved('hubspot', 1076)
const oldRow = { Collection_Date__c: daysAgo(1200) }

beforeAll(async () => {
  server = await startPostgres()
  rights = await stageRights({
    database: await freshDatabase(server.url),
    policy: [
      [
        'who: {customerSince: empty}, warnBefore: P60D,',
        'who: {customerSince: empty}, warnBefore: P60D, lastMessage: {purpose: newsletter, channel: email, wait: P30D},',
      ],
    ],
    connections: [
      ['          keepUntil: accord_keep_until', '          keepUntil: accord_keep_until\n          lastMessage: accord_last_message'],
    ],
    world: {
      hubspot: {
        contacts: [
          contact(1, 'Paul', 'paul@example.fr', old),
          contact(2, 'Rose', 'rose@example.fr', old),
          contact(4, 'Tess', 'tess@example.fr', old),
          // Over in three weeks. The first two once agreed to the newsletter.
          contact(5, 'Lou', 'lou@example.fr', { ...soon, ...agreed, event_registered_date: daysAgo(1076) }),
          contact(6, 'Max', 'max@example.fr', { ...soon, ...agreed }),
          contact(7, 'Nina', 'nina@example.fr', soon),
          contact(9, 'Ana', 'ana@example.fr'),
          ...many.map((id) => contact(id, 'Zia', `zia${id}@example.fr`, later)),
        ],
      },
      // Paul twice, both due; Rose is a recent lead besides.
      salesforce: {
        Contact: [sfRow('Contact', 1, 'Paul', 'paul@example.fr', oldRow)],
        Lead: [sfRow('Lead', 2, 'Rose', 'rose@example.fr')],
      },
    },
  })
  await createAccord(rights.opened().parts).provision(false, always)
  await sweepAll()
})
afterAll(async () => {
  await rights.close()
  await server.stop()
})

const deps = (): RetentionDeps => openRetentionDeps(rights.opened(), rights.deps().shell)
const draw = (atMost = 100): Promise<Drawn> => whatIf(deps(), { atMost, which: 'all' }, always)
async function drawn(): Promise<{ list: StoredList; people: number; digest: string; count: number }> {
  const shown = await draw()
  if (shown.outcome !== 'shown') throw new Error(JSON.stringify(shown))
  const { retention } = shown.list
  if (retention.status === 'none') throw new Error('a list that was not shown')
  return { ...shown, digest: retention.shown.digest, count: Object.values(retention.shown.acts).reduce((sum, n) => sum + n, 0) }
}
const approve = (id: string, user: string, digest: string, count: number | null): Promise<ListChanged> =>
  approveList(deps(), id, { user, digest, count }, always)
/** A connection that breaks on a busy machine is tried again later, as it would be. */
async function carryOn(id: string): Promise<AdvancedList> {
  const advanced = await advanceList(deps(), id, always)
  if (advanced.outcome !== 'postponed') return advanced
  await rights.advance(advanced.until - deps().shell.now() + 1)
  return carryOn(id)
}
async function sweepAll(): Promise<void> {
  const accord = createAccord(rights.opened().parts)
  const summaries = await accord.sweep({ full: false, keep: true, write: true, progress: () => undefined }, always)
  expect(summaries.flatMap(({ error }) => (error ? [error] : []))).toEqual([])
}

const looked = async () => ({ user: 'dpo', digest: stopsDigest(await openStops(deps().shell.db)) })

describe('a retention act', () => {
  it('shows first, is approved by two people, re-judges each person, and proves what it did', async () => {
    const { crm } = rights.scene
    const gauges = await loadGauges(deps().shell.db, '2000-01-01T00:00:00Z')
    expect(gauges.map(({ object, records, acted }) => [object, records, acted])).toEqual([
      ['contacts', 7 + many.length, 2],
      ['Contact', 1, 0],
      ['Lead', 1, 0],
    ])
    const { list, people, digest, count } = await drawn()
    expect([people, count]).toEqual([2, 3])
    expect(list.shown.kept).toEqual([{ keys: [`hubspot:contacts:${contactId(2)}`], why: 'elsewhere', by: 'prospect', holds: [] }])
    expect(await drawn()).toMatchObject({ list: { id: list.id }, digest })
    expect(await approve(list.id, 'ana', '0'.repeat(64), count)).toMatchObject({ outcome: 'refused' })
    expect(await approve(list.id, 'ana', digest, null)).toMatchObject({ outcome: 'refused', message: expect.stringContaining('--count') })
    expect(await approve(list.id, 'ana', digest, count)).toMatchObject({ list: { retention: { status: 'shown' } } })
    expect(await approve(list.id, 'ana', digest, count)).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('2 different people'),
    })
    expect(await approve(list.id, 'ben', digest, count)).toMatchObject({ list: { retention: { status: 'released' } } })
    expect(await advanceList(deps(), list.id, always)).toEqual({ outcome: 'busy' })

    // Tess does something in the time in which it can still be stopped.
    await rights.hubspot('PATCH', `/crm/v3/objects/contacts/${contactId(4)}`, { properties: { collection_date: daysAgo(-1) } })
    await rights.advance(DAY + 60_000)
    // Half-way Paul asks for a restriction: what is left of him waits until that is over.
    await rights.scene.pull('faults', { crm: 'hubspot', route: '/crm/v3/objects/contacts/gdpr-delete', kind: 'status', status: 500 })
    expect(await advanceList(deps(), list.id, always)).toMatchObject({ outcome: 'postponed' })
    await fetch(`${rights.scene.sandbox.control}/faults`, { method: 'DELETE' })
    expect(await crm.row('Contact', sfId('Contact', 1))).toBeNull()
    const asked = { emails: ['paul@example.fr'], phones: [], records: [] }
    const received = { asked, right: 'restriction', scope: 'all', origin: 'session', at: deps().shell.now(), user: 'u1' } as const
    const { id: request } = fileOf(await receiveRequest(rights.deps(), received))
    await rights.advance(HOUR)
    const stop = { outcome: 'stopped', why: '1 who are under way have asked for something that is open, or are restricted' }
    expect([await carryOn(list.id), (await loadList(deps().shell.db, list.id))?.fault]).toEqual([stop, 'contradicted'])
    expect(await crm.contact(contactId(1))).not.toBeNull()
    fileOf(await withdrawRequest(rights.deps(), request))
    expect((await rights.run(request)).request.status).toBe('closed')
    await rights.advance(HOUR)
    expect(await carryOn(list.id)).toEqual({ outcome: 'done' })
    const cases = await loadCases(deps().shell.db, list.id)
    expect(cases.map(({ case: one }) => [one.status, 'why' in one ? one.why : null])).toEqual([
      ['begun', null],
      ['dropped', 'not-due'],
    ])
    expect(await crm.contact(contactId(1))).toBeNull()
    expect(await crm.row('Contact', sfId('Contact', 1))).toBeNull()
    for (const id of [2, 4, 9]) expect((await crm.contact(contactId(id)))?.['email']).toContain('@example.fr')
    // Nobody asked to be forgotten: nobody is on the list of those who did.
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from suppression`.execute(deps().shell.db)
    expect(rows).toEqual([{ n: 0 }])

    await rights.advance(32 * DAY)
    expect(await carryOn(list.id)).toEqual({ outcome: 'done' })
    const ended = await loadCases(deps().shell.db, list.id)
    expect(ended.map(({ case: one, vault }) => ['standing' in one ? one.standing : one.status, vault])).toEqual([
      ['proved', null],
      ['dropped', null],
    ])
    expect((await loadList(deps().shell.db, list.id))?.retention).toMatchObject({ status: 'ended', because: 'carried-out' })
    expect(await verifyLedger(deps().shell.db, { checkpoints: [], keys: new Map() })).toMatchObject({ ok: true })
  })

  it('asks once more whom the policy lets it ask, keeps whoever answers or has a request open, and stands still while the clock is wrong', async () => {
    const { crm } = rights.scene
    const { id: request } = await rights.ask('nina@example.fr')
    const { list, digest, count } = await drawn()
    expect(count).toBe(2)
    const why = Object.fromEntries(list.shown.kept.map((one) => [one.keys[0], one.why]))
    // Whoever has a request open does not fall due at all: the policy's own hold (`openRequest`) says so when they are judged again.
    expect(why).toEqual({ [`hubspot:contacts:${contactId(2)}`]: 'elsewhere' })

    // Four years on, all at once: everything would be due.
    const real = deps()
    const jump = 1461 * DAY
    const jumped = { ...real, shell: { ...real.shell, now: () => real.shell.now() + jump } }
    const wrong = await whatIf(jumped, { atMost: 100, which: 'all' }, always)
    expect(wrong).toEqual({ outcome: 'stopped', stops: [expect.stringContaining('1461 days')] })
    expect(await approve(list.id, 'ana', digest, count)).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('1461 days'),
    })
    // What came up after somebody has looked is not confirmed with the rest.
    const seen = await looked()
    const stop = {
      kind: 'acts-vanished',
      about: 'hubspot:contacts',
      foundAt: new Date(deps().shell.now()).toISOString(),
      detail: 'nobody has seen this',
    }
    await saveStops(deps().shell.db, [stop])
    expect(await confirmGuards(deps(), seen, always)).toMatchObject({ outcome: 'changed' })
    expect(await openStops(deps().shell.db)).toHaveLength(2)
    expect(await confirmGuards(deps(), await looked(), always)).toMatchObject({ outcome: 'confirmed' })
    expect(await openStops(deps().shell.db)).toEqual([])
    for (const user of ['ana', 'ben']) await approve(list.id, user, digest, count)
    const later = { ...real, shell: { ...real.shell, now: () => real.shell.now() + jump } }
    expect(await advanceList(later, list.id, always)).toMatchObject({ outcome: 'stopped', why: expect.stringContaining('days') })
    expect((await loadCases(deps().shell.db, list.id)).map((one) => one.case.status)).toEqual(['waiting', 'waiting'])
    expect(await confirmGuards(deps(), await looked(), always)).toMatchObject({ outcome: 'confirmed' })

    await rights.advance(DAY + 60_000)
    expect(await carryOn(list.id)).toEqual({ outcome: 'done' })
    const asked = await loadCases(deps().shell.db, list.id)
    expect(asked.map((one) => one.case.status)).toEqual(['asked', 'asked'])
    const day = (await crm.contact(contactId(5)))?.['accord_last_message']
    expect(day).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect((await crm.contact(contactId(6)))?.['accord_last_message']).toBe(day)
    await rights.hubspot('PATCH', `/crm/v3/objects/contacts/${contactId(5)}`, { properties: { event_registered_date: daysAgo(0) } })
    await rights.advance(33 * DAY)
    const waiting = await loadCases(deps().shell.db, list.id)
    expect(await beginPersons(deps(), await deps().prepare(always), list.id, waiting, always)).toEqual({ stop: null, faults: [] })
    // Max has begun, and asks before anything of his is destroyed: he is off the list, and off the mailing.
    await rights.ask('max@example.fr')
    expect(await carryOn(list.id)).toEqual({ outcome: 'done' })
    const ended = await loadCases(deps().shell.db, list.id)
    expect(ended.map(({ case: one, erasure, vault }) => ['why' in one ? one.why : one.status, erasure.status, vault])).toEqual([
      ['not-due', 'none', null],
      ['request', 'stopped', null],
    ])
    for (const id of [5, 6]) expect((await crm.contact(contactId(id)))?.['accord_last_message'] ?? '').toBe('')
    expect((await loadList(deps().shell.db, list.id))?.retention).toMatchObject({ status: 'ended', because: 'carried-out' })
    expect((await rights.load(request)).request.status).toBe('identified')
  })

  it('is carried out for many at once: shown, judged again and proved with the calls and the commits of a few', async () => {
    const { crm, sandbox } = rights.scene
    const { db } = deps().shell
    const calls = async (): Promise<Record<string, CrmStats>> =>
      ((await (await fetch(`${sandbox.control}/stats`)).json()) as { crms: Record<string, CrmStats> }).crms
    await rights.advance(30 * DAY)
    await fetch(`${sandbox.control}/stats`, { method: 'DELETE' })
    const { list, digest, count } = await drawn()
    expect(count).toBe(many.length)
    const shown = await calls()
    expect(shown['hubspot']!.requests).toBeLessThan(3 * many.length)
    for (const user of ['ana', 'ben']) await approve(list.id, user, digest, count)
    await rights.advance(DAY + 60_000)
    await fetch(`${sandbox.control}/stats`, { method: 'DELETE' })
    const before = await readHead(db)
    expect(await carryOn(list.id)).toEqual({ outcome: 'done' })
    const cases = await loadCases(db, list.id)
    expect(cases.map(({ erasure }) => ('standing' in erasure ? erasure.standing : erasure.status))).toEqual(many.map(() => 'proved'))
    for (const id of many) expect(await crm.contact(contactId(id))).toBeNull()
    const { hubspot, salesforce } = await calls()
    expect(hubspot!.routes['POST /crm/v3/objects/contacts/gdpr-delete']).toEqual({ '204': many.length })
    // Two of each person, to erase and to look by id; what is left is the group's.
    expect(hubspot!.requests).toBeLessThan(8 * many.length)
    expect(salesforce!.requests).toBeLessThan(2 * many.length)
    expect((await readHead(db)).seq - before.seq).toBeLessThan(many.length)
    expect(await verifyLedger(db, { checkpoints: [], keys: new Map() })).toMatchObject({ ok: true })
    // What cannot be opened for one of them keeps nobody else from the next look.
    await sql`update retention_case set seal = sha256(seal) where list = ${list.id} and n = 3`.execute(db)
    await rights.advance(3_600_000 + 60_000)
    expect(await advanceList(deps(), list.id, always)).toMatchObject({ outcome: 'postponed', fault: 'internal' })
    const looks = async (): Promise<unknown[]> =>
      (await loadCases(db, list.id)).map(({ erasure }) => ('checksDone' in erasure ? erasure.checksDone : null))
    expect(await looks()).toEqual(many.map((_, n) => (n === 3 ? [] : ['hour'])))
    // Nor what a clock years ahead has dated.
    const settled = JSON.stringify({ settledAt: deps().shell.now() + 1000 * DAY })
    await sql`
      update retention_case set erasure = (erasure::jsonb || ${settled}::jsonb)::text, due_at = now() + interval '1000 days' where list = ${list.id} and n = 5`.execute(
      db,
    )
    expect([await mendPersons(deps()), await mendPersons(deps())]).toEqual([1, 0])
    expect((await loadCases(db, list.id, [5]))[0]!.dueAt! - deps().shell.now()).toBeLessThanOrEqual(DAY)
    await rights.advance(120_000)
    expect(await advanceList(deps(), list.id, always)).toMatchObject({ outcome: 'postponed', fault: 'internal' })
    expect((await sql`select from alarm where kind = 'retention-failed'`.execute(db)).rows).toHaveLength(1)
  })

  it('is not begun where nobody has ever done anything, however often that was swept, until somebody has confirmed it', async () => {
    const { db } = deps().shell
    await sql`
      insert into record (source, id, verdict, memory) select r.source, 'z' || n, r.verdict, r.memory
      from record r join source s on s.id = r.source and s.object = 'Lead' and s.connection = 'salesforce', generate_series(1, 60) n`.execute(
      db,
    )
    // As every sweep does at its end.
    await saveGauges(db, await readGauges(db, deps().shell.now() - 1))
    const stop = expect.stringMatching(/^salesforce Lead: not one of 61 records shows an act of its person/) as string
    expect(await checkGuards(deps(), always)).toEqual([stop])
    expect(await confirmGuards(deps(), await looked(), always)).toMatchObject({ outcome: 'confirmed' })
    await rights.advance(2 * DAY)
    expect(await checkGuards(deps(), always)).toEqual([])
    await sql`delete from record where starts_with(id, 'z')`.execute(db)
  })

  it('shows nothing while the clock of a CRM is another one, and nobody can confirm that away', async () => {
    await rights.scene.pull('clock', { advanceMs: 3_600_000 })
    const stop = expect.stringMatching(/the clock of this machine and that of (hubspot|salesforce) differ by 60 minutes/) as string
    expect(await draw()).toEqual({ outcome: 'stopped', stops: [stop, stop] })
    expect(await confirmGuards(deps(), await looked(), always)).toEqual({ outcome: 'refused', still: [stop, stop] })
  })

  it('is told on the command line, with references and nobody’s name', async () => {
    const env = { ...rights.scene.env, ACCORD_CONFIG: join(rights.scene.dir, 'config'), ACCORD_DATA: rights.scene.dir }
    const accord = (...args: string[]) => runHere(['retention', ...args], env)
    const due = await accord('due', '--json')
    // Of those that are gone already our own tables hear with the next reading.
    expect(lastLine(due.stdout)).toMatchObject({
      due: [
        { connection: 'hubspot', object: 'contacts', rule: 'prospect', then: 'erase', records: 3 },
        { connection: 'salesforce', object: 'Contact', rule: 'prospect', then: 'erase', records: 1 },
      ],
      stops: [
        { kind: 'clock-disagrees', about: 'hubspot' },
        { kind: 'clock-disagrees', about: 'salesforce' },
      ],
    })
    const { lists } = lastLine((await accord('show', '--json')).stdout) as {
      lists: { list: string; status: string; approvals: string[] }[]
    }
    expect(lists.map(({ status, approvals }) => [status, approvals])).toEqual([
      ['released', ['ana', 'ben']],
      ['ended', ['ana', 'ben']],
      ['ended', ['ana', 'ben']],
    ])
    const [, asked, first] = lists as [unknown, (typeof lists)[0], (typeof lists)[0]]
    expect((await accord('show')).stdout).toMatch(/list +made +records +state +waits/)
    const open = { status: 'shown', approvals: [], braked: false, shown: { madeAt: 0 } } as unknown as Retention
    const limits = { now: 2 * DAY, maxAgeMs: 3 * DAY }
    expect([ageWord(open, limits), ageWord(open, { ...limits, now: 4 * DAY })]).toEqual([
      '2 days, can be approved until 1970-01-04T00:00Z',
      '4 days: too old to be approved, "accord retention what-if" shows it anew',
    ])
    const shown = await accord('show', first.list.slice(0, 8))
    expect(shown.stdout).toMatch(new RegExp(`hubspot:contacts:${contactId(1)}.*erased.*absent.*proved, closed`))
    expect(shown.stdout).toContain('dropped: not-due')
    const review = await accord('review', asked.list)
    expect(review.stdout).toContain('last message')
    const late = await accord('review', asked.list, '--leave-out', `hubspot:contacts:${contactId(5)}`, '--user', 'ana')
    expect([late.code, late.stderr]).toEqual([2, expect.stringContaining('has ended')])
    const again = await accord('approve', first.list, '--digest', '0'.repeat(16), '--user', 'ana')
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('has ended')])
    expect((await accord('approve', first.list, '--digest', '0'.repeat(16), '--user', 'ana@example.fr')).code).toBe(2)
    expect([due, shown, review, late].map(({ stdout, stderr }) => stdout + stderr).join()).not.toMatch(/example\.fr|Paul|Martin/)
  })
})
