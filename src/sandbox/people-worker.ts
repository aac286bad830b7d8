import { parentPort, workerData } from 'node:worker_threads'
import { generatePeople } from './people/index.ts'
import type { PeopleOrder } from './people-thread.ts'
import { loadRows } from './populate.ts'
import { CRMS } from './registry.ts'

const { count, seed, now, crm: name } = workerData as PeopleOrder

/** Stands still: nobody waits for anything in a CRM that is only filled. */
const clock = { now: () => now, at: () => () => undefined }
const crm = CRMS.map((create) => create({ clock, rateLimit: false, seed })).find((one) => one.name === name)
if (crm?.give === undefined) throw new Error(`${name} gives no records away`)
loadRows(crm, generatePeople(count, seed, now)[name])
const { content, bytes } = crm.give()
parentPort?.postMessage(content, bytes)
