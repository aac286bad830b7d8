/** A source is one object of one connection: what has a cursor of its own. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { OWN } from '../core/consent/own-connection.ts'
import type { Finding } from '../core/judge/verdict.ts'

type Db = QueryExecutorProvider
/**
 * `policy`: digest of policy and mapping under which every record of this source was judged.
 * `position`: last id of the pages stored by a full pull that is under way; `fullSince` and `fullPolicy` belong to that pull.
 */
export type Source = {
  id: number
  connection: string
  crm: string
  object: string
  /** The CRM's own number of the portal or organisation; null until it was swept. */
  policy: string | null
  cursor: string | null
  position: string | null
  fullSince: string | null
  fullPolicy: string | null
}
export type Progress = Pick<Source, 'policy' | 'position' | 'fullSince' | 'fullPolicy'> & { cursor: string }

const columns = sql.raw(
  `id, connection, crm, object, policy, cursor, position, full_since::text as "fullSince", full_policy as "fullPolicy"`,
)

/** Inserts only what is missing: a conflict would use up one of 32,767 numbers each time. */
export async function ensureSource(db: Db, connection: string, crm: string, object: string): Promise<Source> {
  const known = await findSource(db, connection, object)
  if (known) return known
  await sql`insert into source (connection, crm, object) values (${connection}, ${crm}, ${object}) on conflict (connection, object) do nothing`.execute(
    db,
  )
  return (await findSource(db, connection, object))!
}

/** Connections of which anything is stored, also those that are configured no longer. */
export async function sweptConnections(db: Db): Promise<string[]> {
  const { rows } = await sql<{ connection: string }>`select distinct connection from source where crm <> ${OWN} order by 1`.execute(db)
  return rows.map(({ connection }) => connection)
}

export async function findSource(db: Db, connection: string, object: string): Promise<Source | null> {
  const { rows } = await sql<Source>`select ${columns} from source where connection = ${connection} and object = ${object}`.execute(db)
  return rows[0] ?? null
}

/** A source that is judged before it was ever swept: it has a number below zero, and a row only in transactions that are rolled back. */
export function provisionalSource(id: number, connection: string, crm: string, object: string): Source {
  return { id, connection, crm, object, policy: null, cursor: null, position: null, fullSince: null, fullPolicy: null }
}

export async function insertProvisional(trx: Db, { id, connection, crm, object }: Source): Promise<void> {
  await sql`insert into source (id, connection, crm, object) overriding system value values (${id}, ${connection}, ${crm}, ${object})`.execute(
    trx,
  )
}

export async function loadSource(db: Db, id: number): Promise<Source | null> {
  const { rows } = await sql<Source>`select ${columns} from source where id = ${id}`.execute(db)
  return rows[0] ?? null
}

/** Call in the transaction that stores the page the cursor came with. */
export async function saveProgress(trx: Db, source: number, progress: Progress): Promise<void> {
  await sql`
    update source set policy = ${progress.policy}, cursor = ${progress.cursor}, position = ${progress.position}, full_since = ${progress.fullSince}::timestamptz,
      full_policy = ${progress.fullPolicy}
    where id = ${source}`.execute(trx)
}

/** As if no policy held for any record: the next pull judges each one anew. */
export async function forgetPolicies(db: Db, connection: string | null = null): Promise<void> {
  await sql`update source set policy = null where ${connection}::text is null or connection = ${connection}`.execute(db)
}

/** Replaces what is known of one kind: each kind is found out at its own time. The same rule about the same fields is one finding. */
export async function saveConnectionFindings(trx: Db, source: number, kind: Finding['kind'], findings: readonly Finding[]): Promise<void> {
  await sql`delete from connection_finding where source = ${source} and kind = ${kind}`.execute(trx)
  const sorted = findings.map((finding) => ({ ...finding, fields: [...finding.fields].sort() }))
  for (const { rule, severity, fields, remedy, ref } of new Map(
    sorted.map((one) => [JSON.stringify([one.rule, one.fields]), one]),
  ).values()) {
    await sql`insert into connection_finding (source, rule, kind, severity, fields, remedy, ref)
      values (${source}, ${rule}, ${kind}, ${severity}, ${fields}::text[], ${remedy}, ${ref})`.execute(trx)
  }
}

/** Connections by the number of their sources; asked for again when a new number turns up late. Those that are configured no longer are left out. */
export function createConnectionIndex(): (trx: Db) => Promise<ReadonlyMap<number, string>> {
  let known: { index: ReadonlyMap<number, string>; at: number } | null = null
  return async (trx) => {
    if (known && performance.now() - known.at < INDEX_FOR_MS) return known.index
    const { rows } = await sql<{
      id: number
      connection: string
    }>`select id, connection from source where not retired and crm <> ${OWN}`.execute(trx)
    known = { index: new Map(rows.map((row) => [row.id, row.connection])), at: performance.now() }
    return known.index
  }
}

/** A connection is renamed by a command in another process. */
const INDEX_FOR_MS = 10_000
