/** Everything that judges and its peers are made from: the shipped policy and mapping, a portal that shows every field, and the people. */
import { fileURLToPath } from 'node:url'
import { loadConnections, loadPolicy } from '../src/config/load.ts'
import { dayOfIso } from '../src/core/time/calendar.ts'
import { createJudge } from '../src/core/judge/create-judge.ts'
import type { Judge } from '../src/core/judge/judge.ts'
import { mappedFields } from '../src/core/record/mapped-fields.ts'
import { pairsOf } from '../src/core/policy/purposes.ts'
import type { Verdict } from '../src/core/judge/verdict.ts'
import { wantedProperties } from '../src/core/judge/write-back.ts'
import { createFactReader, type Facts } from './evaluate-facts.ts'
import { createPeer, type Decisions, type Peer, type Style } from './evaluate-peer.ts'
import { contactBatches, type Contact } from './evaluate-people.ts'

export const today = '2026-11-21'
const seed = 20_261_121
/** As many as the thread that judges is given at once. Fewer would take no longer than the steps in which a thread's time is counted. */
const batchSize = 1_000
export const styles = ['shared', 'each'] as const
const undeclared = ['children_count', 'lead_magnet_code', 'marital_status', 'military_status', 'gender']

export type World = {
  readonly judge: Judge
  readonly peers: Readonly<Record<Style, Peer>>
  readonly factsOf: (contact: Contact) => Facts
  /** Every rule that must be met by somebody. */
  readonly rules: ReadonlySet<string>
  /** Fields of free text, which only the judge looks through. */
  readonly texts: readonly string[]
}

export function worldOf(): World {
  const config = fileURLToPath(new URL('../config', import.meta.url))
  const policy = loadPolicy(config)
  const mapping = loadConnections(config, {}, { lenient: true, policy }).connections.find((one) => one.id === 'hubspot')?.objects[0]
  if (mapping === undefined) throw new Error('config/connections.yaml has no HubSpot objects')
  const read = [...new Set([...mappedFields(mapping), ...undeclared])]
  const fields = [
    ...read.map((name) => ({ name, label: name, type: 'text', writable: true, custom: undeclared.includes(name) })),
    ...wantedProperties(policy, mapping).map(({ name, label, type }) => ({ name, label, type, writable: true, custom: true })),
  ]
  const names = fields.map((field) => field.name)
  const pairs = pairsOf(policy)
  const options = { policy, mapping, pairs, readable: new Set(names), today: dayOfIso(today) }
  const { gates, consentRules, retention } = policy
  return {
    judge: createJudge({ policy, mapping, connection: 'hubspot', schema: { object: mapping.object, fields }, today }),
    peers: { each: createPeer(policy, pairs, options.today, 'each'), shared: createPeer(policy, pairs, options.today, 'shared') },
    factsOf: createFactReader(options),
    rules: new Set([
      ...policy.audiences.map((audience) => audience.id),
      ...[...gates, ...consentRules, ...retention.holds].filter((rule) => rule.enabled).map((rule) => rule.id),
      ...retention.rules.filter((rule) => rule.data === 'contact').map((rule) => rule.category),
    ]),
    texts: mapping.texts,
  }
}

/** A comparison needs every odd case; what is timed is more like a portal, where most contacts are ordinary. */
const mutated = { compared: 0.5, timed: 0.1 } as const

/** `empty`: fields that nobody has filled. */
export function batches(
  { judge }: World,
  count: number,
  use: keyof typeof mutated,
  empty: readonly string[] = [],
): Generator<readonly Contact[]> {
  const now = Date.parse(`${today}T12:00:00Z`)
  return contactBatches({ count, seed, now, reads: judge.reads, empty, mutated: mutated[use] }, batchSize)
}

export function judgeOne(judge: Judge, { fields, suppressed, openRequest }: Contact): Verdict {
  const record = judge.record(fields)
  return record.judge({ facts: record.facts(), suppressed, openRequest })
}

/** From the CRM's fields to decisions, as the judge has it: the engine makes an almanac of its facts for each run. */
export function askPeer({ peers, factsOf }: World, style: Style, contact: Contact): Promise<Decisions> {
  return peers[style].run(peers[style].prepare(factsOf(contact)))
}
