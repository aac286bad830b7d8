import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWork, takeEvents, type HeardEvent } from '../../src/store/inbox.ts'
import { openClaims } from '../../src/store/claims.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { databaseTime, saveLiveReads } from '../../src/store/live-reads.ts'
import { createHearing } from '../../src/store/hearing.ts'
import { finishRechecks, saveRechecks, takeRechecks } from '../../src/store/outbox.ts'
import { claimDueRequests, claimRequests, waitUntil } from '../../src/store/request-turns.ts'
import { ensureSource } from '../../src/store/sources.ts'
import { databases, type TestDatabases } from './databases.ts'
import { storeRequest } from './stored-request.ts'

const event = (key: number, id = '101'): HeardEvent => ({
  key: key.toString(16).padStart(32, '0'),
  connection: 'hubspot',
  object: 'contacts',
  id,
  kind: 'changed',
  at: 1_790_000_000_000 + key,
})

describe.each(databases)('work that several workers share, on $kind', ({ kind, start }) => {
  let all: TestDatabases
  let database: Database
  let source: number
  beforeAll(async () => {
    all = await start()
    database = await openDatabase(await all.fresh())
    source = (await ensureSource(database.db, 'hubspot', 'hubspot', 'contacts')).id
    await database.pool.query("update source set cursor = 'swept'")
  })
  afterAll(async () => {
    await database.close()
    await all.stop()
  })

  it('is taken by one, free again when that one lets go, and read again when it was rung for meanwhile', async () => {
    const [one, two] = [openClaims(database), openClaims(database)]
    const [mine, yours] = [await one.take(), await two.take()]
    // The embedded database belongs to one process, which has one list of claims.
    const living = async (): Promise<number[]> => [...new Set([...(await one.living()), ...(await two.living())])]
    const take = (claim: number) => takeRechecks(database.db, { source, after: '', limit: 10, claim, living })
    await saveRechecks(database.db, [{ source, id: '101', reason: 'linked' }])
    const taken = await take(mine.id)
    expect([taken, await take(yours.id)]).toEqual([[{ id: '101', rung: 1 }], []])
    await saveRechecks(database.db, [{ source, id: '101', reason: 'linked' }])
    await finishRechecks(database.db, source, taken)
    const again = await take(yours.id)
    expect(again).toEqual([{ id: '101', rung: 2 }])
    await yours.release()
    expect(await take(mine.id)).toEqual([{ id: '101', rung: 2 }])
    await finishRechecks(database.db, source, again)
    expect(await take(mine.id)).toEqual([])
    await mine.release()
    await one.close()
    await two.close()
  })

  it('is left to one who began between our look at who is at work and our taking it', async () => {
    const claims = openClaims(database)
    const [ours, theirs] = [await claims.take(), await claims.take()]
    const id = '00000000-0000-4000-8000-000000000001'
    const at = '2026-11-22T10:00:00Z'
    await storeRequest(database.db, id, at)
    await waitUntil(database.db, id, at)
    const claiming = { now: at, claim: ours.id, living: claims.living }
    // They had not begun when we looked, and have it when we take it.
    let looks = 0
    const late = async () => (looks++ === 0 ? [ours.id] : claims.living())
    expect(await claimRequests(database.db, [id], { ...claiming, claim: theirs.id })).toEqual([id])
    expect(await claimDueRequests(database.db, 10, { ...claiming, living: late })).toEqual([])
    looks = 0
    expect(await claimRequests(database.db, [id], { ...claiming, living: late })).toEqual([])
    await theirs.release()
    expect(await claimDueRequests(database.db, 10, claiming)).toEqual([id])
    await ours.release()
    await claims.close()
  })

  it('of events is stored once each, whoever delivers them, and rings for a record once', async () => {
    const rung: string[] = []
    const hearing = createHearing(database.db, {
      ring: async (_trx, connection) => void rung.push(connection),
      onRung: () => undefined,
      onFailure: (error) => expect.unreachable(String(error)),
    })
    await Promise.all([hearing.add([event(1), event(2)]), hearing.add([event(2), event(1)]), hearing.add([event(3, '102')])])
    await hearing.stop()
    await hearing.add([event(1), event(3, '102')])
    await hearing.stop()
    // The first of them rang at once, those that came together with it once more.
    expect(rung).toEqual(['hubspot', 'hubspot'])
    expect(await openWork(database.db)).toEqual({ heard: ['hubspot'], patches: [] })
    expect([await takeEvents(database.db, 'hubspot'), await takeEvents(database.db, 'hubspot')]).toEqual([3, 0])
    const claims = openClaims(database)
    const claim = await claims.take()
    const taken = await takeRechecks(database.db, { source, after: '', limit: 10, claim: claim.id, living: claims.living })
    expect(taken.map(({ id }) => id)).toEqual(['101', '102'])
    await saveLiveReads(database.db, source, ['101'], await databaseTime(database.db))
    await finishRechecks(database.db, source, taken)
    // Read a moment ago: the next one may wait a little.
    await hearing.add([event(4), event(5, '102')])
    await hearing.stop()
    await takeEvents(database.db, 'hubspot')
    const ready = await takeRechecks(database.db, { source, after: '', limit: 10, claim: claim.id, living: claims.living }, 'ready')
    expect(ready.map(({ id }) => id)).toEqual(['102'])
    await claim.release()
    await claims.close()
  })

  // All connections of the embedded database share one session of its server, as those of a pooler may between two transactions.
  it.runIf(kind === 'embedded')('is refused where a pooler hands out sessions by the transaction', async () => {
    const claims = openClaims({ kind: 'postgres', pool: database.pool })
    await expect(claims.ready()).rejects.toMatchObject({ kind: 'unusable', message: expect.stringContaining('PgBouncer') })
    await claims.close()
  })
})
