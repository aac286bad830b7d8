import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConnections, loadPolicy } from '../../src/config/load.ts'
import type { Changed } from '../../src/accord.ts'
import type { ConnectionSummary } from '../../src/tasks/sweep/sweep.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'
import { tableCounts } from './stored.ts'
import { changedConfig, contact, contactId, daysAgo, proved, sfRow, type World } from './world.ts'

const dry = { full: false, keep: false, write: false, progress: () => undefined }
const told = (summaries: readonly ConnectionSummary[]): unknown[] =>
  summaries.map(({ connection, mode, records, findings, waiting }) => ({ connection, mode, records, findings, waiting }))

describe('a dry run', () => {
  let server: TestPostgres
  let scene: Scene
  /** Yes in one CRM and no in the other, in either order of reading; one who is in one CRM only. */
  const world: World = {
    hubspot: {
      contacts: [
        contact(1, 'Rose', 'rose@example.fr', proved('hubspot', 90)),
        contact(2, 'Sami', 'sami@example.fr', { ...proved('hubspot', 90), hs_email_optout: 'true' }),
        contact(3, 'Tess', 'tess@example.fr'),
        contact(4, 'Uma', 'uma@example.fr', proved('hubspot', 90)),
      ],
    },
    salesforce: {
      Contact: [
        sfRow('Contact', 11, 'Rose', 'rose@example.fr', { HasOptedOutOfEmail: true }),
        sfRow('Contact', 14, 'Uma', 'uma@example.fr', { HasOptedOutOfEmail: true }),
        sfRow('Contact', 12, 'Sami', 'sami@example.fr', proved('salesforce', 80)),
      ],
    },
  }
  /** A policy under which the yes of ninety days ago has expired. */
  const shorter = async (): Promise<Changed> => {
    const config = await changedConfig(join(scene.dir, 'shorter'), {
      'policy.yaml': [['purposes: [newsletter], need: consent, reviewAfter: P3Y', 'purposes: [newsletter], need: consent, validFor: P1M']],
    })
    const policy = loadPolicy(config)
    return { policy, connections: loadConnections(config, {}, { lenient: true, policy }).connections }
  }
  const live = (): AbortSignal => new AbortController().signal

  beforeAll(async () => {
    server = await startPostgres()
    scene = await stage({ world, database: await freshDatabase(server.url) })
  })
  afterAll(async () => {
    await scene.close()
    await server.stop()
  })

  it('finds what the sweep then finds, contradictions between the CRMs too, before the fields are there', async () => {
    const bare = await scene.open()
    const before = await tableCounts(bare.db)
    const ahead = await bare.sweep(dry, live())
    expect(await tableCounts(bare.db)).toEqual(before)
    expect(ahead.map(({ unprovisioned }) => unprovisioned! > 10)).toEqual([true, true])
    await bare.close()
    const accord = await scene.accord()
    const diffBefore = await accord.diff(await shorter(), live())
    const again = await accord.sweep(dry, live())
    expect(again.map(({ unprovisioned }) => unprovisioned)).toEqual([undefined, undefined])
    const swept = await accord.sweep({ ...dry, keep: true }, live())
    expect([told(ahead), told(again)]).toEqual([told(swept), told(swept)])
    expect(await accord.diff(await shorter(), live())).toEqual(diffBefore)
    expect(diffBefore[0]!.changes.filter(({ name }) => name.includes('newsletter'))).toEqual([
      { name: 'allowed newsletter by email', before: 1, after: 0 },
    ])
    const written = await accord.sweep({ ...dry, keep: true, write: true }, live())
    expect(written.map(({ patches }) => patches.written)).toEqual(ahead.map(({ waiting }) => waiting))
  })

  it('of what changed since finds what that changes', async () => {
    const accord = await scene.accord()
    await scene.crm.editContact(contactId(3), { consent_newsletter_email: 'withdrawn', firstname: 'Rose' })
    const ahead = await accord.sweep(dry, live())
    const swept = await accord.sweep({ ...dry, keep: true }, live())
    expect(told(ahead)).toEqual(told(swept))
  })

  it('in full judges everybody, for another day too, and the next sweep still reads only what changed', async () => {
    const accord = await scene.accord()
    const before = await tableCounts(accord.db)
    await scene.leave()
    const later = await scene.open({ asOf: daysAgo(-1200) })
    const ahead = await later.sweep({ ...dry, full: true }, live())
    await later.close()
    expect(ahead.map(({ findings }) => findings['retention'])).toEqual([4, 4])
    const after = await scene.accord()
    expect(await tableCounts(after.db)).toEqual(before)
    expect((await after.sweep({ ...dry, keep: true }, live())).map(({ mode }) => mode)).toEqual(['delta', 'delta'])
  })
})
