import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { MovableClock } from './clock.ts'
import type { Traffic } from './crm-server.ts'
import type { SandboxCrm } from './crm.ts'
import { ClockMove, FaultPlan, LatencyChange, LogQuery, SnapshotName, Switch } from './control-body.ts'
import { readBody, sendBuffer } from './http.ts'
import { controlDocument } from './openapi.ts'
import { DEFAULT_SNAPSHOT } from './snapshots.ts'
import type { Snapshots } from './snapshots.ts'
import type { Sync } from './sync/index.ts'
import { SyncChange } from './sync/settings.ts'

export type ControlState = {
  crms: readonly SandboxCrm[]
  traffic: Traffic
  clock: MovableClock
  snapshots: Snapshots
  sync: Sync
  urls: Record<string, string>
}

type Input = { body: unknown; query: URLSearchParams; name: string }
type Handler = (state: ControlState, input: Input) => unknown

/** The control port's own API; `/{crm}/{lever}` comes on top. */
const ROUTES: Record<string, Handler> = {
  'GET /': (state) => ({ ...state.urls, now: now(state) }),
  'GET /openapi.json': () => controlDocument(),
  'GET /stats': (state) => ({ now: now(state), latency: state.traffic.latency, crms: state.traffic.stats.report() }),
  'DELETE /stats': (state) => state.traffic.stats.clear(),
  'GET /log': (state, { query }) => state.traffic.stats.log(LogQuery.parse(Object.fromEntries(query))),
  'GET /clock': (state) => ({ now: now(state) }),
  'POST /clock': (state, { body }) => moveClock(state, ClockMove.parse(body)),
  'GET /latency': (state) => state.traffic.latency,
  'POST /latency': (state, { body }) => setLatency(state, LatencyChange.parse(body)),
  'GET /faults': (state) => ({ faults: state.traffic.faults.list() }),
  'POST /faults': (state, { body }) => planFaults(state, FaultPlan.parse(body)),
  'DELETE /faults': (state) => state.traffic.faults.clear(),
  'POST /snapshot': (state) => state.snapshots.keep(DEFAULT_SNAPSHOT),
  'POST /reset': (state) => restore(state, DEFAULT_SNAPSHOT),
  'GET /snapshots': (state) => ({ snapshots: state.snapshots.list() }),
  'POST /snapshots/{name}': (state, { name }) => state.snapshots.keep(SnapshotName.parse(name)),
  'DELETE /snapshots/{name}': (state, { name }) => state.snapshots.drop(name),
  'POST /restore/{name}': (state, { name }) => restore(state, name),
  'POST /rate-limit': (state, { body }) => switchLimits(state, Switch.parse(body)),
  'GET /sync': (state) => state.sync.report(),
  'POST /sync': (state, { body }) => state.sync.change(SyncChange.parse(body)),
  'POST /sync/run': (state) => state.sync.run(),
}

/** Every answer is JSON: 200 with the result, 400 for a body that does not fit, 404 for a route that is not there. */
export async function handleControl(state: ControlState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
  const [, first = '', name = '', rest] = path.split('/')
  const named = rest === undefined && name !== '' ? ROUTES[`${request.method} /${first}/{name}`] : undefined
  const handler = ROUTES[`${request.method} ${path}`] ?? named ?? lever(state, request.method, path)
  if (handler === undefined) return answer(response, 404, { error: 'no such route; see GET /openapi.json' })
  try {
    const text = (await readBody(request, 256 * 1024 * 1024)).toString('utf8')
    const body: unknown = text === '' ? {} : JSON.parse(text)
    const result = await handler(state, { body, query: new URLSearchParams(query), name })
    answer(response, 200, result ?? {})
  } catch (error) {
    answer(response, 400, {
      error: error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error),
    })
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  sendBuffer(response, status, ['Content-Type', 'application/json;charset=utf-8'], JSON.stringify(body))
}

function lever(state: ControlState, method: string | undefined, path: string): Handler | undefined {
  const [, name, pulled, rest] = path.split('/')
  const crm = state.crms.find((known) => known.name === name)
  if (method !== 'POST' || crm === undefined || pulled === undefined || rest !== undefined) return undefined
  return async (_state, { body }) => {
    const result = await crm.pull(pulled, body)
    return typeof result === 'object' && result !== null ? result : { result: result ?? null }
  }
}

function moveClock(state: ControlState, move: z.infer<typeof ClockMove>): { now: string } {
  if ('advanceMs' in move) state.clock.advance(move.advanceMs)
  else if ('freeze' in move) state.clock.freeze(move.freeze)
  else state.clock.set(typeof move.set === 'number' ? move.set : Date.parse(move.set))
  return { now: now(state) }
}

function planFaults(state: ControlState, plan: z.infer<typeof FaultPlan>): unknown {
  state.traffic.faults.plan(Array.isArray(plan) ? plan : [plan])
  return { faults: state.traffic.faults.list() }
}

/** Back to the snapshot, with no faults and clean counts; the clock stays, because it never goes back. */
function restore(state: ControlState, name: string): void {
  state.snapshots.restore(name)
  state.sync.reset()
  state.traffic.faults.clear()
  state.traffic.stats.clear()
}

function setLatency({ traffic }: ControlState, { crm, ...latency }: z.infer<typeof LatencyChange>): Traffic['latency'] {
  for (const name of Object.keys(traffic.latency)) if (crm === undefined || crm === name) traffic.latency[name] = latency
  return traffic.latency
}

/** Tells for each CRM whether it has limits to switch. */
function switchLimits(state: ControlState, body: z.infer<typeof Switch>): Record<string, string> {
  const switched = state.crms.map((crm) => {
    try {
      crm.pull('rate-limit', body)
      return [crm.name, body.on ? 'on' : 'off']
    } catch (error) {
      return [crm.name, error instanceof Error ? error.message : String(error)]
    }
  })
  return Object.fromEntries(switched)
}

function now(state: ControlState): string {
  return new Date(state.clock.now()).toISOString()
}
