import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Connector, WriteResult } from '../../../src/connectors/connector.ts'
import { savePatches, saveRechecks } from '../../../src/store/outbox.ts'
import { applyBatch } from '../../../src/tasks/sweep/batch.ts'
import { push } from '../../../src/tasks/sweep/push.ts'
import { recheck } from '../../../src/tasks/sweep/recheck.ts'
import type { Target } from '../../../src/tasks/shell.ts'
import { consumer, hubspot, proved, world } from '../../core/judge-world.ts'
import { consentOf, storedRows } from '../../flows/stored.ts'
import { startPostgres, type TestPostgres } from '../../postgres.ts'
import { always, openBench, record, rechecksOf, type Bench, type PlayedCrm, type Values } from '../bench.ts'

let server: TestPostgres
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const hour = 3_600_000
const start = Date.parse('2026-06-01T12:00:00Z')
const mapping = {
  ...hubspot,
  consents: hubspot.consents.map((one) => (one.field === 'hs_email_optout' ? { ...one, mirror: { withdrawn: 'true' } } : one)),
}

describe('an opt-out that is set in every CRM', () => {
  let bench: Bench
  let one: { target: Target; crm: PlayedCrm }
  let two: { target: Target; crm: PlayedCrm }
  /** What the CRM answers to the next write, instead of taking it. */
  let refused: WriteResult['outcome'] | null
  beforeEach(async () => {
    bench = await openBench(server.url)
    refused = null
    one = await bench.add('one', world({ connection: 'one', mapping }).judge)
    two = await bench.add('two', world({ connection: 'two', mapping }).judge)
    for (const { crm } of [one, two])
      crm.outcome = ({ ref, set }) => {
        if (refused) return { ref, outcome: refused, reason: 'NO' } as WriteResult
        const held = crm.held.get(ref.id)!
        // Long after, as if the CRM had been down: the date of our writing must not become the date of a no.
        const modifiedAt = Math.max(held.modifiedAt, start + 20 * hour)
        crm.held.set(ref.id, { ...held, modifiedAt, fields: { ...held.fields, ...set } })
        return { ref, outcome: 'written', version: String(modifiedAt) }
      }
  })
  afterEach(() => bench.close())

  /** Somebody changes the record, at that hour; the CRM rings. */
  const edit = async (side: typeof one, id: string, fields: Values, at: number): Promise<void> => {
    side.crm.held.set(id, record(id, { ...side.crm.held.get(id)?.fields, ...fields }, start + at * hour))
    await ring(side, id)
  }
  const ring = async ({ target, crm }: typeof one, id: string): Promise<void> => {
    await applyBatch(bench.shell, bench.landscape, target, { records: [crm.held.get(id)!], gone: [], force: true }, 'keep')
  }
  const settle = async (): Promise<number> => {
    let written = 0
    for (let round = 0; round < 3; round++)
      for (const { target } of [one, two]) {
        await recheck(bench.shell, bench.landscape, target, { which: 'all', onBatch: () => undefined }, always)
        written += (await push(bench.shell, target, () => undefined, always)).written
      }
    return written
  }
  const statusOf = (side: typeof one, id: string): readonly (string | null | undefined)[] =>
    ['hs_email_optout', 'accord_consent_newsletter_email'].map((name) => side.crm.held.get(id)!.fields[name])
  const remembered = async (id: string): Promise<string> => consentOf((await storedRows(bench.shell.db)).get(`contacts/${id}`))

  beforeEach(async () => {
    await edit(one, '101', consumer, 0)
    await edit(two, '201', consumer, 0)
    await settle()
  })

  it('that a CRM refuses is asked for once, not in every round of the sweep', async () => {
    refused = 'rejected'
    await edit(one, '101', { hs_email_optout: 'true' }, 1)
    const before = two.crm.written.length
    await settle()
    expect(two.crm.written.slice(before).map(({ set }) => set['hs_email_optout'])).toEqual(['true'])
    expect(await rechecksOf(bench, two.target.source.id)).toEqual([])
  })
  it('is written once in each, and its echo is no news', async () => {
    await edit(one, '101', { hs_email_optout: 'true' }, 1)
    expect(await settle()).toBe(2)
    expect([statusOf(one, '101'), statusOf(two, '201')]).toEqual([
      ['true', 'withdrawn'],
      ['true', 'withdrawn'],
    ])
    const before = await storedRows(bench.shell.db)
    await ring(two, '201')
    await ring(one, '101')
    expect(await settle()).toBe(0)
    expect((await storedRows(bench.shell.db)).size).toBe(before.size)
  })

  it('set by us is no newer than the no it stands for: a yes proved in between still counts elsewhere', async () => {
    await edit(one, '101', { hs_email_optout: 'true' }, 1)
    await settle()
    await ring(two, '201')
    // The box in one is un-ticked by a person, and the yes there is dated after the objection, before our writing in two.
    await edit(one, '101', { hs_email_optout: null, ...proved('newsletter_email', '2026-06-01T13:30:00Z') }, 3)
    await settle()
    expect([await remembered('101'), statusOf(one, '101')[1]]).toEqual(['granted', 'granted'])
    // In two the box still stands: never taken back by us.
    expect(statusOf(two, '201')).toEqual(['true', 'granted'])
  })

  it('ticked by a person after the CRM had refused our writing is that person’s no, of that day', async () => {
    refused = 'rejected'
    await edit(one, '101', { hs_email_optout: 'true' }, 1)
    await settle()
    refused = null
    expect(statusOf(two, '201')[0]).toBeNull()
    await edit(two, '201', { hs_email_optout: 'true' }, 9)
    await edit(one, '101', { hs_email_optout: null, ...proved('newsletter_email', '2026-06-01T15:00:00Z') }, 10)
    await settle()
    expect([statusOf(one, '101')[1], statusOf(two, '201')[1]]).toEqual(['withdrawn', 'withdrawn'])
  })

  it('set by us stays ours when a patch from an older reading says it once more', async () => {
    await edit(one, '101', { hs_email_optout: 'true' }, 1)
    await settle()
    await ring(two, '201')
    // A yes at four, when our writing of eight in the evening was not there yet.
    await edit(one, '101', { hs_email_optout: null, ...proved('newsletter_email', '2026-06-01T16:00:00Z') }, 5)
    await settle()
    await savePatches(bench.shell.db, [{ source: two.target.source.id, id: '201', fields: { hs_email_optout: 'true' } }])
    two.crm.outcome = ({ ref }) => ({ ref, outcome: 'unchanged' })
    await settle()
    expect([statusOf(two, '201'), await remembered('201'), await remembered('101')]).toEqual([['true', 'granted'], 'granted', 'granted'])
  })

  it('set by us, perhaps, before the worker was lost is taken for a person’s if it is there when it is sent again', async () => {
    await edit(one, '101', { hs_email_optout: 'true' }, 1)
    await recheck(bench.shell, bench.landscape, two.target, { which: 'all', onBatch: () => undefined }, always)
    const lost = async (): Promise<never> => Promise.reject(new Error('the line is cut'))
    const cut = { ...two.target, connector: { ...two.target.connector, write: lost } }
    await expect(push(bench.shell, cut, () => undefined, always)).rejects.toThrow('cut')
    two.crm.held.set('201', record('201', { ...two.crm.held.get('201')!.fields, hs_email_optout: 'true' }, start + 9 * hour))
    two.crm.outcome = ({ ref }) => ({ ref, outcome: 'unchanged' })
    await settle()
    await edit(one, '101', { hs_email_optout: null, ...proved('newsletter_email', '2026-06-01T16:00:00Z') }, 10)
    await settle()
    expect([await remembered('201'), await remembered('101')]).toEqual(['withdrawn', 'withdrawn'])
  })

  /** Sends what waits for two, with something going on before the CRM has taken it and after. */
  const pushTwo = async (before: () => Promise<void>, after: () => Promise<void>): Promise<void> => {
    const { connector } = two.target
    const write: Connector['write'] = async (patches, signal) => {
      await before()
      const results = await connector.write(patches, signal)
      await after()
      return results
    }
    await push(bench.shell, { ...two.target, connector: { ...connector, write } }, () => undefined, always)
  }
  const readTwo = (): Promise<number> =>
    recheck(bench.shell, bench.landscape, two.target, { which: 'all', onBatch: () => undefined }, always)
  const bell = (): Promise<void> => saveRechecks(bench.shell.db, [{ source: two.target.source.id, id: '201', reason: 'heard' }])
  const readAgain = async (): Promise<void> => {
    await bell()
    await readTwo()
  }

  it('and read before our writing had come and again after, while the answer was on its way, is ours', async () => {
    await edit(one, '101', { hs_email_optout: 'true' }, 1)
    await readTwo()
    await pushTwo(readAgain, readAgain)
    await settle()
    await edit(one, '101', { hs_email_optout: null, ...proved('newsletter_email', '2026-06-01T16:00:00Z') }, 5)
    await settle()
    expect([statusOf(two, '201'), await remembered('101')]).toEqual([['true', 'granted'], 'granted'])
  })

  it('un-ticked by a person while the answer to our writing was on its way, and ticked again later, is that person’s no', async () => {
    await edit(one, '101', { hs_email_optout: 'true' }, 1)
    await readTwo()
    const yes = { hs_email_optout: null, ...proved('newsletter_email', '2026-06-02T09:00:00Z') }
    await pushTwo(
      async () => undefined,
      async () => {
        two.crm.held.set('201', record('201', { ...two.crm.held.get('201')!.fields, ...yes }, start + 21 * hour))
        await readAgain()
      },
    )
    await settle()
    expect(statusOf(two, '201')).toEqual([null, 'granted'])
    await edit(two, '201', { hs_email_optout: 'true' }, 30)
    await settle()
    expect([statusOf(one, '101')[1], statusOf(two, '201')[1]]).toEqual(['withdrawn', 'withdrawn'])
  })
})
