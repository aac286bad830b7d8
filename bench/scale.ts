/** Whether one connection minds how many records others have: look-ups and sweeps in a database of millions against one of a hundred thousand, alternating. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../src/store/database.ts'
import { loadByEmails, loadByIds } from '../src/store/records.ts'
import { freshDatabase, startOwnPostgres } from '../test/postgres.ts'
import { build } from './build.ts'
import { median, round, runChild, startSandbox, unthrottled, type BenchContext, type Measure } from './measure.ts'
import { fill, foreignConfig, inDatabase, noteBefore, takeTemplate } from './scale-base.ts'
import type { Swept } from './sweeps.ts'

const MEASURED = 'hubspot'
/** Bytes of `shared_buffers`: what docs/operations.md recommends, so that the records and their indexes fit. */
const MEMORY_PER_ROW = 250
type Size = 'small' | 'large'
const sizes = ['small', 'large'] as const
/** `urls`: of the databases as they were filled; nothing is swept in these. */
type Bed = { root: string; server: string; env: Readonly<Record<string, string>>; urls: Readonly<Record<Size, string>> }
/** A second, but for `quiet`, which is seconds. */
type Pace = { byId: number; byAddress: number; first: number; unchanged: number; quiet: number }

export async function scale({ quick, large, say }: BenchContext): Promise<Measure[]> {
  const rows = { small: quick ? 10_000 : 100_000, large: quick ? 40_000 : large ? 10_000_000 : 2_000_000 }
  const people = quick ? 2_000 : 40_000
  await build()
  const root = await mkdtemp(join(tmpdir(), 'accord-scale-'))
  const memory = `${Math.ceil((rows.large * MEMORY_PER_ROW) / 2 ** 20)}MB`
  const server = await startOwnPostgres({ settings: { shared_buffers: memory, max_wal_size: '4GB' } })
  const sandbox = await startSandbox(['--people', String(people), '--rate-limit', 'off'])
  try {
    const env = { ...unthrottled(sandbox), ACCORD_CONFIG: await foreignConfig(join(root, 'config')) }
    const bed: Bed = { root, server: server.url, env, urls: await prepare({ root, server: server.url, env }, rows, say) }
    const paces: Record<Size, Pace[]> = { small: [], large: [] }
    for (let pair = 0; pair < (quick ? 1 : 3); pair++) {
      // The first of a pair finds the processor cooler: turn about.
      for (const size of pair % 2 === 0 ? sizes : sizes.toReversed()) paces[size].push(await measure(bed, size, people, quick ? 50 : 1_000))
      for (const size of sizes) say(`pair ${pair + 1}, ${rows[size]} rows: ${describe(paces[size].at(-1)!)}`)
    }
    return report(paces, rows, await bytesPerRow(bed.urls, rows), quick)
  } finally {
    sandbox.stop()
    await server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

function describe({ byId, byAddress, first, unchanged, quiet }: Pace): string {
  const [a, b, c, d] = [byId, byAddress, first, unchanged].map(Math.round)
  return `${a} and ${b} look-ups by id and address, ${c} first and ${d} unchanged contacts a second, ${round(quiet)} s for a quiet night`
}

async function prepare(
  { root, server, env }: Omit<Bed, 'urls'>,
  rows: Readonly<Record<Size, number>>,
  say: BenchContext['say'],
): Promise<Bed['urls']> {
  const seed = await freshDatabase(server)
  const sweep = (only: string): Promise<Swept> => sweepOnce(seed, join(root, 'data'), env, only, ['--full'])
  await sweep('salesforce')
  await noteBefore(seed)
  await cp(join(root, 'data'), join(root, 'before'), { recursive: true })
  await sweep(MEASURED)
  await takeTemplate(seed, MEASURED)
  const urls = { small: await copyOf(server, seed, 'small'), large: await copyOf(server, seed, 'large') }
  for (const size of sizes) {
    await fill(urls[size], rows[size], say)
    say(`${rows[size]} rows are there`)
  }
  return urls
}

/** A database just like that one, which nobody may be connected to. */
async function copyOf(server: string, url: string, name: string): Promise<string> {
  const copy = new URL(server)
  copy.pathname = name
  await inDatabase(server, async (ask) => {
    await ask(`drop database if exists ${name}`)
    await ask(`create database ${name} template ${new URL(url).pathname.slice(1)} strategy file_copy`)
    await ask('checkpoint')
  })
  return copy.href
}

async function sweepOnce(url: string, dir: string, env: Bed['env'], only: string, flags: readonly string[]): Promise<Swept> {
  const swept = await runChild<Swept>('./child-sweep.ts', ['--only', only, '--data', dir, ...flags], { ...env, DATABASE_URL: url })
  if (swept.error) throw new Error(`the sweep of ${only} failed: ${swept.error}`)
  return swept
}

async function measure({ root, server, env, urls }: Bed, size: Size, people: number, lookUps: number): Promise<Pace> {
  const url = await copyOf(server, urls[size], 'measured')
  const dir = join(root, 'measured')
  await rm(dir, { recursive: true, force: true })
  await cp(join(root, 'before'), dir, { recursive: true })
  await warm(url)
  const found = await lookUp(url, lookUps)
  const [first, unchanged] = [await sweepOnce(url, dir, env, MEASURED, ['--full']), await sweepOnce(url, dir, env, MEASURED, ['--full'])]
  if (first.records !== people || unchanged.records !== people) throw new Error('not every contact was read')
  const quiet = await sweepOnce(url, dir, env, MEASURED, [])
  return { ...found, first: people / first.seconds, unchanged: people / unchanged.seconds, quiet: quiet.seconds }
}

/** As on a server that has been up for a day: the copy is new to it, and each page would be read for the first time. */
async function warm(url: string): Promise<void> {
  await inDatabase(url, async (ask) => {
    await ask('create extension pg_prewarm')
    await ask(`
      select pg_prewarm(oid) from pg_class
      where relkind in ('r', 'i') and relnamespace = 'public'::regnamespace and relname ~ '^(record|identifier)(_|$)'`)
  })
}

const AT_ONCE = 100
type Known = { source: number; id: string; email: string }

/** A hundred at a time, of whom nobody was asked for before, by the very statements of a batch. */
async function lookUp(url: string, times: number): Promise<Pick<Pace, 'byId' | 'byAddress'>> {
  const { db, pool, close } = await openDatabase({ url, dir: '', log: () => undefined, existing: true })
  try {
    const wanted = times * AT_ONCE
    const { rows } = await pool.query<Known>(
      `select source, id, email::text from record where email is not null order by hashint8extended(email, 7) limit ${wanted}`,
    )
    const paceOf = async (ask: (some: readonly Known[]) => Promise<readonly unknown[]>): Promise<number> => {
      const started = performance.now()
      for (let at = 0; at < rows.length; at += AT_ONCE) {
        const some = rows.slice(at, at + AT_ONCE)
        if ((await ask(some)).length < some.length) throw new Error('somebody was not found')
      }
      return rows.length / ((performance.now() - started) / 1_000)
    }
    return {
      byId: await paceOf((some) =>
        loadByIds(
          db,
          some.map(({ source }) => source),
          some.map(({ id }) => id),
        ),
      ),
      byAddress: await paceOf((some) => loadByEmails(db, [...new Set(some.map(({ email }) => email))])),
    }
  } finally {
    await close()
  }
}

async function bytesPerRow(urls: Bed['urls'], rows: Readonly<Record<Size, number>>): Promise<number> {
  const bytesOf = (url: string): Promise<number> =>
    inDatabase(url, async (ask) => {
      const [row] = await ask(`
        select sum(pg_total_relation_size(oid))::float8 as bytes from pg_class
        where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'ledger%'`)
      return (row as { bytes: number }).bytes
    })
  return ((await bytesOf(urls.large)) - (await bytesOf(urls.small))) / (rows.large - rows.small)
}

function report(
  paces: Readonly<Record<Size, readonly Pace[]>>,
  rows: Readonly<Record<Size, number>>,
  bytes: number,
  rough: boolean,
): Measure[] {
  const ratioOf = (what: keyof Pace): number => median(paces.large.map((pace, pair) => pace[what] / paces.small[pair]![what]))
  const paceOf = (what: keyof Pace): string => sizes.map((size) => round(median(paces[size].map((pace) => pace[what])), 1)).join(' and ')
  const at = `at ${rows.large} rows ÷ at ${rows.small}`
  const ratio = (name: string, what: keyof Pace, goal: number): Measure => ({
    name: `${name} ${at}`,
    value: round(ratioOf(what)),
    unit: 'ratio',
    goal: `≥ ${goal}`,
    pass: rough ? null : ratioOf(what) >= goal,
    note: `${paceOf(what)} a second`,
  })
  return [
    ratio('look-up of 100 ids', 'byId', 0.5),
    ratio('look-up of 100 addresses', 'byAddress', 0.5),
    ratio('first sweep', 'first', 0.8),
    ratio('unchanged sweep', 'unchanged', 0.8),
    {
      name: `quiet night ${at}`,
      value: round(ratioOf('quiet')),
      unit: '× as long',
      goal: 'report',
      pass: null,
      note: `${paceOf('quiet')} s`,
    },
    {
      name: 'database per record, ledger apart',
      value: round(bytes, 1),
      unit: 'bytes',
      goal: '≤ 200',
      pass: bytes <= 200,
      note: `${rows.large} rows`,
    },
  ]
}
