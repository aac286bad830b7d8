import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectionSummary } from '../../src/tasks/sweep/sweep.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'
import { ledgerEntries, repeatedEntries, storedRows } from './stored.ts'

const PEOPLE = 120
const kinds = (summaries: readonly ConnectionSummary[]): (string | undefined)[] => summaries.map(({ error }) => error?.kind)

describe('a sweep while a CRM misbehaves', () => {
  let server: TestPostgres
  let scene: Scene
  let calm: unknown
  const plan = (fault: Record<string, unknown>): Promise<unknown> => scene.pull('faults', fault)
  const outcome = async (one: Scene): Promise<unknown> =>
    [...(await storedRows((await one.accord()).db)).values()].map(({ ref, verdict, reviewOn, facts, subject }) => [
      ref,
      verdict?.key,
      reviewOn,
      facts,
      subject !== null,
    ])
  /** Every record as after an undisturbed sweep, each decision once, nothing left to send. */
  const expectWhole = async (summaries: readonly ConnectionSummary[]): Promise<void> => {
    expect(summaries.map(({ error, waiting }) => [error, waiting])).toEqual([
      [undefined, 0],
      [undefined, 0],
    ])
    expect(await outcome(scene)).toEqual(calm)
    expect(repeatedEntries(await ledgerEntries((await scene.accord()).db))).toEqual([])
  }

  beforeAll(async () => {
    server = await startPostgres()
    const undisturbed = await stage({ people: PEOPLE, database: await freshDatabase(server.url) })
    await undisturbed.sweep()
    calm = await outcome(undisturbed)
    await undisturbed.close()
    scene = await stage({ people: PEOPLE, database: await freshDatabase(server.url), hurried: true })
    await scene.accord()
  })
  afterEach(async () => {
    await scene.clearFaults()
  })
  afterAll(async () => {
    await scene?.close()
    await server.stop()
  })

  it('stops the connection whose token is wrong, once and without a storm, and completes the other', async () => {
    const [hubspot, salesforce] = await scene.sweep({ env: { HUBSPOT_TOKEN: 'pat-eu1-wrong-0000-0000-000000000000' } })
    expect([hubspot!.error?.kind, hubspot!.records, salesforce!.error, salesforce!.records]).toEqual(['auth', 0, undefined, PEOPLE])
    expect(hubspot!.apiCalls).toBeLessThanOrEqual(3)
    expect(hubspot!.error!.message).not.toContain('pat-eu1')
  })

  it('keeps what was read before the break, and goes on from there: an answer cut off, a connection reset', async () => {
    await plan({ crm: 'hubspot', path: 'objects.*contacts\\?', after: 1, kind: 'truncate', phase: 'after' })
    expect(kinds(await scene.sweep())).toEqual(['unavailable', undefined])
    const half = await storedRows((await scene.accord()).db)
    expect([...half.keys()].filter((ref) => ref.startsWith('contacts/')).length).toBe(100)
    await scene.clearFaults()
    await plan({ crm: 'hubspot', path: 'contacts\\?', times: 1, kind: 'reset' })
    await expectWhole(await scene.sweep())
  })

  it.each([
    ['a page of HTML', { crm: 'hubspot', path: 'contacts', kind: 'html', status: 200 }, 'unexpected-shape'],
    ['an empty answer', { crm: 'hubspot', path: 'contacts\\?', kind: 'empty' }, 'unexpected-shape'],
  ])('reports %s as what it is, and loses nothing', async (_what, fault, kind) => {
    await plan(fault)
    expect(kinds(await scene.sweep({ full: true }))).toEqual([kind, undefined])
    await scene.clearFaults()
    await expectWhole(await scene.sweep())
  })

  it('names the scope that was taken away in mid-sweep, and goes on once it is given back', async () => {
    await plan({
      crm: 'hubspot',
      path: 'objects.*contacts\\?',
      after: 1,
      kind: 'status',
      status: 403,
      body: {
        status: 'error',
        category: 'MISSING_SCOPES',
        message: 'This app hasn’t been granted all required scopes to make this call.',
        errors: [
          {
            message: 'One or more of the following scopes are required.',
            context: { requiredGranularScopes: ['crm.objects.contacts.read'] },
          },
        ],
      },
    })
    const [hubspot] = await scene.sweep({ full: true })
    expect([hubspot!.error?.kind, hubspot!.error?.message.includes('crm.objects.contacts.read')]).toEqual(['scope', true])
    await scene.clearFaults()
    await expectWhole(await scene.sweep())
  })

  it('does not follow a next page to another host', async () => {
    await scene.pull('hubspot/force-next-host', { host: 'evil.example' })
    try {
      const [hubspot, salesforce] = await scene.sweep({ full: true })
      // HubSpot's cursor is enough: a client that never follows links is not led astray either.
      expect([hubspot!.error?.kind ?? 'whole', salesforce!.error]).toEqual([
        expect.stringMatching(/^(whole|unexpected-shape|refused)$/),
        undefined,
      ])
    } finally {
      await scene.pull('hubspot/force-next-host', { host: null })
    }
    await expectWhole(await scene.sweep())
  })

  it('waits out a burst of 429 and completes', async () => {
    await plan({ crm: 'hubspot', path: 'contacts', kind: 'status', status: 429, retryAfter: '1', times: 3 })
    await expectWhole(await scene.sweep({ full: true }))
  })

  it('sends again what a failing CRM did not take, without deciding anything twice', async () => {
    const contacts = await scene.crm.rows('SELECT Id FROM Contact ORDER BY Id LIMIT 3')
    const known = (await ledgerEntries((await scene.accord()).db)).length
    await plan({
      crm: 'salesforce',
      method: 'PATCH',
      path: 'composite',
      kind: 'status',
      status: 500,
      body: [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'x' }],
    })
    for (const { Id } of contacts)
      await scene.crm.editRow('Contact', String(Id), { Sales_Notes__c: 'carte 4970 1000 0000 0006 et 4111 1111 1111 1111' })
    const [, broken] = await scene.sweep()
    expect([broken!.error?.kind, broken!.waiting]).toEqual(['unavailable', 3])
    await scene.clearFaults()
    const [, healed] = await scene.sweep()
    expect([healed!.error, healed!.patches.written, healed!.waiting]).toEqual([undefined, 3, 0])
    const entries = (await ledgerEntries((await scene.accord()).db)).slice(known)
    expect(entries.filter(([kind]) => kind === 'decision').length).toBe(3)
    expect(repeatedEntries(entries)).toEqual([])
  })
})
