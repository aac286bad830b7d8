/** The whole service against the two sandbox CRMs, over real HTTP, on a database of its own. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { openAccord, type Accord } from '../../src/main.ts'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/server.ts'
import { readSettings } from '../../src/settings.ts'
import type { ConnectionSummary } from '../../src/tasks/sweep/sweep.ts'
import { migrated } from '../store/databases.ts'
import { HUBSPOT_TOKEN, useCrms, type CrmUser } from './crms.ts'
import { shippedConfig, writeSeed, type World } from './world.ts'

type AccordOptions = { only?: string; asOf?: string; config?: string; env?: Readonly<Record<string, string>> }
export type Scene = {
  sandbox: Sandbox
  dir: string
  env: Readonly<Record<string, string>>
  crm: CrmUser
  /** A path of the control port: `hubspot/edit`, `salesforce/hide-field`, `faults`. */
  pull: (lever: string, body: unknown) => Promise<Record<string, unknown>>
  clearFaults: () => Promise<void>
  /** Moves the clocks of the CRMs and of the service. */
  advance: (ms: number) => Promise<void>
  /** An Accord of one's own: close it. On the embedded database only one may be open. */
  open: (options?: AccordOptions) => Promise<Accord>
  /** The Accord of the scene: opened, and the CRMs provisioned, when first asked for. */
  accord: () => Promise<Accord>
  sweep: (options?: { full?: boolean; keep?: boolean; write?: boolean } & AccordOptions) => Promise<ConnectionSummary[]>
  /** Closes the Accord of the scene, so that another process may have the database. */
  leave: () => Promise<void>
  /** Asks again and again until it is so. */
  until: (isSo: () => Promise<boolean>) => Promise<void>
  close: () => Promise<void>
}

export function sandboxEnv(sandbox: Pick<Sandbox, 'hubspot' | 'salesforce'>): Record<string, string> {
  return {
    HUBSPOT_API_URL: sandbox.hubspot,
    HUBSPOT_TOKEN,
    HUBSPOT_INDEX_LAG_MS: '60',
    // Nobody counts, unless a test asks for it.
    HUBSPOT_REQUESTS_PER_10S: '1000000',
    SALESFORCE_LOGIN_URL: sandbox.salesforce,
    SALESFORCE_CLIENT_ID: 'sandbox-client',
    SALESFORCE_CLIENT_SECRET: 'sandbox-secret',
    SALESFORCE_LOOKBACK_MS: '60',
  }
}

export type StageOptions = Partial<SandboxOptions> & {
  world?: World
  /** Connection string; without it the embedded database. */
  database?: string | undefined
  /** Data folder, removed at the end. */
  dir?: string
  /** Waits between attempts at a failing CRM take a twentieth of their time. */
  hurried?: boolean
}

export async function stage(options: StageOptions): Promise<Scene> {
  const { database, world, dir: given, hurried = false, ...seeded } = options
  const dir = given ?? (await mkdtemp(join(tmpdir(), 'accord-flow-')))
  if (!given && !database) await cp(await migrated(), join(dir, 'db'), { recursive: true })
  if (world) await writeSeed((seeded.seedDir = join(dir, 'seed')), world)
  const sandbox = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, rateLimit: false, ...seeded })
  const env = { ...sandboxEnv(sandbox), ...(database ? { DATABASE_URL: database } : {}) }
  let ahead = 0
  let kept: Accord | null = null
  let provisioned = false
  const control = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await fetch(`${sandbox.control}/${path}`, { method, headers: { 'content-type': 'application/json' }, ...json })
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok) throw new Error(`${path}: ${String(answer['error'])}`)
    return answer
  }
  await control('POST', 'hubspot/index-lag', { ms: 0 })
  const open: Scene['open'] = ({ config, env: more, ...rest } = {}) => {
    const settings = readSettings({ ...env, ...more, ACCORD_LOG_LEVEL: 'silent' }, { data: dir, config: config ?? shippedConfig })
    return openAccord(settings, {
      ...rest,
      now: () => Date.now() + ahead,
      ...(hurried ? { sleep: (ms, signal) => setTimeout(ms / 20, undefined, { signal }) } : {}),
    })
  }
  const accord = async (): Promise<Accord> => {
    kept ??= await open()
    if (!provisioned) await provision(kept)
    provisioned = true
    return kept
  }
  const shut = async (): Promise<void> => {
    await kept?.close()
    kept = null
  }
  return {
    sandbox,
    dir,
    env,
    crm: useCrms(sandbox),
    pull: (lever, body) => control('POST', lever, body),
    clearFaults: async () => void (await control('DELETE', 'faults')),
    advance: async (ms) => {
      ahead += ms
      await control('POST', 'clock', { advanceMs: ms })
    },
    open,
    accord,
    sweep: async ({ full = false, keep = true, write = true, ...other } = {}) => {
      const special = Object.keys(other).length > 0
      await accord()
      if (special && !database) await shut()
      const used = special ? await open(other) : await accord()
      try {
        return await used.sweep({ full, keep, write, progress: () => undefined }, new AbortController().signal)
      } finally {
        if (special) await used.close()
      }
    },
    leave: shut,
    until: async (isSo) => {
      while (!(await isSo())) await setTimeout(20)
    },
    close: async () => {
      await shut()
      await sandbox.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function provision(accord: Accord): Promise<void> {
  const results = await accord.provision(false, new AbortController().signal)
  const refused = results.flatMap((one) => [
    ...(one.error ? [one.error.message] : []),
    ...one.steps.filter((step) => step.outcome === 'refused').map((step) => `${step.name}: ${step.reason}`),
  ])
  if (refused.length > 0) throw new Error(`provisioning: ${refused.join('; ')}`)
}
