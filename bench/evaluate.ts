/** Judging one contact against json-rules-engine with the same decision rules, whose decisions must be the same for every contact. */
import { fileURLToPath } from 'node:url'
import { loadConnections, loadPolicy } from '../src/config/load.ts'
import { dayOfIso } from '../src/core/calendar.ts'
import { createJudge } from '../src/core/create-judge.ts'
import type { Judge } from '../src/core/judge.ts'
import { mappedFields } from '../src/core/mapped-fields.ts'
import { pairsOf } from '../src/core/purposes.ts'
import type { Verdict } from '../src/core/verdict.ts'
import { wantedProperties } from '../src/core/write-back.ts'
import { createFactReader, type Facts } from './evaluate-facts.ts'
import { createPeer, type Decisions, type Peer, type Style } from './evaluate-peer.ts'
import { contactBatches, type Contact } from './evaluate-people.ts'
import { median, round, type BenchContext, type Measure } from './measure.ts'

const today = '2026-11-21'
const seed = 20_261_121
const batchSize = 100
const styles = ['each', 'shared'] as const
const undeclared = ['children_count', 'lead_magnet_code', 'marital_status', 'military_status', 'gender']

type World = {
  readonly judge: Judge
  readonly peers: Readonly<Record<Style, Peer>>
  readonly factsOf: (contact: Contact) => Facts
  readonly rules: ReadonlySet<string>
}
type Judged = { readonly fields: Contact['fields']; readonly verdict: Verdict }

export async function evaluate({ quick, say }: BenchContext): Promise<Measure[]> {
  const world = worldOf()
  const compared = quick ? 1_500 : 100_000
  // A peer's rate is settled after some thousand contacts; at a few hundred a second more would take the most of an hour.
  const timed = quick ? 1_000 : 4_000
  say(`  comparing the decisions on ${compared} contacts`)
  await compare(world, compared)
  const own = (): number => perSecond(world, 100_000, (contacts) => void judgeAll(world.judge, contacts))
  own()
  const times: Times = { judgements: [], plain: [], identities: [], patches: [], each: [], shared: [] }
  for (let pair = 1; pair <= (quick ? 1 : 3); pair++) {
    times.judgements.push(own())
    for (const style of styles) times[style].push(await peerPerSecond(world, world.peers[style], timed))
    measureParts(world, times)
    const [ours, each, shared] = [times.judgements, times.each, times.shared].map((rates) => round(rates.at(-1) ?? 0, 0))
    say(`  pair ${pair}: ${ours}/s against ${each}/s and ${shared}/s`)
  }
  const ratio = ratioTo(times, 'each')
  const generous = `equal decisions on ${compared} contacts; its facts are read, parsed and added up beforehand, ours are not, and ours also looks through texts, phones and undeclared fields and writes findings`
  const noteOf = (style: Style): string => `json-rules-engine ${round(median(times[style]), 0)}/s with ${world.peers[style].rules} rules`
  return [
    {
      name: 'evaluate ÷ json-rules-engine',
      value: round(ratio, 1),
      unit: '×',
      goal: '≥ 50',
      pass: ratio >= 50,
      note: `${noteOf('each')}: those of each purpose and channel by priority; ${generous}`,
    },
    {
      name: 'evaluate ÷ json-rules-engine, fewest rules',
      value: round(ratioTo(times, 'shared'), 1),
      unit: '×',
      goal: 'reported',
      pass: null,
      note: `${noteOf('shared')}: consent rules run once for all, the first match of each permission in code of ours`,
    },
    reported('evaluate: judgements', times.judgements, 'consent facts included'),
    reported('evaluate: judgements without free text', times.plain, 'consent facts included'),
    reported('evaluate: identities', times.identities, 'phones are read only on demand'),
    reported('evaluate: patches', times.patches, 'against empty write-back fields'),
  ]
}

function worldOf(): World {
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
  }
}

/** A comparison needs every odd case; what is timed is more like a portal, where most contacts are ordinary. */
const mutated = { compared: 0.5, timed: 0.1 } as const

function batches({ judge }: World, count: number, use: keyof typeof mutated): Generator<readonly Contact[]> {
  const now = Date.parse(`${today}T12:00:00Z`)
  return contactBatches({ count, seed, now, reads: judge.reads, mutated: mutated[use] }, batchSize)
}

function judgeOne(judge: Judge, { fields, suppressed, openRequest }: Contact): Verdict {
  return judge.judge(fields, { facts: judge.facts(fields), suppressed, openRequest })
}

function judgeAll(judge: Judge, contacts: readonly Contact[]): readonly Judged[] {
  return contacts.map((contact) => ({ fields: contact.fields, verdict: judgeOne(judge, contact) }))
}

/** Throws on the first contact that the two decide differently, naming its index and never its values, and when a rule was never met. */
async function compare(world: World, count: number): Promise<void> {
  const unmet = new Set(world.rules)
  let index = 0
  for (const batch of batches(world, count, 'compared')) {
    for (const contact of batch) {
      const ours = decisionsOf(judgeOne(world.judge, contact))
      // The two styles share all but how often a rule is run: one in twenty shows that.
      for (const style of index % 20 === 0 ? styles : (['shared'] as const)) {
        const peer = world.peers[style]
        const different = differences(ours, await peer.run(peer.prepare(world.factsOf(contact))))
        if (different !== '') throw new Error(`contact ${index} is decided differently: ${different}`)
      }
      for (const rule of [ours.audience, ours.category, ours.hold ?? '', ...ours.permissions.map((text) => text.slice(1))])
        unmet.delete(rule)
      index++
    }
  }
  if (unmet.size > 0) throw new Error(`no contact meets ${[...unmet].join(', ')}`)
}

function decisionsOf({ audience, permissions, retention }: Verdict): Decisions {
  return {
    audience,
    permissions: permissions.map(({ allowed, rule }) => `${allowed ? '+' : '-'}${rule}`),
    category: retention.rule,
    hold: retention.hold,
    due: retention.dueOn !== null && retention.dueOn <= today,
  }
}

function differences(ours: Decisions, theirs: Decisions): string {
  const plain = (['audience', 'category', 'hold', 'due'] as const).filter((key) => ours[key] !== theirs[key])
  const permissions = ours.permissions.flatMap((text, at) =>
    text === theirs.permissions[at] ? [] : [`${text} or ${theirs.permissions[at]}`],
  )
  return [...plain.map((key) => `${key} ${ours[key]} or ${theirs[key]}`), ...permissions].join(', ')
}

type Times = Record<'judgements' | 'plain' | 'identities' | 'patches' | Style, number[]>

function ratioTo(times: Times, style: Style): number {
  return median(times.judgements.map((ours, pair) => ours / (times[style][pair] ?? Infinity)))
}

function measureParts(world: World, times: Times): void {
  const { judge } = world
  const prepared = 20_000
  const plain = (contacts: readonly Contact[]): readonly Contact[] =>
    contacts.map((contact) => ({ ...contact, fields: { ...contact.fields, message: null, sales_notes: null } }))
  times.plain.push(perSecond(world, prepared, (contacts) => void judgeAll(judge, contacts), plain))
  times.identities.push(perSecond(world, prepared, (contacts) => contacts.forEach(({ fields }) => judge.identify(fields))))
  const patchAll = (judged: readonly Judged[]): void => judged.forEach(({ fields, verdict }) => judge.patch(fields, verdict))
  times.patches.push(perSecond(world, prepared, patchAll, (contacts) => judgeAll(judge, contacts)))
}

/** By this thread's own time, which other work on the machine does not lengthen. What a batch needs beforehand is not counted. */
function perSecond(world: World, count: number, work: (contacts: readonly Contact[]) => void): number
function perSecond<T>(
  world: World,
  count: number,
  work: (made: readonly T[]) => void,
  make: (contacts: readonly Contact[]) => readonly T[],
): number
function perSecond<T>(
  world: World,
  count: number,
  work: (made: readonly (T | Contact)[]) => void,
  make: (contacts: readonly Contact[]) => readonly (T | Contact)[] = (contacts) => contacts,
): number {
  let spent = 0
  for (const batch of batches(world, count, 'timed')) {
    const made = make(batch)
    const started = process.threadCpuUsage()
    work(made)
    const { user, system } = process.threadCpuUsage(started)
    spent += user + system
  }
  return count / (spent / 1e6)
}

async function peerPerSecond(world: World, peer: Peer, count: number): Promise<number> {
  let spent = 0
  for (const batch of batches(world, count, 'timed')) {
    const prepared = batch.map((contact) => peer.prepare(world.factsOf(contact)))
    const started = process.threadCpuUsage()
    for (const one of prepared) await peer.run(one)
    const { user, system } = process.threadCpuUsage(started)
    spent += user + system
  }
  return count / (spent / 1e6)
}

function reported(name: string, values: readonly number[], note: string): Measure {
  return { name, value: round(median(values), 0), unit: '/s', goal: 'reported', pass: null, note }
}
