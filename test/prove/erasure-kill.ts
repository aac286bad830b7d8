/** kill -9 of the service, from outside, in the middle of fifty erasures at once: nobody is lost, nobody else is touched, nothing has two effects. */
import { createAccord } from '../../src/accord.ts'
import { verifyLedger } from '../../src/store/ledger.ts'
import { loadRequestEvents } from '../../src/store/requests.ts'
import { listRequests } from '../../src/store/request-lists.ts'
import { advanceDue, TOGETHER } from '../../src/tasks/request/advance.ts'
import { always, DAY, fileOf, stageRights, type RightsScene } from '../flows/rights-scene.ts'
import { contact, contactId, sfId, sfRow } from '../flows/world.ts'
import { freshDatabase, startOwnPostgres } from '../postgres.ts'
import { everybodyElse } from './bystanders.ts'
import { doneTwice } from './faulty-network.ts'
import { killWhileItRuns, ownFields, recordBoth, type Recorded } from './killing.ts'
import type { Proof } from './proof.ts'
import { randomFrom, type Random } from './random.ts'

/**
 * `people`: erased at once, which takes about so many `calls` to the CRMs, most of them for all of them together. Their `kills` are spread over the whole of it,
 * and over as many such groups as it takes.
 */
type Size = { people: number; calls: number; kills: number; killsPerGroup: number }
const SHORT: Sizes = {
  postgres: { people: 12, calls: 90, kills: 15, killsPerGroup: 15 },
  embedded: { people: 5, calls: 50, kills: 4, killsPerGroup: 4 },
}
const FULL: Sizes = {
  postgres: { people: 50, calls: 160, kills: 200, killsPerGroup: 20 },
  embedded: { people: 10, calls: 60, kills: 20, killsPerGroup: 5 },
}
type Sizes = Readonly<Record<'postgres' | 'embedded', Size>>
const BYSTANDERS = 30

export const erasureKill: Proof = async ({ short, seed, say }) => {
  const sizes = short ? SHORT : FULL
  const server = await startOwnPostgres({ durable: false })
  try {
    const url = await freshDatabase(server.url)
    // Side by side: a process that starts keeps one processor busy, and its kill then waits for a CRM.
    const ends = await Promise.all([
      killAmong(sizes.postgres, { url, random: randomFrom(seed), say: (line) => say(`postgres: ${line}`) }),
      killAmong(sizes.embedded, { url: undefined, random: randomFrom(seed + 1), say: (line) => say(`embedded: ${line}`) }),
    ])
    return {
      trials: ends.reduce((sum, { inTime }) => sum + inTime, 0),
      violations: ends.flatMap(({ violations }, index) => violations.map((line) => `${index === 0 ? 'postgres' : 'embedded'}: ${line}`)),
    }
  } finally {
    await server.stop()
  }
}

type Trial = { url: string | undefined; random: Random; say: (line: string) => void }

/** `inTime`: kills that met work that was not done. */
type Killed = { inTime: number; violations: readonly string[] }

async function killAmong({ people, calls, kills, killsPerGroup }: Size, { url, random, say }: Trial): Promise<Killed> {
  const groups = Math.ceil(kills / killsPerGroup)
  const all = Array.from({ length: groups * people }, (_, i) => i + 1)
  const others = Array.from({ length: BYSTANDERS }, (_, i) => groups * people + i + 1)
  const twins = [...all, ...others]
  const world = {
    hubspot: { contacts: twins.map((id) => contact(id, 'Alba', `person${id}@example.fr`)) },
    salesforce: { Contact: twins.map((id) => sfRow('Contact', id, 'Alba', `person${id}@example.fr`)) },
  }
  const rights = await stageRights(url === undefined ? { world, embedded: true } : { world, database: url })
  let recorded: Recorded | null = null
  try {
    await createAccord(rights.opened().parts).provision(false, always)
    recorded = await recordBoth(rights)
    const bystanders = { contacts: others.map(contactId), rows: others.map((id) => sfId('Contact', id)), but: ownFields }
    const before = await everybodyElse(rights.scene.sandbox, bystanders)
    let inTime = 0
    for (let group = 0; group < groups; group++) {
      const ids = await approveAll(rights, all.slice(group * people, (group + 1) * people))
      const count = group === groups - 1 ? kills - inTime : Math.min(kills - inTime, killsPerGroup)
      const isOpen = async (): Promise<boolean> =>
        (await Promise.all(ids.map(async (id) => (await rights.load(id)).erasure.status))).some((status) => status !== 'settled')
      inTime += await killWhileItRuns(rights, recorded, { count, calls, random, isEmbedded: url === undefined, isOpen })
      await finish(rights)
    }
    await rights.advance(2 * DAY)
    await finish(rights)
    const violations = await broken(rights, all)
    const twice = doneTwice(recorded.effects())
    const after = await everybodyElse(rights.scene.sandbox, bystanders)
    const touched = [...before]
      .filter(([key, text]) => after.get(key) !== text)
      .map(([key]) => `${key} belongs to somebody else and was touched`)
    say(`${inTime} kills in the middle of ${all.length} erasures; ${recorded.calls()} calls, ${recorded.effects().length} effects`)
    const few = inTime < kills * 0.9 ? [`${inTime} kills of ${kills} came in time`] : []
    return { inTime, violations: [...violations, ...twice, ...touched, ...few] }
  } finally {
    await recorded?.close()
    await rights.close()
  }
}

async function approveAll(rights: RightsScene, people: readonly number[]): Promise<string[]> {
  const asked = await Promise.all(people.map((id) => rights.ask(`person${id}@example.fr`)))
  for (const { id } of asked) fileOf(await rights.approve(id))
  return asked.map(({ id }) => id)
}

/** What a next process does, without being disturbed. */
async function finish(rights: RightsScene): Promise<void> {
  while ((await advanceDue(rights.deps(), TOGETHER, always)).size > 0);
}

async function broken(rights: RightsScene, all: readonly number[]): Promise<string[]> {
  const { db } = rights.opened().database
  const violations: string[] = []
  const { files: requests } = await listRequests(db, 100_000)
  if (requests.length !== all.length) violations.push(`${requests.length} requests instead of ${all.length}`)
  for (const { id, erasure } of requests) {
    if (erasure.status !== 'settled' || erasure.standing !== 'proved' || erasure.items.length !== 2)
      violations.push(`request ${id} is ${erasure.status === 'settled' ? erasure.standing : erasure.status}`)
    const steps = (await loadRequestEvents(db, id)).flatMap(({ event }) => (event.type === 'reported' ? [JSON.stringify(event.step)] : []))
    if (new Set(steps).size !== steps.length) violations.push(`a step of request ${id} is noted twice`)
  }
  for (const id of all) {
    if ((await rights.scene.crm.contact(contactId(id))) !== null) violations.push(`contact ${id} is still there`)
    if ((await rights.scene.crm.row('Contact', sfId('Contact', id))) !== null) violations.push(`Salesforce contact ${id} is still there`)
  }
  const chain = await verifyLedger(db, { checkpoints: [], keys: new Map() })
  return chain.ok ? violations : [...violations, `the chain breaks at ${chain.seq}`]
}
