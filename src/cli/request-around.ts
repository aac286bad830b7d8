/** What the service does around requests by itself, done once: those who came back are looked at, recipients are told. */
import { openCourier } from '../courier.ts'
import { readSettings } from '../settings.ts'
import { lookAtComebacks } from '../tasks/comeback/worker.ts'
import type { EraseDesk } from '../tasks/erasure/desk.ts'
import { tellRecipients } from '../tasks/notify/notices.ts'
import type { Flags } from './request-desk.ts'

export async function carryAround(desk: EraseDesk, flags: Flags, signal: AbortSignal): Promise<void> {
  await lookAtComebacks(desk, signal)
  const courier = openCourier(readSettings(process.env, flags), desk.policy, desk.shell.now)
  try {
    await tellRecipients(desk.shell, desk.recipients, courier, signal)
  } finally {
    courier.close()
  }
}
