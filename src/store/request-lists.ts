/** Several requests at once: those that are open, or of one person, or that have kept something. */
import { sql, type QueryExecutorProvider } from 'kysely'
import { StoreError } from './error.ts'
import { keptRecords } from './request-records.ts'
import { requestColumns, requestOf, type RequestRow, type StoredRequest } from './requests.ts'

type Db = QueryExecutorProvider

/** What the columns say of one whose states cannot be read. */
export type Damaged = Pick<StoredRequest, 'id' | 'kind' | 'lastDay'>
/** One that cannot be read keeps nobody else's from being seen. */
export type Listed = { files: StoredRequest[]; damaged: Damaged[] }

function listed(rows: readonly RequestRow[]): Listed {
  const files: StoredRequest[] = []
  const damaged: Damaged[] = []
  for (const row of rows) {
    try {
      files.push(requestOf(row))
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      damaged.push({ id: row.id, kind: row.kind, lastDay: row.lastDay })
    }
  }
  return { files, damaged }
}

/** Those that are not closed first, the earliest deadline first. */
export async function listRequests(db: Db, limit: number): Promise<Listed> {
  const { rows } = await sql<RequestRow>`
    select ${requestColumns} from request order by closed_at is not null, last_day, received_at, id limit ${limit}`.execute(db)
  return listed(rows)
}

/** Those that still wait for an answer; none of them is closed, which is what the index knows. */
export async function listOpenRequests(db: Db): Promise<Listed> {
  const { rows } = await sql<RequestRow>`
    select ${requestColumns} from request
    where closed_at is null and status in ('received', 'identity-check', 'identified', 'in-progress') order by received_at, id`.execute(db)
  return listed(rows)
}

/** Those that are not closed. */
export async function listNotClosed(db: Db): Promise<Listed> {
  const { rows } = await sql<RequestRow>`select ${requestColumns} from request where closed_at is null order by received_at, id`.execute(db)
  return listed(rows)
}

/** Those that were carried out and have kept a record of the person in a CRM that is not lost, closed ones included. */
export async function listKeeping(db: Db): Promise<Listed> {
  const { rows } = await sql<RequestRow>`
    select ${requestColumns} from request r where erasure = 'settled' and exists (${keptRecords('r')}) order by received_at, id`.execute(db)
  return listed(rows)
}

/** Those of these that there are. */
export async function listThese(db: Db, ids: readonly string[]): Promise<Listed> {
  const { rows } = await sql<RequestRow>`select ${requestColumns} from request where id = any(${ids}::uuid[]) order by id`.execute(db)
  return listed(rows)
}

/** Ids that begin so: for people, who type the first characters. */
export async function findRequestIds(db: Db, prefix: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select id from request where starts_with(id::text, ${prefix}) order by id limit 2`.execute(db)
  return rows.map((row) => row.id)
}

/** Other requests of the person who asked, that are not closed. */
export async function openRequestsOfPerson(db: Db, id: string): Promise<StoredRequest[]> {
  const { rows } = await sql<RequestRow>`
    select ${requestColumns} from request where closed_at is null and id <> ${id} and person = (select person from request where id = ${id})`.execute(
    db,
  )
  return rows.map(requestOf)
}
