/**
 * Genuine deliveries that come again, out of order, or at the wrong time: at two processes on one Postgres each event is heard once, and what was signed more than
 * five minutes ago, or will be, is refused.
 */
import { Agent } from 'node:http'
import { genuine, portalId, secrets, signed, type Signed } from './forgery-deliveries.ts'
import { inbox, inParallel, statusOf, whileListening } from './forgery-http.ts'
import type { Proof } from './proof.ts'
import { randomFrom, type Random } from './random.ts'

const REPLAYS = 1_000
const MOST_TRIES = 20
/** HubSpot's docs: five minutes. A request that is sent takes some of them. */
const WITHIN_MS = [-290_000, -60_000, 60_000, 290_000]
const BEYOND_MS = [-301_000, -3_600_000, -86_400_000 * 400, 330_000, 3_600_000]

export const replays: Proof = ({ short, seed, say }) =>
  whileListening(2, async (urls, database) => {
    const random = randomFrom(seed)
    const agent = new Agent({ keepAlive: true, maxSockets: 16 })
    const violations: string[] = []
    let turn = 0
    /** A 503 says to come again: so would HubSpot. */
    const send = async (delivery: Signed, tries = 1): Promise<number> => {
      const status = await statusOf(urls[turn++ % urls.length]!, agent, delivery)
      return status === 503 && tries < MOST_TRIES ? send(delivery, tries + 1) : status
    }
    const expectStatus = async (what: string, delivery: Signed, isFine: (status: number) => boolean): Promise<void> => {
      const status = await send(delivery)
      if (!isFine(status)) violations.push(`${what}: answered ${status}`)
    }
    const expectInbox = async (what: string, events: number): Promise<void> => {
      const heard = await inbox(database)
      if (heard !== events) violations.push(`${what}: ${heard} events in the inbox instead of ${events}`)
    }
    try {
      const one = genuine(random, Date.now() - 1_000)
      await expectStatus('a delivery', one, (status) => status === 200)
      let events = await inbox(database)
      if (events === 0) violations.push('a delivery left nothing in the inbox')
      await inParallel(REPLAYS, () => expectStatus('the same delivery again', one, (status) => status === 200))
      await expectInbox(`${REPLAYS} times the same delivery`, events)

      const each = short ? 20 : 200
      await inParallel(each * BEYOND_MS.length, (trial) => {
        const off = BEYOND_MS[trial % BEYOND_MS.length]!
        return expectStatus(`signed ${off} ms from now`, genuine(random, Date.now() + off), (status) => status >= 400 && status < 500)
      })
      await expectInbox('deliveries of another time', events)
      for (const off of WITHIN_MS) {
        await expectStatus(`signed ${off} ms from now`, genuine(random, Date.now() + off), (status) => status === 200)
        const heard = await inbox(database)
        if (heard <= events) violations.push(`signed ${off} ms from now: nothing in the inbox`)
        events = heard
      }

      const told = short ? 2_000 : 10_000
      const deliveries = shuffledDeliveries(told, random)
      await inParallel(deliveries.length, (trial) =>
        expectStatus('a repeated event', again(deliveries[trial]!), (status) => status === 200),
      )
      events += told
      await expectInbox(`${told} events, each one to five times`, events)
      say(
        `${REPLAYS} replays of one delivery, ${each * BEYOND_MS.length} of another time, ${told} events in ${deliveries.length} deliveries to two processes`,
      )
      return { trials: REPLAYS + each * BEYOND_MS.length + WITHIN_MS.length + deliveries.length, violations }
    } finally {
      agent.destroy()
    }
  })

type Event = Readonly<Record<string, string | number>>

/** Each event one to five times, counted on as attempts; in any order, up to forty together. */
function shuffledDeliveries(told: number, random: Random): Event[][] {
  const at = Date.now() - 60_000
  const all = Array.from({ length: told }, (_, eventId): Event[] => {
    const event = {
      eventId,
      subscriptionId: 1,
      portalId,
      appId: 9,
      occurredAt: at + random(60_000),
      subscriptionType: 'contact.propertyChange',
    }
    const about = { objectId: 1 + random(100), propertyName: 'jobtitle', propertyValue: 'x' }
    return Array.from({ length: 1 + random(5) }, (__, attemptNumber) => ({ ...event, ...about, attemptNumber }))
  }).flat()
  for (let last = all.length - 1; last > 0; last--) {
    const other = random(last + 1)
    ;[all[last], all[other]] = [all[other]!, all[last]!]
  }
  const deliveries: Event[][] = []
  for (let from = 0; from < all.length;) {
    const size = 1 + random(40)
    deliveries.push(all.slice(from, from + size))
    from += size
  }
  return deliveries
}

function again(events: readonly Event[]): Signed {
  const body = Buffer.from(JSON.stringify(events))
  return signed({ method: 'POST', path: '/webhooks/hubspot', body, secret: secrets[0], at: Date.now() })
}
