import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectionSummary } from '../../src/tasks/sweep/sweep.ts'
import { databases, type TestDatabases } from '../store/databases.ts'
import { listFindings } from '../../src/store/findings.ts'
import { stage, type Scene } from './scene.ts'
import { ledgerEntries, repeatedEntries, tableCounts } from './stored.ts'

/**
 * By which a night is later than the one before. A delta begins where the last one did, by the CRM's clock, which is known from its answers and behind by as long
 * as they took: on a busy machine by seconds, so that what the night before has written would be read once more.
 */
const LATER_MS = 60_000

const runs: Record<string, { one: number[]; five: number[] }> = {}

/** The larger base on Postgres, the smaller one on the embedded database: what a change costs must not tell them apart. */
describe.each([
  { kind: 'embedded', people: 200 },
  { kind: 'postgres', people: 1_000 },
] as const)('a sweep over two CRMs with $people records each, on $kind', ({ kind, people }) => {
  let database: TestDatabases
  let scene: Scene
  beforeAll(async () => {
    database = await databases.find((one) => one.kind === kind)!.start()
    const { url, dir } = await database.fresh()
    scene = await stage({ people, database: url, dir })
  })
  afterAll(async () => {
    await scene?.close()
    await database.stop()
  })
  const entriesSince = async (count: number): Promise<(readonly unknown[])[]> =>
    (await ledgerEntries((await scene.accord()).db)).slice(count)

  it('pulls every record, writes the verdicts back, leaves nothing waiting, and lists the converted leads, which take no write', async () => {
    const converted = await scene.crm.rows('SELECT Id FROM Lead WHERE IsConverted = true')
    expect(converted.length).toBeGreaterThan(0)
    const summaries = await scene.sweep()
    expect(summaries.map(({ connection, mode, records, error, waiting }) => ({ connection, mode, records, error, waiting }))).toEqual([
      { connection: 'hubspot', mode: 'full', records: people, error: undefined, waiting: 0 },
      { connection: 'salesforce', mode: 'full', records: people, error: undefined, waiting: 0 },
    ])
    const [hubspot, salesforce] = summaries.map(({ patches }) => patches)
    // Who hears of a refusal only when others were written is written once more.
    const entries = await ledgerEntries((await scene.accord()).db)
    const refused = new Set(entries.flatMap(([kind, ref, outcome]) => (kind === 'patch' && outcome === 'rejected' ? [String(ref)] : [])))
    expect(hubspot!.written + refused.size - people).toBeOneOf([0, 1, 2, 3])
    expect(hubspot).toMatchObject({ conflict: 0, gone: 0, frozen: 0 })
    // HubSpot opts nobody out whose address is none; the verdict stands beside it all the same.
    for (const ref of refused) {
      const contact = await scene.crm.contact(ref.slice('hubspot/contacts/'.length))
      expect(contact).toMatchObject({ email: expect.stringContaining(' '), accord_status: expect.any(String) })
    }
    expect(salesforce).toMatchObject({ conflict: 0, rejected: 0, gone: 0, frozen: converted.length })
    const listed = await listFindings((await scene.accord()).db, { rule: 'mapping.record_frozen' }, 10_000)
    expect(listed.map(({ id }) => id).sort()).toEqual(converted.map((row) => row['Id']).sort())
    expect(await scene.crm.rows('SELECT Id FROM Contact WHERE Accord_Status__c = null')).toEqual([])
    const unwritten = await scene.crm.rows('SELECT Id FROM Lead WHERE Accord_Status__c = null')
    expect(unwritten.map((row) => row['Id']).sort()).toEqual(converted.map((row) => row['Id']).sort())
    expect(new Set(entries.filter(([kind]) => kind === 'decision').map(([, ref]) => ref)).size).toBe(2 * people)
    expect(repeatedEntries(entries)).toEqual([])
  })

  it('writes nothing the second night, and asks each CRM at most five times, also in a process of its own', async () => {
    await scene.leave()
    await scene.advance(LATER_MS)
    const before = await tableCounts((await scene.accord()).db)
    for (const { patches, apiCalls, mode, error } of await scene.sweep()) {
      expect({ mode, error, written: patches.written + patches.unchanged }).toEqual({ mode: 'delta', error: undefined, written: 0 })
      expect(apiCalls).toBeLessThanOrEqual(5)
    }
    // Of each night it is noted that it was, and of each source how full its fields were.
    expect(await tableCounts((await scene.accord()).db)).toEqual({
      ...before,
      sweep: before['sweep']! + 2,
      retention_gauge: before['retention_gauge']! + 3,
    })
  })

  it('judges anew only the records that changed, and spends calls on those alone', async () => {
    const contacts = await scene.crm.rows('SELECT Id FROM Contact ORDER BY Id LIMIT 6')
    const known = (await ledgerEntries((await scene.accord()).db)).length
    const edit = async (ids: readonly unknown[]): Promise<ConnectionSummary[]> => {
      await scene.advance(LATER_MS)
      for (const id of ids) await scene.crm.editRow('Contact', String(id), { Description: 'carte 4970 1000 0000 0006' })
      return scene.sweep()
    }
    const one = await edit(contacts.slice(0, 1).map((row) => row['Id']))
    expect(new Set((await entriesSince(known)).filter(([kind]) => kind === 'decision').map(([, ref]) => ref))).toEqual(
      new Set([`salesforce/Contact/${String(contacts[0]!['Id'])}`]),
    )
    const five = await edit(contacts.slice(1).map((row) => row['Id']))
    expect(five.map(({ connection, patches }) => [connection, patches.written])).toEqual([
      ['hubspot', 0],
      ['salesforce', 5],
    ])
    runs[kind] = { one: one.map((summary) => summary.apiCalls), five: five.map((summary) => summary.apiCalls) }
  })
})

describe('the cost of a change', () => {
  it('is the same whether a CRM holds 200 records or 1,000', () => {
    expect(runs['postgres']).toEqual(runs['embedded'])
  })
})
