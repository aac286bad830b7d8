/** What the service does around requests by itself, done once: those who came back are looked at, recipients are told. */
import { openCourier } from '../courier.ts'
import { readSettings } from '../settings.ts'
import { lookAtComebacks } from '../tasks/comeback/worker.ts'
import type { ErasureDeps } from '../tasks/erasure/deps.ts'
import { tellRecipients } from '../tasks/notify/notices.ts'
import type { Flags } from './request-deps.ts'

export async function carryAround(deps: ErasureDeps, flags: Flags, signal: AbortSignal): Promise<void> {
  await lookAtComebacks(deps, signal)
  const courier = openCourier(readSettings(process.env, flags), deps.policy, deps.shell.now)
  try {
    await tellRecipients(deps.shell, deps.recipients, courier, signal)
  } finally {
    courier.close()
  }
}
