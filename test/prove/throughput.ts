/** How fast one, two and four workers get through the same changes. Batches are stored one at a time over all workers; what they wait for meanwhile is the CRMs. */
import { Agent } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { contactId, noonAgo } from '../flows/world.ts'
import { startFleet } from './fleet.ts'
import { deliver } from './sender.ts'
import { copyDatabase, isDone, type Stage } from './live-stage.ts'

/** Of each answer: about what both vendors take. */
const LATENCY_MS = 120
const EVENTS_PER_DELIVERY = 100

/** `database`: swept, as is the snapshot of that name. Contacts change unheard; then all of it is told at once. */
export async function measureThroughput(stage: Stage, database: string, people: number): Promise<void> {
  const { pull, crm, say, server, port } = stage
  const url = `http://127.0.0.1:${port}`
  for (const workers of [1, 2, 4]) {
    await pull('restore/swept')
    const copy = await copyDatabase(server, database)
    for (let id = 1; id <= people; id++)
      await crm.editContact(contactId(id), { consent_newsletter_email: 'withdrawn', consent_newsletter_email_date: noonAgo(0) })
    const fleet = await startFleet(stage.env(copy), { port, workers })
    await pull('latency', { ms: LATENCY_MS })
    const agent = new Agent({ keepAlive: true })
    const began = performance.now()
    for (let from = 1; from <= people; from += EVENTS_PER_DELIVERY) {
      const ids = Array.from({ length: Math.min(EVENTS_PER_DELIVERY, people - from + 1) }, (_, index) => Number(contactId(from + index)))
      const status = await deliver(agent, url, url, ids)
      if (status !== 200) throw new Error(`a delivery was answered ${status}`)
    }
    while (!(await isDone(copy, stage.root))) await pause(100)
    const seconds = (performance.now() - began) / 1_000
    say(`${workers} workers: ${Math.round(people / seconds)} changes/s from the delivery to the end of every write in both CRMs`)
    agent.destroy()
    await pull('latency', { ms: 0 })
    await fleet.stop()
  }
}
