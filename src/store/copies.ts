/** Links to copies of somebody's data, and what was decided of texts that may name others. */
import type { Decision } from '../core/access/told.ts'
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/** `id`: 16 bytes. Instants in epoch milliseconds. */
export type CopyLink = {
  readonly id: Buffer
  readonly request: string
  readonly language: 'fr' | 'en'
  readonly expiresAt: number
  readonly begun: number
  readonly fetched: number
}

export async function insertCopyLink(
  trx: Db,
  { id, request, language, expiresAt }: Pick<CopyLink, 'id' | 'request' | 'language' | 'expiresAt'>,
  at: string,
): Promise<void> {
  await sql`
    insert into copy_link (id, request, language, made_at, expires_at)
    values (${id}, ${request}, ${language}, ${at}::timestamptz, ${new Date(expiresAt).toISOString()}::timestamptz)`.execute(trx)
}

export async function loadCopyLink(db: Db, id: Buffer): Promise<CopyLink | null> {
  const { rows } = await sql<Omit<CopyLink, 'expiresAt'> & { expires_at: Date }>`
    select id, request, language, expires_at, begun, fetched from copy_link where id = ${id}`.execute(db)
  const [row] = rows
  if (row === undefined) return null
  const { expires_at, ...rest } = row
  return { ...rest, expiresAt: expires_at.getTime() }
}

/** Counts a download that begins; false when the link has none left. Two at once are counted one after the other. */
export async function beginFetch(db: Db, id: Buffer, most: { begun: number; fetched: number }, now: string): Promise<boolean> {
  const { rows } = await sql`
    update copy_link set begun = begun + 1
    where id = ${id} and begun < ${most.begun} and fetched < ${most.fetched} and expires_at > ${now}::timestamptz returning id`.execute(db)
  return rows.length > 0
}

export async function endFetch(trx: Db, id: Buffer): Promise<void> {
  await sql`update copy_link set fetched = fetched + 1 where id = ${id}`.execute(trx)
}

/** By place, in hex. */
export async function loadDecisions(db: Db, request: string): Promise<ReadonlyMap<string, Decision>> {
  const { rows } = await sql<{ place: string; decision: Decision }>`
    select encode(place, 'hex') as place, decision from copy_decision where request = ${request}`.execute(db)
  return new Map(rows.map(({ place, decision }) => [place, decision]))
}

/** The last word counts. */
export async function saveDecisions(
  trx: Db,
  request: string,
  { places, decision, user }: { places: readonly string[]; decision: Decision; user: string },
  at: string,
): Promise<void> {
  await sql`
    insert into copy_decision (request, place, decision, decided_by, at)
    select ${request}::uuid, decode(place, 'hex'), ${decision}, ${user}, ${at}::timestamptz from unnest(${places}::text[]) as p (place)
    on conflict (request, place) do update set decision = excluded.decision, decided_by = excluded.decided_by, at = excluded.at`.execute(
    trx,
  )
}
