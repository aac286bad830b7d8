import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHouse } from '../../src/house.ts'
import { openRetentionDesk } from '../../src/rights.ts'
import { verifyLedger } from '../../src/store/ledger.ts'
import { loadCases, loadList, type StoredList } from '../../src/store/retention-lists.ts'
import { approveList } from '../../src/tasks/retention-approve.ts'
import { advanceList } from '../../src/tasks/retention.ts'
import { whatIf, type Drawn } from '../../src/tasks/retention-what-if.ts'
import type { ListChanged } from '../../src/tasks/retention-file.ts'
import type { RetentionDesk } from '../../src/tasks/retention-desk.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { always, DAY, stageRights, type RightsScene } from './rights-scene.ts'
import { contact, contactId, daysAgo, sfId, sfRow } from './world.ts'

let server: TestPostgres
let rights: RightsScene
/** Collected so long ago that three years are over. */
const old = { collection_date: daysAgo(1200), createdate: `${daysAgo(1200)}T08:00:00Z`, privacy_notice_date: daysAgo(1200) }
const oldRow = { Collection_Date__c: daysAgo(1200) }

beforeAll(async () => {
  server = await startPostgres()
  rights = await stageRights({
    database: await freshDatabase(server.url),
    world: {
      hubspot: {
        contacts: [
          contact(1, 'Paul', 'paul@example.fr', old),
          contact(2, 'Rose', 'rose@example.fr', old),
          contact(3, 'Sami', 'sami@example.fr', old),
          contact(4, 'Tess', 'tess@example.fr', old),
          contact(9, 'Ana', 'ana@example.fr'),
        ],
      },
      // Paul twice, both due; Rose is a recent lead besides.
      salesforce: {
        Contact: [sfRow('Contact', 1, 'Paul', 'paul@example.fr', oldRow)],
        Lead: [sfRow('Lead', 2, 'Rose', 'rose@example.fr')],
      },
    },
  })
  await createHouse(rights.opened().parts).provision(false, always)
  await sweepAll()
})
afterAll(async () => {
  await rights.close()
  await server.stop()
})

const desk = (): RetentionDesk => openRetentionDesk(rights.opened(), rights.desk().shell)
const draw = (atMost = 100): Promise<Drawn> => whatIf(desk(), { atMost, which: 'all' }, always)
async function drawn(): Promise<{ list: StoredList; people: number; digest: string; count: number }> {
  const shown = await draw()
  if (shown.outcome !== 'shown') throw new Error(JSON.stringify(shown))
  const { retention } = shown.list
  if (retention.status === 'none') throw new Error('a list that was not shown')
  return { ...shown, digest: retention.shown.digest, count: Object.values(retention.shown.acts).reduce((sum, n) => sum + n, 0) }
}
const approve = (id: string, user: string, digest: string, count: number | null): Promise<ListChanged> =>
  approveList(desk(), id, { user, digest, count }, always)
async function sweepAll(): Promise<void> {
  const house = createHouse(rights.opened().parts)
  const summaries = await house.sweep({ full: false, keep: true, write: true, progress: () => undefined }, always)
  expect(summaries.flatMap(({ error }) => (error ? [error] : []))).toEqual([])
}

describe('a retention act', () => {
  it('shows first, is approved by two people, re-judges each person, and proves what it did', async () => {
    const { crm } = rights.scene
    const { list, people, digest, count } = await drawn()
    expect([people, count]).toEqual([2, 4])
    expect(list.shown.kept).toEqual([{ keys: [`hubspot:contacts:${contactId(2)}`], why: 'elsewhere', by: 'prospect', holds: [] }])
    expect(await drawn()).toMatchObject({ list: { id: list.id }, digest })
    expect(await approve(list.id, 'ana', '0'.repeat(64), count)).toMatchObject({ outcome: 'refused' })
    expect(await approve(list.id, 'ana', digest, null)).toMatchObject({ outcome: 'refused', message: expect.stringContaining('--count') })
    expect(await approve(list.id, 'ana', digest, count)).toMatchObject({ list: { retention: { status: 'shown' } } })
    expect(await approve(list.id, 'ana', digest, count)).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining('2 different people'),
    })
    expect(await approve(list.id, 'ben', digest, count)).toMatchObject({ list: { retention: { status: 'released' } } })
    expect(await advanceList(desk(), list.id, always)).toEqual({ outcome: 'busy' })

    // Tess does something in the time in which it can still be stopped.
    await rights.hubspot('PATCH', `/crm/v3/objects/contacts/${contactId(4)}`, { properties: { collection_date: daysAgo(-1) } })
    await rights.advance(DAY + 60_000)
    expect(await advanceList(desk(), list.id, always)).toEqual({ outcome: 'done' })
    const cases = await loadCases(desk().shell.db, list.id)
    expect(cases.map(({ case: one }) => [one.status, 'why' in one ? one.why : null])).toEqual([
      ['begun', null],
      ['begun', null],
      ['dropped', 'not-due'],
    ])
    expect(await crm.contact(contactId(1))).toBeNull()
    expect(await crm.row('Contact', sfId('Contact', 1))).toBeNull()
    expect(await crm.contact(contactId(3))).toBeNull()
    for (const id of [2, 4, 9]) expect((await crm.contact(contactId(id)))?.['email']).toContain('@example.fr')
    // Nobody asked to be forgotten: nobody is on the list of those who did.
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from suppression`.execute(desk().shell.db)
    expect(rows).toEqual([{ n: 0 }])

    await rights.advance(32 * DAY)
    expect(await advanceList(desk(), list.id, always)).toEqual({ outcome: 'done' })
    const ended = await loadCases(desk().shell.db, list.id)
    expect(ended.map(({ case: one, vault }) => ['standing' in one ? one.standing : one.status, vault])).toEqual([
      ['proved', null],
      ['proved', null],
      ['dropped', null],
    ])
    expect((await loadList(desk().shell.db, list.id))?.retention).toMatchObject({ status: 'ended', because: 'carried-out' })
    expect(await verifyLedger(desk().shell.db, { checkpoints: [], keys: new Map() })).toMatchObject({ ok: true })
  })
})
