import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Lost } from '../../src/core/erasure/lost.ts'
import { createAccord } from '../../src/accord.ts'
import { openRetentionDeps } from '../../src/rights.ts'
import { loadCases, loadList, type StoredList } from '../../src/store/retention-lists.ts'
import { affectedBy, loseConnection, regainConnection } from '../../src/tasks/connection/connection-lost.ts'
import { advanceList } from '../../src/tasks/retention/retention.ts'
import { approveList, stopList } from '../../src/tasks/retention/approve.ts'
import { whatIf } from '../../src/tasks/retention/what-if.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { always, DAY, HOUR, stageRights, type RightsScene } from './rights-scene.ts'
import { contact, contactId, daysAgo, sfId, sfRow } from './world.ts'

let server: TestPostgres
let rights: RightsScene
const day = daysAgo(1200)
const old = { collection_date: day, createdate: `${day}T08:00:00Z`, privacy_notice_date: day }
const formerCustomer = { ...old, customer_since: daysAgo(2600), last_purchase_date: daysAgo(2500), contract_end_date: daysAgo(2400) }
const lost: Lost = {
  connection: 'salesforce',
  crm: 'salesforce',
  account: null,
  because: 'contract-ended',
  by: { kind: 'staff', user: 'dpo' },
  at: Date.now(),
}
const keyOf = (id: number): string => `hubspot:contacts:${contactId(id)}`

beforeAll(async () => {
  server = await startPostgres()
  rights = await stageRights({
    database: await freshDatabase(server.url),
    policy: [['duration: P3Y, then: erase,\n       ref: "CNIL NS-48', 'duration: P3Y, then: anonymise,\n       ref: "CNIL NS-48']],
    world: {
      hubspot: {
        contacts: [
          contact(1, 'Paul', 'paul@example.fr', old),
          contact(2, 'Rose', 'rose@example.fr', old),
          contact(3, 'Tess', 'tess@example.fr', old),
          contact(4, 'Lou', 'lou@example.fr', formerCustomer),
          contact(5, 'Max', 'max@example.fr', old),
          ...[11, 12, 13].map((id) => contact(id, 'Zia', `zia${id}@example.fr`)),
        ],
      },
      salesforce: { Contact: [sfRow('Contact', 3, 'Tess', 'tess@example.fr', { Collection_Date__c: day })] },
    },
  })
  await createAccord(rights.opened().parts).provision(false, always)
  const sweep = { full: false, keep: true, write: true, progress: () => undefined }
  expect((await createAccord(rights.opened().parts).sweep(sweep, always)).flatMap(({ error }) => (error ? [error] : []))).toEqual([])
})
afterAll(async () => {
  await rights?.close()
  await server.stop()
})

it('keeps whom the law keeps, whom a CRM cannot make anonymous, and of whom more is there than was judged; a copy in a bin goes along', async () => {
  const { crm } = rights.scene
  // What nobody has swept yet: a deal that was won, another record of one person, and a copy of another that somebody deleted.
  await rights.hubspot('POST', '/crm/v3/objects/deals', {
    properties: { dealname: 'Order', dealstage: 'closedwon', closedate: `${daysAgo(900)}T00:00:00Z` },
    associations: [{ to: { id: contactId(1) }, types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 3 }] }],
  })
  await crm.createRow('Lead', { FirstName: 'Rose', LastName: 'Martin', Company: 'Atelier', Email: 'rose@example.fr' })
  const binned = await crm.createRow('Contact', { FirstName: 'Tess', LastName: 'Martin', Email: 'tess@example.fr' })
  await crm.deleteRow('Contact', binned)

  const drawn = await whatIf(openRetentionDeps(rights.opened(), rights.deps().shell), { atMost: 100, which: 'all' }, always)
  if (drawn.outcome !== 'shown') throw new Error(JSON.stringify(drawn))
  const kept = Object.fromEntries(
    drawn.list.shown.kept.map(({ keys, why, by, holds }) => [keys.join(' '), [why, by, holds.map(({ rule }) => rule)]]),
  )
  expect(kept).toEqual({
    [keyOf(1)]: ['hold', 'hold.won_deal', ['hold.won_deal']],
    [keyOf(2)]: ['changed', null, []],
    [keyOf(4)]: ['cannot-anonymise', null, []],
  })
  const going = drawn.entries.map(({ records }) => records.map(({ key }) => key).sort())
  expect(going.sort()).toEqual(
    [[keyOf(5)], [keyOf(3), `salesforce:Contact:${sfId('Contact', 3)}`, `salesforce:Contact:${binned}`].sort()].sort(),
  )
})

it('is stopped by a user, and reports a record that turns up once its person is gone', async () => {
  const deps = () => openRetentionDeps(rights.opened(), rights.deps().shell)
  const draw = async (): Promise<StoredList> => {
    const drawn = await whatIf(deps(), { atMost: 100, which: 'all' }, always)
    if (drawn.outcome !== 'shown') throw new Error(JSON.stringify(drawn))
    return drawn.list
  }
  const stopped = await draw()
  expect(await stopList(deps(), stopped.id, 'ana')).toMatchObject({
    list: { retention: { status: 'ended', because: 'stopped', by: 'ana' } },
  })
  expect((await loadCases(deps().shell.db, stopped.id)).map(({ case: one }) => one.status)).toEqual(['dropped', 'dropped'])

  // What nobody has approved is looked at anew when a CRM in it is gone for good.
  const left = await draw()
  // One of which a part cannot be read keeps the others from nothing, and is not passed over in silence.
  const torn = { list: 'ffffffff-ffff-4fff-8fff-fffffffffff1', person: 'ffffffff-ffff-4fff-8fff-fffffffffff2' }
  const { db } = deps().shell
  await sql`
    insert into retention_list (id, version, status, state, list, made_at) values
      (${torn.list}, 1, 'shown', '{"status":', '{}', now()), (${torn.person}, 1, 'ended', '{"status":"ended"}', '{}', now())`.execute(db)
  await sql`
    insert into retention_case (list, n, status, state, entry, erasure) values
      (${torn.list}, 0, 'waiting', '{"status":"waiting"}', '{"records":[]}', '{"status":"none"}'),
      (${torn.person}, 0, 'begun', '{"status":"begun"}', '{"records":[]}', '{"status":"ver')`.execute(db)
  expect(await loseConnection(deps().erase, lost)).toEqual({
    requests: [],
    damaged: [],
    lists: [left.id],
    damagedLists: [torn.list, torn.person],
    comebacks: [],
  })
  await sql`delete from retention_case where list in (${torn.list}, ${torn.person})`.execute(db)
  await sql`delete from retention_list where id in (${torn.list}, ${torn.person})`.execute(db)
  const ended = { status: 'ended', because: 'superseded', by: 'dpo' }
  expect((await loadList(deps().shell.db, left.id))!.retention).toMatchObject(ended)
  await regainConnection(deps().erase, 'salesforce', lost.by)

  const list = await draw()
  if (list.retention.status !== 'shown') throw new Error('not shown')
  const { digest } = list.retention.shown
  for (const user of ['ana', 'ben']) await approveList(deps(), list.id, { user, digest, count: 4 }, always)
  await rights.advance(DAY + HOUR)
  while ((await advanceList(deps(), list.id, always)).outcome !== 'done') await rights.advance(HOUR)
  expect(await rights.scene.crm.contact(contactId(5))).toBeNull()
  expect(await rights.scene.crm.contact(contactId(1))).not.toBeNull()
  const back = await rights.scene.crm.createContact({ email: 'max@example.fr', firstname: 'Max', lastname: 'Martin' })
  await rights.advance(2 * DAY)
  while ((await advanceList(deps(), list.id, always)).outcome !== 'done') await rights.advance(HOUR)
  expect(rights.logged.filter((line) => line.includes('retention.seen-again'))).toHaveLength(1)
  expect(await rights.scene.crm.contact(back)).not.toBeNull()

  // Whoever has begun goes on without it, to an end that is proved by nobody.
  await loseConnection(deps().erase, lost)
  expect((await affectedBy(deps().shell.db, lost)).lists).toEqual([])
  await rights.advance(31 * DAY)
  while ((await advanceList(deps(), list.id, always)).outcome !== 'done') await rights.advance(HOUR)
  const closed = await loadCases(deps().shell.db, list.id)
  expect(closed.map(({ case: one }) => [one.status, 'standing' in one && one.standing])).toEqual(
    closed.map(() => ['closed', 'out-of-reach']),
  )
  const traces = closed.flatMap(({ erasure }) => ('items' in erasure ? erasure.items : []))
  expect(traces.map(({ connection, outcome, trace }) => [connection, outcome, trace]).sort()).toEqual([
    ['hubspot', 'erased', 'absent'],
    ['hubspot', 'erased', 'absent'],
    ['salesforce', 'erased', 'out-of-reach'],
    ['salesforce', 'gone', 'out-of-reach'],
  ])
})
