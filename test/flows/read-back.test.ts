/** A write is done when it can be read, also when the process that wrote it is gone before that. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Accord } from '../../src/main.ts'
import { listFindings } from '../../src/store/findings.ts'
import { freshDatabase, startPostgres, type TestPostgres } from '../postgres.ts'
import { stage, type Scene } from './scene.ts'
import { contact, sfRow } from './world.ts'

/** How late HubSpot shows an opt-out that was written, and how late Accord believes it to be at most. */
const LATE_MS = 1_000
const env = { HUBSPOT_INDEX_LAG_MS: String(2 * LATE_MS) }
const night = { full: false, keep: true, write: true, progress: () => undefined }

describe('what a sweep wrote before it ended early', () => {
  let server: TestPostgres
  let scene: Scene
  /** At once behind the other: to start a process takes longer than the CRM is late. */
  let [first, second]: Accord[] = []
  beforeAll(async () => {
    server = await startPostgres()
    scene = await stage({
      database: await freshDatabase(server.url),
      world: {
        hubspot: { contacts: [contact(1, 'Noé', 'noe@example.fr', { hs_email_optout: 'false' })] },
        salesforce: { Contact: [sfRow('Contact', 11, 'Noé', 'noe@example.fr', { HasOptedOutOfEmail: true })] },
      },
    })
    await scene.accord()
    await scene.pull('hubspot/opt-out-lag', { ms: LATE_MS })
    ;[first, second] = [await scene.open({ env }), await scene.open({ env })]
  })
  afterAll(async () => {
    for (const accord of [first, second]) await accord?.close()
    await scene?.close()
    await server?.stop()
  })

  const ignored = async (): Promise<number> =>
    (await listFindings(second!.db, { rule: 'consent.ignored_withdrawal', connection: 'hubspot' }, 10)).length

  it('is read back by the next one, though the CRM is late to show it', async () => {
    const plug = new AbortController()
    const pulled: Accord['sweep'] = (options, signal) =>
      first!.sweep(
        { ...options, progress: ({ connection, step }) => void (connection === 'hubspot' && step === 'push' && plug.abort()) },
        signal,
      )
    await expect(pulled(night, plug.signal)).rejects.toMatchObject({ name: 'AbortError' })
    expect(await ignored()).toBe(1)
    const [summary] = await second!.sweep(night, new AbortController().signal)
    expect([summary!.error, summary!.patches.written]).toEqual([undefined, 0])
    expect(await ignored()).toBe(0)
  })

  it('is not read back again once that was done', async () => {
    const [summary] = await second!.sweep(night, new AbortController().signal)
    expect([summary!.patches.written, summary!.apiCalls <= 5]).toEqual([0, true])
  })
})
