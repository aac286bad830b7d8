/**
 * A database with many records that a sweep of one connection has nothing to do with: what real sweeps of the demo world stored, over and over, as if two
 * more connections held it. Everything that links is changed from copy to copy alike, so that shared mailboxes and pairs over two CRMs stay what they are.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { parse, stringify } from 'yaml'
import { changedConfig } from '../test/flows/world.ts'

type Connection = { id: string; crm: string; objects: { crossIds?: Record<string, string>[] }[] }
/** The foreign connections, each with the one that its records are copied from. */
const foreign = { north: 'hubspot', south: 'salesforce' } as const
const twin: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(foreign).map(([id, from]) => [from, id]))

/** The shipped configuration with two connections more, which are never asked anything. */
export async function foreignConfig(dir: string): Promise<string> {
  await changedConfig(dir, {})
  const file = join(dir, 'connections.yaml')
  const { connections, ...rest } = parse(await readFile(file, 'utf8')) as { connections: Connection[] }
  const named = (one: Connection, of: (crm: string) => string, id: string): Connection => ({
    ...one,
    id,
    objects: one.objects.map((object) => ({
      ...object,
      ...(object.crossIds && { crossIds: object.crossIds.map(({ crm, ...cross }) => ({ ...cross, connection: of(crm!) })) }),
    })),
  })
  const all = [
    ...connections.map((one) => named(one, (crm) => crm, one.id)),
    ...Object.entries(foreign).map(([id, from]) =>
      named(
        connections.find((one) => one.id === from)!,
        (crm) => twin[crm]!,
        id,
      ),
    ),
  ]
  await writeFile(file, stringify({ ...rest, connections: all }))
  return dir
}

/** Before the connection that is measured is swept for the first time: what stands there then is what it will find again. */
export async function noteBefore(url: string): Promise<void> {
  await inDatabase(url, async (ask) => {
    await ask('create schema base')
    for (const table of ['record', 'identifier']) await ask(`create table base.${table}_before as table ${table}`)
  })
}

/** After both were swept: the rows to be copied, and the tables as they were before. */
export async function takeTemplate(url: string, measured: string): Promise<number> {
  return inDatabase(url, async (ask) => {
    await ask(`
      create table base.record as
      select r.*, o.id as foreign_source, s.crm, row_number() over (order by r.source, length(r.id), r.id) - 1 as n, 1 + max(r.subject) over () as subjects
      from record r join source s on s.id = r.source
      join source o on o.connection = case s.connection ${cases()} end and o.object = s.object`)
    await ask(`
      create table base.identifier as
      select i.*, r.foreign_source, r.crm, r.n from identifier i join base.record r on r.source = i.source and r.id = i.id`)
    await ask('create index on base.record (n); create index on base.identifier (n); analyze base.record; analyze base.identifier')
    for (const table of ['record', 'identifier']) await ask(`truncate ${table}; insert into ${table} table base.${table}_before`)
    await ask('truncate patch, recheck, live_read')
    await ask(
      `update source set policy = null, cursor = null, position = null, full_since = null, full_policy = null where connection = '${measured}'`,
    )
    await ask(`delete from sweep where connection = '${measured}'`)
    const [row] = await ask(`select count(*)::int as n from base.record`)
    return (row as { n: number }).n
  })
}

function cases(): string {
  return Object.entries(foreign)
    .map(([id, from]) => `when '${from}' then '${id}'`)
    .join(' ')
}

/** A transaction as long as this one writes what thousands of batches do, in their order. */
const COPIES_AT_ONCE = 5

/**
 * Adds foreign records until there are `rows`. As the service does it: by ascending ids within a connection, with all indexes in place, so that those of random
 * keys are as loose as they become; afterwards as autovacuum leaves it.
 */
export async function fill(url: string, rows: number, say: (line: string) => void): Promise<void> {
  await inDatabase(url, async (ask) => {
    const [counts] = await ask(`select (select count(*) from record)::int as here, (select count(*) from base.record)::int as size`)
    const { here, size } = counts as { here: number; size: number }
    const missing = rows - here
    const copies = Math.ceil(missing / size)
    await ask('set synchronous_commit to off')
    for (let from = 1; from <= copies; from += COPIES_AT_ONCE) {
      const to = Math.min(copies, from + COPIES_AT_ONCE - 1)
      // Of the last copy only as much as is missing.
      const wanted = `generate_series(${from}, ${to}) as c (copy) where copy * ${size}::bigint + n < ${missing + size}`
      await ask(`
        insert into record (source, id, subject, email, name, verdict, review_on, memory)
        select foreign_source, ${idOf}, subject + copy * subjects, ${hashOf('email')}, ${hashOf('name')}, verdict, review_on, memory
        from base.record, ${wanted} order by foreign_source, copy, n`)
      await ask(`
        insert into identifier (hash, source, kind, id)
        select ${hashOf('hash')}, foreign_source, kind, ${idOf} from base.identifier, ${wanted} order by foreign_source, copy, n`)
      if (to % 20 === 0) say(`${to} of ${copies} copies`)
    }
    await ask(`select setval('subject_id', (select coalesce(max(subject), 1) from record))`)
    await ask(`update source set policy = 'foreign', cursor = 'foreign' where connection in ('north', 'south')`)
    for (const table of ['record', 'identifier']) await ask(`vacuum (analyze) ${table}`)
    await ask('analyze')
    await ask('checkpoint')
  })
}

/** HubSpot numbers, Salesforce's ids of eighteen characters: both ascend from copy to copy. */
const idOf = `case crm when 'hubspot' then (id::bigint + copy * 1000000000::bigint)::text
  else left(id, 3) || lpad(copy::text, 6, '0') || right(id, 9) end`

/** Equal ones stay equal within a copy, and are others in the next. */
function hashOf(column: string): string {
  return `hashint8extended(${column}, copy)`
}

type Ask = (statement: string) => Promise<unknown[]>

export async function inDatabase<T>(url: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(async (statement) => {
      const results: unknown = await client.query(statement)
      return (Array.isArray(results) ? results.at(-1) : (results as pg.QueryResult)).rows
    })
  } finally {
    await client.end()
  }
}
