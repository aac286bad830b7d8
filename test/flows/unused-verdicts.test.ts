import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'

const DAY = 86_400_000
let server: TestPostgres
let scene: Scene
beforeAll(async () => {
  server = await startPostgres()
  scene = await stage({ people: 5, database: await freshDatabase(server.url) })
})
afterAll(async () => {
  await scene?.close()
  await server.stop()
})

/** Those that no record has: `true` for one that is retired. */
const unused = async (): Promise<boolean[]> => {
  const { rows } = await sql<{ retired: boolean }>`
    select key is null as retired from verdict v where not exists (select from record r where r.verdict = v.id)`.execute(
    (await scene.accord()).db,
  )
  return rows.map(({ retired }) => retired)
}

it('a verdict that no record has any more goes without a service: the first sweep of a day retires it, that of the next deletes it', async () => {
  await scene.sweep()
  await scene.advance(DAY)
  await sql`insert into verdict (key, body) values (gen_random_uuid(), '[]')`.execute((await scene.accord()).db)
  await scene.sweep({ keep: false })
  expect(await unused()).toEqual([false])
  await scene.sweep()
  await scene.sweep()
  expect(await unused()).toEqual([true])
  await scene.advance(DAY)
  await scene.sweep()
  expect(await unused()).toEqual([])
})
