import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClock } from './clock.ts'
import { handleControl } from './control.ts'
import type { ControlState } from './control.ts'
import { createCrmServer } from './crm-server.ts'
import type { SandboxCrm, SyncSide } from './crm.ts'
import { createFaults } from './faults.ts'
import { APART_FROM, loadPeople } from './populate.ts'
import { createRandom } from './random.ts'
import { CRMS } from './registry.ts'
import { loadSeedFiles } from './seed-files.ts'
import { createSnapshots, DEFAULT_SNAPSHOT } from './snapshots.ts'
import { createStats } from './stats.ts'
import { createSync } from './sync/index.ts'

export type SandboxOptions = {
  /** 0 takes any free port. */
  controlPort: number
  hubspotPort: number
  salesforcePort: number
  /** Generated people; may be combined with `seedDir`. */
  people?: number
  /** `hubspot/*.jsonl` and `salesforce/*.jsonl`, one object a line, in the CRM's own field names. */
  seedDir?: string
  latencyMs?: number
  /** Default true, as in life. */
  rateLimit?: boolean
  /** Of the people, the record ids and the faults. */
  seed?: number
}

export type Sandbox = { control: string; hubspot: string; salesforce: string; close(): Promise<void> }

/** Foreign CRMs on loopback, seeded, with a control port. What was loaded at the start is what `POST /reset` comes back to. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = createClock()
  const seed = options.seed ?? 1
  const crms = CRMS.map((create) => create({ clock, rateLimit: options.rateLimit ?? true, seed }))
  if (options.seedDir !== undefined) loadSeedFiles(options.seedDir, crms)
  // A thread of its own hands over a whole portal: not where there are records already.
  const apartFrom = options.seedDir === undefined ? APART_FROM : Infinity
  if (options.people !== undefined && options.people > 0) await loadPeople(crms, options.people, seed, clock.now(), apartFrom)
  const snapshots = createSnapshots(crms, clock)
  snapshots.keep(DEFAULT_SNAPSHOT)

  const stats = createStats(crms.map((crm) => crm.name))
  const latency = Object.fromEntries(crms.map((crm) => [crm.name, { ms: options.latencyMs ?? 0 }]))
  const traffic = { clock, stats, faults: createFaults(createRandom(seed)), latency, random: createRandom(seed + 1) }
  const [hubspot, salesforce] = [sideOf(crms, 'hubspot'), sideOf(crms, 'salesforce')]
  const state: ControlState = { crms, traffic, clock, snapshots, sync: createSync(clock, hubspot, salesforce), urls: {} }
  const control = createServer((request, response) => void handleControl(state, request, response))
  const servers = [control, ...crms.map((crm) => createCrmServer(crm, traffic))]
  const ports = [options.controlPort, ...crms.map((crm) => (crm.name === 'hubspot' ? options.hubspotPort : options.salesforcePort))]
  try {
    const urls = await Promise.all(servers.map((server, index) => listen(server, ports[index]!)))
    state.urls = Object.fromEntries(['control', ...crms.map((crm) => crm.name)].map((name, index) => [name, urls[index]!]))
  } catch (error) {
    await closeAll(servers)
    throw error
  }
  return {
    control: state.urls.control!,
    hubspot: state.urls.hubspot!,
    salesforce: state.urls.salesforce!,
    close() {
      for (const crm of crms) crm.close?.()
      clock.stop()
      return closeAll(servers)
    },
  }
}

function sideOf(crms: readonly SandboxCrm[], name: SandboxCrm['name']): SyncSide {
  return crms.find((crm) => crm.name === name)!.sync
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })
}

/** Ends open connections too: a client that keeps its own alive must not keep the process. */
async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        }),
    ),
  )
}
