/** Judging one contact against json-rules-engine with the same decision rules, whose decisions must be the same for every contact. */
import type { Judge } from '../src/core/judge.ts'
import type { Verdict } from '../src/core/verdict.ts'
import { compare } from './evaluate-compare.ts'
import type { Style } from './evaluate-peer.ts'
import type { Contact } from './evaluate-people.ts'
import { askPeer, batches, judgeOne, styles, worldOf, type World } from './evaluate-world.ts'
import { median, round, runChild, type BenchContext, type Measure } from './measure.ts'

/** Two processes compare: that takes the most of the time. */
const parts = 2

type Judged = { readonly fields: Contact['fields']; readonly verdict: Verdict }
type Times = Record<'plain' | 'whole' | 'identities' | 'patches' | Style, number[]>

/**
 * Both sides begin with the CRM's fields of the same contacts, read them, and end with the same decisions. Free text is left empty where the two are timed:
 * no rule is about it, and the engine has nothing that would look through it.
 */
export async function evaluate({ quick, say }: BenchContext): Promise<Measure[]> {
  const world = worldOf()
  const compared = quick ? 1_500 : 100_000
  say(`  comparing the decisions on ${compared} contacts`)
  await compareAll(world, compared, quick)
  const times: Times = { plain: [], whole: [], identities: [], patches: [], each: [], shared: [] }
  const own = quick ? 20_000 : 50_000
  const peers = quick ? 1_000 : 3_000
  perSecond(world, own, (contacts) => void judgeAll(world.judge, contacts))
  for (let pair = 1; pair <= (quick ? 1 : 3); pair++) {
    times.plain.push(perSecond(world, own, (contacts) => void judgeAll(world.judge, contacts), { empty: world.texts }))
    for (const style of styles) times[style].push(await peerPerSecond(world, style, peers))
    measureParts(world, own, times)
    const [plain, shared, each] = [times.plain, times.shared, times.each].map((rates) => round(rates.at(-1) ?? 0, 0))
    say(`  pair ${pair}: ${plain}/s against ${shared}/s with the fewest rules, ${each}/s with those of each permission`)
  }
  return measuresOf(world, times, compared)
}

function measuresOf({ peers }: World, times: Times, compared: number): Measure[] {
  const against = (ours: 'plain' | 'whole', style: Style): number =>
    median(times[ours].map((rate, pair) => rate / (times[style][pair] ?? Infinity)))
  const noteOf = (style: Style): string => `json-rules-engine ${round(median(times[style]), 0)}/s with ${peers[style].rules} rules`
  const ratio = against('plain', 'shared')
  return [
    {
      name: 'evaluate ÷ json-rules-engine',
      value: round(ratio, 1),
      unit: '×',
      goal: '≥ 50',
      pass: ratio >= 50,
      note: `${noteOf('shared')}, the fewest that say the same: the first match of each permission is code of ours; equal decisions on ${compared} contacts; both from the CRM's fields, free text left out; ours writes findings besides`,
    },
    {
      name: 'evaluate ÷ json-rules-engine, rules of each',
      value: round(against('plain', 'each'), 1),
      unit: '×',
      goal: 'reported',
      pass: null,
      note: `${noteOf('each')}: those of each purpose and channel by priority, as the policy reads`,
    },
    {
      name: 'evaluate with free text ÷ json-rules-engine',
      value: round(against('whole', 'shared'), 1),
      unit: '×',
      goal: 'reported',
      pass: null,
      note: 'ours looks through texts as well, the engine does not',
    },
    reported('evaluate: judgements', times.whole, 'whole policy and free text, consent facts included'),
    reported('evaluate: judgements without free text', times.plain, 'consent facts included'),
    reported('evaluate: identities', times.identities, 'phones are read only on demand'),
    reported('evaluate: patches', times.patches, 'against empty write-back fields'),
  ]
}

/** Throws when a rule was never met: then nothing was compared about it. */
async function compareAll(world: World, count: number, quick: boolean): Promise<void> {
  const compareShare = (_: unknown, part: number): Promise<string[]> =>
    runChild<string[]>('./child-evaluate.ts', [part, parts, count].map(String))
  const met = quick ? await compare(world, count) : new Set((await Promise.all(Array.from({ length: parts }, compareShare))).flat())
  const unmet = [...world.rules].filter((rule) => !met.has(rule))
  if (unmet.length > 0) throw new Error(`no contact meets ${unmet.join(', ')}`)
}

function judgeAll(judge: Judge, contacts: readonly Contact[]): readonly Judged[] {
  return contacts.map((contact) => ({ fields: contact.fields, verdict: judgeOne(judge, contact) }))
}

function measureParts(world: World, count: number, times: Times): void {
  const { judge } = world
  times.whole.push(perSecond(world, count, (contacts) => void judgeAll(judge, contacts)))
  times.identities.push(perSecond(world, count, (contacts) => contacts.forEach(({ fields }) => judge.identify(fields))))
  let judged: readonly Judged[] = []
  const patchAll = (): void => judged.forEach(({ fields, verdict }) => judge.patch(fields, verdict))
  times.patches.push(perSecond(world, count, patchAll, { before: (contacts) => void (judged = judgeAll(judge, contacts)) }))
}

type Timing = { readonly empty?: readonly string[]; readonly before?: (contacts: readonly Contact[]) => void }

/** By this thread's own time, which other work on the machine does not lengthen. What a batch needs `before` is not counted. */
function perSecond(world: World, count: number, work: (contacts: readonly Contact[]) => void, { empty, before }: Timing = {}): number {
  let spent = 0
  for (const batch of batches(world, count, 'timed', empty)) {
    before?.(batch)
    const started = process.threadCpuUsage()
    work(batch)
    spent += since(started)
  }
  return count / (spent / 1e6)
}

async function peerPerSecond(world: World, style: Style, count: number): Promise<number> {
  let spent = 0
  for (const batch of batches(world, count, 'timed', world.texts)) {
    const started = process.threadCpuUsage()
    for (const contact of batch) await askPeer(world, style, contact)
    spent += since(started)
  }
  return count / (spent / 1e6)
}

function since(started: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(started)
  return user + system
}

function reported(name: string, values: readonly number[], note: string): Measure {
  return { name, value: round(median(values), 0), unit: '/s', goal: 'reported', pass: null, note }
}
