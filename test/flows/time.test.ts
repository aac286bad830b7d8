import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkpointFile } from '../../src/store/checkpoints.ts'
import { countFindings } from '../../src/store/findings.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'
import { storedRows, tableCounts } from './stored.ts'
import { changedConfig, contact, contactId, daysAgo, sfRow, type World } from './world.ts'

const DAY = 86_400_000
/** Three years old in eighty days, where the company is. */
const collected = Temporal.Now.plainDateISO('Europe/Paris').add({ days: 80 }).subtract({ years: 3 }).toString()
let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

describe('a day that changes a verdict by itself', () => {
  let scene: Scene
  /** Prospects are kept for three years and announced sixty days before: the first three in twenty days, the others in years. */
  const world: World = {
    hubspot: {
      contacts: Array.from({ length: 40 }, (_, index) =>
        contact(
          index + 1,
          'Paul',
          `paul${index}@example.fr`,
          index < 3 ? { collection_date: collected, createdate: `${collected}T08:00:00Z` } : {},
        ),
      ),
    },
  }
  const reads = async (): Promise<number> => {
    const stats = (await (await fetch(`${scene.sandbox.control}/stats`)).json()) as {
      crms: { hubspot: { routes: Record<string, object> } }
    }
    return Object.entries(stats.crms.hubspot.routes).reduce(
      (sum, [route, counts]) => sum + (route.includes('batch/read') ? Object.values(counts).reduce((a: number, b: number) => a + b, 0) : 0),
      0,
    )
  }

  beforeAll(async () => {
    scene = await stage({ world, database: await freshDatabase(server.url) })
    await scene.sweep()
  })
  afterAll(() => scene.close())

  it('is found from the index: the record is read again, gets its finding, and the CRM is told', async () => {
    const before = await reads()
    await scene.advance(18 * DAY)
    const [quiet] = await scene.sweep()
    expect([await reads(), quiet!.patches.written]).toEqual([before, 0])
    await scene.advance(3 * DAY)
    const [due] = await scene.sweep()
    // Once to judge, once more before it is written: however many fall due, up to the size of a batch.
    expect((await reads()) - before).toBeLessThanOrEqual(2)
    expect(due!.patches.written).toBe(3)
    expect(await scene.crm.contact(contactId(1))).toMatchObject({ accord_findings: expect.stringContaining('retention.warning') as string })
    expect(await scene.crm.contact(contactId(4))).not.toMatchObject({
      accord_findings: expect.stringContaining('retention.warning') as string,
    })
    await scene.advance(60 * DAY)
    await scene.sweep()
    expect(await scene.crm.contact(contactId(1))).toMatchObject({
      accord_status: 'blocked',
      accord_findings: expect.stringContaining('retention.erase_due') as string,
    })
  })

  it('is told ahead by a dry run as of that day, which changes nothing', async () => {
    const { db } = await scene.accord()
    const before = await tableCounts(db)
    const [ahead] = await scene.sweep({ keep: false, write: false, full: true, asOf: daysAgo(-1200) })
    expect(ahead!.findings['retention']).toBe(40)
    expect(await tableCounts(db)).toEqual(before)
    const open = await countFindings(db, { rule: 'retention.erase_due' })
    expect(open.map((row) => row.records)).toEqual([3])
  })
})

describe('a sweep that may not act', () => {
  let scene: Scene
  const world: World = {
    hubspot: { contacts: [contact(1, 'Rose', 'rose@example.fr'), contact(2, 'Sami', 'sami@example.fr')] },
    salesforce: { Contact: [sfRow('Contact', 11, 'Rose', 'rose@example.fr')] },
  }
  beforeAll(async () => {
    scene = await stage({ world, database: await freshDatabase(server.url) })
    await scene.accord()
  })
  afterAll(() => scene.close())

  it('as a dry run stores nothing and sends nothing, and tells what it would find and write', async () => {
    const { db } = await scene.accord()
    const before = await tableCounts(db)
    const [hubspot, salesforce] = await scene.sweep({ keep: false, write: false })
    expect([hubspot!.records, hubspot!.waiting, hubspot!.patches.written]).toEqual([2, 2, 0])
    expect([salesforce!.records, salesforce!.waiting]).toEqual([2, 2])
    expect(Object.keys(hubspot!.findings).length).toBeGreaterThan(0)
    expect(await tableCounts(db)).toEqual(before)
    expect(before['source']).toBe(0)
    await expect(readFile(checkpointFile(scene.dir))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await scene.crm.contact(contactId(1))).not.toHaveProperty('accord_status')
  })

  it('with --no-write stores the verdicts and sends nothing; a later sweep sends what was kept', async () => {
    const kept = await scene.sweep({ write: false })
    expect(kept.map(({ records, waiting, patches }) => [records, waiting, patches.written])).toEqual([
      [2, 2, 0],
      [2, 2, 0],
    ])
    expect(await scene.crm.contact(contactId(1))).not.toHaveProperty('accord_status')
    const sent = await scene.sweep()
    expect(sent.map(({ mode, waiting, patches }) => [mode, waiting, patches.written])).toEqual([
      ['delta', 0, 2],
      ['delta', 0, 2],
    ])
    expect(await scene.crm.contact(contactId(1))).toHaveProperty('accord_status')
  })

  it('after a change of policy judges every record anew, in a full sweep', async () => {
    const config = await changedConfig(join(scene.dir, 'shorter'), {
      'policy.yaml': [
        [
          'clock: [collectedAt, actsOfThePerson], duration: P3Y, then: erase',
          'clock: [collectedAt, actsOfThePerson], duration: P2M, then: erase',
        ],
      ],
    })
    const summaries = await scene.sweep({ config })
    expect(summaries.map(({ mode, records }) => [mode, records])).toEqual([
      ['full', 2],
      ['full', 2],
    ])
    const stored = await storedRows((await scene.accord()).db)
    expect([...stored.values()].map((row) => row.verdict!.findings.some(([rule]) => rule === 'retention.erase_due'))).toEqual([
      true,
      true,
      true,
      true,
    ])
    await scene.sweep()
    const back = await storedRows((await scene.accord()).db)
    expect([...back.values()].filter((row) => row.verdict!.findings.some(([rule]) => rule === 'retention.erase_due'))).toEqual([])
  })
})
