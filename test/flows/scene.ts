/** The whole service against the two sandbox CRMs, over real HTTP, on a database of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHouse, type OpenHouse } from '../../src/main.ts'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/server.ts'
import { readSettings } from '../../src/settings.ts'
import type { ConnectionSummary } from '../../src/tasks/sweep.ts'

export type Scene = {
  sandbox: Sandbox
  dir: string
  env: Readonly<Record<string, string>>
  /** A lever of one of the CRMs: `hubspot/edit`, `salesforce/hide-field`. */
  pull: (lever: string, body: unknown) => Promise<Record<string, unknown>>
  open: (options?: { only?: string; asOf?: string; config?: string }) => Promise<OpenHouse>
  /** Opens, provisions once, sweeps, closes. */
  sweep: (options?: { full?: boolean; keep?: boolean; write?: boolean; only?: string; config?: string }) => Promise<ConnectionSummary[]>
  close: () => Promise<void>
}

export function sandboxEnv(sandbox: Pick<Sandbox, 'hubspot' | 'salesforce'>): Record<string, string> {
  return {
    HUBSPOT_API_URL: sandbox.hubspot,
    HUBSPOT_TOKEN: 'pat-eu1-sandbox-0000-0000-000000000001',
    HUBSPOT_INDEX_LAG_MS: '300',
    SALESFORCE_LOGIN_URL: sandbox.salesforce,
    SALESFORCE_CLIENT_ID: 'sandbox-client',
    SALESFORCE_CLIENT_SECRET: 'sandbox-secret',
    SALESFORCE_LOOKBACK_MS: '300',
  }
}

export async function stage(options: Partial<SandboxOptions> & { database?: string }): Promise<Scene> {
  const { database, ...seeded } = options
  const sandbox = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, rateLimit: false, ...seeded })
  const dir = await mkdtemp(join(tmpdir(), 'accord-flow-'))
  const env = sandboxEnv(sandbox)
  const post = async (path: string, body: unknown): Promise<Record<string, unknown>> => {
    const response = await fetch(`${sandbox.control}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok) throw new Error(`${path}: ${String(answer['error'])}`)
    return answer
  }
  await post('hubspot/index-lag', { ms: 100 })
  const config = new URL('../../config', import.meta.url).pathname
  const open: Scene['open'] = ({ config: other, ...rest } = {}) =>
    openHouse(
      {
        ...readSettings(
          { ...env, ...(database ? { DATABASE_URL: database } : {}), ACCORD_LOG_LEVEL: 'silent' },
          { data: dir, config: other ?? config },
        ),
      },
      rest,
    )
  let provisioned = false
  return {
    sandbox,
    dir,
    env,
    pull: post,
    open,
    sweep: async ({ full = false, keep = true, write = true, ...rest } = {}) => {
      const house = await open(rest)
      try {
        const signal = new AbortController().signal
        if (!provisioned) {
          const results = await house.provision(false, signal)
          const refused = results.flatMap((one) => [
            ...(one.error ? [one.error.message] : []),
            ...one.steps.filter((step) => step.outcome === 'refused').map((step) => `${step.name}: ${step.reason}`),
          ])
          if (refused.length > 0) throw new Error(`provisioning: ${refused.join('; ')}`)
          provisioned = true
        }
        return await house.sweep({ full, keep, write, progress: () => undefined }, signal)
      } finally {
        await house.close()
      }
    },
    close: async () => {
      await sandbox.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
