import { expect, it } from 'vitest'
import { hubspot } from '../../../src/connectors/hubspot/index.ts'
import { startSandbox } from '../../../src/sandbox/server.ts'
import { memoryPermits, testDeps } from '../deps.ts'
import { sandboxToken } from './world.ts'

const live = () => new AbortController().signal

it('uses the whole of the rolling window and meets no 429, with a waiting time that passes for both sides', async () => {
  const sandbox = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, people: 2_000, rateLimit: true })
  const deps = testDeps()
  const sleep: typeof deps.sleep = async (ms, signal) => {
    await fetch(`${sandbox.control}/clock`, { method: 'POST', body: JSON.stringify({ advanceMs: ms }) })
    await deps.sleep(ms, signal)
  }
  const settings = hubspot.settings.parse({ apiUrl: sandbox.hubspot, auth: { token: sandboxToken }, pageSize: 3, share: 1 })
  const connector = hubspot.connect('hubspot', settings, { ...deps, sleep, permits: memoryPermits({ ...deps, sleep }) })
  const read = (since?: string) =>
    Array.fromAsync(connector.read({ object: 'contacts', fields: ['email'], ...(since && { since: since as never }) }, live()))

  const pages = await read()
  expect(pages.length).toBeGreaterThan(3 * 190)
  // Searches have a bucket of their own, so a burst of deltas must not run into the limit of five a second either.
  for (let i = 0; i < 8; i++) await read(pages.at(-1)!.cursor)
  expect(connector.usage.throttled).toBe(0)

  const waited = deps.slept.filter((ms) => ms > 1_000).reduce((sum, ms) => sum + ms, 0)
  expect(waited).toBeLessThanOrEqual(Math.floor((connector.usage.calls - 1) / 190) * 10_000)
  await connector.close()
  await sandbox.close()
})
