/** `npm run -s prove -- NAME [--short] [--json] [--seed N]`: the heavier proofs, outside the test suite. Exit 1 on any violation. */
import { randomInt } from 'node:crypto'
import { Argument, Command, InvalidArgumentError } from 'commander'
import { compileService } from '../compiled.ts'
import { endOnSignals } from '../ending.ts'
import type { Proof } from './proof.ts'

const proofs: Readonly<Record<string, { what: string; load: () => Promise<Proof> }>> = {
  canary: {
    what: 'no seeded name, address, phone or note in the database, the log or an error',
    load: async () => (await import('./canary.ts')).canary,
  },
  'sweep-kill': {
    what: 'kill -9 in the middle of sweeps: nothing skipped, nothing twice',
    load: async () => (await import('./sweep-kill.ts')).sweepKill,
  },
  convergence: {
    what: 'concurrent edits in two CRMs, doorbells twice, late and out of order: one state, as modelled, and no echo',
    load: async () => (await import('./convergence.ts')).convergence,
  },
  'embedded-kill': {
    what: 'kill -9 of the embedded database: no acknowledged row lost',
    load: async () => (await import('./embedded-kill.ts')).embeddedKill,
  },
  'sandbox-fuzz': {
    what: "random and malformed requests to the sandbox: no 5xx, no hang, no crash, refusals in the vendors' words",
    load: async () => (await import('./sandbox-fuzz.ts')).sandboxFuzz,
  },
  'contract-under-faults': {
    what: 'the connector contract while requests are throttled, broken, reset and slow',
    load: async () => (await import('./contract-under-faults.ts')).contractUnderFaults,
  },
  forgery: {
    what: 'a million deliveries that nobody signed, and hostile XML: none is believed, each genuine one is',
    load: async () => (await import('./forgery.ts')).forgery,
  },
  replays: {
    what: 'genuine deliveries again, out of order and at the wrong time, to two processes: each event is heard once',
    load: async () => (await import('./replays.ts')).replays,
  },
  budget: {
    what: "four workers, one killed: the vendor's rolling limit and day used to the full, no 429, and who is urgent waits little",
    load: async () => (await import('./budget.ts')).budget,
  },
  schedule: {
    what: 'a fake clock, three workers, nights without any, both changes of the clocks: every window fires once',
    load: async () => (await import('./schedule.ts')).schedule,
  },
  'webhook-kill': {
    what: 'kill -9 under deliveries: no acknowledged event is lost; a database that is away is a 503, soon',
    load: async () => (await import('./webhook-kill.ts')).webhookKill,
  },
  'database-faults': {
    what: 'all that a Postgres does to its clients: no process ends, nothing acknowledged is lost, and soon all goes on as before',
    load: async () => (await import('./database-faults.ts')).databaseFaults,
  },
  'api-fuzz': {
    what: 'random and malformed requests to the API: no fault of ours, one shape of refusals, nothing sent is told again',
    load: async () => (await import('./api-fuzz.ts')).apiFuzz,
  },
  overmatch: {
    what: 'look-alikes around people who are to be erased: not one is selected, nothing of the people is missed',
    load: async () => (await import('./overmatch.ts')).overmatch,
  },
  residue: {
    what: 'a person in the texts of others: every planted place is found, no look-alike is',
    load: async () => (await import('./residue.ts')).residue,
  },
  'erasure-kill': {
    what: 'kill -9 in the middle of fifty erasures: nobody is lost, nobody else is touched, nothing has two effects',
    load: async () => (await import('./erasure-kill.ts')).erasureKill,
  },
  'retention-kill': {
    what: 'kill -9 in the middle of retention acts: nobody off the list is touched, nothing has two effects, the brake goes on counting',
    load: async () => (await import('./retention-kill.ts')).retentionKill,
  },
  'erasure-faults': {
    what: 'a fault before and after each commit and each call of an erasure: every one ends proved, with each thing done once',
    load: async () => (await import('./erasure-faults.ts')).erasureFaults,
  },
  resurrection: {
    what: 'people erased while sweeps are under way and old webhooks come again: none is back, nothing is written to who is gone',
    load: async () => (await import('./resurrection.ts')).resurrection,
  },
  workers: {
    what: 'four workers, killed one after the other, Postgres restarted, CRMs that refuse: nothing lost, nothing done twice',
    load: async () => (await import('./workers.ts')).workers,
  },
  ledger: {
    what: 'every forgery of the ledger is found and located, by the service and by the standalone verifier alike',
    load: async () => (await import('./ledger.ts')).ledger,
  },
}

const list = Object.entries(proofs).map(([key, { what }]) => `  ${key.padEnd(22)} ${what}`)
const command = new Command('npm run -s prove --')
  .description('Runs one of the heavier proofs, outside the test suite. Exit 1 on any violation.')
  .addArgument(new Argument('<name>', 'what to prove').choices(Object.keys(proofs)))
  .option('--short', 'fewer trials: under 50 s. Without it some minutes')
  .option('--json', 'one line {name, trials, violations, seconds, seed}')
  .option('--seed <n>', 'that of an earlier run: the same trials again', readSeed)
  .addHelpText('after', `\nNames:\n${list.join('\n')}`)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse()
const { short = false, json = false, seed = randomInt(1, 2 ** 31) } = command.opts<{ short?: true; json?: true; seed?: number }>()
const name = command.args[0]!
endOnSignals()
await compileService()
const proof = await proofs[name]!.load()
const say = json ? (): void => undefined : (line: string): void => void process.stderr.write(`${line}\n`)
const started = performance.now()
const { trials, violations } = await proof({ short, seed, say })
const seconds = Math.round((performance.now() - started) / 100) / 10
const result = { name, trials, violations: violations.length, seconds, seed }
for (const violation of violations.slice(0, 20)) process.stderr.write(`violation: ${violation}\n`)
process.stdout.write(
  json ? `${JSON.stringify(result)}\n` : `${name}: ${trials} trials, ${violations.length} violations, ${seconds} s, seed ${seed}\n`,
)
process.exit(violations.length > 0 ? 1 : 0)

function readSeed(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('a seed is a whole number.')
  return Number(text)
}
