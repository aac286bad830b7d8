import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '../../src/store/database.ts'
import { asAdmin, emptyDatabase, startPostgres, type TestPostgres } from '../postgres.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

/** A server that says it is another one. */
async function pretending(version: string, number: string): Promise<string> {
  const url = new URL(await emptyDatabase(server.url))
  await asAdmin(url.href, (client) =>
    client.query(`
      create function public.current_setting(name text) returns text language sql as
      $$ select case name when 'server_version' then '${version}' when 'server_version_num' then '${number}' else pg_catalog.current_setting(name) end $$`),
  )
  url.searchParams.set('options', '-c search_path=public,pg_catalog')
  return url.href
}

it('refuses a Postgres before 15 by its name, and leaves it as it is', async () => {
  const url = await pretending('14.22 (Debian 14.22-1)', '140022')
  await expect(openDatabase({ url, dir: '', log: () => undefined })).rejects.toMatchObject({
    kind: 'unusable',
    message: 'DATABASE_URL names a Postgres 14.22 (Debian 14.22-1), and Accord needs 15 or newer; nothing was changed',
  })
  await asAdmin(url, async (client) => {
    expect((await client.query(`select 1 from pg_tables where schemaname = 'public'`)).rows).toEqual([])
  })
})

it('opens one of 15', async () => {
  const { close } = await openDatabase({ url: await pretending('15.0', '150000'), dir: '', log: () => undefined })
  await close()
})
