/** The service, killed -9 from outside while it works, again and again; between it and the CRMs stands who knows what really happened. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { RightsScene } from '../flows/rights-scene.ts'
import { startServing } from '../service-process.ts'
import { freePort } from '../webhooks.ts'
import type { Effect } from './faulty-fetch.ts'
import type { Random } from './random.ts'
import { startRecordingProxy } from './recording-proxy.ts'

/** Each answer of a CRM takes so long that a group is under way for some seconds. */
const LATENCY_MS = 25
const MOST_DELAY_MS = 3_000
/** The service sweeps, too: what it writes of its own is no touch of an erasure. */
export const ownFields = /accord|last_?modified|modstamp|hs_updated/i

export type Recorded = { calls: () => number; effects: () => readonly Effect[]; close: () => Promise<void> }

/** Whoever works on this scene from now on goes the same way as the service. */
export async function recordBoth(rights: RightsScene): Promise<Recorded> {
  const hubspot = await startRecordingProxy(rights.scene.sandbox.hubspot, LATENCY_MS)
  const salesforce = await startRecordingProxy(rights.scene.sandbox.salesforce, LATENCY_MS)
  Object.assign(rights.scene.env, { HUBSPOT_API_URL: hubspot.url, SALESFORCE_LOGIN_URL: salesforce.url })
  await rights.reopen()
  return {
    calls: () => hubspot.calls() + salesforce.calls(),
    effects: () => [...hubspot.effects, ...salesforce.effects],
    close: async () => {
      await hubspot.close()
      await salesforce.close()
    },
  }
}

/** `isOpen`: there is work left, which the next kill could meet. */
export type Killing = { count: number; random: Random; isEmbedded: boolean; isOpen: () => Promise<boolean> }

/** How many kills met work that was not done. */
export async function killWhileItRuns(
  rights: RightsScene,
  recorded: Recorded,
  { count, random, isEmbedded, isOpen }: Killing,
): Promise<number> {
  const { scene } = rights
  let inTime = 0
  for (let kill = 0; kill < count; kill++) {
    if (isEmbedded) await rights.leave()
    const service = await startServing(isEmbedded ? [] : ['--role', 'worker'], {
      ...scene.env,
      ACCORD_DATA: scene.dir,
      ACCORD_CONFIG: join(scene.dir, 'config'),
      ACCORD_PORT: String(await freePort()),
    })
    // From the moment that it works on them, not from that of its start.
    const begun = recorded.calls()
    for (let waited = 0; recorded.calls() === begun && waited < 15_000; waited += 20) await pause(20)
    await pause(random(MOST_DELAY_MS))
    await service.kill()
    if (isEmbedded) await rights.reopen()
    if (!(await isOpen())) return inTime
    inTime++
  }
  return inTime
}
