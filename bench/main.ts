/** `npm run bench [-- --quick | --large] [--json] [NAME …]`: ratios against a bare loop or a peer, alternating in one run, medians. */
import { Argument, Command } from 'commander'
import { endOnSignals } from '../test/ending.ts'
import type { BenchContext, Measure } from './measure.ts'

/** `minutes`: about how long the full form takes on two idle cores. */
type Bench = {
  readonly what: string
  readonly minutes: number
  readonly load: () => Promise<(context: BenchContext) => Promise<Measure[]>>
}

const benches: Readonly<Record<string, Bench>> = {
  hubspot: {
    what: 'full sweep of 200,000 contacts, and one with nothing changed, ÷ the official client that only pages; bytes stored and logged',
    minutes: 8,
    load: async () => (await import('./hubspot-sweep.ts')).hubspotSweep,
  },
  throttled: {
    what: "how much of HubSpot's own rolling limit a sweep uses, and whether it ever meets a 429",
    minutes: 2,
    load: async () => (await import('./hubspot-throttled.ts')).hubspotThrottled,
  },
  latency: {
    what: 'sweep with 150 ms to each answer ÷ a bare loop',
    minutes: 4,
    load: async () => (await import('./hubspot-latency.ts')).hubspotLatency,
  },
  salesforce: {
    what: "full sweep of 200,000 rows in locator pages ÷ jsforce's own Bulk 2.0 query",
    minutes: 5,
    load: async () => (await import('./salesforce-sweep.ts')).salesforceSweep,
  },
  memory: {
    what: 'peak memory of a sweep at 1,000,000 contacts against 100,000',
    minutes: 6,
    load: async () => (await import('./memory.ts')).memory,
  },
  evaluate: {
    what: 'decisions a second ÷ json-rules-engine with the same rules, equal on 100,000 contacts',
    minutes: 2,
    load: async () => (await import('./evaluate.ts')).evaluate,
  },
  webhook: {
    what: 'deliveries stored before they are answered ÷ plain node that stores nothing; how long an answer takes',
    minutes: 6,
    load: async () => (await import('./webhook.ts')).webhook,
  },
  live: {
    what: 'from a change in one CRM to the consent written in the other, over the real service',
    minutes: 2,
    load: async () => (await import('./live.ts')).live,
  },
  'quiet-night': {
    what: 'calls, writes and seconds of a night in which nothing has changed',
    minutes: 2,
    load: async () => (await import('./quiet-night.ts')).quietNight,
  },
  erasure: {
    what: "erasures with proof ÷ an empty workflow of four steps; and ÷ what HubSpot's limit grants",
    minutes: 5,
    load: async () => (await import('./erasure.ts')).erasure,
  },
  scale: {
    what: 'look-ups and sweeps beside 2,000,000 records of others against 100,000; bytes a record',
    minutes: 4,
    load: async () => (await import('./scale.ts')).scale,
  },
  ledger: {
    what: 'entries appended and verified a second',
    minutes: 1,
    load: async () => (await import('./ledger.ts')).ledger,
  },
}

const names = Object.keys(benches)
/** What a sweep is made of. All of it takes less than a minute in its quick form; the others are quick one by one. */
const ofSweep = ['hubspot', 'throttled', 'latency', 'salesforce', 'memory', 'evaluate', 'ledger']
const list = Object.entries(benches).map(([name, { what, minutes }]) => `  ${name.padEnd(12)} ${`${minutes} min`.padStart(5)}  ${what}`)
const command = new Command('npm run bench --')
  .description('Measures Accord against a bare loop or a peer, alternating in one run; prints medians with their goals.')
  .addArgument(new Argument('[name...]', 'what to measure; everything without one, with --quick what belongs to a sweep').choices(names))
  .option('--quick', 'small sizes, under a minute without a name: do they run at all? Most goals are about more, and stay open')
  .option('--large', 'sizes for a night, where there are any: ten million records for scale, some 8 GB of disk')
  .option('--json', 'one line [{name, value, unit, goal, pass, note}], and nothing else')
  .addHelpText('after', `\nNames, with how long each takes about on two idle cores:\n${list.join('\n')}`)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
const { quick = false, large = false, json = false } = command.opts<{ quick?: true; large?: true; json?: true }>()
const say = (line: string): void => void (json || process.stderr.write(`${line}\n`))
const measures: Measure[] = []
endOnSignals()
for (const name of command.args.length > 0 ? command.args : quick ? ofSweep : names) {
  say(`— ${name}`)
  const bench = await benches[name]!.load()
  measures.push(...(await bench({ quick, large, say })))
}
if (json)
  process.stdout.write(
    `${JSON.stringify(measures.map(({ name, value, unit, goal, pass, note }) => ({ name, value, unit, goal, pass, note })))}\n`,
  )
else
  for (const { name, value, unit, goal, pass, note } of measures)
    process.stdout.write(
      `${pass === null ? '·' : pass ? '✓' : '✗'} ${name.padEnd(44)} ${String(value).padStart(10)} ${unit.padEnd(14)} goal ${goal}${note ? `  (${note})` : ''}\n`,
    )
