import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { MovableClock } from './clock.ts'
import type { Traffic } from './crm-server.ts'
import type { SandboxCrm } from './crm.ts'
import { ClockMove, FaultPlan, Latency, Switch } from './control-body.ts'
import { readBody, sendBuffer } from './http.ts'
import { controlDocument } from './openapi.ts'
import type { Sync } from './sync/index.ts'
import { SyncChange } from './sync/settings.ts'

export type ControlState = { crms: readonly SandboxCrm[]; traffic: Traffic; clock: MovableClock; sync: Sync; urls: Record<string, string> }

type Handler = (state: ControlState, body: unknown, query: URLSearchParams) => unknown

/** The control port's own API; `/{crm}/{lever}` comes on top. */
const ROUTES: Record<string, Handler> = {
  'GET /': (state) => ({ ...state.urls, now: now(state) }),
  'GET /openapi.json': () => controlDocument(),
  'GET /stats': (state) => ({ now: now(state), latencyMs: state.traffic.latencyMs, crms: state.traffic.stats.report() }),
  'DELETE /stats': (state) => state.traffic.stats.clear(),
  'GET /log': (state, _body, query) => ({
    lines: state.traffic.stats.log(
      z.coerce
        .number()
        .int()
        .min(1)
        .default(100)
        .parse(query.get('last') ?? undefined),
    ),
  }),
  'GET /clock': (state) => ({ now: now(state) }),
  'POST /clock': (state, body) => moveClock(state, ClockMove.parse(body)),
  'POST /latency': (state, body) => ({ ms: (state.traffic.latencyMs = Latency.parse(body).ms) }),
  'GET /faults': (state) => ({ faults: state.traffic.faults.list() }),
  'POST /faults': (state, body) => planFaults(state, FaultPlan.parse(body)),
  'DELETE /faults': (state) => state.traffic.faults.clear(),
  'POST /snapshot': (state) => forEachCrm(state, (crm) => crm.snapshot()),
  'POST /reset': (state) => resetAll(state),
  'POST /rate-limit': (state, body) => switchLimits(state, Switch.parse(body)),
  'GET /sync': (state) => state.sync.report(),
  'POST /sync': (state, body) => state.sync.change(SyncChange.parse(body)),
  'POST /sync/run': (state) => state.sync.run(),
}

/** Every answer is JSON: 200 with the result, 400 for a body that does not fit, 404 for a route that is not there. */
export async function handleControl(state: ControlState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
  const handler = ROUTES[`${request.method} ${path}`] ?? lever(state, request.method, path)
  if (handler === undefined) return answer(response, 404, { error: 'no such route; see GET /openapi.json' })
  try {
    const text = (await readBody(request, 256 * 1024 * 1024)).toString('utf8')
    const result = await handler(state, text === '' ? {} : JSON.parse(text), new URLSearchParams(query))
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
  return async (_state, body) => {
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
function resetAll(state: ControlState): void {
  forEachCrm(state, (crm) => crm.reset())
  state.sync.reset()
  state.traffic.faults.clear()
  state.traffic.stats.clear()
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

function forEachCrm(state: ControlState, act: (crm: SandboxCrm) => void): void {
  for (const crm of state.crms) act(crm)
}

function now(state: ControlState): string {
  return new Date(state.clock.now()).toISOString()
}
