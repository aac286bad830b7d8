/** What the org sends of itself: change events to streaming clients, outbound messages to receivers. */
import { createOutbound, resetOutbound } from './outbound.ts'
import { createSender } from './outbound-delivery.ts'
import { createStreams, forgetClients, resetStreams } from './cometd-client.ts'
import { resetEventBus } from './event-bus.ts'
import type { Org } from './org.ts'
import type { Outbound } from './outbound.ts'
import type { Sender } from './outbound-delivery.ts'
import type { Sessions } from './session.ts'
import type { Streams } from './cometd-client.ts'

export type Push = { streams: Streams; outbound: Outbound; sender: Sender; instance: string }

/** The address that outbound messages give of the org, unless a lever names another. */
const INSTANCE = 'https://sandbox.my.salesforce.com'

export function createPush(org: Org, sessions: Sessions, seed: number): Push {
  const outbound = createOutbound(org)
  const push: Push = {
    streams: createStreams(org),
    outbound,
    sender: createSender(outbound, sessions, () => push.instance, seed),
    instance: INSTANCE,
  }
  return push
}

/** After the tables: which entities are selected is read from one. */
export function resetPush(push: Push): void {
  resetStreams(push.streams)
  resetEventBus(push.streams.bus)
  resetOutbound(push.outbound)
  push.instance = INSTANCE
}

/** Held polls are answered, nothing is sent any more. */
export function stopPush({ streams, sender }: Push): void {
  forgetClients(streams)
  sender.stop()
}
