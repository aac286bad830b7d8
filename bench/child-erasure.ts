/**
 * Erases people who were asked for and approved before. argv: CONFIG (without limits) DATA FIRST COUNT CONTROL LIMITED-CONFIG (or nothing). Without limits the
 * first group is not counted: it loads and compiles, as the first workflows of the peer do.
 */
import { openParts } from '../src/main.ts'
import { openErasureDeps } from '../src/rights.ts'
import { readSettings } from '../src/settings.ts'
import { loadRequests } from '../src/store/requests.ts'
import type { CrmStats } from '../src/sandbox/stats.ts'
import { LANES } from '../src/tasks/erasure/worker.ts'
import { advanceDue, TOGETHER } from '../src/tasks/request/advance.ts'
import { approveRequest, planRequest } from '../src/tasks/request/decisions.ts'
import { receiveRequest } from '../src/tasks/request/receive.ts'
import type { ErasureDeps } from '../src/tasks/erasure/deps.ts'
import type { Changed } from '../src/tasks/request/file.ts'

export type Erased = {
  /** Of those that are counted. */
  people: number
  proved: number
  seconds: number
  settledAt: number[]
  calls: Record<string, number>
  searches: number
  throttled: number
}

const [config, data, first, count, control, limitedConfig] = process.argv.slice(2) as [string, string, string, string, string, string?]
const unlimited = { HUBSPOT_REQUESTS_PER_10S: '1000000' }
const always = new AbortController().signal

function fileOf(changed: Changed): { id: string } {
  if (changed.outcome === 'refused') throw new Error(changed.message)
  return changed.file
}

async function withDeps<T>(from: string, env: Readonly<Record<string, string>>, work: (deps: ErasureDeps) => Promise<T>): Promise<T> {
  const opened = await openParts(readSettings({ ...process.env, ...env, ACCORD_LOG_LEVEL: 'silent' }, { data, config: from }))
  try {
    return await work(openErasureDeps(opened))
  } finally {
    await opened.parts.close()
  }
}

async function ask(deps: ErasureDeps, email: string): Promise<string> {
  const asked = { emails: [email], phones: [], records: [] }
  const received = { asked, right: 'erasure', scope: 'all', origin: 'session', at: deps.shell.now(), user: 'bench' } as const
  const { id } = fileOf(await receiveRequest(deps, received))
  const { changed, planned } = await planRequest(deps, id, [], always)
  fileOf(changed)
  if (planned!.plan.items.length !== 2) throw new Error(`somebody has ${planned!.plan.items.length} records instead of two`)
  fileOf(await approveRequest(deps, id, { user: 'bench', digest: planned!.plan.digest, count: planned!.plan.items.length }))
  return id
}

async function stats(): Promise<Record<string, CrmStats>> {
  return ((await (await fetch(`${control}/stats`)).json()) as { crms: Record<string, CrmStats> }).crms
}

const ids: string[] = []
await withDeps(config, unlimited, async (deps) => {
  for (let next = 0; next < Number(count); next += TOGETHER) {
    const numbers = Array.from({ length: Math.min(TOGETHER, Number(count) - next) }, (_, i) => Number(first) + next + i)
    ids.push(...(await Promise.all(numbers.map((number) => ask(deps, `person${number}@example.fr`)))))
  }
})
await withDeps(limitedConfig ?? config, limitedConfig === undefined ? unlimited : {}, async (deps) => {
  await fetch(`${control}/rate-limit`, { method: 'POST', body: JSON.stringify({ on: limitedConfig !== undefined }) })
  const warm = limitedConfig === undefined ? await advanceDue(deps, TOGETHER, always) : new Map()
  const counted = ids.filter((id) => !warm.has(id))
  await fetch(`${control}/stats`, { method: 'DELETE' })
  const began = performance.now()
  const lane = async (): Promise<void> => {
    while ((await advanceDue(deps, TOGETHER, always)).size > 0);
  }
  await Promise.all(LANES.map(lane))
  const seconds = (performance.now() - began) / 1_000
  const files = [...(await loadRequests(deps.shell.db, counted)).values()]
  const settled = files.flatMap(({ erasure }) =>
    erasure.status === 'settled' &&
    erasure.standing !== 'not-proved' &&
    erasure.items.every(({ trace }) => trace === 'absent' || trace === 'purging')
      ? [erasure.settledAt]
      : [],
  )
  const crms = await stats()
  const searches = Object.values(crms['hubspot']!.routes['POST /crm/v3/objects/contacts/search'] ?? {}).reduce((sum, one) => sum + one, 0)
  const erased: Erased = {
    people: counted.length,
    proved: settled.length,
    seconds,
    settledAt: settled.sort((a, b) => a - b),
    calls: Object.fromEntries(Object.entries(crms).map(([name, { requests }]) => [name, requests])),
    searches,
    throttled: crms['hubspot']!.status429,
  }
  process.stdout.write(`${JSON.stringify(erased)}\n`)
})
process.exit(0)
