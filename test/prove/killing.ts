/** The service, killed -9 from outside while it works, again and again; between it and the CRMs stands who knows what really happened. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { RightsScene } from '../flows/rights-scene.ts'
import { startServing } from '../service-process.ts'
import type { Effect } from './faulty-network.ts'
import type { Random } from './random.ts'
import { startRecordingProxy } from './recording-proxy.ts'

/** While there are kills each answer of a CRM takes so long; a kill comes at a call, or up to so long after it. */
const LATENCY_MS = 30
/** A process that starts makes so many calls before it comes to where the last one was killed. */
const CALLS_AT_START = 8
/** A call that does not come in this time does not come: everything is done. */
const PATIENCE_MS = 60_000
/** After so long without a call it is asked whether there is anything left to do. */
const SILENCE_MS = 2_000
/** The service sweeps, too: what it writes of its own is no touch of an erasure. */
export const ownFields = /accord|last_?modified|modstamp|hs_updated/i

/** `slowDown`: what each answer takes longer, milliseconds. */
export type Recorded = {
  calls: () => number
  effects: () => readonly Effect[]
  slowDown: (ms: number) => void
  close: () => Promise<void>
}

/** Whoever works on this scene from now on goes the same way as the service. */
export async function recordBoth(rights: RightsScene): Promise<Recorded> {
  const hubspot = await startRecordingProxy(rights.scene.sandbox.hubspot)
  const salesforce = await startRecordingProxy(rights.scene.sandbox.salesforce)
  Object.assign(rights.scene.env, { HUBSPOT_API_URL: hubspot.url, SALESFORCE_LOGIN_URL: salesforce.url })
  await rights.reopen()
  return {
    calls: () => hubspot.calls() + salesforce.calls(),
    effects: () => [...hubspot.effects, ...salesforce.effects],
    slowDown: (ms) => {
      for (const proxy of [hubspot, salesforce]) proxy.slowDown(ms)
    },
    close: async () => {
      await hubspot.close()
      await salesforce.close()
    },
  }
}

/** `calls`: about so many does all of the work take, over which the kills are spread. `isOpen`: there is work left, which the next kill could meet. */
export type Killing = { count: number; calls: number; random: Random; isEmbedded: boolean; isOpen: () => Promise<boolean> }

/** How many kills met work that was not done. Their moments are counted in calls: a machine that is busy with something else moves none of them. */
export async function killWhileItRuns(
  rights: RightsScene,
  recorded: Recorded,
  { count, calls, random, isEmbedded, isOpen }: Killing,
): Promise<number> {
  const { scene } = rights
  const between = 2 * (CALLS_AT_START + calls / count)
  recorded.slowDown(LATENCY_MS)
  try {
    for (let kill = 0; kill < count; kill++) {
      if (isEmbedded) await rights.leave()
      const service = await startServing(isEmbedded ? [] : ['--role', 'worker'], {
        ...scene.env,
        ACCORD_DATA: scene.dir,
        ACCORD_CONFIG: join(scene.dir, 'config'),
        ACCORD_PORT: '0',
      })
      const at = recorded.calls() + 1 + random(between)
      // An embedded database is the service's alone as long as it runs.
      await callOrEnd(recorded, at, isEmbedded ? async () => true : isOpen)
      await pause(random(LATENCY_MS))
      await service.kill()
      if (isEmbedded) await rights.reopen()
      if (!(await isOpen())) return kill
    }
    return count
  } finally {
    recorded.slowDown(0)
  }
}

async function callOrEnd(recorded: Recorded, at: number, isOpen: () => Promise<boolean>): Promise<void> {
  const late = performance.now() + PATIENCE_MS
  let [calls, since] = [recorded.calls(), performance.now()]
  while (calls < at && performance.now() < late) {
    await pause(5)
    if (recorded.calls() > calls) [calls, since] = [recorded.calls(), performance.now()]
    else if (performance.now() - since > SILENCE_MS) {
      if (!(await isOpen())) return
      since = performance.now()
    }
  }
}
