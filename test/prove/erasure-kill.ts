/** kill -9 of the service, from outside, in the middle of fifty erasures at once: nobody is lost, nobody else is touched, nothing has two effects. */
import { createHouse } from '../../src/house.ts'
import { verifyLedger } from '../../src/store/ledger.ts'
import { listRequests, loadRequestEvents } from '../../src/store/requests.ts'
import { advanceDue, TOGETHER } from '../../src/tasks/request-advance.ts'
import { always, DAY, fileOf, stageRights, type RightsScene } from '../flows/rights-scene.ts'
import { contact, contactId, sfId, sfRow } from '../flows/world.ts'
import { freshDatabase, startOwnPostgres } from '../postgres.ts'
import { everybodyElse } from './bystanders.ts'
import { doneTwice } from './faulty-fetch.ts'
import { killWhileItRuns, ownFields, recordBoth, type Recorded } from './killing.ts'
import type { Proof } from './proof.ts'
import { randomFrom, type Random } from './random.ts'

/** `people`: erased at once; `kills` are spread over as many such groups as it takes. */
type Size = { people: number; kills: number; killsPerGroup: number }
const SHORT = { postgres: { people: 50, kills: 5, killsPerGroup: 5 }, embedded: { people: 10, kills: 2, killsPerGroup: 2 } } as const
const FULL = { postgres: { people: 50, kills: 200, killsPerGroup: 10 }, embedded: { people: 10, kills: 20, killsPerGroup: 5 } } as const
const BYSTANDERS = 30

export const erasureKill: Proof = async ({ short, seed, say }) => {
  const random = randomFrom(seed)
  const sizes: Readonly<Record<'postgres' | 'embedded', Size>> = short ? SHORT : FULL
  const server = await startOwnPostgres({ durable: false })
  const violations: string[] = []
  try {
    for (const kind of ['postgres', 'embedded'] as const) {
      const url = kind === 'postgres' ? await freshDatabase(server.url) : undefined
      violations.push(
        ...(await killAmong(sizes[kind], { url, random, say: (line) => say(`${kind}: ${line}`) })).map((line) => `${kind}: ${line}`),
      )
    }
    return { trials: sizes.postgres.kills + sizes.embedded.kills, violations }
  } finally {
    await server.stop()
  }
}

type Trial = { url: string | undefined; random: Random; say: (line: string) => void }

async function killAmong({ people, kills, killsPerGroup }: Size, { url, random, say }: Trial): Promise<string[]> {
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
    await createHouse(rights.opened().parts).provision(false, always)
    recorded = await recordBoth(rights)
    const bystanders = { contacts: others.map(contactId), rows: others.map((id) => sfId('Contact', id)), but: ownFields }
    const before = await everybodyElse(rights.scene.sandbox, bystanders)
    let left = kills
    let inTime = 0
    for (let group = 0; group < groups; group++) {
      const ids = await approveAll(rights, all.slice(group * people, (group + 1) * people))
      const count = Math.min(left, killsPerGroup)
      left -= count
      const isOpen = async (): Promise<boolean> =>
        (await Promise.all(ids.map(async (id) => (await rights.load(id)).erasure.status))).some((status) => status !== 'settled')
      inTime += await killWhileItRuns(rights, recorded, { count, random, isEmbedded: url === undefined, isOpen })
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
    say(
      `${kills} kills over ${all.length} erasures, ${inTime} of them before the end; ${recorded.calls()} calls, ${recorded.effects().length} effects`,
    )
    return [...violations, ...twice, ...touched, ...(inTime === 0 ? ['no kill came in time'] : [])]
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
  while ((await advanceDue(rights.desk(), TOGETHER, always)).size > 0);
}

async function broken(rights: RightsScene, all: readonly number[]): Promise<string[]> {
  const { db } = rights.opened().database
  const violations: string[] = []
  const requests = await listRequests(db, 100_000)
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
