/** Answers that were given, so that a request that comes twice has one effect and one answer. Keys and requests as keyed hashes: both may hold an address. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
/** `key` and `request` are 32 bytes; `answer` is JSON without personal data. */
export type Answered = { apiKey: string; key: Buffer; request: Buffer; answer: string }

/** What was answered under this key since that instant (ISO 8601). Call in the transaction that has the turn: the first of two equal requests has then committed. */
export async function loadAnswered(trx: Db, apiKey: string, key: Buffer, since: string): Promise<Answered | null> {
  const { rows } = await sql<Answered>`
    select api_key as "apiKey", key, request, answer from idempotency
    where api_key = ${apiKey} and key = ${key} and answered_at > ${since}::timestamptz`.execute(trx)
  return rows[0] ?? null
}

export async function saveAnswered(trx: Db, { apiKey, key, request, answer }: Answered, at: string): Promise<void> {
  await sql`
    insert into idempotency (api_key, key, request, answer, answered_at)
    values (${apiKey}, ${key}, ${request}, ${answer}, ${at}::timestamptz)
    on conflict (api_key, key) do update set request = excluded.request, answer = excluded.answer, answered_at = excluded.answered_at`.execute(
    trx,
  )
}

/** A few at a time, so that no request pays for all. */
export async function forgetAnswered(trx: Db, until: string): Promise<void> {
  await sql`
    delete from idempotency where (api_key, key) in (
      select api_key, key from idempotency where answered_at <= ${until}::timestamptz order by answered_at limit 100)`.execute(trx)
}
