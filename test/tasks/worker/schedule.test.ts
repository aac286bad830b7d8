import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../../src/store/database.ts'
import type { Jobs, Ring } from '../../../src/store/jobs.ts'
import { ensureSource } from '../../../src/store/sources.ts'
import { finishSweep, startSweep } from '../../../src/store/sweeps.ts'
import { fireWindows, isSchedule } from '../../../src/tasks/worker/schedule.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../../postgres.ts'

describe('a schedule', () => {
  it('has five fields, and days of the month or of the week', () => {
    const right = ['0 3 * * *', '*/15 1-5 * * 1-5', '30 2 1,15 * *', '0 0 * * sun']
    const wrong = ['at night', '0 3 * *', '0 0 3 * * *', '0 3 L * *', '0 3 1 * 1', '61 3 * * *', '']
    expect([...right, ...wrong].filter(isSchedule)).toEqual(right)
  })
})

describe('the windows of a schedule', () => {
  let server: TestPostgres
  let database: Database
  let rings: Ring[]
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    database = await openDatabase({ url: await freshDatabase(server.url), dir: '/nowhere', log: () => undefined })
    rings = []
    return () => database.close()
  })
  const bells: Pick<Jobs, 'ring' | 'nudge'> = { ring: async (_trx, ring) => void rings.push(ring), nudge: () => undefined }
  /** As seen by one more worker at that time. */
  const look = (now: string, expression = '0 3 * * *'): Promise<void> =>
    fireWindows({
      db: database.db,
      jobs: bells as Jobs,
      connections: [{ name: 'hubspot', expression }],
      timezone: 'Europe/Paris',
      now: () => Date.parse(now),
      log: () => undefined,
    })
  const sweeps = (): unknown[] => rings.filter(({ queue }) => queue === 'sweep').map(({ facts }) => facts)

  it('fire once, however many workers look at the clock, and however often', async () => {
    await Promise.all(Array.from({ length: 6 }, () => look('2026-11-22T02:00:00Z')))
    await look('2026-11-22T02:01:00Z')
    expect(rings).toEqual([
      { queue: 'sweep', key: 'hubspot', facts: { full: true } },
      { queue: 'due', key: 'hubspot', facts: {} },
    ])
    await look('2026-11-23T02:00:30Z')
    expect(sweeps()).toHaveLength(2)
  })
  it('that were missed are caught up once, with the last of them', async () => {
    await look('2026-11-10T02:00:00Z')
    await look('2026-11-14T11:00:00Z')
    await look('2026-11-14T11:01:00Z')
    expect(sweeps()).toHaveLength(2)
  })
  it('do not fire again when the clock goes back', async () => {
    await look('2026-11-22T02:00:00Z')
    await look('2026-11-21T02:00:00Z')
    await look('2026-11-22T02:00:00Z')
    expect(sweeps()).toHaveLength(1)
  })
  it('go on every night, once each, after a clock that was years ahead; what was judged for days to come is judged anew', async () => {
    const { id } = await ensureSource(database.db, 'hubspot', 'hubspot', 'contacts')
    await database.pool.query(`update source set policy = 'as judged'`)
    const swept = async (now: string, mode: 'full' | 'delta'): Promise<void> =>
      finishSweep(database.db, await startSweep(database.db, 'hubspot', mode, now), now, mode, JSON.stringify({ mode }))
    await look('2026-11-21T02:00:00Z')
    await swept('2026-11-21T02:00:05Z', 'full')
    await look('2031-03-05T12:00:00Z')
    await swept('2031-03-05T12:00:05Z', 'full')
    expect(sweeps()).toEqual([{ full: true }, { full: true }])
    rings = []
    const policies: unknown[] = []
    for (const night of ['22', '23']) {
      await look(`2026-11-${night}T02:00:00Z`)
      await look(`2026-11-${night}T02:01:00Z`)
      policies.push((await database.pool.query('select policy from source where id = $1', [id])).rows[0]!.policy)
      await database.pool.query(`update source set policy = 'as judged'`)
      await swept(`2026-11-${night}T02:02:00Z`, night === '22' ? 'full' : 'delta')
      await look(`2026-11-${night}T12:00:00Z`)
    }
    expect(sweeps()).toEqual([{ full: true }, { full: false }])
    expect(policies).toEqual([null, 'as judged'])
    expect(rings.filter(({ queue }) => queue === 'due')).toHaveLength(2)
  })
  it('are full ones in the first and every seventh night', async () => {
    for (let night = 1; night <= 9; night++) {
      const now = `2026-11-0${night}T02:00:10Z`
      const before = sweeps().length
      await look(now)
      expect(sweeps()).toHaveLength(before + 1)
      const { full } = sweeps().at(-1) as { full: boolean }
      const id = await startSweep(database.db, 'hubspot', full ? 'full' : 'delta', now)
      await finishSweep(database.db, id, now, full ? 'full' : 'delta', JSON.stringify({ mode: full ? 'full' : 'delta' }))
    }
    expect(sweeps().map((facts) => (facts as { full: boolean }).full)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
      false,
      true,
      false,
    ])
  })
  it('need not fire when somebody swept by hand since they opened', async () => {
    const id = await startSweep(database.db, 'hubspot', 'full', '2026-11-22T04:00:00Z')
    await finishSweep(database.db, id, '2026-11-22T04:10:00Z', 'full', '{"mode":"full"}')
    await look('2026-11-22T05:00:00Z')
    expect(sweeps()).toEqual([])
  })
})
