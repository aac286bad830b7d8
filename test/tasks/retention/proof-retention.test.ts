import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dayOfIso } from '../../../src/core/time/calendar.ts'
import { calendarOf } from '../../../src/rights.ts'
import { verifyLedger } from '../../../src/store/ledger.ts'
import { confirmStops, openStops, saveStops } from '../../../src/store/retention-guard.ts'
import { loadRequests } from '../../../src/store/requests.ts'
import { restrictForRequest } from '../../../src/store/restrictions.ts'
import { suppressForRequests } from '../../../src/store/suppressions.ts'
import { applyBatch } from '../../../src/tasks/sweep/batch.ts'
import { forgetOldFiles } from '../../../src/tasks/retention/file-retention.ts'
import { forgetOldProofs } from '../../../src/tasks/retention/proof-retention.ts'
import type { RetentionDeps } from '../../../src/tasks/retention/deps.ts'
import { lookDaily } from '../../../src/tasks/retention/worker.ts'
import { readStatement } from '../../../src/tasks/consent/statements.ts'
import { consumer, policy } from '../../core/judge-world.ts'
import { ledgerEntries } from '../../flows/stored.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { given, openApi, type TestApi } from '../../server/service.ts'
import { storeRequest } from '../../store/stored-request.ts'
import { always, goneRecord, openBench, record, type Bench } from '../bench.ts'

describe('proofs whose time is over', () => {
  let server: TestPostgres
  let bench: Bench
  let api: TestApi
  let token: string
  let deps: Parameters<typeof forgetOldProofs>[0]
  const logged: string[] = []
  const say = async (body: unknown): Promise<string> => {
    const answer = await api.call('/api/v1/consents', { token, body })
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.body.id
  }
  const left = async (): Promise<string[]> =>
    (await sql<{ id: string }>`select distinct id from consent_proof`.execute(bench.shell.db)).rows.map(({ id }) => id)
  const keys = async (): Promise<number> => (await sql`select 1 from subject_key`.execute(bench.shell.db)).rows.length

  beforeAll(async () => {
    server = await startPostgres()
    bench = await openBench(server.url)
    bench.shell.log = (event, facts) => void logged.push(`${event} ${JSON.stringify(facts)}`)
    api = await openApi(bench)
    token = (await api.key('consents:write')).token
    deps = { shell: bench.shell, policy, calendar: calendarOf(policy), today: () => '2026-11-21' }
  })
  afterAll(async () => {
    await api.close()
    await bench.close()
    await server.stop()
  })

  it('go with their keys, those in force and those whose time is not over stay, and the ledger verifies', async () => {
    const crm = await bench.add('hubspot')
    const no = (email: string, at: string, more = {}) =>
      say({ event: 'withdrawn', identifier: { email }, at, purpose: 'newsletter', channel: 'email', ...more })
    const gone = [
      await say(given('ended@example.fr', { at: '2019-05-01T10:00:00Z' })),
      await no('ended@example.fr', '2020-06-01T10:00:00Z'),
    ]
    const stays = [
      await say(given('in.force@example.fr', { at: '2019-05-01T10:00:00Z' })),
      await say(given('later@example.fr', { at: '2019-05-01T10:00:00Z' })),
      await no('later@example.fr', '2023-06-01T10:00:00Z'),
      await say({ event: 'refused', identifier: { email: 'two@example.fr' }, at: '2026-01-01T10:00:00Z' }),
    ]
    gone.push(await say({ event: 'refused', identifier: { email: 'two@example.fr' }, at: '2020-01-01T10:00:00Z' }))
    gone.push(await say(given('crm.no@example.fr', { at: '2019-05-01T10:00:00Z' })))
    const optedOut = { hs_email_optout: 'true', 'subscription:all:at': null }
    await applyBatch(
      bench.shell,
      bench.landscape,
      crm.target,
      { records: [record('1', { ...consumer, email: 'crm.no@example.fr', ...optedOut }, Date.parse('2020-02-01T00:00:00Z'))], gone: [] },
      'keep',
    )
    const before = await keys()
    const forgotten = await forgetOldProofs(deps)
    expect([forgotten, (await left()).sort()]).toEqual([{ proofs: gone.length, keys: 2, stopped: false }, stays.sort()])
    expect(await keys()).toBe(before - 2)
    for (const id of gone) expect((await readStatement(bench.shell, id))[0]!.words).toBeNull()
    for (const id of stays) expect((await readStatement(bench.shell, id))[0]!.words).not.toBeNull()
    expect((await ledgerEntries(bench.shell.db)).at(-1)).toEqual(['proofs-forgotten', gone.length, 2])
    expect(await verifyLedger(bench.shell.db, { checkpoints: [], keys: new Map() })).toMatchObject({ ok: true })
    expect(await forgetOldProofs(deps)).toEqual({ proofs: 0, keys: 0, stopped: false })
  })

  it('of a yes begin to end on the day on which no CRM has that person any more, and go on living when one has them again', async () => {
    const crm = await bench.add('another')
    const email = 'left@example.fr'
    const id = await say(given(email, { at: '2019-05-01T10:00:00Z' }))
    const unheld = async (): Promise<unknown> =>
      (await sql<{ day: string | null }>`select unheld_since::text as day from consent_proof where id = ${id}`.execute(bench.shell.db))
        .rows[0]?.day
    const show = (records: number) =>
      applyBatch(
        bench.shell,
        bench.landscape,
        crm.target,
        { records: records > 0 ? [record('9', { ...consumer, email })] : [], gone: records > 0 ? [] : [goneRecord('9')], force: true },
        'keep',
      )
    const on = (day: string) => forgetOldProofs({ ...deps, today: () => day })
    await show(1)
    await on('2026-11-21')
    expect(await unheld()).toBeNull()
    const connected = (is: boolean) => sql`update source set retired = ${!is} where connection = 'another'`.execute(bench.shell.db)
    await connected(false)
    await on('2026-11-22')
    expect(await unheld()).toBe('2026-11-22')
    await connected(true)
    await on('2026-11-22')
    expect(await unheld()).toBeNull()
    await show(0)
    await on('2026-11-22')
    await on('2026-11-23')
    expect(await unheld()).toBe('2026-11-22')
    await show(1)
    await on('2026-11-24')
    expect(await unheld()).toBeNull()
    await show(0)
    await on('2026-11-25')
    await on('2031-11-24')
    expect((await left()).includes(id)).toBe(true)
    expect(await on('2031-11-25')).toMatchObject({ stopped: false })
    expect((await left()).includes(id)).toBe(false)
  })

  it('go in the daily look of the service, with the answers that are a day old, unless something is amiss', async () => {
    const prepare = () => Promise.reject(new Error('nothing is drawn up without an automatic rule'))
    // Nothing is drawn up, so nothing of an erasure is asked.
    const keeper = { ...deps, prepare, linked: [], erase: {} as RetentionDeps['erase'] }
    const old = { event: 'refused', identifier: { email: 'daily@example.fr' }, at: '2020-01-01T10:00:00Z' }
    const said = await api.call('/api/v1/consents', { token, body: old, headers: { 'idempotency-key': 'once' } })
    await saveStops(bench.shell.db, [{ kind: 'clock-forward', about: '', foundAt: '2026-11-21T00:00:00Z', detail: 'the clock has moved' }])
    await lookDaily(keeper, always)
    expect(await left()).toContain(said.body.id)
    await confirmStops(bench.shell.db, await openStops(bench.shell.db), 'dpo', new Date(bench.shell.now()).toISOString())
    const { now } = bench.shell
    bench.shell.now = () => now() + 2 * 86_400_000
    await lookDaily(keeper, always)
    bench.shell.now = now
    expect(await left()).not.toContain(said.body.id)
    expect((await sql`select 1 from idempotency`.execute(bench.shell.db)).rows).toEqual([])
  })

  it('stay when they are too many at once, until somebody has confirmed that the policy means it; what was refused binds on', async () => {
    for (let n = 0; n < 21; n++) await say({ event: 'refused', identifier: { email: `many${n}@example.fr` }, at: '2020-01-01T10:00:00Z' })
    const before = (await left()).length
    expect(await forgetOldProofs(deps)).toEqual({ proofs: 0, keys: 0, stopped: true })
    expect([(await left()).length, (await openStops(bench.shell.db)).map(({ detail }) => detail)]).toEqual([
      before,
      ['21 proofs of consent are kept no longer all at once: does the policy mean it?'],
    ])
    expect(logged).toContain('retention.stopped {"kind":"proofs-many","about":""}')
    await confirmStops(bench.shell.db, await openStops(bench.shell.db), 'dpo', new Date(bench.shell.now()).toISOString())
    expect(await forgetOldProofs(deps)).toEqual({ proofs: 21, keys: 21, stopped: false })
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from record r join source s on s.id = r.source where s.crm = 'accord' and length(r.memory) > 12`.execute(
      bench.shell.db,
    )
    expect(rows[0]!.n).toBeGreaterThanOrEqual(21)
  })
})

describe('files of requests whose time is over', () => {
  let server: TestPostgres
  let bench: Bench
  const logged: string[] = []
  const tables = [
    'request',
    'request_event',
    'request_record',
    'request_link',
    'notice',
    'comeback',
    'reappearance',
    'suppression',
  ] as const
  const counts = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      await Promise.all(
        tables.map(async (table) => [table, (await sql`select 1 from ${sql.table(table)}`.execute(bench.shell.db)).rows.length] as const),
      ),
    )
  const loadStored = async (ids: readonly string[]): Promise<string[]> => {
    const { rows } = await sql<{ id: string }>`select id from request where id = any(${ids}::uuid[]) order by id`.execute(bench.shell.db)
    return rows.map(({ id }) => id)
  }
  const emailOf = (n: number): string => `file${n}@example.fr`
  /** With one thing of each kind. */
  async function file(n: number, closedAt: string | null, erasure = 'settled'): Promise<string> {
    const { db, hasher } = bench.shell
    const id = `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
    const at = '2021-01-01T00:00:00Z'
    await storeRequest(db, id, at)
    await sql`
      update request set erasure = ${erasure}, closed_at = ${closedAt}::timestamptz,
        sealed = case when ${closedAt}::text is null then sealed end, seal = case when ${closedAt}::text is null then seal end,
        person = case when ${closedAt}::text is null then person end where id = ${id}`.execute(db)
    await sql`insert into request_event (request, n, at, stream, body) values (${id}, 1, ${at}, 'request', '{}')`.execute(db)
    await sql`insert into request_record (request, connection, object, id, action, reasons, trace) values (${id}, 'one', 'contacts', ${String(n)}, 'erase', '{}', 'absent')`.execute(
      db,
    )
    await sql`insert into request_link (id, request, status, asked_at, expires_at) values (${randomBytes(16)}, ${id}, 'used', ${at}, ${at})`.execute(
      db,
    )
    await sql`insert into notice (id, request, right_kind, recipient, way, status, created_at) values (${randomUUID()}, ${id}, 'erasure', 'erp', 'mail', 'told', ${at})`.execute(
      db,
    )
    await sql`insert into comeback (id, request, version, state, ended, opened_at, closed_at) values (${randomUUID()}, ${id}, 1, '{}', 'gone', ${at}, ${at})`.execute(
      db,
    )
    await suppressForRequests(db, [{ request: id, hashes: [Buffer.from(hasher.suppression('email', emailOf(n)))] }], at)
    return id
  }

  beforeAll(async () => {
    server = await startPostgres()
    bench = await openBench(server.url)
    await sql`insert into hash_key (id, key_id) values (1, 'a key')`.execute(bench.shell.db)
    bench.shell.log = (event, facts) => void logged.push(`${event} ${JSON.stringify(facts)}`)
  })
  afterAll(async () => {
    await bench.close()
    await server.stop()
  })

  it('go whole on their day; those that still do something stay, the ledger verifies, and whoever comes back is a case as before', async () => {
    const { db } = bench.shell
    const on = (day: string) => forgetOldFiles({ shell: bench.shell, policy, calendar: calendarOf(policy), today: () => day })
    // Half past eleven in the evening in Paris: five years later that is over on the 21st, and not on the 20th.
    const old = await file(1, '2021-11-21T22:30:00Z')
    const stopped = await file(2, '2021-11-01T10:00:00Z', 'stopped')
    const restricted = await file(3, '2021-11-01T10:00:00Z')
    const open = await file(4, '2021-11-01T10:00:00Z')
    const young = await file(5, '2021-11-22T10:00:00Z')
    const running = await file(6, null)
    await restrictForRequest(db, restricted, [randomBytes(32)], '2021-01-01T00:00:00Z')
    await sql`update comeback set closed_at = null, ended = null where request = ${open}`.execute(db)
    expect(await on('2026-11-20')).toEqual({ files: 1, stopped: false })
    expect((await loadRequests(db, [old, stopped])).size).toBe(1)
    expect(await on('2026-11-21')).toEqual({ files: 1, stopped: false })
    const left = [restricted, open, young, running]
    expect([...(await loadRequests(db, [old, stopped, ...left])).keys()].sort()).toEqual(left)
    const { suppression, reappearance, ...others } = await counts()
    expect([new Set(Object.values(others)), suppression, reappearance]).toEqual([new Set([left.length]), 6, 0])
    expect(await on('2026-11-21')).toEqual({ files: 0, stopped: false })
    expect((await ledgerEntries(db)).slice(-2)).toEqual([
      ['files-forgotten', 1],
      ['files-forgotten', 1],
    ])
    expect(logged).toEqual(['files.forgotten {"files":1}', 'files.forgotten {"files":1}'])
    expect(await verifyLedger(db, { checkpoints: [], keys: new Map() })).toMatchObject({ ok: true })

    const crm = await bench.add('one')
    const again = [1, 2].map((n) => record(`9${n}`, { ...consumer, email: emailOf(n) }))
    await applyBatch(bench.shell, bench.landscape, crm.target, { records: again, gone: [] }, 'keep')
    const { rows } = await sql<{ id: string; request: string }>`select id, request from reappearance`.execute(db)
    expect(rows).toEqual([{ id: '91', request: old }])
  })

  it('stay as long as what they have kept is held, and a month more for whoever is told of its end', async () => {
    const { db } = bench.shell
    const on = (day: string) => forgetOldFiles({ shell: bench.shell, policy, calendar: calendarOf(policy), today: () => day })
    const keeping = async (n: number, state: string, trace = 'present'): Promise<string> => {
      const id = await file(n, '2021-06-01T10:00:00Z')
      await sql`update request set erasure_state = ${state} where id = ${id}`.execute(db)
      await sql`update request_record set action = 'keep', trace = ${trace} where request = ${id}`.execute(db)
      return id
    }
    const settled = (until: number | null): string =>
      JSON.stringify({ status: 'settled', items: [{ action: 'keep', holds: [{ until, review: 1 }], trace: 'present' }] })
    const invoice = await keeping(21, settled(dayOfIso('2031-12-31')))
    const contract = await keeping(22, settled(null))
    const over = await keeping(23, settled(dayOfIso('2025-12-31')))
    const taken = await keeping(24, settled(null), 'absent')
    const torn = await keeping(25, '{"status":')
    expect((await on('2026-11-21')).files).toBe(2)
    expect([...(await loadStored([invoice, contract, over, taken, torn]))]).toEqual([invoice, contract, torn])
    expect((await on('2032-01-30')).files).toBeGreaterThan(0)
    expect(await loadStored([invoice])).toEqual([invoice])
    await on('2032-01-31')
    expect(await loadStored([invoice, contract, torn])).toEqual([contract, torn])
  })

  it('leave nothing behind that names them', async () => {
    const { rows } = await sql<{ table: string }>`
      select conrelid::regclass::text as table from pg_constraint where contype = 'f' and confrelid = 'request'::regclass`.execute(
      bench.shell.db,
    )
    const known = [
      'restriction',
      'request_event',
      'request_record',
      'request_mention',
      'request_alert',
      'request_link',
      'copy_link',
      'copy_decision',
    ]
    expect(rows.map(({ table }) => table).filter((table) => !known.includes(table))).toEqual([])
  })
})
