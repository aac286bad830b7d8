/** Bulk API 1.0 and 2.0 as jsforce drives them. */
import { deepEqual, equal, ok } from 'node:assert/strict'
import type { Connection } from 'jsforce'
import type { Report } from './round.ts'

const rows = (count: number, name: string) =>
  Array.from({ length: count }, (_, n) => ({ LastName: name, Email: `${name}${n}@example.test` }))

export async function bulkSteps({ step }: Report, conn: Connection): Promise<void> {
  conn.bulk.pollInterval = 20
  conn.bulk2.pollInterval = 20
  await step('Bulk 1.0 inserts, queries and deletes', async () => {
    const made = await conn.bulk.load('Contact', 'insert', rows(50, 'bulkone'))
    ok(made.every((each) => 'success' in each && each.success))
    const found = await (await conn.bulk.query("SELECT Id, Email FROM Contact WHERE LastName = 'bulkone'")).toArray()
    equal(found.length, 50)
    const gone = await conn.bulk.load(
      'Contact',
      'delete',
      found.map(({ Id }) => ({ Id: String(Id) })),
    )
    ok(gone.every((each) => 'success' in each && each.success))
  })
  await step('a query of more than 200 rows is destroyed through Bulk 1.0', async () => {
    await conn.create('Contact', rows(201, 'mass'), { allowRecursive: true })
    await conn.sobject('Contact').find({ LastName: 'mass' }).destroy()
    equal((await conn.query("SELECT count() FROM Contact WHERE LastName = 'mass'")).totalSize, 0)
  })
  await step('Bulk 2.0 inserts, updates, upserts and deletes', async () => {
    const load = (operation: 'insert' | 'update' | 'upsert' | 'delete', input: Record<string, string>[], externalIdFieldName?: string) =>
      conn.bulk2.loadAndWaitForResults({
        object: 'Contact',
        operation,
        input,
        ...(externalIdFieldName === undefined ? {} : { externalIdFieldName }),
      })
    const made = await load('insert', rows(30, 'bulktwo'))
    deepEqual([made.successfulResults.length, made.failedResults.length, made.unprocessedRecords.length], [30, 0, 0])
    const ids = made.successfulResults.map(({ sf__Id }) => sf__Id)
    equal(
      (
        await load(
          'update',
          ids.map((Id) => ({ Id, Title: 'Line\nbreak, "quoted"' })),
        )
      ).successfulResults.length,
      30,
    )
    equal((await load('upsert', [{ Email: 'bulktwo0@example.test', Title: 'x' }], 'Email')).successfulResults[0]?.sf__Created, 'false')
    equal(
      (
        await load(
          'delete',
          [...ids, '003000000000001AAA'].map((Id) => ({ Id })),
        )
      ).failedResults.length,
      1,
    )
  })
  await step('Bulk 2.0 queries', async () => {
    const stream = await conn.bulk2.query('SELECT Id, Email, CreatedDate FROM Contact LIMIT 100')
    equal((await stream.toArray()).length, 100)
  })
}
