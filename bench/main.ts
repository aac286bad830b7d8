/** `npm run bench [-- --quick] [--json] [NAME …]`: ratios against a bare loop or a peer, alternating in one run, medians. */
import { parseArgs } from 'node:util'
import type { BenchContext, Measure } from './measure.ts'

const benches: Readonly<Record<string, () => Promise<(context: BenchContext) => Promise<Measure[]>>>> = {
  hubspot: async () => (await import('./hubspot-sweep.ts')).hubspotSweep,
  throttled: async () => (await import('./hubspot-throttled.ts')).hubspotThrottled,
  latency: async () => (await import('./hubspot-latency.ts')).hubspotLatency,
  salesforce: async () => (await import('./salesforce-sweep.ts')).salesforceSweep,
  memory: async () => (await import('./memory.ts')).memory,
  evaluate: async () => (await import('./evaluate.ts')).evaluate,
  webhook: async () => (await import('./webhook.ts')).webhook,
  live: async () => (await import('./live.ts')).live,
  'quiet-night': async () => (await import('./quiet-night.ts')).quietNight,
  erasure: async () => (await import('./erasure.ts')).erasure,
  ledger: async () => (await import('./ledger.ts')).ledger,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
})
const unknown = positionals.filter((name) => !(name in benches))
if (unknown.length > 0) {
  process.stderr.write(`unknown benchmark ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}\n`)
  process.exit(2)
}
const say = (line: string): void => void (values.json || process.stderr.write(`${line}\n`))
const measures: Measure[] = []
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  say(`— ${name}`)
  const bench = await benches[name]!()
  measures.push(...(await bench({ quick: values.quick, say })))
}
if (values.json)
  process.stdout.write(
    `${JSON.stringify(measures.map(({ name, value, unit, goal, pass, note }) => ({ name, value, unit, goal, pass, note })))}\n`,
  )
else
  for (const { name, value, unit, goal, pass, note } of measures)
    process.stdout.write(
      `${pass === null ? '·' : pass ? '✓' : '✗'} ${name.padEnd(44)} ${String(value).padStart(10)} ${unit.padEnd(14)} goal ${goal}${note ? `  (${note})` : ''}\n`,
    )
