/** Change events over CometD, as jsforce's streaming client takes them. */
import { equal, ok } from 'node:assert/strict'
import { createRequire } from 'node:module'
import type { Connection } from 'jsforce'
import type { Report } from './round.ts'

const CHANNEL = '/data/ContactChangeEvent'
const PATIENCE = 10_000

type ChangeEvent = { payload: { ChangeEventHeader: { changeType: string; recordIds: string[] } }; event: { replayId: number } }
/** The parts of faye that the declarations of jsforce leave out. */
type Faye = {
  subscribe(channel: string, listener: (event: ChangeEvent) => void): { then(ready: () => void, refused: (error: Error) => void): void }
  disconnect(): void
}

export async function streamingSteps({ step }: Report, conn: Connection): Promise<void> {
  // The module of the streaming API is CommonJS without named exports.
  const { StreamingExtension } = createRequire(import.meta.url)('jsforce/lib/api/streaming') as {
    StreamingExtension: { Replay: new (channel: string, replayId: number) => unknown }
  }
  const open = (replayId: number): Faye =>
    conn.streaming.createClient([new StreamingExtension.Replay(CHANNEL, replayId)] as never) as unknown as Faye

  await step('change events of contacts are switched on through Tooling', async () => {
    const Metadata = { eventChannel: 'ChangeEvents', selectedEntity: 'ContactChangeEvent' }
    const made = await conn.tooling.create('PlatformEventChannelMember', { FullName: 'ChangeEvents_ContactChangeEvent', Metadata } as never)
    equal((made as unknown as { success: boolean }).success, true)
  })
  let replayId = 0
  await step('a change event arrives while the client listens', async () => {
    const client = open(-1)
    try {
      const arrived = nextEvent(client, async () => {
        await conn.create('Contact', { LastName: 'Streamed' })
      })
      const { payload, event } = await arrived
      equal(payload.ChangeEventHeader.changeType, 'CREATE')
      ok(payload.ChangeEventHeader.recordIds[0]?.startsWith('003'))
      replayId = event.replayId
    } finally {
      client.disconnect()
    }
  })
  await step('a client that comes back gets what it missed', async () => {
    const { id } = await conn.create('Contact', { LastName: 'Missed' })
    const client = open(replayId)
    try {
      const { payload } = await nextEvent(client, () => Promise.resolve())
      equal(payload.ChangeEventHeader.recordIds[0], id)
    } finally {
      client.disconnect()
    }
  })
}

/** Subscribes, does the work, and waits for the first event. */
function nextEvent(client: Faye, work: () => Promise<void>): Promise<ChangeEvent> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no event within ${PATIENCE} ms`)), PATIENCE)
    const subscription = client.subscribe(CHANNEL, (event) => {
      clearTimeout(late)
      resolve(event)
    })
    subscription.then(
      () => void work().catch(reject),
      (error) => {
        clearTimeout(late)
        reject(error)
      },
    )
  })
}
