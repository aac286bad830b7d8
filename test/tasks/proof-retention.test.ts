import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calendarOf } from '../../src/rights.ts'
import { verifyLedger } from '../../src/store/ledger.ts'
import { confirmStops, openStops, saveStops } from '../../src/store/retention-guard.ts'
import { applyBatch } from '../../src/tasks/batch.ts'
import { forgetOldProofs } from '../../src/tasks/proof-retention.ts'
import type { RetentionDesk } from '../../src/tasks/retention-desk.ts'
import { lookDaily } from '../../src/tasks/retention-worker.ts'
import { readStatement } from '../../src/tasks/statements.ts'
import { consumer, policy } from '../core/judge-world.ts'
import { ledgerEntries } from '../flows/stored.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { given, openApi, type TestApi } from '../server/service.ts'
import { always, goneRecord, openBench, record, type Bench } from './bench.ts'

describe('proofs whose time is over', () => {
  let server: TestPostgres
  let bench: Bench
  let api: TestApi
  let token: string
  let desk: Parameters<typeof forgetOldProofs>[0]
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
    desk = { shell: bench.shell, policy, calendar: calendarOf(policy), today: () => '2026-11-21' }
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
      bench.house,
      crm.target,
      { records: [record('1', { ...consumer, email: 'crm.no@example.fr', ...optedOut }, Date.parse('2020-02-01T00:00:00Z'))], gone: [] },
      'keep',
    )
    const before = await keys()
    const forgotten = await forgetOldProofs(desk)
    expect([forgotten, (await left()).sort()]).toEqual([{ proofs: gone.length, keys: 2, stopped: false }, stays.sort()])
    expect(await keys()).toBe(before - 2)
    for (const id of gone) expect((await readStatement(bench.shell, id))[0]!.words).toBeNull()
    for (const id of stays) expect((await readStatement(bench.shell, id))[0]!.words).not.toBeNull()
    expect((await ledgerEntries(bench.shell.db)).at(-1)).toEqual(['proofs-forgotten', gone.length, 2])
    expect(await verifyLedger(bench.shell.db, { checkpoints: [], keys: new Map() })).toMatchObject({ ok: true })
    expect(await forgetOldProofs(desk)).toEqual({ proofs: 0, keys: 0, stopped: false })
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
        bench.house,
        crm.target,
        { records: records > 0 ? [record('9', { ...consumer, email })] : [], gone: records > 0 ? [] : [goneRecord('9')], force: true },
        'keep',
      )
    const on = (day: string) => forgetOldProofs({ ...desk, today: () => day })
    await show(1)
    await on('2026-11-21')
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
    // Nothing is drawn up, so nobody asks the desk of erasures.
    const keeper = { ...desk, prepare, linked: [], erase: {} as RetentionDesk['erase'] }
    const old = { event: 'refused', identifier: { email: 'daily@example.fr' }, at: '2020-01-01T10:00:00Z' }
    const said = await api.call('/api/v1/consents', { token, body: old, headers: { 'idempotency-key': 'once' } })
    await saveStops(bench.shell.db, [{ kind: 'clock-forward', about: '', foundAt: '2026-11-21T00:00:00Z', detail: 'the clock has moved' }])
    await lookDaily(keeper, always)
    expect(await left()).toContain(said.body.id)
    await confirmStops(bench.shell.db, 'dpo', new Date(bench.shell.now()).toISOString())
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
    expect(await forgetOldProofs(desk)).toEqual({ proofs: 0, keys: 0, stopped: true })
    expect([(await left()).length, (await openStops(bench.shell.db)).map(({ detail }) => detail)]).toEqual([
      before,
      ['21 proofs of consent are kept no longer all at once: does the policy mean it?'],
    ])
    expect(logged).toContain('retention.stopped {"kind":"proofs-many","about":""}')
    await confirmStops(bench.shell.db, 'dpo', new Date(bench.shell.now()).toISOString())
    expect(await forgetOldProofs(desk)).toEqual({ proofs: 21, keys: 21, stopped: false })
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from record r join source s on s.id = r.source where s.crm = 'accord' and r.facts is not null`.execute(
      bench.shell.db,
    )
    expect(rows[0]!.n).toBeGreaterThanOrEqual(21)
  })
})
