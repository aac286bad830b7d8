import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConnectorError } from '../../src/connectors/connector.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { openJobs, type Jobs, type RunningJob } from '../../src/store/jobs.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { runHere } from './here.ts'
import { lastLine, type Ended } from './run.ts'

type Listed = { id: string; queue: string; key: string; attempts: number; reason: string }

describe('jobs', () => {
  let server: TestPostgres
  let url: string
  let database: Database
  let jobs: Jobs
  const said: string[] = []
  const ran: Pick<RunningJob, 'key' | 'facts' | 'attempt'>[] = []
  /** What becomes of the next run of each connection; nothing in particular when it is not here. */
  const fates = new Map<string, () => unknown>()
  const accord = (...args: string[]): Promise<Ended> => runHere(['jobs', ...args], { DATABASE_URL: url })
  const listed = async (): Promise<Listed[]> => lastLine((await accord('list', '--json')).stdout) as Listed[]
  const until = async (isSo: () => Promise<boolean> | boolean): Promise<void> => {
    while (!(await isSo())) await pause(20)
  }
  /** Rung for the last time; answers how it is listed. */
  const giveUp = async (key: string, fate: () => unknown): Promise<Listed> => {
    fates.set(key, fate)
    await jobs.ring(database.db, { queue: 'push', key, facts: { attempt: 16 } })
    await until(async () => (await listed()).some((one) => one.key === key))
    return (await listed()).find((one) => one.key === key)!
  }

  beforeAll(async () => {
    server = await startPostgres()
    url = await freshDatabase(server.url)
    database = await openDatabase({ url, dir: '/nowhere', log: () => undefined })
  })
  afterAll(async () => {
    await jobs?.stop(0)
    await database.close()
    await server.stop()
  })

  it('are none where no service ever ran', async () => {
    expect((await accord('list')).stdout).toContain('No job was given up.')
    expect(await listed()).toEqual([])
    jobs = await openJobs(database, (event, facts) => void said.push(JSON.stringify([event, facts])), { worker: true })
    await jobs.work('push', { lanes: 2 }, async ({ key, facts, attempt }) => {
      ran.push({ key, facts, attempt })
      const fate = fates.get(key)
      fates.delete(key)
      fate?.()
    })
  })

  it('that were given up are listed with the reason, and tried again from the first attempt', async () => {
    const dead = await giveUp('hubspot', () => {
      throw new ConnectorError('scope', 'HubSpot token lacks crm.objects.contacts.write')
    })
    expect(dead).toEqual({
      id: expect.any(String),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+Z$/),
      queue: 'push',
      key: 'hubspot',
      attempts: 16,
      reason: 'HubSpot token lacks crm.objects.contacts.write',
    })
    expect((await accord('list')).stdout).toMatch(/push +hubspot +\S+ +16 +HubSpot token lacks/)
    ran.length = 0
    expect((await accord('retry', dead.id)).stdout).toContain('One job waits to be tried again.')
    await until(() => ran.length > 0)
    expect(ran).toEqual([{ key: 'hubspot', facts: {}, attempt: 1 }])
    expect(await listed()).toEqual([])
  })

  it('say nothing of a person, whatever the failure says: neither in the database nor in the log', async () => {
    const canary = 'zq7canary@example.test'
    const fail: Record<string, () => unknown> = {
      parser: () => JSON.parse(canary),
      driver: () => {
        throw Object.assign(new Error(`duplicate key (${canary})`), { code: '23505', detail: canary })
      },
      fault: () => {
        throw new TypeError(`${canary} is not iterable`)
      },
      number: () => {
        throw canary as unknown as Error
      },
    }
    const reasons: Record<string, string> = {}
    for (const [key, fate] of Object.entries(fail)) reasons[key] = (await giveUp(key, fate)).reason
    expect(reasons).toEqual({
      parser: 'failed with SyntaxError',
      driver: 'failed with 23505',
      fault: 'failed with TypeError',
      number: 'failed with unknown',
    })
    const { rows } = await database.pool.query<{ text: string }>('select job::text as text from pgboss.job')
    expect(rows.length).toBeGreaterThanOrEqual(4)
    expect([...rows.map(({ text }) => text), ...said].filter((text) => text.includes('zq7canary'))).toEqual([])
  })

  it('are tried again all at once, and which ones has to be said', async () => {
    const [none, stranger] = [await accord('retry'), await accord('retry', 'a-stranger')]
    expect([none.code, none.stderr.includes('--all')]).toEqual([2, true])
    expect([stranger.code, stranger.stderr.includes('a-stranger')]).toEqual([2, true])
    const before = (await listed()).length
    expect(lastLine((await accord('retry', '--all', '--json')).stdout)).toEqual({ retried: before })
    expect(await listed()).toEqual([])
    expect(lastLine((await accord('retry', '--all', '--json')).stdout)).toEqual({ retried: 0 })
  })
})
