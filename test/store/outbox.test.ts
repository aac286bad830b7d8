import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openClaims, type Claims } from '../../src/store/claims.ts'
import { openDatabase, type Database } from '../../src/store/database.ts'
import {
  finishPatches,
  finishRechecks,
  loadSent,
  rungAmong,
  savePatches,
  saveRechecks,
  takePatches,
  takeRechecks,
  type Taking,
} from '../../src/store/outbox.ts'
import { ensureSource } from '../../src/store/sources.ts'
import { databases, type TestDatabases } from './databases.ts'

let fixture: TestDatabases
let database: Database
let claims: Claims
let source: number
beforeAll(async () => {
  fixture = await databases.find(({ kind }) => kind === 'postgres')!.start()
  database = await openDatabase(await fixture.fresh())
  claims = openClaims(database)
  source = (await ensureSource(database.db, 'one', 'hubspot', 'contacts')).id
})
afterAll(async () => {
  await claims?.close()
  await database?.close()
  await fixture.stop()
})

const status = (value: string): Readonly<Record<string, string>> => ({ accord_status: value })

it('a patch that waits while its record is judged anew cannot be sent before the judgement stands; one on its way is told', async () => {
  const { db } = database
  const claim = await claims.take()
  const take = async (): Promise<unknown[]> =>
    (await takePatches(db, { source, after: '', limit: 10, claim: claim.id, living: claims.living }, null)).map(({ id, fields }) => [
      id,
      fields['accord_status'],
    ])
  await savePatches(db, [{ source, id: '101', fields: status('sent') }])
  expect(await take()).toEqual([['101', 'sent']])
  await savePatches(db, [{ source, id: '102', fields: status('waiting') }])
  await db.transaction().execute(async (trx) => {
    expect([...(await loadSent(trx, source, ['101', '102', '103']))]).toEqual([['101', status('sent')]])
    expect(await take()).toEqual([])
    await savePatches(trx, [{ source, id: '102', fields: status('newer') }])
  })
  expect(await take()).toEqual([['102', 'newer']])
  await finishPatches(db, [
    { source, id: '101', fields: status('sent') },
    { source, id: '102', fields: status('newer') },
  ])
  expect(await loadSent(db, source, ['101', '102'])).toEqual(new Map())
  await claim.release()
})

it('what another worker took between our look at who is at work and our taking stays theirs, and whatever comes behind it is ours', async () => {
  const { db } = database
  const [ours, theirs] = [await claims.take(), await claims.take()]
  const ids = ['201', '202', '203']
  await savePatches(
    db,
    ids.map((id) => ({ source, id, fields: status('waiting') })),
  )
  await saveRechecks(
    db,
    ids.map((id) => ({ source, id, reason: 'linked' })),
  )
  const taking = { source, after: '', limit: 1, claim: theirs.id, living: claims.living }
  await takePatches(db, taking, null)
  await takeRechecks(db, taking)
  // What is on its way is replaced before it lands.
  await savePatches(db, [{ source, id: '201', fields: status('newer') }])
  const late = (): Taking => {
    let looks = 0
    return { ...taking, limit: 2, claim: ours.id, living: async () => (looks++ === 0 ? [ours.id] : claims.living()) }
  }
  const patches = await takePatches(db, late(), null)
  expect(patches.map(({ id, retaken }) => [id, retaken])).toEqual([['202', false]])
  expect([...(await loadSent(db, source, ['201']))]).toEqual([['201', status('waiting')]])
  expect((await takeRechecks(db, late())).map(({ id }) => id)).toEqual(['202'])
  expect((await takePatches(db, { ...late(), limit: 1 }, null)).map(({ id }) => id)).toEqual(['203'])
  expect((await takeRechecks(db, { ...late(), limit: 1 })).map(({ id }) => id)).toEqual(['203'])
  await theirs.release()
  expect((await takePatches(db, late(), null)).map(({ id, retaken }) => [id, retaken])).toEqual([['201', true]])
  expect([...(await loadSent(db, source, ['201']))]).toEqual([['201', status('newer')]])
  expect((await takeRechecks(db, late())).map(({ id }) => id)).toEqual(['201'])
  await ours.release()
})

it('to give back what is theirs waits for nobody who has it in hand, who might wait for us', async () => {
  const { db } = database
  const [ours, theirs] = [await claims.take(), await claims.take()]
  const ids = ['301', '302']
  await saveRechecks(
    db,
    ids.map((id) => ({ source, id, reason: 'linked' })),
  )
  const taking = { source, after: '300', limit: 2, claim: theirs.id, living: claims.living }
  const taken = await takeRechecks(db, taking)
  let looks = 0
  await db.transaction().execute(async (deciding) => {
    const late = async (): Promise<readonly number[]> => {
      if (looks++ === 0) return [ours.id]
      if (looks === 2) await sql`select from recheck where id = '302' for update`.execute(deciding)
      return claims.living()
    }
    // It would wait for ever.
    expect(await takeRechecks(db, { ...taking, claim: ours.id, living: late })).toEqual([])
    await finishRechecks(deciding, source, taken)
  })
  expect(await rungAmong(db, source, ids)).toEqual([])
  await ours.release()
  await theirs.release()
})
