import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { openAccord } from '../main.ts'
import { readSettings, type Settings } from '../settings.ts'
import { listFindings } from '../store/findings.ts'
import { Interrupted, untilInterrupted } from './interrupt.ts'
import { clearStaleDemos, DEMO_FOLDER } from './stale-demos.ts'
import { printLine, printTable } from './output.ts'
import { callsOf } from './summary.ts'
import { report, runSweep } from './sweep.ts'
import { wholeNumber } from './whole-number.ts'

type Flags = { config?: string; data?: string; json?: boolean; once?: boolean; people: string; latency: string }
const shippedConfig = fileURLToPath(new URL('../../config', import.meta.url))

type SandboxUrls = { hubspot: string; salesforce: string; control: string }

export function demoCommand(): Command {
  return new Command('demo')
    .description('See the whole job on two CRMs full of invented people, started on this machine. Touches nothing of yours.')
    .option('--once', 'stop after the summary; otherwise the two CRMs keep running for you to try')
    .option('--people <n>', 'how many records to invent in each CRM', '2000')
    .option('--latency <ms>', 'milliseconds before each answer; real CRMs are not instant', '0')
    .action(async (flags: Flags) => {
      const people = wholeNumber(flags.people, '--people', 1)
      const latency = wholeNumber(flags.latency, '--latency', 0)
      const say = flags.json ? () => undefined : printLine
      say(`Starting a HubSpot and a Salesforce on this machine, with ${people.toLocaleString('en')} invented people each …`)
      const sandbox = await startSandboxProcess(people, latency)
      try {
        await untilInterrupted((signal) => runDemo(sandbox.urls, flags, say, signal), 'sweep')
        if (!flags.once && !flags.json && process.stdin.isTTY) await linger(sandbox.urls)
      } finally {
        sandbox.child.kill()
      }
    })
}

async function runDemo(urls: SandboxUrls, flags: Flags, say: (line?: string) => void, signal: AbortSignal): Promise<void> {
  // Its people live in fields of its own: the shipped configuration fits them, the company's need not.
  const base = readSettings(process.env, { ...flags, config: flags.config ?? shippedConfig })
  await mkdir(base.dataDir, { recursive: true })
  await clearStaleDemos(base.dataDir)
  const dataDir = await mkdtemp(join(base.dataDir, DEMO_FOLDER))
  try {
    await showJob({ ...base, dataDir, databaseUrl: undefined, env: { ...base.env, ...sandboxEnv(urls) } }, flags, say, signal)
  } catch (error) {
    // Ctrl-C ends the two CRMs as well: whatever failed because of that is not the news.
    throw signal.aborted ? new Interrupted('interrupted; nothing of the demo is left') : error
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function showJob(settings: Settings, flags: Flags, say: (line?: string) => void, signal: AbortSignal): Promise<void> {
  const accord = await openAccord(settings)
  try {
    const provisioned = await accord.provision(false, signal)
    say(
      `Created ${provisioned.flatMap((one) => one.steps).filter((step) => step.what === 'field' && step.outcome === 'created').length} Accord fields in the two CRMs.`,
    )
    const summaries = await runSweep(accord, { write: true })
    signal.throwIfAborted()
    if (!flags.json) {
      await showExamples(accord)
      const quiet = await runSweep(accord, { write: true })
      printLine()
      report(summaries, flags)
      printLine()
      printLine(
        `A second sweep, with nothing changed: ${quiet.map((one) => `${one.connection} ${callsOf(one)}, ${one.patches.written} writes`).join('; ')}.`,
      )
    } else report(summaries, flags)
  } finally {
    await accord.close()
  }
}

async function showExamples(accord: Awaited<ReturnType<typeof openAccord>>): Promise<void> {
  const rows = await listFindings(accord.db, {}, 2_000)
  const oneEach = [...new Map(rows.map((row) => [row.rule, row])).values()].slice(0, 12)
  printLine('\nSome of what was found (records by reference: Accord keeps no names):\n')
  printTable(
    ['record', 'rule', 'law'],
    oneEach.map((row) => [`${row.connection}/${row.object}/${row.id}`, row.rule, row.ref]),
  )
}

/** The credentials of the sandbox are no secret: it holds nobody. */
function sandboxEnv(urls: SandboxUrls): Record<string, string> {
  return {
    HUBSPOT_API_URL: urls.hubspot,
    HUBSPOT_TOKEN: 'pat-eu1-sandbox-0000-0000-000000000001',
    HUBSPOT_INDEX_LAG_MS: '1500',
    // No other app uses these two.
    HUBSPOT_SHARE: '1',
    SALESFORCE_LOGIN_URL: urls.salesforce,
    SALESFORCE_CLIENT_ID: 'sandbox-client',
    SALESFORCE_CLIENT_SECRET: 'sandbox-secret',
    SALESFORCE_LOOKBACK_MS: '1000',
  }
}

/** A process of its own, as the real CRMs would be. */
async function startSandboxProcess(people: number, latency: number): Promise<{ urls: SandboxUrls; child: ChildProcess }> {
  const main = new URL(`../sandbox/main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
  const args = [main.pathname, '--people', String(people), '--port', '0', '--latency', String(latency), '--exit-with-parent']
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const urls = await new Promise<SandboxUrls>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the sandbox stopped with code ${code} before it was ready`)))
    createInterface({ input: child.stdout! }).once('line', (line) => resolve(JSON.parse(line) as SandboxUrls))
  })
  child.removeAllListeners('exit')
  return { urls, child }
}

async function linger(urls: SandboxUrls): Promise<void> {
  printLine('\nThe two CRMs keep running. Try them from another terminal, in the same folder:\n')
  for (const [name, value] of Object.entries(sandboxEnv(urls))) printLine(`  export ${name}=${value}`)
  printLine('  npm run -s accord -- check\n  npm run -s accord -- sweep\n  npm run -s accord -- findings\n\nCtrl-C stops.')
  await new Promise<void>((resolve) => process.once('SIGINT', () => resolve()))
}
