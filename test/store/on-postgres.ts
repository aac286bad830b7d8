import { openDatabase, type Database } from '../../src/store/database.ts'
import { freshDatabase, startPostgres } from '../postgres.ts'

/** A database of its own on a real Postgres, open. Closing it lets go of the server too. */
export async function openOnPostgres(): Promise<Database> {
  const server = await startPostgres()
  const database = await openDatabase({ url: await freshDatabase(server.url), dir: '', log: () => undefined })
  return {
    ...database,
    close: async () => {
      await database.close()
      await server.stop()
    },
  }
}
