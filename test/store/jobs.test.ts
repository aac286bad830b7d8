import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openClaims } from '../../src/store/claims.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { openJobs } from '../../src/store/jobs.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'

describe('several processes on one Postgres', () => {
  let server: TestPostgres
  const opened: Database[] = []
  const open = async (url: string): Promise<Database> => {
    const database = await openDatabase({ url, dir: '/nowhere', log: () => undefined })
    opened.push(database)
    return database
  }
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(async () => {
    for (const database of opened) await database.close()
    await server.stop()
  })

  it('may all start at once, on a database that has no queues yet', async () => {
    const url = await freshDatabase(server.url)
    const processes = await Promise.all(Array.from({ length: 5 }, () => open(url)))
    const started = await Promise.allSettled(processes.map((database) => openJobs(database, () => undefined, { worker: false })))
    for (const one of started) if (one.status === 'fulfilled') await one.value.stop(0)
    expect(started.filter((one) => one.status === 'rejected')).toEqual([])
  })
  it('take claims side by side without two questions at once on one session', async () => {
    const database = await open(await freshDatabase(server.url))
    const warnings: string[] = []
    const listen = (warning: Error): void => void warnings.push(warning.message)
    process.on('warning', listen)
    const claims = openClaims(database)
    const taken = await Promise.all(Array.from({ length: 4 }, () => claims.take()))
    expect((await claims.living()).toSorted()).toEqual(taken.map(({ id }) => id).toSorted())
    await Promise.all(taken.map((claim) => claim.release()))
    expect(await claims.living()).toEqual([])
    await claims.close()
    process.off('warning', listen)
    expect(warnings).toEqual([])
  })
  it('say once in a while that the database is away, not at every look for work', async () => {
    const database = await open(await freshDatabase(server.url))
    const said: string[] = []
    let away = false
    let looks = 0
    const query = async (...asked: Parameters<typeof database.pool.query>): Promise<unknown> => {
      if (!away) return database.pool.query(...asked)
      looks++
      throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
    }
    const pool = { query } as unknown as Database['pool']
    const jobs = await openJobs({ kind: 'postgres', db: database.db, pool }, (event) => void said.push(event), { worker: true })
    for (const queue of ['push', 'due', 'verify', 'notify'] as const) await jobs.work(queue, { lanes: 4 }, async () => undefined)
    away = true
    while (looks < 40) await pause(20)
    away = false
    await jobs.stop(0)
    expect(said).toEqual(['jobs.unreachable'])
  })
})
