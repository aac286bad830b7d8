/** The two sandbox CRMs, and what decides erasures and carried out. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openParts, type Opened } from '../../src/main.ts'
import { openErasureDeps } from '../../src/rights.ts'
import { readSettings } from '../../src/settings.ts'
import { loadRequest, type StoredRequest } from '../../src/store/requests.ts'
import { advanceRequest } from '../../src/tasks/request/advance.ts'
import type { ErasureDeps } from '../../src/tasks/erasure/deps.ts'
import { approveRequest, planRequest } from '../../src/tasks/request/decisions.ts'
import { receiveRequest } from '../../src/tasks/request/receive.ts'
import type { Changed } from '../../src/tasks/request/file.ts'
import { freshDatabase, startPostgres } from '../postgres.ts'
import { stage, type Scene, type StageOptions } from './scene.ts'
import { changedConfig } from './world.ts'
import { toApprove } from '../../src/core/erasure/erasure.ts'
import type { Plan } from '../../src/core/erasure/plan.ts'

export const always = new AbortController().signal
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export type RightsScene = {
  scene: Scene
  opened: () => Opened
  deps: () => ErasureDeps
  /** What was logged since the beginning. */
  logged: string[]
  advance: (ms: number) => Promise<void>
  /** As after the end of the process; `env`: with these settings instead. */
  reopen: (env?: Readonly<Record<string, string>>) => Promise<void>
  leave: () => Promise<void>
  /** Received through a proven channel, and planned. */
  ask: (email: string) => Promise<{ id: string; plan: Plan }>
  approve: (id: string) => Promise<Changed>
  run: (id: string) => Promise<StoredRequest>
  load: (id: string) => Promise<StoredRequest>
  hubspot: (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>
  close: () => Promise<void>
}

/** A hundredth of the time: who waits for nothing at all keeps asking, and the whole process with it. */
function hurried(ms: number, signal?: AbortSignal): Promise<void> {
  return pause(ms / 100, undefined, signal ? { signal } : {})
}

export function fileOf(changed: Changed): StoredRequest {
  if (changed.outcome === 'refused') throw new Error(changed.message)
  return changed.file
}

/** `policy`, `connections`: changes of the shipped files. On Postgres, unless it is to be the embedded database. */
export type RightsOptions = StageOptions & { policy?: Changes; connections?: Changes; embedded?: boolean }
type Changes = readonly (readonly [from: string, to: string])[]

export async function stageRights({ policy = [], connections = [], embedded = false, ...options }: RightsOptions): Promise<RightsScene> {
  const server = embedded || options.database !== undefined ? null : await startPostgres()
  const scene = await stage(server === null ? options : { ...options, database: await freshDatabase(server.url) })
  await scene.pull('salesforce/search-lag', { ms: 0 })
  const logged: string[] = []
  let ahead = 0
  let opened: Opened | null = null
  const now = (): number => Date.now() + ahead
  // Nobody counts searches and associations either.
  const config = await changedConfig(join(scene.dir, 'config'), {
    'policy.yaml': policy,
    'connections.yaml': [
      ...connections,
      ['      requestsPer10s:', '      searchesPerSecond: 1000000\n      associationsPer10s: 1000000\n      requestsPer10s:'],
    ],
  })
  const open = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
    const settings = readSettings({ ...scene.env, ...env, ACCORD_LOG_LEVEL: 'silent' }, { data: scene.dir, config })
    opened = await openParts(settings, { now, sleep: hurried })
  }
  const leave = async (): Promise<void> => {
    await opened?.parts.close()
    opened = null
  }
  await open()
  const deps = (): ErasureDeps => {
    const shell = {
      ...opened!.parts.shell,
      log: (event: string, facts: object = {}) => void logged.push(`${event} ${JSON.stringify(facts)}`),
    }
    return openErasureDeps(opened!, shell)
  }
  const load = async (id: string): Promise<StoredRequest> => (await loadRequest(deps().shell.db, id))!
  return {
    scene,
    opened: () => opened!,
    deps,
    logged,
    advance: async (ms) => {
      ahead += ms
      await scene.advance(ms)
    },
    reopen: async (env) => {
      await leave()
      await open(env)
    },
    leave,
    ask: async (email) => {
      const asked = { emails: [email], phones: [], records: [] }
      const received = { asked, right: 'erasure', scope: 'all', origin: 'session', at: now(), user: 'u1' } as const
      const { id } = fileOf(await receiveRequest(deps(), received))
      const { changed, planned } = await planRequest(deps(), id, [], always)
      fileOf(changed)
      return { id, plan: planned!.plan }
    },
    approve: async (id) => {
      const shown = toApprove((await load(id)).erasure)!
      return approveRequest(deps(), id, { user: 'u1', digest: shown.digest, count: shown.records })
    },
    run: async (id) => {
      await advanceRequest(deps(), id, always)
      return load(id)
    },
    load,
    hubspot: async (method, path, body) => {
      const response = await fetch(scene.sandbox.hubspot + path, {
        method,
        headers: { authorization: `Bearer ${scene.env['HUBSPOT_TOKEN']}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
      return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
    },
    close: async () => {
      await leave()
      await scene.close()
      await server?.stop()
    },
  }
}
