import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { serveSession } from '../../src/store/embedded-server.ts'
import { superviseWorker } from '../../src/store/embedded-supervisor.ts'
import { takeLock } from '../../src/store/lock.ts'
import { createPool } from '../../src/store/pool.ts'
import { proveEmbeddedKill } from '../prove/embedded-kill.ts'
import { databases, initialised } from './databases.ts'
import type { TestDatabases } from './databases.ts'

const quiet = () => undefined
let server: TestDatabases
let scratch: string
beforeAll(async () => {
  server = await databases.find(({ kind }) => kind === 'embedded')!.start()
  scratch = mkdtempSync(join(tmpdir(), 'accord-test-'))
})
afterAll(async () => {
  await server.stop()
  rmSync(scratch, { recursive: true, force: true })
})

describe('the lock', () => {
  it('refuses a second opener and names the first', async () => {
    const options = await server.fresh()
    const { close } = await openDatabase(options)
    await expect(openDatabase(options)).rejects.toMatchObject({
      kind: 'locked',
      message: expect.stringContaining(`process ${process.pid} on `),
    })
    await close()
    const again = await openDatabase(options)
    await again.close()
  })

  it('goes to exactly one of eight who ask at once, and to the next when that one is killed', async () => {
    const path = join(scratch, 'eight.lock')
    const rivals = Array.from({ length: 8 }, () => rival(path))
    const answers = await Promise.all(rivals.map(({ answer }) => answer))
    const winner = rivals[answers.indexOf('taken')]
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1)
    expect(() => takeLock(path)).toThrow(`in use by process ${winner?.pid} on `)
    winner?.kill()
    await Promise.all(rivals.map(({ ended }) => ended))
    takeLock(path).release()
  })
})

describe('the first start', () => {
  it('recovers from one that was interrupted, and leaves nothing of it', async () => {
    const dir = join(scratch, 'interrupted')
    mkdirSync(join(dir, 'db.new-1', 'base'), { recursive: true })
    writeFileSync(join(dir, 'db.new-1', 'PG_VERSION'), '18\n')
    const { close } = await openDatabase({ dir, log: quiet })
    await close()
    expect(readdirSync(dir).sort()).toEqual(['db', 'db.lock', 'db.lock.pid', 'db.socket'])
    expect(existsSync(readFileSync(join(dir, 'db.socket'), 'utf8').trim())).toBe(false)
    expect(statSync(join(dir, 'db.lock')).mode & 0o077).toBe(0)
  })

  it('removes the socket that a killed process left, and no directory but that', async () => {
    const options = await server.fresh()
    const left = mkdtempSync(join(tmpdir(), 'accord-socket-'))
    writeFileSync(join(options.dir, 'db.socket'), `${left}\n`)
    await (await openDatabase(options)).close()
    expect(existsSync(left)).toBe(false)
    writeFileSync(join(options.dir, 'db.socket'), `${scratch}\n`)
    await (await openDatabase(options)).close()
    expect(existsSync(scratch)).toBe(true)
  })

  it('touches nothing in a directory that holds something else', async () => {
    const dir = join(scratch, 'occupied')
    mkdirSync(join(dir, 'db'), { recursive: true })
    writeFileSync(join(dir, 'db', 'letter.txt'), 'dear')
    await expect(openDatabase({ dir, log: quiet })).rejects.toMatchObject({
      kind: 'unusable',
      message: expect.stringContaining('is not empty'),
    })
    expect(readdirSync(join(dir, 'db'))).toEqual(['letter.txt'])
  })
})

describe('the embedded database', () => {
  it('loses nothing that it acknowledged when its process is killed', async () => {
    const { acknowledged, violations } = await proveEmbeddedKill({ trials: 2, seed: 20_261_121, template: await initialised() })
    expect(violations).toEqual([])
    expect(acknowledged).toBeGreaterThan(0)
  })

  it('starts again when its thread dies, and the pool connects again', async () => {
    const { dir } = await server.fresh()
    const sockets = mkdtempSync(join(tmpdir(), 'accord-'))
    const events: string[] = []
    const log = (event: string) => events.push(event)
    const script = new URL('./dying-worker.ts', import.meta.url)
    const worker = await superviseWorker(
      { dataDir: join(dir, 'db'), socket: join(sockets, '.s.PGSQL.5432'), patience: 60_000 },
      log,
      script,
    )
    const pool = createPool({ host: sockets, user: 'postgres', database: 'postgres', max: 2 }, log)
    try {
      await pool.query('create table kept as select 1 as id')
      await expect.poll(() => events, { timeout: 60_000 }).toContain('embedded database stopped')
      const rows = async () => (await pool.query('select id from kept')).rows
      await expect.poll(() => rows().catch(() => 'down'), { timeout: 60_000 }).toEqual([{ id: 1 }])
      expect(events).toContain('database connection lost')
    } finally {
      await pool.end()
      await worker.close()
      rmSync(sockets, { recursive: true, force: true })
    }
  })

  it('keeps its write-ahead log short while much is written', async () => {
    const options = await server.fresh()
    const { pool, close } = await openDatabase(options)
    try {
      await pool.query('create table bulk (id int, filler text)')
      for (let i = 0; i < 25; i++) {
        await pool.query(`insert into bulk select i, repeat('x', 1000) from generate_series(1, 10000) as i`)
      }
      const wal = join(options.dir, 'db', 'pg_wal')
      const megabytes = () => readdirSync(wal).filter((name) => /^[0-9A-F]{24}$/.test(name)).length * 16
      await expect.poll(megabytes, { timeout: 60_000 }).toBeLessThanOrEqual(160)
    } finally {
      await close()
    }
  })
})

describe('the session behind the socket', () => {
  let session: PGlite
  beforeAll(async () => {
    const { dir } = await server.fresh()
    session = await PGlite.create({ dataDir: join(dir, 'db') })
  })
  afterAll(() => session.close())

  async function serve(patience: number): Promise<{ connect(): Promise<pg.Client>; close(): Promise<void> }> {
    const dir = mkdtempSync(join(tmpdir(), 'accord-'))
    const run = (bytes: Uint8Array, answer: (bytes: Uint8Array) => void) => session.execProtocolRawStream(bytes, { onRawData: answer })
    const listener = await serveSession({ path: join(dir, '.s.PGSQL.5432'), session: { run }, patience })
    return {
      async connect() {
        const client = new pg.Client({ host: dir, user: 'postgres', database: 'postgres' })
        client.on('error', () => undefined)
        await client.connect()
        return client
      },
      async close() {
        await listener.close()
        rmSync(dir, { recursive: true, force: true })
      },
    }
  }

  it('ends a transaction that sits idle while others wait for it, so that a deadlock is an error', async () => {
    const { connect, close } = await serve(50)
    const [one, other] = [await connect(), await connect()]
    await one.query('begin')
    expect((await other.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    await expect(one.query('commit')).rejects.toThrow()
    expect((await other.query('select 2 as two')).rows).toEqual([{ two: 2 }])
    await other.end()
    await close()
  })

  it('rolls back what a lost connection had begun, before the next one is served', async () => {
    const { connect, close } = await serve(60_000)
    const [one, other] = [await connect(), await connect()]
    await one.query('create table t (id int)')
    await one.query('begin')
    await one.query('insert into t values (1)')
    const waiting = other.query('select count(*)::int as n from t')
    await one.end()
    expect((await waiting).rows).toEqual([{ n: 0 }])
    await other.end()
    await close()
  })

  it('carries statements and rows of many megabytes', async () => {
    const { connect, close } = await serve(60_000)
    const one = await connect()
    const large = 'x'.repeat(20_000_000)
    expect((await one.query('select length($1::text) as n', [large])).rows).toEqual([{ n: 20_000_000 }])
    expect((await one.query('select $1::text as text', [large])).rows[0].text === large).toBe(true)
    await one.end()
    await close()
  })
})

function rival(path: string): { pid: number | undefined; answer: Promise<string>; ended: Promise<unknown>; kill(): void } {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./lock-rival.ts', import.meta.url)), path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answer = once(child.stdout.setEncoding('utf8'), 'data').then(([text]: unknown[]) => String(text).trim())
  return { pid: child.pid, answer, ended: once(child, 'close'), kill: () => void child.kill('SIGKILL') }
}
