import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase, type Database } from '../../src/store/database.ts'
import { lockConnection } from '../../src/store/sweeps.ts'
import { databases, type TestDatabases } from './databases.ts'

let fixture: TestDatabases
let one: Database
let other: Database
beforeAll(async () => {
  fixture = await databases.find(({ kind }) => kind === 'postgres')!.start()
  const options = await fixture.fresh()
  one = await openDatabase(options)
  other = await openDatabase(options)
})
afterAll(async () => {
  await one?.close()
  await other?.close()
  await fixture.stop()
})

it('gives a connection to one worker at a time, and to the next as soon as the first has let go', async () => {
  for (let turn = 0; turn < 50; turn++) {
    const release = await lockConnection(one, 'hubspot')
    expect(release).not.toBeNull()
    expect(await lockConnection(other, 'hubspot')).toBeNull()
    await release!()
    const next = await lockConnection(other, 'hubspot')
    expect(next).not.toBeNull()
    await next!()
  }
})
