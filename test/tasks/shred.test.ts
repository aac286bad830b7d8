import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { unchanged } from '../../src/core/request/change-evolve.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { holdByHand, type Hold } from '../../src/core/erasure/hold.ts'
import type { PlanItem } from '../../src/core/erasure/plan.ts'
import type { Erasure, ItemState } from '../../src/core/erasure/erasure.ts'
import { suppressionForm } from '../../src/core/identity/email.ts'
import { verifyLedger } from '../../src/store/ledger.ts'
import { listComebacks } from '../../src/store/comebacks.ts'
import { loadRequest, saveRequest } from '../../src/store/requests.ts'
import { loadSuppressed, loadSuppressions, suppressForRequests } from '../../src/store/suppressions.ts'
import { journalFile, noteErased } from '../../src/store/erased-journal.ts'
import { replayErased } from '../../src/tasks/erasure/replay.ts'
import { applyBatch } from '../../src/tasks/sweep/batch.ts'
import type { ErasureDeps } from '../../src/tasks/erasure/deps.ts'
import { perform } from '../../src/tasks/erasure/erase.ts'
import { receiveRequest } from '../../src/tasks/request/receive.ts'
import { sealPerson } from '../../src/tasks/erasure/deps.ts'
import { readStatement } from '../../src/tasks/consent/statements.ts'
import { consumer } from '../core/judge-world.ts'
import { ledgerEntries } from '../flows/stored.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { given, hash, openApi, type TestApi } from '../server/service.ts'
import { always, goneRecord, openBench, rightsDeps, record, rechecksOf, type Bench } from './bench.ts'

let server: TestPostgres
let bench: Bench
let api: TestApi
let token: string
let crm: Awaited<ReturnType<Bench['add']>>
let deps: ErasureDeps
const DAY = 86_400_000
const start = Date.parse('2026-11-21T12:00:00Z')
let clock = start

beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
  bench.shell.now = () => clock
  crm = await bench.add('hubspot')
  api = await openApi(bench, { mails: true })
  token = (await api.key('consents:write')).token
  await sql`insert into hash_key (id, key_id) values (1, 'a key')`.execute(bench.shell.db)
  deps = rightsDeps(bench)
})
afterAll(async () => {
  await api.close()
  await bench.close()
  await server.stop()
})
beforeEach(() => {
  clock = start
})

const say = async (body: unknown): Promise<string> => {
  const answer = await api.call('/api/v1/consents', { token, body })
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body.id
}
const seen = (id: string, fields: Record<string, string | null>) =>
  applyBatch(bench.shell, bench.landscape, crm.target, { records: [record(id, { ...consumer, ...fields })], gone: [], force: true }, 'keep')

type Asked = { emails: readonly string[]; phones?: readonly string[]; records?: readonly string[]; holds?: PlanItem['holds'] }

/** A request that was carried out and answered, whose last look was taken a month ago; and its end. */
async function erase({ emails, phones = [], records = [], holds = [] }: Asked, erasure?: Erasure): Promise<string> {
  const asked = { emails: [emails[0]!], phones: [...phones], records: [] }
  const received = { asked, right: 'erasure', scope: 'all', origin: 'session', at: clock, user: 'u1' } as const
  const taken = await receiveRequest(deps, received)
  if (taken.outcome === 'refused') throw new Error(taken.message)
  const { id, version, request } = taken.file
  if (request.status !== 'identified') throw new Error(request.status)
  const { status: _, proof: __, ...rest } = request
  const action = holds.length > 0 ? ('keep' as const) : ('erase' as const)
  const items = records.map((one): ItemState => ({
    key: `hubspot:contacts:${one}`,
    connection: 'hubspot',
    object: 'contacts',
    id: one,
    reasons: ['email'],
    action,
    holds,
    outcome: action === 'keep' ? 'kept' : 'erased',
    reason: null,
    trace: action === 'keep' ? 'present' : 'absent',
  }))
  const plan = {
    occasion: 'request' as const,
    items,
    suggestions: [],
    unreachable: [],
    warnings: [],
    connections: ['hubspot'],
    calls: 1,
    minutes: 1,
    anonymises: [],
    large: false,
    digest: 'd',
  }
  const settled: Erasure = {
    status: 'settled',
    plan,
    items,
    approvedBy: { kind: 'staff', user: 'u1' },
    round: 1,
    accepted: [],
    around: [],
    standing: holds.length > 0 ? 'held' : 'proved',
    settledAt: clock,
    checksDone: ['hour', 'day', 'week', 'month'],
  }
  const person = { emails, formerEmails: [], phones, givenName: '', familyName: '', records: [] }
  const vault = sealPerson(bench.shell, id, { asked, subject: { person, names: [] } })
  const answered = { ...rest, status: 'answered', at: clock, outcome: 'full', late: false } as const
  const at = new Date(clock).toISOString()
  const state = { request: answered, erasure: erasure ?? settled, change: unchanged, vault, dueAt: at, closedAt: null }
  await bench.shell.db.transaction().execute((trx) => saveRequest(trx, { id, version, ...state }, [], at))
  return id
}
async function close(id: string): Promise<unknown> {
  const done = await perform(deps, (await loadRequest(bench.shell.db, id))!, { do: 'close' }, always)
  if (done.outcome === 'refused') throw new Error(done.message)
  expect(done.file).toMatchObject({ request: { status: 'closed' }, vault: null })
  return (await ledgerEntries(bench.shell.db)).find(([kind, request]) => kind === 'shredded' && request === id)
}

const emptyPlan = {
  occasion: 'request' as const,
  items: [],
  suggestions: [],
  unreachable: [],
  warnings: [],
  connections: [],
  calls: 0,
  minutes: 0,
  anonymises: [],
  large: false,
  digest: 'd',
}

/** As a copy of the database that was made before: what is in these tables now comes back by `restore`. */
async function copyOf(...tables: string[]): Promise<{ restore: () => Promise<void> }> {
  const { db } = bench.shell
  for (const table of tables) await sql`create table ${sql.table(`old_${table}`)} as select * from ${sql.table(table)}`.execute(db)
  return {
    restore: async () => {
      for (const table of tables.toReversed()) await sql`delete from ${sql.table(table)}`.execute(db)
      for (const table of tables) {
        await sql`insert into ${sql.table(table)} overriding system value select * from ${sql.table(`old_${table}`)}`.execute(db)
        await sql`drop table ${sql.table(`old_${table}`)}`.execute(db)
      }
    },
  }
}

/** Every form in which our tables could still know an address or a number, the suppression list apart. */
function traces(kind: 'email' | 'phone', value: string): string[] {
  const { hasher } = bench.shell
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  const form = kind === 'email' ? suppressionForm(value) : value
  return [
    value,
    hasher.voice(kind, value),
    hasher.identifier(kind, value),
    hex(hasher.holder(kind, form)),
    hex(hasher.suppression(kind, value)),
    hex(hasher.suppression(kind, form)),
  ]
}
/** Where of all tables one of these stands. */
async function found(tokens: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`.execute(
    bench.shell.db,
  )
  const places: string[] = []
  for (const { name } of rows) {
    const table = await sql<{ line: string }>`select t::text as line from ${sql.raw(name)} t`.execute(bench.shell.db)
    if (table.rows.some(({ line }) => tokens.some((token) => line.includes(token)))) places.push(name)
  }
  return places.sort()
}
describe('the end of an erasure', () => {
  it('leaves nothing of what the person said but noise in a ledger that verifies, in whatever spelling and however often they said it', async () => {
    const [ada, tagged, second, phone] = ['ada@example.fr', 'ada+news@example.fr', 'ada.roux@example.org', '+33612345678'] as const
    const proofs = [await say(given(ada)), await say(given(tagged)), await say({ event: 'withdrawn', identifier: { email: second } })]
    proofs.push(
      await say({ event: 'refused', identifier: { email: ada, phone } }),
      await say(given(ada, { doubleOptIn: true, at: '2026-11-21T11:00:00Z' })),
    )
    await seen('1', { email: ada })
    const tokens = [...[ada, tagged, second].flatMap((email) => traces('email', email)), ...traces('phone', phone)]
    const stands = await found(tokens)
    expect(stands).toEqual(expect.arrayContaining(['public.confirmation', 'public.consent_proof', 'public.record', 'public.subject_key']))
    expect(stands).not.toContain('public.ledger_blocks')
    expect((await readStatement(bench.shell, proofs[0]!))[0]).toMatchObject({
      words: expect.arrayContaining(['given', 'newsletter', 'email', ['NL-2026-01', hash, 'fr']]),
    })
    await applyBatch(bench.shell, bench.landscape, crm.target, { records: [], gone: [goneRecord('1')], force: true }, 'keep')
    const id = await erase({ emails: [ada, second], phones: [phone], records: ['1'] })
    clock += 40 * DAY
    expect(await close(id)).toEqual(['shredded', id, 3, 5, 0])
    expect(await found(tokens)).toEqual([])
    for (const proof of proofs)
      expect(new Set((await readStatement(bench.shell, proof)).map(({ words }) => words))).toEqual(new Set([null]))
    expect(await verifyLedger(bench.shell.db, { checkpoints: [], keys: new Map() })).toMatchObject({ ok: true })
  })

  it('keeps what is somebody else’s as well: of a function mailbox, of a mailbox that another living record has, of whoever has agreed anew since', async () => {
    const [office, house, anew] = ['secretariat@example.fr', 'famille.roux@example.fr', 'eve@example.fr']
    for (const email of [office, house, anew]) await say(given(email))
    await seen('20', { firstname: 'Zoé', lastname: 'Roux', email: house })
    await seen('21', { firstname: 'Yann', lastname: 'Roux', email: house })
    const ofOffice = await erase({ emails: [office] })
    const ofHouse = await erase({ emails: [house], records: ['20'] })
    const ofAnew = await erase({ emails: [anew] })
    clock += DAY
    await say(given(anew, { at: new Date(clock).toISOString() }))
    clock += 40 * DAY
    expect(await close(ofOffice)).toEqual(['shredded', ofOffice, 0, 0, 0])
    expect(await close(ofHouse)).toEqual(['shredded', ofHouse, 0, 0, 1])
    expect(await close(ofAnew)).toEqual(['shredded', ofAnew, 0, 0, 1])
    for (const email of [office, house, anew]) expect(await found(traces('email', email))).toContain('public.consent_proof')
  })

  it('is not kept by a CRM that is no longer connected: nobody looks there, and nobody would come back to it', async () => {
    const email = 'former@example.fr'
    const former = await bench.add('former')
    await say(given(email))
    await applyBatch(
      bench.shell,
      bench.landscape,
      former.target,
      { records: [record('9', { ...consumer, email })], gone: [], force: true },
      'keep',
    )
    await sql`update source set retired = true where connection = 'former'`.execute(bench.shell.db)
    const id = await erase({ emails: [email] })
    expect(await close(id)).toEqual(['shredded', id, 1, 1, 0])
  })

  it('takes the mailbox of a household with the last who had it, and has the records that stay judged again', async () => {
    const house = 'nous@example.fr'
    await say(given(house))
    await seen('30', { firstname: 'Zoé', lastname: 'Roux', email: house })
    const id = await erase({ emails: [house], records: ['30'] })
    await sql`delete from recheck`.execute(bench.shell.db)
    expect(await close(id)).toEqual(['shredded', id, 1, 1, 0])
    expect(await found(traces('email', house))).toEqual(['public.record'])
    expect(await rechecksOf(bench, crm.target.source.id)).toEqual(['30'])
  })

  it('keeps the evidence of a dispute, and not that of a newsletter beside a contract that is kept', async () => {
    const byHand = { kind: 'by-hand', user: 'u1' } as const
    const cases: [Hold['because'], Hold['ground']][] = [
      [{ kind: 'legal-hold', object: 'Contact', id: '800' }, '17(3)(e)'],
      [byHand, '17(3)(e)'],
      [{ kind: 'contract', object: 'Contract', id: '800' }, '17(3)(e)'],
      [byHand, '17(3)(b)'],
    ]
    const ends: unknown[] = []
    for (const [index, [because, ground]] of cases.entries()) {
      const email = `held${index}@example.fr`
      await say(given(email))
      const id = await erase({
        emails: [email],
        records: [`4${index}`],
        holds: [{ ...holdByHand('u1', ground, 'C. civ. 2224', null, 20_000), because }],
      })
      ends.push(((await close(id)) as unknown[]).slice(2))
    }
    expect(ends).toEqual([
      [0, 0, 1],
      [0, 0, 1],
      [1, 1, 0],
      [1, 1, 0],
    ])
  })

  it('forgets, too, whom no CRM had; what they refused lives on in the suppression list', async () => {
    const email = 'only.here@example.fr'
    await say({ event: 'withdrawn', identifier: { email } })
    const id = await erase({ emails: [email] }, { status: 'planned', plan: emptyPlan, plannedAt: clock })
    expect(await close(id)).toEqual(['shredded', id, 1, 1, 0])
    expect(await found(traces('email', email))).toEqual(['public.suppression'])
  })

  it('of a withdrawn request destroys nothing', async () => {
    const email = 'stays@example.fr'
    await say(given(email))
    const stopped: Erasure = { status: 'stopped', at: clock, irreversible: 'nothing', items: [], done: [] }
    const id = await erase({ emails: [email] }, stopped)
    expect(await close(id)).toBeUndefined()
    expect(await found(traces('email', email))).toContain('public.subject_key')
  })

  it('takes the graves that kept a refusal; one that stands for a function mailbox too keeps that, and no trace of the person', async () => {
    const [own, office] = ['grave@example.fr', 'contact@example.fr']
    const optedOut = { hs_email_optout: 'true' }
    await seen('50', { email: own, ...optedOut })
    await seen('51', { email: own, hs_additional_emails: office, ...optedOut })
    await applyBatch(
      bench.shell,
      bench.landscape,
      crm.target,
      { records: [], gone: [goneRecord('50'), goneRecord('51')], force: true },
      'keep',
    )
    expect(await found(traces('email', own))).toEqual(['public.record'])
    const id = await erase({ emails: [own], records: ['50', '51'] })
    expect(await close(id)).toEqual(['shredded', id, 0, 0, 0])
    expect(await found(traces('email', own))).toEqual([])
    const { rows } =
      await sql`select id, verdict, email, subject, encode(substring(memory for 9), 'hex') as head from record where id in ('50', '51')`.execute(
        bench.shell.db,
      )
    expect(rows).toEqual([{ id: '51', verdict: -1, email: null, subject: null, head: '0'.repeat(18) }])
    expect(await found([bench.shell.hasher.identifier('email', office)])).toContain('public.identifier')
  })

  it('is known by the newest one: whoever asked before, and stopped it, is seen when they come back', async () => {
    const [email, db] = ['zelie@example.fr', bench.shell.db] as const
    const hashes = [Buffer.from(bench.shell.hasher.suppression('email', email))]
    const suppress = (request: string) =>
      db.transaction().execute((trx) => suppressForRequests(trx, [{ request, hashes }], new Date(clock).toISOString()))
    const stopped: Erasure = { status: 'stopped', at: clock, irreversible: 'nothing', items: [], done: [] }
    await suppress(await erase({ emails: [email] }, stopped))
    clock += DAY
    const request = await erase({ emails: [email], records: ['71'] })
    await suppress(request)
    const since = clock
    clock += DAY
    // A later round of the same erasure is none of its own.
    await suppress(request)
    expect([...(await loadSuppressions(db, hashes)).values()]).toEqual([{ request, since }])
    await seen('72', { email })
    expect((await listComebacks(db, 100)).filter((one) => one.request === request)).toMatchObject([{ state: { status: 'open' } }])
  })

  it('is done again on an older copy of the database, once, and requests that it does not have are named', async () => {
    const root = await mkdtemp(join(tmpdir(), 'accord-journal-'))
    const dir = join(root, 'data')
    const noted: ErasureDeps = {
      ...deps,
      shell: { ...bench.shell, journal: (trx, acts) => noteErased(trx, dir, acts, new Date(clock).toISOString()) },
    }
    const holder = Buffer.from(bench.shell.hasher.holder('email', 'again@example.test'))
    const keys = async (): Promise<number> =>
      (await sql`select from subject_key where holder = ${holder}`.execute(bench.shell.db)).rows.length
    const listed = async (): Promise<number> =>
      (await loadSuppressed(bench.shell.db, [Buffer.from(bench.shell.hasher.suppression('email', 'again@example.test'))])).size
    await say(given('again@example.test'))
    const copy = await copyOf('subject_key', 'consent_proof', 'suppression', 'erased_mark')
    const before = deps
    deps = noted
    const id = await erase({ emails: ['again@example.test'] }, { status: 'planned', plan: emptyPlan, plannedAt: clock })
    expect(await close(id)).toEqual(['shredded', id, 1, 1, 0])
    const missing = await receiveRequest(noted, {
      asked: { emails: ['new@example.test'], phones: [], records: [] },
      right: 'access',
      scope: 'all',
      origin: 'email',
      at: clock,
      user: 'u1',
    })
    if (missing.outcome === 'refused') throw new Error(missing.message)
    deps = before
    expect(await readFile(journalFile(dir), 'utf8')).not.toMatch(/@|example/)
    expect([await replayErased(noted.shell, dir), await keys(), await listed()]).toEqual([null, 0, 1])
    await copy.restore()
    for (const table of ['request_event', 'request_alert'])
      await sql`delete from ${sql.table(table)} where request = ${missing.file.id}`.execute(bench.shell.db)
    await sql`delete from request where id = ${missing.file.id}`.execute(bench.shell.db)
    expect([await keys(), await listed()]).toEqual([1, 0])
    // Half a line is what a crash leaves.
    await appendFile(journalFile(dir), '{"id":"')
    expect(await replayErased(noted.shell, dir)).toEqual({
      lines: 3,
      suppressed: expect.any(Number),
      keys: 1,
      missing: [{ request: missing.file.id, right: 'access', lastDay: '2026-12-21', closed: false }],
      reopened: [],
    })
    expect([await keys(), await listed(), await replayErased(noted.shell, dir)]).toEqual([0, 1, null])
    await bench.shell.db.transaction().execute((trx) => noted.shell.journal(trx, [{ act: 'closed', request: id }]))
    expect(await replayErased(noted.shell, dir)).toBeNull()
    expect(await verifyLedger(bench.shell.db, { checkpoints: [], keys: new Map() })).toMatchObject({ ok: true })
    await rm(root, { recursive: true })
  })
})
