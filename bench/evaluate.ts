/** Judging one contact against json-rules-engine with the same decision rules, whose decisions must be the same for every contact. */
import { compare } from './evaluate-compare.ts'
import type { Style } from './evaluate-peer.ts'
import type { Counts, OwnRates } from './evaluate-rate.ts'
import { styles, worldOf, type World } from './evaluate-world.ts'
import { median, round, runChild, type BenchContext, type Measure } from './measure.ts'

/** Two processes compare: that takes the most of the time. */
const parts = 2

type Times = Record<keyof OwnRates | Style, number[]>

/**
 * Both sides begin with the CRM's fields of the same contacts, read and parse them with the same code of ours, and end with the same decisions: audience,
 * permissions, category, hold, and whether the end is due. Each is timed in a process of its own, by turns.
 *
 * Ours does besides what no rule of the peer asks for: findings (unusable addresses, numbers and dates, undeclared fields, contradictions between what is
 * claimed and what holds), consent views, lawful bases, and the next day on which a verdict changes. Neither hashes an identity. Free text is left empty
 * where the two are timed: no rule is about it, and the engine has nothing that would look through it.
 *
 * The peer runs as its documentation advises for speed: one engine for all, rules by priority, facts that are constants given beforehand, no cache for what is
 * asked once. `shared` has the fewest rules that we could find; what reading and deciding takes beside the engine is code of ours, and counted.
 */
export async function evaluate({ quick, say }: BenchContext): Promise<Measure[]> {
  const world = worldOf()
  const compared = quick ? 500 : 100_000
  say(`  comparing the decisions on ${compared} contacts`)
  await compareAll(world, compared, quick)
  const times: Times = { plain: [], whole: [], identities: [], patches: [], each: [], shared: [] }
  const own: Counts = quick ? { count: 10_000, warm: 10_000 } : { count: 50_000, warm: 20_000 }
  const peers: Counts = quick ? { count: 300, warm: 300 } : { count: 3_000, warm: 2_000 }
  for (let pair = 1; pair <= (quick ? 1 : 3); pair++) {
    for (const style of styles) times[style].push(await ratesOf<number>(style, peers))
    for (const [name, rate] of Object.entries(await ratesOf<OwnRates>('own', own))) times[name as keyof OwnRates].push(rate)
    const [plain, shared, each] = [times.plain, times.shared, times.each].map((rates) => round(rates.at(-1) ?? 0, 0))
    say(`  pair ${pair}: ${plain}/s against ${shared}/s with the fewest rules, ${each}/s with those of each permission`)
  }
  return measuresOf(world, times, compared)
}

function ratesOf<T>(side: Style | 'own', { count, warm }: Counts): Promise<T> {
  return runChild<T>('./child-evaluate-rate.ts', [side, String(count), String(warm)])
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

function reported(name: string, values: readonly number[], note: string): Measure {
  return { name, value: round(median(values), 0), unit: '/s', goal: 'reported', pass: null, note }
}
