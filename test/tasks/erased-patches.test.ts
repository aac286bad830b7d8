import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { savePatches, takePatches } from '../../src/store/outbox.ts'
import { ensureSource } from '../../src/store/sources.ts'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { openBench, type Bench } from './bench.ts'

let server: TestPostgres
let bench: Bench
beforeAll(async () => {
  server = await startPostgres()
  bench = await openBench(server.url)
})
afterAll(async () => {
  await bench.close()
  await server.stop()
})

it.each([
  ['that an erasure is at', 'running', null, false],
  ['that an erasure has taken', 'settled', 'erased', false],
  ['whose erasure is only planned', 'planned', null, true],
  ['whose erasure was stopped before it', 'stopped', null, true],
])('what waits to be written to a record %s', async (_, erasure, outcome, taken) => {
  const { db } = bench.shell
  const { id: source } = await ensureSource(db, 'hubspot', 'hubspot', 'contacts')
  const [id, other] = [`${erasure}-1`, `${erasure}-2`]
  const request = randomUUID()
  await sql`
    insert into request (id, kind, version, status, erasure, request_state, erasure_state, received_at, last_day)
    values (${request}, 'erasure', 1, 'in-progress', ${erasure}, '{}', '{}', now(), current_date)`.execute(db)
  await sql`
    insert into request_record (request, connection, object, id, action, reasons, outcome)
    values (${request}, 'hubspot', 'contacts', ${id}, 'erase', '{email}', ${outcome})`.execute(db)
  await savePatches(
    db,
    [id, other].map((one) => ({ source, id: one, fields: { accord_status: 'ok' } })),
  )
  const found = await takePatches(db, { source, after: '', limit: 10, claim: 1, living: [] }, [id, other])
  expect(found.map((patch) => patch.id)).toEqual(taken ? [id, other] : [other])
})
