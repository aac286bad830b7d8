/** Places of others where words about a person were found when it was last looked. Never the words themselves. */
import { sql, type QueryExecutorProvider } from 'kysely'

type Db = QueryExecutorProvider
export type Mention = {
  connection: string
  object: string
  id: string
  field: string
  kinds: readonly string[]
  certainty: 'certain' | 'possible'
  remedy: 'redact' | 'delete' | 'by-hand'
}

/** In place of what an earlier look found there. */
export async function saveMentions(trx: Db, request: string, connection: string, mentions: readonly Mention[], at: string): Promise<void> {
  await sql`delete from request_mention where request = ${request} and connection = ${connection}`.execute(trx)
  if (mentions.length === 0) return
  await sql`
    insert into request_mention (request, connection, object, id, field, kinds, certainty, remedy, seen_at)
    select ${request}::uuid, connection, object, id, field, kinds, certainty, remedy, ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(mentions)}::jsonb)
      as m (connection text, object text, id text, field text, kinds text[], certainty text, remedy text)
    on conflict do nothing`.execute(trx)
}

/** These are there no more. */
export async function deleteMentions(
  trx: Db,
  request: string,
  places: readonly Pick<Mention, 'connection' | 'object' | 'id' | 'field'>[],
): Promise<void> {
  if (places.length === 0) return
  await sql`
    delete from request_mention using jsonb_to_recordset(${JSON.stringify(places)}::jsonb)
      as p (connection text, object text, id text, field text)
    where request = ${request} and request_mention.connection = p.connection and request_mention.object = p.object
      and request_mention.id = p.id and request_mention.field = p.field`.execute(trx)
}

export async function loadMentions(db: Db, request: string): Promise<Mention[]> {
  const { rows } = await sql<Mention>`
    select connection, object, id, field, kinds, certainty, remedy from request_mention where request = ${request}
    order by connection, object, id, field`.execute(db)
  return rows
}
